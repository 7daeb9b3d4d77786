#include "core/market/calendar.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace sentio {

namespace {

constexpr std::int64_t day_ms = 24 * 60 * minute_ms;
constexpr time_ms hour_ms = 60 * minute_ms;
constexpr int monday = 0;
constexpr int thursday = 3;
constexpr int friday = 4;
constexpr int saturday = 5;
constexpr int sunday = 6;

bool leap_year(int year) {
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int days_in_month(int year, int month) {
  constexpr std::array<int, 12> days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && leap_year(year) ? 29 : days[static_cast<std::size_t>(month - 1)];
}

/// The n-th given weekday of a month, n = 1 ... 4.
civil_date nth_weekday(int year, int month, int wanted, int n) {
  const int first = weekday({year, month, 1});
  return {year, month, 1 + (wanted - first + 7) % 7 + 7 * (n - 1)};
}

civil_date last_weekday(int year, int month, int wanted) {
  const int last = days_in_month(year, month);
  return {year, month, last - (weekday({year, month, last}) - wanted + 7) % 7};
}

/// Easter Sunday of the Gregorian calendar (Meeus, Astronomical Algorithms, chapter 8).
civil_date easter(int year) {
  const int a = year % 19;
  const int b = year / 100;
  const int c = year % 100;
  const int d = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
  const int e = (32 + 2 * (b % 4) + 2 * (c / 4) - d - c % 4) % 7;
  const int f = d + e - 7 * ((a + 11 * d + 22 * e) / 451) + 114;
  return {year, f / 31, f % 31 + 1};
}

struct named_day {
  civil_date date;
  std::string_view name;
};

// Days on which the exchange closed outside its rules.
constexpr std::array<named_day, 19> special_closures{{
    {{1970, 2, 23}, "Washington's Birthday (observed)"},
    {{1972, 11, 7}, "election day"},
    {{1972, 12, 28}, "day of mourning for President Truman"},
    {{1973, 1, 25}, "day of mourning for President Johnson"},
    {{1976, 11, 2}, "election day"},
    {{1977, 7, 14}, "blackout of New York"},
    {{1980, 11, 4}, "election day"},
    {{1985, 9, 27}, "Hurricane Gloria"},
    {{1994, 4, 27}, "day of mourning for President Nixon"},
    {{2001, 9, 11}, "attacks of 11 September"},
    {{2001, 9, 12}, "attacks of 11 September"},
    {{2001, 9, 13}, "attacks of 11 September"},
    {{2001, 9, 14}, "attacks of 11 September"},
    {{2004, 6, 11}, "day of mourning for President Reagan"},
    {{2007, 1, 2}, "day of mourning for President Ford"},
    {{2012, 10, 29}, "Hurricane Sandy"},
    {{2012, 10, 30}, "Hurricane Sandy"},
    {{2018, 12, 5}, "day of mourning for President G. H. W. Bush"},
    {{2025, 1, 9}, "day of mourning for President Carter"},
}};

enum class match { no, exact, observed };

/// A fixed holiday on Saturday is kept on the Friday before, one on Sunday on the Monday after.
match fixed_holiday(civil_date date, int month, int day) {
  if (date.month == month && date.day == day)
    return match::exact;
  const auto holiday = [&](civil_date near) { return near.month == month && near.day == day; };
  const int week_day = weekday(date);
  if (week_day == friday && holiday(add_days(date, 1)))
    return match::observed;
  if (week_day == monday && holiday(add_days(date, -1)))
    return match::observed;
  return match::no;
}

std::string fixed_holiday_name(civil_date date) {
  const auto named = [](match found, std::string_view name) -> std::string {
    if (found == match::no)
      return {};
    return std::string(name) + (found == match::observed ? " (observed)" : "");
  };
  // NYSE rule 7.2: New Year's Day on a Saturday is not moved to the last day of the old year.
  if (date.month == 1)
    if (auto name = named(fixed_holiday(date, 1, 1), "New Year's Day"); !name.empty())
      return name;
  if (date.year >= 2022)
    if (auto name = named(fixed_holiday(date, 6, 19), "Juneteenth"); !name.empty())
      return name;
  if (auto name = named(fixed_holiday(date, 7, 4), "Independence Day"); !name.empty())
    return name;
  return named(fixed_holiday(date, 12, 25), "Christmas Day");
}

std::string_view moving_holiday_name(civil_date date) {
  const int year = date.year;
  if (year >= 1998 && date == nth_weekday(year, 1, monday, 3))
    return "Martin Luther King Jr. Day";
  // The Uniform Monday Holiday Act took effect in 1971.
  if (year >= 1971 && date == nth_weekday(year, 2, monday, 3))
    return "Washington's Birthday";
  if (date == add_days(easter(year), -2))
    return "Good Friday";
  if (year >= 1971 && date == last_weekday(year, 5, monday))
    return "Memorial Day";
  if (date == nth_weekday(year, 9, monday, 1))
    return "Labor Day";
  if (date == nth_weekday(year, 11, thursday, 4))
    return "Thanksgiving Day";
  return {};
}

/// Only asked for days that are not closed.
bool closes_early(civil_date date) {
  const int week_day = weekday(date);
  if (date.year < 1993) // before it there were other hours, and no rule for half days
    return false;
  // Until 2012 a Thursday holiday shortened the Friday after it instead of the Wednesday before.
  if (date.year < 2013 && date.month == 7) {
    const bool holiday_on_thursday = weekday({date.year, 7, 4}) == thursday;
    if (holiday_on_thursday)
      return date.day == 5;
  }
  if (date == civil_date{2003, 12, 26})
    return true;
  if (date.month == 7 && date.day == 3)
    return week_day < friday;
  if (date.month == 12 && date.day == 24)
    return week_day < friday;
  return date == add_days(nth_weekday(date.year, 11, thursday, 4), 1);
}

struct summer_time {
  time_ms begin; ///< first instant of daylight saving time
  time_ms end;   ///< first instant of standard time after it
};

summer_time summer_time_of(int year) {
  // Energy Policy Act of 2005, in force since 2007; before that April to October.
  const civil_date first = year >= 2007 ? nth_weekday(year, 3, sunday, 2) : nth_weekday(year, 4, sunday, 1);
  const civil_date last = year >= 2007 ? nth_weekday(year, 11, sunday, 1) : last_weekday(year, 10, sunday);
  // 02:00 local is 07:00 UTC when leaving standard time and 06:00 UTC when returning to it.
  return {days_since_epoch(first) * day_ms + 7 * hour_ms, days_since_epoch(last) * day_ms + 6 * hour_ms};
}

std::int64_t floor_days(time_ms instant) {
  return instant >= 0 ? instant / day_ms : -((-instant + day_ms - 1) / day_ms);
}

std::string two_digits(int value) {
  return {static_cast<char>('0' + value / 10), static_cast<char>('0' + value % 10)};
}

} // namespace

std::optional<civil_date> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-')
    return std::nullopt;
  const auto number = [&](std::size_t from, std::size_t count) {
    int value = 0;
    for (std::size_t i = from; i < from + count; ++i) {
      if (text[i] < '0' || text[i] > '9')
        return -1;
      value = value * 10 + (text[i] - '0');
    }
    return value;
  };
  const civil_date date{number(0, 4), number(5, 2), number(8, 2)};
  if (date.year < 1 || date.month < 1 || date.month > 12 || date.day < 1 ||
      date.day > days_in_month(date.year, date.month))
    return std::nullopt;
  return date;
}

