// What the order desk wants, as REST requests to a venue that speaks Alpaca's words.
#pragma once

#include "actors/live/order_desk.hpp"
#include "actors/transport/network.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace sentio {

/// Of everything that an order may depend on.
inline constexpr std::chrono::milliseconds answer_limit{5'000};

rest_request request_of(const desk_request& wanted, const order_desk& desk,
                        const std::vector<std::string>& symbols, desk_time now);

} // namespace sentio
