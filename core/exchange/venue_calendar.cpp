#include "core/exchange/venue_calendar.hpp"

#include "core/exchange/json_text.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace sentio::venue {

namespace {

/// "13:00" of a day, or 13:00 when the fault has no such text.
time_ms close_time(const placed_fault& f, civil_date date) {
  const std::string& text = f.what.text;
  int hour = 13, minute = 0;
  if (text.size() == 5 && text[2] == ':') {
    hour = (text[0] - '0') * 10 + (text[1] - '0');
    minute = (text[3] - '0') * 10 + (text[4] - '0');
  }
  hour = std::clamp(hour, 9, 23);
  return new_york_to_utc(date, hour, std::clamp(minute, 0, 59));
}

std::string day_text(const session_hours& hours) {
  object_text row;
  row.text("close", new_york_clock(hours.close)).text("date", to_string(hours.date));
  row.text("open", new_york_clock(hours.open)).text("session_close", hours.minutes() < 390 ? "1700" : "2000");
  row.text("session_open", "0400");
  return row.text("settlement_date", to_string(next_session(add_days(hours.date, 1)))).take();
}

} // namespace

const venue_calendar::known_day& venue_calendar::day_of(time_ms now) const {
  if (now < today_.begin || now >= today_.end) {
    const civil_date date = new_york_date(now);
    today_ = {date, new_york_to_utc(date, 0, 0), new_york_to_utc(add_days(date, 1), 0, 0), session_on(date)};
  }
  return today_;
}

std::optional<session_hours> venue_calendar::session(civil_date date, time_ms now) const {
  const known_day& day = day_of(now);
  std::optional<session_hours> hours = date == day.date ? day.regular : session_on(date);
  if (!hours)
    return hours;
  for (const placed_fault& f : faults_.placed()) {
    const bool known = now >= f.from && now < f.until && new_york_date(f.from) == date;
    if (known && f.what.kind == fault_kind::closed_day)
      return std::nullopt;
    if (known && f.what.kind == fault_kind::early_close) {
      hours->close = std::clamp(close_time(f, date), hours->open + minute_ms, hours->close);
      hours->liquidation = hours->close - 2 * minute_ms;
      hours->half_day = true;
    }
  }
  return hours;
}

bool venue_calendar::is_open(time_ms now) const {
  const auto hours = session(day_of(now).date, now);
  return hours && now >= hours->open && now < hours->close;
}

session_hours venue_calendar::current_or_next(time_ms now) const {
  const auto hours = session(day_of(now).date, now);
  return hours && now >= hours->open && now < hours->close ? *hours : next(now);
}

session_hours venue_calendar::next(time_ms now) const {
  civil_date date = day_of(now).date;
  for (;; date = add_days(date, 1))
    if (const auto hours = session(date, now); hours && hours->open > now)
      return *hours;
}

std::optional<trading_day> venue_calendar::day(civil_date date, bool extended, time_ms now) const {
  const auto hours = session(date, now);
  if (!hours)
    return std::nullopt;
  if (!extended)
    return trading_day{date, hours->open, hours->close};
  return trading_day{date, new_york_to_utc(date, 4, 0), new_york_to_utc(date, hours->half_day ? 17 : 20, 0)};
}

trading_day venue_calendar::day_for(bool extended, time_ms now) const {
  civil_date date = day_of(now).date;
  for (;; date = add_days(date, 1))
    if (const auto found = day(date, extended, now); found && now < found->end)
      return *found;
}

std::string venue_calendar::clock(time_ns shown, time_ms now) const {
  const session_hours current = current_or_next(now);
  const session_hours following = next(now);
  object_text row;
  row.flag("is_open", is_open(now)).text("next_close", new_york_text(current.close * ns_of_ms));
  row.text("next_open", new_york_text(following.open * ns_of_ms)).text("timestamp", new_york_text(shown));
  return row.take();
}

std::string venue_calendar::days(civil_date from, civil_date to, time_ms now) const {
  // Fifteen thousand rows that are asked for whole by some clients: made once.
  static const std::map<civil_date, std::string> regular = [] {
    std::map<civil_date, std::string> rows;
    for (civil_date date = first_day; date <= last_day; date = add_days(date, 1))
      if (const auto hours = session_on(date))
        rows[date] = day_text(*hours);
    return rows;
  }();
  std::set<civil_date> changed; // by faults
  for (const placed_fault& f : faults_.placed())
    changed.insert(new_york_date(f.from));
  std::string rows;
  for (auto row = regular.lower_bound(from); row != regular.end() && row->first <= to; ++row) {
    if (!changed.contains(row->first))
      append_element(rows, row->second);
    else if (const auto hours = session(row->first, now))
      append_element(rows, day_text(*hours));
  }
  return "[" + rows + "]";
}

} // namespace sentio::venue
