#define CAF_SUITE live_clock
#include "tests/support/test.hpp"

#include "actors/live/live_clock.hpp"

#include <algorithm>

using namespace sentio;

namespace {

constexpr time_ms second = 1'000;

live_config config_of(const session_hours& hours, double speed = 1, time_ms joined_at = 0) {
  live_config config;
  config.hours = hours;
  config.time = std::make_shared<venue_time>(speed, hours.open, venue_time::steady::time_point{});
  config.joined_at = joined_at;
  return config;
}
session_hours regular() {
  return *session_on({2025, 6, 3});
}
session_hours half() {
  return *session_on({2025, 11, 28});
}

template <class Word>
std::vector<clock_word> all_of(const std::vector<clock_word>& words) {
  std::vector<clock_word> found;
  std::copy_if(words.begin(), words.end(), std::back_inserter(found),
               [](const clock_word& one) { return std::holds_alternative<Word>(one.word); });
  return found;
}
/// When a phase is said, from the close.
std::vector<time_ms> phases(const std::vector<clock_word>& words, session_phase phase, time_ms close) {
  std::vector<time_ms> found;
  for (const auto& one : words)
    if (const auto* change = std::get_if<phase_change>(&one.word); change && change->phase == phase)
      found.push_back(one.at - close);
  return found;
}
bool ascending(const std::vector<clock_word>& words) {
  return std::is_sorted(words.begin(), words.end(),
                        [](const clock_word& a, const clock_word& b) { return a.at < b.at; });
}

} // namespace

TEST(a whole day has every minute and its phases in order) {
  const auto hours = regular();
  const auto words = words_of(config_of(hours));
  const auto minutes = all_of<minute_due>(words);
  CHECK_EQUAL(minutes.size(), 390u);
  for (std::size_t i = 0; i < minutes.size(); ++i)
    CHECK(std::get<minute_due>(minutes[i].word).at == hours.open + static_cast<time_ms>(i + 1) * minute_ms);
  CHECK(ascending(words));
  const std::vector<time_ms> opens{hours.open - hours.close};
  const std::vector<time_ms> closes{0};
  CHECK_EQUAL(phases(words, session_phase::open, hours.close), opens);
  CHECK_EQUAL(phases(words, session_phase::close, hours.close), closes);
  CHECK(std::holds_alternative<phase_change>(words.front().word));
  CHECK(std::holds_alternative<session_over>(words.back().word));
  CHECK_EQUAL(all_of<session_over>(words).size(), 1u);
  CHECK(words.back().at > minutes.back().at);
  CHECK(words.back().at >= hours.close + 30 * second);
}

TEST(a half day ends at one) {
  const auto hours = half();
  const auto words = words_of(config_of(hours));
  CHECK_EQUAL(all_of<minute_due>(words).size(), 210u);
  CHECK(ascending(words));
  const std::vector<time_ms> rungs{-120 * second, -90 * second, -60 * second, -30 * second};
  CHECK_EQUAL(phases(words, session_phase::liquidation, hours.close), rungs);
}

TEST(the ladder has its rungs before the close) {
  const auto hours = regular();
  for (const double speed : {1.0, 60.0, 600.0}) {
    const auto words = words_of(config_of(hours, speed));
    const std::vector<time_ms> rungs{-120 * second, -90 * second, -60 * second, -30 * second};
    CHECK_EQUAL(phases(words, session_phase::liquidation, hours.close), rungs);
    const auto closings = all_of<close_everything>(words);
    REQUIRE(!closings.empty());
    CHECK_EQUAL(closings[0].at, hours.close - 20 * second);
    CHECK(closings.back().at < hours.close);
    CHECK(ascending(words));
  }
}

TEST(a phase says the time it is said at) {
  for (const auto& one : words_of(config_of(regular()))) {
    const auto* change = std::get_if<phase_change>(&one.word);
    CHECK(!change || change->at == one.at);
  }
}

TEST(the grace is two seconds of venue time at speed one) {
  for (const auto& one : all_of<minute_due>(words_of(config_of(regular()))))
    CHECK(one.at == std::get<minute_due>(one.word).at + 2 * second);
}

TEST(the grace is fifty milliseconds of real time at speed six hundred) {
  const auto words = words_of(config_of(regular(), 600));
  for (const auto& one : all_of<minute_due>(words))
    CHECK(one.at == std::get<minute_due>(one.word).at + 30 * second);
  CHECK(words.back().at >= regular().close + 600 * 500); // half a second of real time for the aftermath
}

TEST(a session joined in the middle has what is left of it) {
  const auto hours = regular();
  const time_ms joined = hours.open + 100 * minute_ms + 30 * second;
  const auto words = words_of(config_of(hours, 1, joined));
  const auto minutes = all_of<minute_due>(words);
  CHECK_EQUAL(minutes.size(), 290u);
  CHECK(std::get<minute_due>(minutes.front().word).at == hours.open + 101 * minute_ms);
  CHECK(phases(words, session_phase::open, hours.close).empty());
  CHECK_EQUAL(phases(words, session_phase::liquidation, hours.close).size(), 4u);
  CHECK(ascending(words));
  CHECK(words.front().at > joined);
}

TEST(a minute whose grace is not over when the session is joined is still due) {
  const auto hours = regular();
  const time_ms minute = hours.open + 100 * minute_ms;
  const auto within = all_of<minute_due>(words_of(config_of(hours, 1, minute + 1 * second)));
  CHECK(std::get<minute_due>(within.front().word).at == minute);
  const auto over = all_of<minute_due>(words_of(config_of(hours, 1, minute + 2 * second)));
  CHECK(std::get<minute_due>(over.front().word).at == minute + minute_ms);
}

TEST(a session joined after its liquidation time begins with it) {
  const auto hours = regular();
  for (const time_ms before : {120 * second, 100 * second, 25 * second, 5 * second}) {
    const time_ms joined = hours.close - before;
    const auto words = words_of(config_of(hours, 1, joined));
    const auto* first = std::get_if<phase_change>(&words.front().word);
    REQUIRE(first != nullptr);
    CHECK(first->phase == session_phase::liquidation);
    CHECK_EQUAL(first->at, joined);
    CHECK_EQUAL(words.front().at, joined);
    CHECK(ascending(words));
    CHECK_EQUAL(phases(words, session_phase::close, hours.close).size(), 1u);
  }
  const auto before_it = words_of(config_of(hours, 1, hours.liquidation - 1));
  CHECK_EQUAL(phases(before_it, session_phase::liquidation, hours.close).size(), 4u);
}

TEST(a session joined after its close liquidates nothing) {
  const auto hours = regular();
  const auto words = words_of(config_of(hours, 1, hours.close + second));
  CHECK(phases(words, session_phase::liquidation, hours.close).empty());
  CHECK(all_of<close_everything>(words).empty());
  CHECK_EQUAL(all_of<session_over>(words).size(), 1u);
}

TEST(a session that is gone on with after its close has time for two comparisons and its end) {
  const auto hours = regular();
  const time_ms joined = hours.close + 40 * minute_ms;
  for (const double speed : {1.0, 600.0}) {
    auto config = config_of(hours, speed, joined);
    auto past = std::make_shared<history>();
    past->emplace_back(phase_change{session_phase::open, hours.open});
    config.past = past;
    const auto words = words_of(config);
    REQUIRE(words.size() == 1u);
    CHECK(std::holds_alternative<session_over>(words[0].word));
    CHECK(words[0].at >= joined + minute_ms + 15 * second);
    CHECK(words[0].at >= joined + static_cast<time_ms>(speed * 1'000)); // of real time
  }
}
