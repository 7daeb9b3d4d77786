// Session times as the venue announces them: the NYSE calendar, or an earlier close by a fault.
#pragma once

#include "core/exchange/fault_board.hpp"
#include "core/exchange/text.hpp"
#include "core/market/calendar.hpp"

namespace sentio::venue {

/// When orders execute on a day.
struct trading_day {
  civil_date date{};
  time_ms begin = 0;
  time_ms end = 0; ///< exclusive
};

class venue_calendar {
public:
  explicit venue_calendar(const fault_board& faults) : faults_(faults) {}

  /// The session of a day as known at `now`.
  std::optional<session_hours> session(civil_date date, time_ms now) const;
  bool is_open(time_ms now) const;
  /// The session that is open, or the next one to open.
  session_hours current_or_next(time_ms now) const;
  /// The first session that opens after `now`.
  session_hours next(time_ms now) const;

  /// The regular session of a day, or with `extended` from 04:00 to 20:00, on half days to 17:00.
  std::optional<trading_day> day(civil_date date, bool extended, time_ms now) const;
  /// The one that holds `now`, or the next one to begin.
  trading_day day_for(bool extended, time_ms now) const;

  /// GET /v2/clock (spec section 3.1).
  std::string clock(time_ns shown, time_ms now) const;
  /// What Alpaca's calendar holds.
  static constexpr civil_date first_day{1970, 1, 1}, last_day{2029, 12, 31};
  /// GET /v2/calendar: sessions of [from, to] between these days, as JSON text.
  std::string days(civil_date from, civil_date to, time_ms now) const;

private:
  /// The New York day of an instant, kept, since the same day is asked for many thousand times.
  struct known_day {
    civil_date date{};
    time_ms begin = 0;
    time_ms end = 0; ///< exclusive; begin = end: none is known
    std::optional<session_hours> regular{};
  };
  const known_day& day_of(time_ms now) const;

  const fault_board& faults_;
  mutable known_day today_;
};

} // namespace sentio::venue
