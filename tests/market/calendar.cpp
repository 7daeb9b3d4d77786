#define CAF_SUITE market_calendar
#include "core/market/calendar.hpp"

#include "tests/support/test.hpp"

#include <cstdlib>
#include <ctime>
#include <map>
#include <vector>

using namespace sentio;

namespace {

struct calendar_year {
  int sessions;
  std::vector<std::string> closed; ///< weekdays without a session, "MM-DD"
  std::vector<std::string> half_days;
};

/// NYSE press releases of 2024-11-08 and 2025-12-23.
const std::map<int, calendar_year>& published() {
  static const std::map<int, calendar_year> years{
      {2024,
       {252,
        {"01-01", "01-15", "02-19", "03-29", "05-27", "06-19", "07-04", "09-02", "11-28", "12-25"},
        {"07-03", "11-29", "12-24"}}},
      {2025,
       {250,
        {"01-01", "01-09", "01-20", "02-17", "04-18", "05-26", "06-19", "07-04", "09-01", "11-27", "12-25"},
        {"07-03", "11-28", "12-24"}}},
      {2026,
       {251,
        {"01-01", "01-19", "02-16", "04-03", "05-25", "06-19", "07-03", "09-07", "11-26", "12-25"},
        {"11-27", "12-24"}}},
      {2027,
       {251,
        {"01-01", "01-18", "02-15", "03-26", "05-31", "06-18", "07-05", "09-06", "11-25", "12-24"},
        {"11-26"}}},
      {2028,
       {251,
        {"01-17", "02-21", "04-14", "05-29", "06-19", "07-04", "09-04", "11-23", "12-25"},
        {"07-03", "11-24"}}},
  };
  return years;
}

civil_date day(const char* text) {
  return parse_date(text).value();
}

constexpr time_ms hour_ms = 60 * minute_ms;

} // namespace

