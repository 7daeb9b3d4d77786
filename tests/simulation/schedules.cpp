#define CAF_SUITE schedules
#include "tests/support/sanitized.hpp"
#include "tests/support/test.hpp"

#include "core/numeric/random.hpp"
#include "tests/support/small_market.hpp"

#include <set>

using namespace sentio;

namespace {

/// A thousand in the plain build; a sanitizer's build is slower by an order and proves the same.
int trial_count() {
  return test::sanitized ? 50 : 1000;
}

mock_setup one_at_a_time() {
  auto setup = test::small_setup();
  setup.run_ahead = 1;
  return setup;
}

std::vector<session_block_ptr> one_session() {
  test::market_options options;
  options.days = 2;
  options.warmup_days = 1;
  return test::small_market(options);
}

} // namespace

TEST(every seeded schedule is another message order and gives the same journal) {
  const auto blocks = one_session();
  auto stepwise = make_stepwise_engine();
  const auto reference = test::run_blocks(*stepwise, one_at_a_time(), blocks);
  CHECK(reference.outcome.completed);
  std::set<std::uint64_t> orders;
  std::set<std::uint64_t> journals{reference.hash.combined()};
  for (int seed = 1; seed <= trial_count(); ++seed) {
    const auto runtime = make_permuted_engine(static_cast<std::uint64_t>(seed));
    const auto run = test::run_blocks(*runtime, one_at_a_time(), blocks);
    if (!run.outcome.completed)
      CAF_FAIL("seed " << seed << ": " << run.outcome.error);
    orders.insert(run.outcome.schedule_hash);
    journals.insert(run.hash.combined());
  }
  CHECK_EQUAL(orders.size(), static_cast<std::size_t>(trial_count()));
  CHECK_EQUAL(journals.size(), 1u);
}

TEST(two four and eight threads give the same journal as one) {
  const auto blocks = one_session();
  auto stepwise = make_stepwise_engine();
  const auto reference = test::run_blocks(*stepwise, one_at_a_time(), blocks);
  for (const std::size_t threads : {2U, 4U, 8U})
    for (int repeat = 0; repeat < 5; ++repeat) {
      const auto runtime = make_threaded_engine(threads);
      const auto run = test::run_blocks(*runtime, one_at_a_time(), blocks);
      CHECK_EQUAL(run.outcome.error, "");
      CHECK(run.hash == reference.hash);
    }
}

TEST(cutting the data changes nothing before the cut) {
  const auto blocks = one_session();
  random_source random(11);
  auto stepwise = make_stepwise_engine();
  const auto whole = test::run_blocks(*stepwise, one_at_a_time(), blocks);
  CHECK(whole.outcome.completed);
  for (int trial = 0; trial < 20; ++trial) {
    auto shortened = std::make_shared<session_block>(*blocks.back());
    const auto cut = shortened->hours.open + static_cast<time_ms>(10 + random.below(360)) * minute_ms;
    for (auto& row : shortened->bars)
      std::erase_if(row, [&](const bar& b) { return b.label >= cut; });
    const auto until = [&](const std::vector<session_block_ptr>& data) {
      auto runtime = make_stepwise_engine();
      // Stopping at the instant of the cut leaves just the lines of the minutes before it.
      return test::run_blocks(*runtime, one_at_a_time(), data,
                              [&](const run_progress& progress) {
                                return progress.venue_time.load() < cut || progress.sessions.load() < 2;
                              })
          .hash;
    };
    CHECK(until({blocks.front(), shortened}) == until(blocks));
  }
}
