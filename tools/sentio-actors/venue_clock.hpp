// The venue's clock before a session: what it shows, and how fast it runs.
#pragma once

#include "actors/live/venue_time.hpp"
#include "tools/sentio-actors/live_venue.hpp"

#include <memory>

namespace sentio {

/// The venue's time from now on; `said` is set to its answer. Throws venue_outage when its answers contradict
/// each other.
std::shared_ptr<venue_time> clock_of(const venue_desk& desk, double speed, alpaca::venue_clock& said);

/// Throws usage_error with the right --speed when the venue's clock runs at another one than `asked`.
void check_speed(const venue_desk& desk, double asked);

} // namespace sentio
