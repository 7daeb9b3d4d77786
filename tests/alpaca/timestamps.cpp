#define CAF_SUITE alpaca_timestamps
#include "core/alpaca/wire.hpp"
#include "tests/support/test.hpp"

using namespace sentio;
using alpaca::format_timestamp;
using alpaca::parse_timestamp;

namespace {

// 2023-04-06T11:54:26Z, by `date -u -d ... +%s`.
constexpr time_ms spring = 1'680'782'066'000;

} // namespace

TEST(fractions of nought to nine digits are cut to milliseconds) {
  const std::string second = "2023-04-06T11:54:26";
  CHECK(parse_timestamp(second + "Z") == spring);
  CHECK(parse_timestamp(second + ".8Z") == spring + 800);
  CHECK(parse_timestamp(second + ".83Z") == spring + 830);
  CHECK(parse_timestamp(second + ".839Z") == spring + 839);
  CHECK(parse_timestamp(second + ".8391Z") == spring + 839);
  CHECK(parse_timestamp(second + ".83915Z") == spring + 839);
  CHECK(parse_timestamp(second + ".839159Z") == spring + 839);
  CHECK(parse_timestamp(second + ".8391597Z") == spring + 839);
  CHECK(parse_timestamp(second + ".83915973Z") == spring + 839);
  CHECK(parse_timestamp(second + ".999999999Z") == spring + 999);
  CHECK(parse_timestamp(second + ".001Z") == spring + 1);
  CHECK(!parse_timestamp(second + ".8391597312Z"));
  CHECK(!parse_timestamp(second + ".Z"));
}

TEST(offsets are taken off) {
  CHECK(parse_timestamp("2023-04-06T07:54:26-04:00") == spring);
  CHECK(parse_timestamp("2023-04-06T06:54:26.5-05:00") == spring + 500);
  CHECK(parse_timestamp("2023-04-06T17:24:26+05:30") == spring);
  CHECK(parse_timestamp("2023-04-07T01:54:26+14:00") == spring);
  CHECK(parse_timestamp("2023-04-06t11:54:26z") == spring);
  CHECK(parse_timestamp("2026-07-29T05:27:57.818080188-04:00") == 1'785'317'277'818);
}

TEST(what is no time is refused) {
  for (const std::string text : {"",
                                 "Z",
                                 "2023-04-06",
                                 "2023-04-06T11:54:26",
                                 "2023-04-06 11:54:26Z",
                                 "2023-04-06T11:54Z",
                                 "2023-04-06T24:00:00Z",
                                 "2023-04-06T11:60:00Z",
                                 "2023-04-06T11:54:60Z",
                                 "2023-02-29T11:54:26Z",
                                 "2023-13-06T11:54:26Z",
                                 "0000-04-06T11:54:26Z",
                                 "2023-04-06T11:54:26-0400",
                                 "2023-04-06T11:54:26-04",
                                 "2023-04-06T11:54:26-24:00",
                                 "2023-04-06T11:54:26-04:60",
                                 "2023-04-06T11:54:26ZZ",
                                 "2023-04-06T1a:54:26Z",
                                 "2023-04-06T11:54:26.5",
                                 " 2023-04-06T11:54:26Z",
                                 "20230406T115426Z",
                                 "1680782066",
                                 "null"})
    if (parse_timestamp(text))
      CAF_ERROR("taken for a time: " << text);
  CHECK(!parse_timestamp(std::string("2023-04-06T11:54:26\0Z", 21)));
}

TEST(written times are read back) {
  CHECK_EQUAL(format_timestamp(spring), "2023-04-06T11:54:26Z");
  CHECK_EQUAL(format_timestamp(spring + 7), "2023-04-06T11:54:26.007Z");
  CHECK_EQUAL(format_timestamp(0), "1970-01-01T00:00:00Z");
  CHECK_EQUAL(format_timestamp(-1), "1969-12-31T23:59:59.999Z");
  CHECK_EQUAL(format_timestamp(new_york_to_utc({2025, 6, 3}, 9, 30)), "2025-06-03T13:30:00Z");
  // Steps of about eleven days and some milliseconds, 1970 to 2100.
  std::uint64_t wrong = 0;
  for (time_ms at = 0; at < 4'102'444'800'000; at += 987'654'321)
    wrong += parse_timestamp(format_timestamp(at)) == at ? 0u : 1u;
  CHECK_EQUAL(wrong, 0u);
}