TEST(every day of 2024 to 2028 agrees with the published calendar) {
  for (const auto& [year, expected] : published()) {
    calendar_year found{0, {}, {}};
    for (civil_date date{year, 1, 1}; date.year == year; date = add_days(date, 1)) {
      const auto hours = session_on(date);
      CHECK_EQUAL(hours.has_value(), closed_reason(date).empty());
      const std::string name = to_string(date).substr(5);
      if (hours) {
        ++found.sessions;
        if (hours->half_day)
          found.half_days.push_back(name);
        CHECK_EQUAL(hours->minutes(), hours->half_day ? 210 : 390);
        CHECK_EQUAL(hours->liquidation, hours->close - 120'000);
        CHECK_EQUAL(new_york_clock(hours->open), "09:30");
        CHECK_EQUAL(new_york_clock(hours->liquidation), hours->half_day ? "12:58" : "15:58");
        CHECK(new_york_date(hours->open) == date);
      } else if (weekday(date) < 5) {
        found.closed.push_back(name);
      }
    }
    CHECK_EQUAL(found.sessions, expected.sessions);
    CHECK(found.closed == expected.closed);
    CHECK(found.half_days == expected.half_days);
  }
}

TEST(special closures and observed holidays say why) {
  CHECK_EQUAL(closed_reason(day("2025-01-09")), "day of mourning for President Carter");
  CHECK_EQUAL(closed_reason(day("2018-12-05")), "day of mourning for President G. H. W. Bush");
  CHECK_EQUAL(closed_reason(day("2026-07-03")), "Independence Day (observed)");
  CHECK_EQUAL(closed_reason(day("2027-06-18")), "Juneteenth (observed)");
  CHECK_EQUAL(closed_reason(day("2023-01-02")), "New Year's Day (observed)");
  CHECK_EQUAL(closed_reason(day("2025-04-18")), "Good Friday");
  CHECK_EQUAL(closed_reason(day("2025-04-19")), "weekend");
  CHECK_EQUAL(closed_reason(day("2025-04-21")), "");
}

TEST(a new year on a saturday is not observed) {
  CHECK(session_on(day("2021-12-31")).has_value());
  CHECK(session_on(day("2027-12-31")).has_value());
}

TEST(juneteenth was a trading day before 2022) {
  CHECK(session_on(day("2020-06-19")).has_value());
  CHECK(!session_on(day("2022-06-20")).has_value());
}

TEST(older years have their published number of sessions) {
  const std::map<int, int> sessions{{2000, 252}, {2001, 248}, {2004, 252}, {2007, 251},
                                    {2012, 250}, {2018, 251}, {2019, 252}, {2020, 253},
                                    {2021, 252}, {2022, 251}, {2023, 250}};
  for (const auto& [year, expected] : sessions) {
    int found = 0;
    for (civil_date date{year, 1, 1}; date.year == year; date = add_days(date, 1))
      found += session_on(date) ? 1 : 0;
    CHECK_EQUAL(found, expected);
  }
}

TEST(clocks change on the published days) {
  const std::vector<std::pair<const char*, const char*>> changes{{"2024-03-10", "2024-11-03"},
                                                                 {"2025-03-09", "2025-11-02"},
                                                                 {"2026-03-08", "2026-11-01"},
                                                                 {"2027-03-14", "2027-11-07"},
                                                                 {"2028-03-12", "2028-11-05"}};
  for (const auto& [spring, autumn] : changes) {
    const time_ms begin = days_since_epoch(day(spring)) * 24 * hour_ms + 7 * hour_ms;
    const time_ms end = days_since_epoch(day(autumn)) * 24 * hour_ms + 6 * hour_ms;
    CHECK_EQUAL(new_york_offset_ms(begin - 1), -5 * hour_ms);
    CHECK_EQUAL(new_york_offset_ms(begin), -4 * hour_ms);
    CHECK_EQUAL(new_york_offset_ms(end - 1), -4 * hour_ms);
    CHECK_EQUAL(new_york_offset_ms(end), -5 * hour_ms);
    CHECK_EQUAL(new_york_clock(begin - minute_ms), "01:59");
    CHECK_EQUAL(new_york_clock(begin), "03:00");
    CHECK_EQUAL(new_york_clock(end - minute_ms), "01:59");
    CHECK_EQUAL(new_york_clock(end), "01:00");
    CHECK_EQUAL(new_york_to_utc(day(spring), 1, 30), begin - 30 * minute_ms);
    CHECK_EQUAL(new_york_to_utc(day(spring), 3, 0), begin);
    CHECK_EQUAL(new_york_to_utc(day(autumn), 0, 30), end - 90 * minute_ms);
    CHECK_EQUAL(new_york_to_utc(day(autumn), 2, 0), end + 60 * minute_ms);
  }
  // Before 2007: first Sunday of April, last Sunday of October.
  CHECK_EQUAL(new_york_clock(new_york_to_utc(day("2006-04-02"), 3, 0) - minute_ms), "01:59");
  CHECK_EQUAL(new_york_offset_ms(new_york_to_utc(day("2006-11-01"), 9, 30)), -5 * hour_ms);
}

TEST(sessions open and close at the right utc instants) {
  const auto summer = session_on(day("2025-06-03")).value();
  CHECK_EQUAL(summer.open, 1748957400000);  // 13:30Z
  CHECK_EQUAL(summer.close, 1748980800000); // 20:00Z
  const auto winter = session_on(day("2025-12-01")).value();
  CHECK_EQUAL(winter.open, 1764599400000); // 14:30Z
  const auto half = session_on(day("2025-11-28")).value();
  CHECK_EQUAL(half.close, 1764352800000); // 18:00Z
  CHECK_EQUAL(half.liquidation, 1764352680000);
  CHECK(half.half_day);
}

TEST(dates survive the way to text and to day numbers and back) {
  std::int64_t number = days_since_epoch({1999, 12, 31});
  int week_day = 4; // a Friday
  for (civil_date date{1999, 12, 31}; date.year < 2030; date = add_days(date, 1)) {
    REQUIRE(days_since_epoch(date) == number);
    REQUIRE(date_from_days(number) == date);
    REQUIRE(parse_date(to_string(date)) == date);
    REQUIRE(weekday(date) == week_day);
    ++number;
    week_day = (week_day + 1) % 7;
  }
  CHECK_EQUAL(days_since_epoch({1970, 1, 1}), 0);
  CHECK_EQUAL(to_string(date_from_days(-1)), "1969-12-31");
}

TEST(impossible dates are refused) {
  for (const char* text : {"", "2025-02-29", "2025-13-01", "2025-00-10", "2025-06-31", "2025-6-03",
                           "25-06-03", "2025/06/03", "2025-06-03 ", "2025-06-0x", "-025-06-03"})
    CHECK(!parse_date(text).has_value());
  CHECK(parse_date("2024-02-29").has_value());
  CHECK(!parse_date("2100-02-29").has_value());
}

TEST(the next and the previous session step over holidays) {
  CHECK_EQUAL(to_string(next_session(day("2025-07-04"))), "2025-07-07");
  CHECK_EQUAL(to_string(next_session(day("2025-07-03"))), "2025-07-03");
  CHECK_EQUAL(to_string(previous_session(day("2025-07-07"))), "2025-07-03");
  CHECK_EQUAL(to_string(previous_session(day("2025-07-08"))), "2025-07-07");
  CHECK_EQUAL(to_string(next_session(day("2001-09-11"))), "2001-09-17");
}

TEST(the host time zone changes nothing) {
  const char* const before = std::getenv("TZ");
  const std::string saved = before ? before : "";
  const time_ms instant = 1748957400000;
  for (const char* zone : {"UTC", "Asia/Tokyo", "America/New_York", "Pacific/Auckland"}) {
    setenv("TZ", zone, 1);
    tzset();
    CHECK_EQUAL(new_york_clock(instant), "09:30");
    const auto hours = session_on(day("2025-06-03")).value();
    CHECK_EQUAL(hours.open, instant);
  }
  if (before)
    setenv("TZ", saved.c_str(), 1);
  else
    unsetenv("TZ");
  tzset();
}

TEST(minutes of the day count from new york midnight) {
  CHECK_EQUAL(new_york_minute(new_york_to_utc(day("2025-06-03"), 0, 0)), 0);
  CHECK_EQUAL(new_york_minute(new_york_to_utc(day("2025-06-03"), 23, 59, 59)), 1439);
  CHECK_EQUAL(new_york_minute(new_york_to_utc(day("1969-07-20"), 16, 17)), 16 * 60 + 17);
}
