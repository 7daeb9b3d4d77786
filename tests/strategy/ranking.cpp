#define CAF_SUITE ranking
#include "core/strategy/ranking.hpp"
#include "tests/strategy/support.hpp"
#include "tests/support/test.hpp"

#include <cmath>
#include <limits>

using namespace sentio;
using namespace sentio::test;

namespace {

constexpr time_ms start = 1'748'957'400'000; // 2025-06-03 09:30 New York

time_ms minute(int number) {
  return start + number * minute_ms;
}

/// A value, not a reference into a round that is gone when the check compares.
double strength_at(const ranker& ranks, int number) {
  return ranks.close(minute(number)).symbols[0].strength;
}

symbol_signal with_edge(int bar_minute, double edge) {
  return signal_of(bar_of(minute(bar_minute), 50, 50), edge);
}

} // namespace

TEST(stronger symbols come first and equals by name) {
  ranker ranks({}, funds(4));
  const double edges[] = {1.0, 3.0, 3.0, -2.0};
  for (symbol_index s = 0; s < 4; ++s)
    ranks.take(s, with_edge(0, edges[s]));
  const ranked_round round = ranks.close(minute(1));
  CHECK(round.order == std::vector<symbol_index>({1, 2, 0, 3}));
  CHECK_EQUAL(round.missing, 0u);
  CHECK(round.entries_allowed);
  CHECK_EQUAL(round.symbols[3].strength, -2.0);
}

TEST(reading changes nothing) {
  ranker ranks({}, funds(3));
  ranks.take(0, with_edge(0, 1));
  ranks.take(1, with_edge(0, 2));
  const ranked_round first = ranks.close(minute(1));
  CHECK(ranks.close(minute(1)) == first);
  ranks.close(minute(7));
  CHECK(ranks.close(minute(1)) == first);
}

TEST(staleness weighs candidates once and leaves the strength alone) {
  ranker ranks({}, funds(2));
  ranks.take(0, with_edge(0, 8));
  const ranked_round round = ranks.close(minute(3));
  CHECK_EQUAL(round.symbols[0].staleness, 2);
  CHECK(!round.symbols[0].fresh);
  CHECK_EQUAL(round.symbols[0].strength, 8.0);
  CHECK(close_to(round.symbols[0].entry_strength, 8 * std::exp(-2.0), 1e-12));
  CHECK(round.symbols[0].rankable);
}

TEST(a bar that arrives after its round enters the next one aged a minute) {
  ranker ranks({}, funds(1));
  ranks.take(0, with_edge(0, 8));
  ranks.close(minute(2)); // the bar of minute 1 was late
  ranks.take(0, with_edge(1, 4));
  const ranked_round round = ranks.close(minute(3));
  CHECK_EQUAL(round.symbols[0].staleness, 1);
  CHECK(close_to(round.symbols[0].entry_strength, 4 * std::exp(-1.0), 1e-12));
}

TEST(after five minutes without a bar a symbol is not rankable) {
  ranker ranks({}, funds(1));
  ranks.take(0, with_edge(0, 8));
  CHECK(ranks.close(minute(6)).symbols[0].rankable);
  const ranked_round late = ranks.close(minute(7));
  CHECK(!late.symbols[0].rankable);
  CHECK(late.symbols[0].barred == entry_bar::stale);
  CHECK(late.order.empty());
  ranking_parameters patient;
  patient.max_staleness_minutes = 6;
  ranks.replace(patient);
  CHECK(ranks.close(minute(7)).symbols[0].rankable);
  patient.filter_stale = false;
  ranks.replace(patient);
  CHECK(ranks.close(minute(100)).symbols[0].rankable);
}

TEST(a round with more than five twelfths missing makes no entries) {
  for (std::uint32_t present = 0; present <= 12; ++present) {
    ranker ranks({}, funds(12));
    for (symbol_index s = 0; s < present; ++s)
      ranks.take(s, with_edge(0, 1));
    const ranked_round round = ranks.close(minute(1));
    CHECK_EQUAL(round.missing, 12 - present);
    CHECK_EQUAL(round.entries_allowed, present >= 7);
  }
}

