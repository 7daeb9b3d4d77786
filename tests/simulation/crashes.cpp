#define CAF_SUITE crashes
#include "tests/support/sanitized.hpp"
#include "tests/support/test.hpp"

#include "actors/simulation/crash_plans.hpp"
#include "actors/simulation/session_trial.hpp"

using namespace sentio;

namespace {

constexpr std::uint64_t seed = 1;

/// Sanitizers slow the program down by an order and look at other things.
std::uint64_t share(std::uint64_t plain) {
  return test::sanitized ? plain / 15 : plain;
}

const session_trials& trials() {
  static const session_trials all = [] {
    mock_setup setup;
    setup.config = decode_configuration("{}", "defaults").value;
    setup.data_dir = std::filesystem::path(SENTIO_SOURCE_DIR) / "data" / "sample";
    trial_options options;
    options.full = trial_options::features::none;
    return session_trials(setup, options);
  }();
  return all;
}

const still_result& undisturbed() {
  static const still_result once = trials().run_still(seed, {});
  return once;
}

void check_all(const std::vector<named_plan>& plans) {
  for (const auto& one : plans) {
    const auto result = trials().run_still(seed, one.plan);
    const auto difference = one.signals_only ? first_difference_of_signals(undisturbed(), result)
                                             : first_difference(undisturbed(), result);
    const auto first = result.violations.empty() ? difference : result.violations.front();
    if (!first.empty())
      CAF_FAIL(describe(one.plan) << ": " << first);
    if (result.crashes + result.kills == 0)
      CAF_FAIL(describe(one.plan) << ": nothing happened");
  }
}

} // namespace

TEST(a still session trades and is well) {
  for (const auto& violation : undisturbed().violations)
    CAF_FAIL(violation);
  CHECK(undisturbed().orders > 10);
  CHECK(undisturbed().writes > 1'000);
  for (const auto kind : {log_kind::signals, log_kind::decisions, log_kind::trades, log_kind::positions})
    CHECK(undisturbed().logs.at(kind).size() > 1'000);
  CHECK(!undisturbed().learners.empty());
}

TEST(a process that ends anywhere and is started again leaves the same session) {
  check_all(crash_plans(undisturbed(), share(150)));
}

TEST(a process that ends twice leaves the same session) {
  check_all(double_crash_plans(undisturbed(), share(30), seed));
}

TEST(an actor of any kind that dies in the middle of its work leaves the same session) {
  check_all(kill_plans(undisturbed(), trials().symbols(), share(30), 10, seed));
}

TEST(a plan reads as it is written and a difference is told with its line) {
  const auto text = std::string("after_write:812,before_order:3,symbol TQQQ@40");
  const auto again = describe(read_plan(text).plan);
  CHECK_EQUAL(again, text);
  auto other = undisturbed();
  other.logs[log_kind::trades].insert(0, "x");
  const auto difference = first_difference(undisturbed(), other);
  CHECK(difference.starts_with("trades, line 1:"));
  other = undisturbed();
  other.learners.back() += "x";
  CHECK(!first_difference(undisturbed(), other).empty());
}
