#define CAF_SUITE sessions_with_faults
#include "tests/support/sanitized.hpp"
#include "tests/support/test.hpp"

#include "actors/live/start_policy.hpp"
#include "actors/simulation/session_trial.hpp"
#include "core/journal/log_reader.hpp"
#include "tests/support/small_market.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <set>

using namespace sentio;

namespace {

/// Sanitizers slow the program down by an order and look at other things.
int seed_count() {
  return test::sanitized ? 10 : 300;
}

mock_setup sample_setup() {
  mock_setup setup;
  setup.config = decode_configuration("{}", "defaults").value;
  setup.data_dir = std::filesystem::path(SENTIO_SOURCE_DIR) / "data" / "sample";
  return setup;
}

trial_options quick() {
  trial_options options;
  options.full = trial_options::features::none;
  return options;
}

const session_trials& trials() {
  static const session_trials all(sample_setup(), quick());
  return all;
}

std::string words_of(const trial_result& result) {
  std::string text = "seed " + std::to_string(result.seed);
  for (const auto& violation : result.violations)
    text += "\n  " + violation;
  return text;
}

} // namespace

TEST(a session without faults is flat at the end and its book equals that of the venue) {
  const auto result = trials().run(1, {});
  CHECK_EQUAL(words_of(result), "seed 1");
  CHECK(result.fills > 0);
  CHECK_EQUAL(result.adjustments, 0u);
}