TEST(filters bar entries and leave the rank alone) {
  ranking_parameters parameters;
  parameters.min_probability = 0.55;
  parameters.min_confidence = 0.3;
  parameters.min_strength = 1;
  ranker ranks(parameters, funds(6));
  std::vector<symbol_signal> signals(6, with_edge(0, 2));
  signals[1].probability = 0.5;
  signals[2].confidence = 0.2;
  signals[3].edge_bp = 0.5;
  signals[4].ready = false;
  for (symbol_index s = 0; s < 5; ++s)
    ranks.take(s, signals[s]);
  const ranked_round round = ranks.close(minute(1));
  const entry_bar expected[] = {entry_bar::none,     entry_bar::probability, entry_bar::confidence,
                                entry_bar::strength, entry_bar::not_ready,   entry_bar::no_signal};
  for (std::size_t s = 0; s < 6; ++s)
    CHECK_EQUAL(std::string(to_string(round.symbols[s].barred)), to_string(expected[s]));
  CHECK(round.order == std::vector<symbol_index>({0, 1, 2, 3}));
}

TEST(the legacy strength is probability times confidence times boost above one half) {
  ranking_parameters parameters;
  parameters.formula = strength_formula::legacy;
  std::vector<instrument> list = funds(2);
  list[1].boost = 1.5;
  ranker ranks(parameters, list);
  symbol_signal signal = with_edge(0, 9);
  signal.probability = 0.6;
  signal.confidence = 0.4;
  CHECK(close_to(ranks.raw_strength(0, signal), 0.24, 1e-15));
  CHECK(close_to(ranks.raw_strength(1, signal), 0.36, 1e-15));
  signal.probability = 0.5;
  CHECK_EQUAL(ranks.raw_strength(1, signal), 0.0);
}

TEST(smoothing mixes the new strength with the old one and begins anew each session) {
  ranking_parameters parameters;
  parameters.smoothing = true;
  ranker ranks(parameters, funds(1));
  ranks.take(0, with_edge(0, 10));
  ranks.take(0, with_edge(1, 0));
  CHECK(close_to(strength_at(ranks, 2), 7.0, 1e-12));
  ranks.begin_session();
  ranks.take(0, with_edge(2, 1));
  CHECK_EQUAL(strength_at(ranks, 3), 1.0);
  parameters.smoothing_new = 0.5;
  ranks.replace(parameters);
  ranks.take(0, with_edge(3, 3));
  CHECK(close_to(strength_at(ranks, 4), 2.0, 1e-12));
}

TEST(an edge that is not a number has no rank) {
  ranker ranks({}, funds(2));
  ranks.take(0, with_edge(0, std::numeric_limits<double>::quiet_NaN()));
  ranks.take(1, with_edge(0, -1));
  const ranked_round round = ranks.close(minute(1));
  CHECK(round.order == std::vector<symbol_index>({1}));
  CHECK(round.symbols[0].barred == entry_bar::not_ready);
}

TEST(the order is total for a thousand symbols with many ties) {
  ranker ranks({}, std::vector<instrument>(1'000));
  random_source random(7);
  for (symbol_index s = 0; s < 1'000; ++s)
    ranks.take(s, with_edge(0, static_cast<double>(random.below(5))));
  const ranked_round round = ranks.close(minute(1));
  REQUIRE(round.order.size() == 1'000);
  bool sorted = true;
  for (std::size_t i = 1; i < round.order.size(); ++i) {
    const symbol_index before = round.order[i - 1];
    const symbol_index after = round.order[i];
    const double left = round.symbols[before].entry_strength;
    const double right = round.symbols[after].entry_strength;
    sorted = sorted && (left > right || (left == right && before < after));
  }
  CHECK(sorted);
}
