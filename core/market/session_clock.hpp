// Finds the session of a label without asking the calendar again for every row of a day.
#pragma once

#include "core/market/calendar.hpp"

namespace sentio {

/// Remembers the last New York day asked for: rows come in runs of one day.
class session_clock {
public:
  /// The session in whose regular minutes [open, close) a label lies, or null. The pointer is valid until the
  /// next call.
  const session_hours* regular_session(time_ms label) {
    if (label < day_begin_ || label >= day_end_)
      move_to(label);
    return label >= session_.open && label < session_.close ? &session_ : nullptr;
  }

  /// The session of the label's New York day, regular minute or not, or null on a day without one.
  const session_hours* session_of_day(time_ms label) {
    if (label < day_begin_ || label >= day_end_)
      move_to(label);
    return session_.close != 0 ? &session_ : nullptr;
  }

private:
  void move_to(time_ms label) {
    const civil_date date = new_york_date(label);
    day_begin_ = new_york_to_utc(date, 0, 0);
    day_end_ = new_york_to_utc(add_days(date, 1), 0, 0);
    session_ = session_on(date).value_or(session_hours{});
  }

  time_ms day_begin_ = 0;
  time_ms day_end_ = 0;
  session_hours session_; ///< open = close = 0 on a day without a session
};

} // namespace sentio
