#define CAF_SUITE horizon_bank
#include "tests/support/test.hpp"

#include "core/learning/horizon_bank.hpp"
#include "core/learning/volatility.hpp"
#include "core/numeric/random.hpp"

#include <cmath>

using namespace sentio;

namespace {

const std::vector<std::uint32_t> default_horizons{1, 5, 10};

session_hours full_day() {
  return *session_on({2025, 6, 3});
}
session_hours half_day() {
  return *session_on({2025, 7, 3});
}

/// One session with a random walk; minutes for which skip says so have no bar.
template <class Skip>
learning_counts run_session(const session_hours& hours, const std::vector<std::uint32_t>& horizons,
                            Skip skip) {
  horizon_bank bank(horizons);
  bank.begin_session(hours);
  random_source random(1);
  double log_open = 4;
  for (int minute = 0; minute < hours.minutes(); ++minute) {
    log_open += 1e-3 * (random.uniform() - 0.5);
    if (!skip(minute))
      bank.advance(hours.open + minute * minute_ms, log_open, 1e-3);
  }
  bank.end_session();
  return bank.counts();
}

bool identity_holds(const learning_counts& counts, std::size_t horizons) {
  for (std::size_t h = 0; h < horizons; ++h)
    if (counts.updates[h] != counts.unmasked - counts.dropped[h])
      return false;
  return true;
}

} // namespace

TEST(a full day without holes updates every horizon 379 times) {
  const learning_counts counts = run_session(full_day(), default_horizons, [](int) { return false; });
  CHECK_EQUAL(counts.bars, 390u);
  CHECK_EQUAL(counts.unmasked, 379u);
  for (std::size_t h = 0; h < 3; ++h) {
    CHECK_EQUAL(counts.updates[h], 379u);
    CHECK_EQUAL(counts.dropped[h], 0u);
  }
}

TEST(a half day without holes updates every horizon 199 times) {
  const learning_counts counts = run_session(half_day(), default_horizons, [](int) { return false; });
  CHECK_EQUAL(counts.bars, 210u);
  for (std::size_t h = 0; h < 3; ++h) {
    CHECK_EQUAL(counts.updates[h], 199u);
    CHECK_EQUAL(counts.dropped[h], 0u);
  }
}

TEST(with holes the pending targets are dropped and the identity holds) {
  random_source random(6);
  for (const std::uint64_t one_in : {2u, 3u, 10u, 50u}) {
    const auto hole = [&](int) { return random.below(one_in) == 0; };
    const learning_counts counts = run_session(full_day(), default_horizons, hole);
    CHECK(identity_holds(counts, 3));
    CHECK(counts.unmasked < 379u);
  }
  // Nothing after 15:30: the ten-bar targets of the last eleven bars cannot come.
  const learning_counts counts =
      run_session(full_day(), default_horizons, [](int minute) { return minute >= 360; });
  CHECK_EQUAL(counts.unmasked, 360u);
  CHECK_EQUAL(counts.dropped[0], 2u);
  CHECK_EQUAL(counts.dropped[1], 6u);
  CHECK_EQUAL(counts.dropped[2], 11u);
  CHECK_EQUAL(counts.updates[2], 349u);
}

TEST(the longest horizon and an almost empty session keep the identity) {
  const learning_counts longest = run_session(half_day(), {1, 120}, [](int) { return false; });
  CHECK_EQUAL(longest.unmasked, 89u);
  CHECK_EQUAL(longest.updates[1], 89u);
  const learning_counts few = run_session(full_day(), {1, 120}, [](int minute) { return minute > 3; });
  CHECK_EQUAL(few.updates[0], 2u);
  CHECK_EQUAL(few.dropped[0], 2u);
  CHECK_EQUAL(few.updates[1], 0u);
  CHECK_EQUAL(few.dropped[1], 4u);
}

