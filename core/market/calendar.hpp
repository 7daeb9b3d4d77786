// The NYSE trading calendar and New York time, by rule: no time zone database, no host time zone.
#pragma once

#include "core/market/bar.hpp"

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace sentio {

/// A day of the proleptic Gregorian calendar.
struct civil_date {
  int year = 1970;
  int month = 1; ///< 1 ... 12
  int day = 1;   ///< 1 ... 31

  friend auto operator<=>(const civil_date&, const civil_date&) = default;
};

/// "2025-06-03"; empty when the text is not a valid day in that form.
std::optional<civil_date> parse_date(std::string_view text);
std::string to_string(civil_date date);   ///< "2025-06-03"
std::int64_t days_since_epoch(civil_date date);
civil_date date_from_days(std::int64_t days);
civil_date add_days(civil_date date, std::int64_t days);
int weekday(civil_date date);             ///< 0 = Monday ... 6 = Sunday

/// Offset of New York from UTC at an instant: -4 h (EDT) or -5 h (EST), US rule since 2007.
time_ms new_york_offset_ms(time_ms utc);
civil_date new_york_date(time_ms utc);
/// Minutes since New York midnight, 0 ... 1439.
int new_york_minute(time_ms utc);
/// The UTC instant of a New York wall time on a day (never asked within the 02:00 change hour).
time_ms new_york_to_utc(civil_date date, int hour, int minute, int second = 0);
std::string new_york_clock(time_ms utc);  ///< "15:58"

/// The regular session of one trading day.
struct session_hours {
  civil_date date;
  time_ms open = 0;        ///< 09:30 New York
  time_ms close = 0;       ///< 16:00, on half days 13:00
  time_ms liquidation = 0; ///< close - 120 s
  bool half_day = false;

  int minutes() const { return static_cast<int>((close - open) / minute_ms); } ///< 390 or 210
  friend bool operator==(const session_hours&, const session_hours&) = default;
};

/// The session of a day; empty on weekends, holidays and ad-hoc closures.
/// Rules: shared NYSE press releases 2024-2028; valid for 2000 and later. From 1970
/// the days without a session are right; the hours are given as 09:30 to 16:00, as Alpaca's calendar gives them.
std::optional<session_hours> session_on(civil_date date);

/// Why a day has no session: "weekend", "Good Friday", "Independence Day (observed)", ...; empty on trading days.
std::string closed_reason(civil_date date);

/// First trading day at or after the given one, and last one before it.
civil_date next_session(civil_date from);
civil_date previous_session(civil_date before);

} // namespace sentio
