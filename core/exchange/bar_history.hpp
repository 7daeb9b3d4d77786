// Bars longer than a minute: the names of their periods, where these begin and end, and the published minutes as bars
// of a period (spec sections 2 and 5).
#pragma once

#include "core/exchange/prices.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sentio::venue {

enum class period_unit : std::uint8_t { minute, hour, day, week, month };

struct bar_period {
  int count = 1;
  period_unit unit = period_unit::minute;
  bool from_sunday = false; ///< weeks: Polygon's begin on Sunday, Alpaca's on Monday
};

/// "1Min", "5T", "2Hour", "1Day", "1W", "3Month".
std::optional<bar_period> alpaca_period(const std::string& text);
/// ("5", "minute"), ("1", "week"), ("1", "quarter").
std::optional<bar_period> polygon_period(const std::string& multiplier, const std::string& timespan);
/// The unit in page tokens: "M", "H", "D", "W", "O".
char letter_of(period_unit unit);

/// Start of the period that holds an instant: days, weeks and months begin at New York's midnight.
time_ms period_start(const bar_period& period, time_ms at);
/// First instant after the period that begins at `start`.
time_ms period_end(const bar_period& period, time_ms start);

/// Which bars of a symbol are asked for.
struct bar_range {
  bar_period period;
  time_ms from = 0, to = 0; ///< labels in [from, to)
  bool snapped = false;     ///< Polygon: the range begins where the period of `from` does
  bool adjusted = false;    ///< for splits
  time_ms visible = 0;      ///< minutes with labels from here on are not shown, whatever the range says
};

struct period_bar {
  bar whole;
  /// Minutes, or days of a period of days and more, in it: what Polygon's limit counts.
  std::int64_t bases = 0;
};

/// Ascending. Each bar covers its whole period as far as it is published at `now`, also where the range begins or ends
/// within the period.
std::vector<period_bar> bars_in(price_source& prices, std::size_t symbol, const bar_range& range, time_ms now);
/// Minutes as bars of a period.
std::vector<period_bar> merged(const std::vector<bar>& minutes, const bar_period& period);

} // namespace sentio::venue