TEST(targets are returns from the next open in units of volatility) {
  horizon_bank bank(default_horizons);
  const session_hours hours = full_day();
  bank.begin_session(hours);
  const double change[] = {0, 0.5, 0.001, -0.002, 0.0005, 0.001, -0.0015, 0.0025};
  double log_open = 3;
  std::vector<double> opens;
  bool exact = true;
  for (int t = 0; t < 8; ++t) {
    log_open += change[t];
    opens.push_back(log_open);
    const auto targets = bank.advance(hours.open + t * minute_ms, log_open, 0.001 * (t + 1));
    if (t >= 2) {
      const double expected =
          (opens[static_cast<std::size_t>(t)] - opens[static_cast<std::size_t>(t) - 1]) / (0.001 * (t - 1));
      exact = exact && targets[0].horizon == 0 && targets[0].value == std::fmax(-2, std::fmin(2, expected));
    }
    if (t == 6) {
      CHECK_EQUAL(targets.size(), 2u);
      CHECK_EQUAL(targets[1].horizon, 1u);
      // The move of 0.5 came before the first price that could be traded: it is in no target.
      CHECK_EQUAL(targets[1].value, (opens[6] - opens[1]) / (0.001 * std::sqrt(5.0)));
    }
    if (t < 2)
      CHECK(targets.empty());
  }
  CHECK(exact);
}

TEST(targets are clipped at two and cross no night) {
  horizon_bank bank({1});
  const session_hours hours = full_day();
  bank.begin_session(hours);
  bank.advance(hours.open, 1, 1e-4);
  bank.advance(hours.open + minute_ms, 1, 1e-4);
  CHECK_EQUAL(bank.advance(hours.open + 2 * minute_ms, 1.5, 1e-4)[0].value, 2.0);
  CHECK_EQUAL(bank.advance(hours.open + 3 * minute_ms, 0.5, 1e-4)[0].value, -2.0);
  bank.end_session();
  CHECK_EQUAL(bank.counts().dropped[0], 2u);
  const session_hours next = *session_on({2025, 6, 4});
  bank.begin_session(next);
  CHECK(bank.advance(next.open, 1, 1e-4).empty());
  CHECK(bank.advance(next.open + minute_ms, 1, 1e-4).empty());
  CHECK_EQUAL(bank.advance(next.open + 2 * minute_ms, 1, 1e-4)[0].value, 0.0);
}

TEST(late bars are masked by the calendar only) {
  horizon_bank bank(default_horizons);
  const session_hours hours = full_day();
  bank.begin_session(hours);
  bank.advance(hours.close - 12 * minute_ms, 1, 1e-4);
  CHECK(!bank.masked());
  bank.advance(hours.close - 11 * minute_ms, 1, 1e-4);
  CHECK(bank.masked());
}

TEST(volatility is the mean square of one minute returns without nights and with holes shared out) {
  volatility spread;
  CHECK_EQUAL(spread.sigma(), volatility::floor);
  spread.begin_session();
  spread.update(0, 1.0);
  spread.update(minute_ms, 1.001);
  CHECK(test::close_to(spread.sigma(), 0.001, 1e-9));
  spread.update(5 * minute_ms, 1.001 + 0.004); // four minutes: 16e-6 / 4
  CHECK(test::close_to(spread.sigma() * spread.sigma(), (1e-6 + 4e-6) / 2, 1e-9));
  const double evening = spread.sigma();
  spread.begin_session();
  spread.update(1000 * minute_ms, 9.0);
  CHECK_EQUAL(spread.sigma(), evening);
}

TEST(volatility forgets half in sixty bars and has a floor) {
  volatility spread;
  spread.begin_session();
  double log_open = 0;
  for (int minute = 0; minute < 2000; ++minute)
    spread.update(minute * minute_ms, log_open += minute % 2 == 0 ? 0.01 : -0.01);
  const double before = spread.sigma();
  for (int minute = 2000; minute < 2060; ++minute)
    spread.update(minute * minute_ms, log_open);
  CHECK(test::close_to(spread.sigma() * spread.sigma() / (before * before), 0.5, 1e-9));
  for (int minute = 2060; minute < 5000; ++minute)
    spread.update(minute * minute_ms, log_open);
  CHECK_EQUAL(spread.sigma(), volatility::floor);
}