std::string to_string(civil_date date) {
  return two_digits(date.year / 100) + two_digits(date.year % 100) + '-' + two_digits(date.month) + '-' +
         two_digits(date.day);
}

// Both conversions: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
std::int64_t days_since_epoch(civil_date date) {
  const std::int64_t year = date.month <= 2 ? date.year - 1 : date.year;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t month = date.month > 2 ? date.month - 3 : date.month + 9;
  const std::int64_t day_of_year = (153 * month + 2) / 5 + date.day - 1;
  const std::int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

civil_date date_from_days(std::int64_t days) {
  days += 719468;
  const std::int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  const std::int64_t day_of_era = days - era * 146097;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month = (5 * day_of_year + 2) / 153;
  civil_date date;
  date.day = static_cast<int>(day_of_year - (153 * month + 2) / 5 + 1);
  date.month = static_cast<int>(month < 10 ? month + 3 : month - 9);
  date.year = static_cast<int>(year_of_era + era * 400 + (date.month <= 2 ? 1 : 0));
  return date;
}

civil_date add_days(civil_date date, std::int64_t days) {
  return date_from_days(days_since_epoch(date) + days);
}

int weekday(civil_date date) {
  // 1970-01-01 was a Thursday.
  return static_cast<int>(((days_since_epoch(date) + thursday) % 7 + 7) % 7);
}

time_ms new_york_offset_ms(time_ms utc) {
  const summer_time summer = summer_time_of(date_from_days(floor_days(utc)).year);
  return utc >= summer.begin && utc < summer.end ? -4 * hour_ms : -5 * hour_ms;
}

civil_date new_york_date(time_ms utc) {
  return date_from_days(floor_days(utc + new_york_offset_ms(utc)));
}

int new_york_minute(time_ms utc) {
  const time_ms local = utc + new_york_offset_ms(utc);
  return static_cast<int>((local - floor_days(local) * day_ms) / minute_ms);
}

time_ms new_york_to_utc(civil_date date, int hour, int minute, int second) {
  const time_ms wall =
      days_since_epoch(date) * day_ms + hour * hour_ms + minute * minute_ms + second * time_ms{1000};
  const time_ms standard = wall + 5 * hour_ms;
  return new_york_offset_ms(standard) == -5 * hour_ms ? standard : wall + 4 * hour_ms;
}

std::string new_york_clock(time_ms utc) {
  const int minute = new_york_minute(utc);
  return two_digits(minute / 60) + ':' + two_digits(minute % 60);
}

std::string closed_reason(civil_date date) {
  if (weekday(date) >= saturday)
    return "weekend";
  const auto special = std::find_if(special_closures.begin(), special_closures.end(),
                                    [&](const named_day& day) { return day.date == date; });
  if (special != special_closures.end())
    return std::string(special->name);
  if (auto name = fixed_holiday_name(date); !name.empty())
    return name;
  return std::string(moving_holiday_name(date));
}

std::optional<session_hours> session_on(civil_date date) {
  if (!closed_reason(date).empty())
    return std::nullopt;
  session_hours hours;
  hours.date = date;
  hours.half_day = closes_early(date);
  hours.open = new_york_to_utc(date, 9, 30);
  hours.close = new_york_to_utc(date, hours.half_day ? 13 : 16, 0);
  hours.liquidation = hours.close - 2 * minute_ms;
  return hours;
}

civil_date next_session(civil_date from) {
  // The longest closure since 1933 is six days, weekend included.
  for (int i = 0; i < 14; ++i, from = add_days(from, 1))
    if (closed_reason(from).empty())
      return from;
  throw std::logic_error("the calendar has no session within 14 days of " + to_string(from));
}

civil_date previous_session(civil_date before) {
  for (int i = 0; i < 14; ++i) {
    before = add_days(before, -1);
    if (closed_reason(before).empty())
      return before;
  }
  throw std::logic_error("the calendar has no session in the 14 days from " + to_string(before));
}

} // namespace sentio
