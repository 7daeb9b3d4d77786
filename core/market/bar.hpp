// One-minute bars, and the names that every room shares for symbols and time.
#pragma once

#include <cstdint>

namespace sentio {

/// Position of a symbol in the run's list, which is always sorted by name, so that no
/// result depends on the order in which a user wrote the symbols.
using symbol_index = std::uint32_t;

/// Milliseconds since 1970-01-01T00:00:00Z. All times in core are passed in; none is read.
using time_ms = std::int64_t;

inline constexpr time_ms minute_ms = 60'000;

/// One traded minute [label, label + 60 s). A minute without a trade has no bar.
/// Prices in dollars, > 0, low <= open, close <= high; volume in shares, >= 0, may be fractional.
struct bar {
  time_ms label = 0; ///< start of the minute, UTC, a whole minute
  double open = 0;
  double high = 0;
  double low = 0;
  double close = 0;
  double volume = 0;

  friend bool operator==(const bar&, const bar&) = default;
};

/// The instant at which a bar is complete and may be decided on (strategy: label + 60 s).
constexpr time_ms decision_time(const bar& b) { return b.label + minute_ms; }

} // namespace sentio
