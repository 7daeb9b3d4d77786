// What a venue's bar cannot be, whatever it says.
#pragma once

#include "core/market/bar.hpp"

#include <algorithm>
#include <string>

namespace sentio {

/// A price this far from the last is a fault of the wire, not a move (F39): real minutes stay below 1.2.
inline constexpr double impossible_ratio = 4;

/// A minute that is not over yet by so much is a fault of the wire: our clock may be off by less.
/// `speed`: of the venue's clock; the network's delays are of real time.
inline time_ms earliest_ms(double speed) {
  return std::max<time_ms>(10'000, static_cast<time_ms>(250 * speed));
}

/// Why the bar is refused; empty when it is not. `last_close`: of the bar before it, 0 when there is none.
inline std::string why_doubted(const bar& b, double last_close, time_ms venue_now, double speed) {
  if (decision_time(b) > venue_now + earliest_ms(speed))
    return "its minute is not over yet: it is " + new_york_clock(venue_now);
  const auto [low, high] = std::minmax({b.open, b.high, b.low, b.close});
  if (last_close > 0 && (high > last_close * impossible_ratio || low * impossible_ratio < last_close))
    return "its price is impossible after the last one";
  return {};
}

} // namespace sentio