TEST(a process that stands still for minutes buys nothing on what is old when it goes on) {
  fault_profile frozen;
  for (time_ms at = 20 * minute_ms; at < 300 * minute_ms; at += 10 * minute_ms)
    frozen.freezes.push_back({at + 30'000, 4 * minute_ms});
  const auto result = trials().run(1, frozen);
  CHECK_EQUAL(words_of(result), "seed 1");
  CHECK_EQUAL(result.struck.at("process frozen"), frozen.freezes.size());
  CHECK(result.fills > 0);
}

TEST(a process that the venue refuses when it comes back waits and goes on with its session) {
  fault_profile refused;
  for (time_ms at = 20 * minute_ms; at < 300 * minute_ms; at += 70 * minute_ms) {
    refused.deaths.push_back({at, 60'000});
    refused.refused_starts.push_back({at + 30'000, 10 * minute_ms});
  }
  for (const std::uint64_t seed : {1u, 2u}) { // an outage, and keys that are wrong for a while
    const auto result = trials().run(seed, refused);
    CHECK_EQUAL(words_of(result), "seed " + std::to_string(seed));
    CHECK(result.struck.at("start refused") > 4 * refused.deaths.size());
    CHECK(result.fills > 0);
  }
}

TEST(a start waits for an open session whatever the venue says and for no configuration) {
  using std::chrono::seconds;
  const start_circumstances open{true, false}, service{false, true}, person{false, false};
  std::vector<std::int64_t> waits;
  for (int round = 0; round < 8; ++round)
    waits.push_back(wait_before_start(start_refusal::outage, open, round)->count());
  const std::vector<std::int64_t> expected{1, 2, 4, 8, 16, 30, 30, 30};
  CHECK(waits == expected);
  CHECK(wait_before_start(start_refusal::wrong_keys, open, 0) == seconds(1));
  CHECK(wait_before_start(start_refusal::outage, open, 2'000'000'000) == seconds(30));
  CHECK(wait_before_start(start_refusal::outage, service, 0) == seconds(1));
  CHECK(!wait_before_start(start_refusal::wrong_keys, service, 0));
  CHECK(!wait_before_start(start_refusal::outage, person, 0));
  CHECK(!wait_before_start(start_refusal::wrong_keys, person, 0));
}

TEST(a start believes a venue whose clock is half an hour off and none that is further off) {
  const auto open = session_on({2025, 12, 1})->open;
  CHECK_EQUAL(why_clocks_disagree(open, open), "");
  CHECK_EQUAL(why_clocks_disagree(open + 30 * minute_ms, open), "");
  CHECK(why_clocks_disagree(open + 30 * minute_ms + 1, open)
            .starts_with("the venue says that it is 2025-12-01 10:00"));
  CHECK(!why_clocks_disagree(open - 7 * 60 * minute_ms, open).empty());
  CHECK(!why_clocks_disagree(0, open).empty());
}

TEST(a process that ends again and again comes back with everything that the venue did meanwhile) {
  fault_profile mortal;
  for (time_ms at = 20 * minute_ms; at < 330 * minute_ms; at += 25 * minute_ms)
    mortal.deaths.push_back({at + 30'000, 30'000 + at % (7 * minute_ms)});
  const auto result = trials().run(1, mortal);
  CHECK_EQUAL(words_of(result), "seed 1");
  CHECK_EQUAL(result.struck.at("process ended"), mortal.deaths.size());
  CHECK(result.fills > 0);
}

TEST(the pause of an operator holds through the deaths of those who decide) {
  const auto fills_without = trials().run(1, {}).fills;
  fault_profile paused;
  paused.pauses.push_back({10 * minute_ms, 250 * minute_ms});
  paused.kills = {{60 * minute_ms, "portfolio"}, {120 * minute_ms, "tape"}, {180 * minute_ms, "ranking"}};
  const auto result = trials().run(1, paused);
  CHECK_EQUAL(words_of(result), "seed 1");
  CHECK_EQUAL(result.struck.at("operator's word"), 2u);
  CHECK(result.fills < fills_without);
}

TEST(a session that is being closed buys nothing through the deaths of those who decide and of the process) {
  const auto fills_without = trials().run(1, {}).fills;
  fault_profile closed;
  closed.session_orders.push_back({session_order_kind::close, 60 * minute_ms + 100, 0});
  const auto undisturbed = trials().run(1, closed);
  CHECK_EQUAL(words_of(undisturbed), "seed 1");
  CHECK(undisturbed.fills > 0 && undisturbed.fills < fills_without);
  closed.kills = {
      {60 * minute_ms + 200, "portfolio"}, {61 * minute_ms, "tape"}, {180 * minute_ms, "ranking"}};
  closed.deaths = {{62 * minute_ms, 30'000}, {200 * minute_ms, 3 * minute_ms}};
  const auto disturbed = trials().run(1, closed);
  CHECK_EQUAL(words_of(disturbed), "seed 1");
  CHECK_EQUAL(disturbed.fills, undisturbed.fills);
  CHECK_EQUAL(disturbed.struck.at("process ended"), 2u);
}

TEST(a halted session buys again when it is re - armed and not before) {
  fault_profile halted;
  halted.session_orders.push_back({session_order_kind::halt, 60 * minute_ms + 100, 0});
  const auto until_the_end = trials().run(1, halted);
  CHECK_EQUAL(words_of(until_the_end), "seed 1");
  halted.session_orders.front().for_ms = 60 * minute_ms;
  const auto rearmed = trials().run(1, halted);
  CHECK_EQUAL(words_of(rearmed), "seed 1");
  CHECK(rearmed.fills > until_the_end.fills);
  halted.session_orders.front() = {session_order_kind::keep, 60 * minute_ms + 100, 0};
  CHECK_EQUAL(words_of(trials().run(1, halted)), "seed 1");
}

TEST(the same seed is the same session to the last byte and the last turn) {
  for (const std::uint64_t seed : {3U, 4U}) {
    const auto profile = trials().profile(seed, {});
    const auto once = trials().run(seed, profile);
    const auto again = trials().run(seed, profile);
    CHECK_EQUAL(once.schedule, again.schedule);
    CHECK_EQUAL(once.journal, again.journal);
    CHECK(once.struck == again.struck);
  }
}

TEST(no seed loses or doubles a fill or an order or keeps a position or fails to recover) {
  std::set<std::uint64_t> schedules;
  for (int seed = 1; seed <= seed_count(); ++seed) {
    const auto number = static_cast<std::uint64_t>(seed);
    const auto result = trials().run(number, trials().profile(number, {}));
    if (!result.violations.empty())
      CAF_FAIL(words_of(result));
    schedules.insert(result.schedule);
  }
  CHECK_EQUAL(schedules.size(), static_cast<std::size_t>(seed_count()));
}

TEST(seeds that once failed hold) {
  const auto folder = std::filesystem::path(SENTIO_SOURCE_DIR) / "tests" / "simulation" / "corpus";
  std::vector<std::filesystem::path> files;
  if (std::filesystem::exists(folder))
    for (const auto& entry : std::filesystem::directory_iterator(folder))
      if (entry.path().extension() == ".json")
        files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::map<std::uint32_t, std::unique_ptr<session_trials>> by_days;
  for (const auto& file : files) {
    const auto kept = nlohmann::json::parse(read_text_file(file));
    fault_profile profile;
    const auto problem = parse_profile(kept.at("profile").dump(), profile);
    CHECK_EQUAL(problem, "");
    auto options = quick();
    options.days = kept.value("days", 1U);
    auto& those = by_days[options.days];
    if (!those)
      those = std::make_unique<session_trials>(sample_setup(), options);
    const auto result = those->run(kept.at("seed").get<std::uint64_t>(), profile);
    if (!result.violations.empty())
      CAF_FAIL(file.filename().string() << ": " << words_of(result));
  }
}

TEST(a fill that is counted twice is found and shrunk to the fault that it needs) {
  auto options = quick();
  // A book that counts the first fill again when events come twice.
  options.spoil = [](session_record& session, const fault_profile& faults) {
    auto& trades = session.logs[log_kind::trades];
    if (faults.order_events.duplicate > 0)
      trades += trades.substr(0, trades.find('\n') + 1);
  };
  const session_trials broken(sample_setup(), options);
  auto profile = broken.profile(7, {});
  profile.order_events.duplicate = 0.3;
  CHECK(part_count(profile) > 1);
  CHECK(!broken.run(7, profile).violations.empty());
  const auto smallest = broken.shrink(7, profile, 100);
  CHECK_EQUAL(part_count(smallest), 1u);
  CHECK(smallest.order_events.duplicate > 0);
}

TEST(a position that stays and an order with two bodies are found) {
  auto options = quick();
  options.spoil = [](session_record& session, const fault_profile&) {
    session.venue["positions"]["TQQQ"] = {{"qty", "5"}};
    session.offences.emplace_back("order s-1 was posted with two bodies");
  };
  const auto result = session_trials(sample_setup(), options).run(1, {});
  CHECK(result.violations.size() >= 2);
}
