#define CAF_SUITE live_tape_silence
#include "tests/support/live_tape_bench.hpp"

using namespace sentio;
using fixture = test::live_tape_bench;

namespace {

using words = std::vector<std::string>;

/// A live configuration whose words for a person are kept.
live_config listening(words& said) {
  live_config live;
  live.say = [&said](const std::string& text) { said.push_back(text); };
  return live;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(live_tape_silence_tests, fixture)

TEST(a symbol without a bar since the open raises one alarm after ten minutes) {
  words said;
  start(listening(said));
  for (int minute = 0; minute < 9; ++minute) {
    give(0, minute);
    tell(tape, minute_due{at(minute + 1)});
  }
  CHECK(said.empty());
  for (int minute = 9; minute < 15; ++minute) {
    give(0, minute);
    tell(tape, minute_due{at(minute + 1)});
  }
  REQUIRE(said.size() == 1u);
  CHECK(said[0].starts_with("tape: ALARM no bar of BBB since the open, 10 minutes ago or more"));
  CHECK_EQUAL(count_of("silent_minutes BBB"), 15u);
  for (const auto& [name, value] : status_of(tape).counts)
    CHECK(name != "silent_minutes AAA");
}

TEST(a symbol that stops raises an alarm and its next bar ends it) {
  words said;
  start(listening(said));
  for (int minute = 0; minute < 20; ++minute) {
    give(0, minute);
    if (minute < 5)
      give(1, minute);
    else
      tell(tape, minute_due{at(minute + 1)});
  }
  REQUIRE(said.size() == 1u);
  CHECK(said[0].starts_with("tape: ALARM no bar of BBB for 10 minutes"));
  give(1, 20);
  REQUIRE(said.size() == 2u);
  CHECK_EQUAL(said[1], "tape: bars of BBB come again");
  for (const auto& [name, value] : status_of(tape).counts)
    CHECK(!name.starts_with("silent_minutes"));
}

TEST(a session counts the minutes that a symbol lacked when they are more than half) {
  words said;
  start(listening(said));
  for (int minute = 0; minute < 30; ++minute) {
    give(0, minute);
    if (minute < 14)
      give(1, minute);
    else
      tell(tape, minute_due{at(minute + 1)});
  }
  tell(tape, session_over{"the session is over"});
  bool found = false;
  for (const auto& record : records().first)
    if (record.kind == record_kind::data_counts) {
      record_payload payload;
      REQUIRE(decode(record.kind, record.payload, payload));
      for (const auto& counted : std::get<data_counts_record>(payload).counts) {
        CHECK(counted.name != "missing minutes of AAA");
        if (counted.name == "missing minutes of BBB") {
          CHECK_EQUAL(counted.count, 16u);
          found = true;
        }
      }
    }
  CHECK(found);
}

CAF_TEST_FIXTURE_SCOPE_END()
