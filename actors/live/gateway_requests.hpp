// What the gateway asks the venue's trading interface, as HTTP.
#pragma once

#include "actors/live/live_config.hpp"
#include "actors/live/order_desk.hpp"

#include <chrono>

namespace sentio {

inline constexpr std::chrono::milliseconds answer_limit{5'000}; ///< of everything that an order may depend on

/// An order that is to be posted has to be the desk's.
rest_request wire_of(const desk_request& request, const order_desk& desk, const live_config& config,
                     desk_time now);

} // namespace sentio
