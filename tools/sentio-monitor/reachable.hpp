// Whether anybody listens at a place: CAF's own way to ask can take minutes and gives no reason for people.
#pragma once

#include "core/monitor/endpoint.hpp"

#include <chrono>
#include <string>

namespace sentio {

/// Connects and hangs up. Empty when somebody listens, else a sentence. The patience is for each of the
/// name's addresses; the look-up of the name itself takes as long as the system's resolver lets it.
std::string why_unreachable(const endpoint& place, std::chrono::milliseconds patience);

} // namespace sentio
