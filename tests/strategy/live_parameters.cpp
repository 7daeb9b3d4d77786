#define CAF_SUITE live_parameters
#include "tests/strategy/support.hpp"
#include "tests/support/test.hpp"

using namespace sentio;
using namespace sentio::test;

namespace {

struct played {
  portfolio_output log;
  std::vector<std::uint64_t> refused;

  friend bool operator==(const played&, const played&) = default;
};

/// A day with everything in it: two tight groups of symbols, holes, moves of several per cent.
played play(const test::rotation_setup& p, const ranking_parameters& r = {}) {
  std::vector<instrument> list = funds(8);
  for (std::size_t i = 0; i < list.size(); ++i) {
    list[i].half_spread_bp = 0.2 * static_cast<double>(i);
    list[i].boost = 1 + 0.1 * static_cast<double>(i);
  }
  trading_day day(p, list, session_of({2025, 5, 6}), 100'000, r);
  random_bars(day, 42, 0.3, 0.008);
  for (std::size_t i = 0; i < (*day.bars)[0].size(); ++i) { // the first two move together
    bar twin = (*day.bars)[0][i];
    twin.open *= 1.5;
    twin.high *= 1.5;
    twin.low *= 1.5;
    twin.close *= 1.5;
    if (i == 0)
      (*day.bars)[1].clear();
    (*day.bars)[1].push_back(twin);
  }
  std::erase_if((*day.bars)[2], [&](const bar& b) { return day.minute_of(b.label) % 40 > 30; });
  day.think = wandering(42, 8, 3);
  day.whole_day();
  return {day.log, day.book.totals().refused};
}

test::rotation_setup base() {
  test::rotation_setup p;
  p.rotation.min_rank_to_hold = 4;
  p.rotation.max_rank_to_enter = 4;
  p.book.breaker_drawdown_pct = 0.5;
  p.rotation.stop_loss_pct = 0.01;
  p.rotation.profit_target_pct = 0.01;
  p.risk.max_gross_exposure = 0;
  return p;
}

#define CHANGES(field, value)                                                                                \
  {                                                                                                          \
    test::rotation_setup changed = p;                                                                        \
    changed.field = value;                                                                                   \
    CAF_MESSAGE(#field);                                                                                     \
    CHECK(play(changed) != reference);                                                                       \
  }

} // namespace

TEST(every rotation parameter changes the day) {
  test::rotation_setup p = base();
  played reference = play(p);
  CHECK(play(p) == reference);
  CHANGES(book.max_positions, 2)
  CHANGES(rotation.min_rank_to_hold, 6)
  CHANGES(rotation.max_rank_to_enter, 2)
  CHANGES(rotation.enter_threshold, 1)
  CHANGES(rotation.exit_threshold, -1)
  CHANGES(rotation.rotation_delta, 2)
  CHANGES(rotation.kappa, 1)
  CHANGES(rotation.minimum_hold_bars, 2)
  CHANGES(book.cooldown_bars, 3)
  CHANGES(rotation.profit_target, false)
  CHANGES(rotation.profit_target_pct, 0.005)
  CHANGES(rotation.stop_loss, false)
  CHANGES(rotation.stop_loss_pct, 0.005)
  CHANGES(book.entry_cutoff_minutes, 90)
  CHANGES(rotation.correlation_filter, false)
  CHANGES(rotation.max_correlation, 0.05)
  CHANGES(rotation.correlation_minimum, 10)
  CHANGES(book.breaker_drawdown_pct, 0.005)
  CHANGES(book.breaker_equity_floor, 0.999)
  p.rotation.max_correlation = 0.2; // so that chance correlations matter, which depend on the window
  reference = play(p);
  CHANGES(rotation.correlation_window, 31)
  p.rotation.exit_threshold = -100; // so that something is left for the liquidation
  p.rotation.min_rank_to_hold = 8;
  p.rotation.stop_loss = p.rotation.profit_target = false;
  reference = play(p);
  CHANGES(book.eod_liquidation, false)
}

TEST(every sizing parameter changes the day) {
  test::rotation_setup p = base();
  played reference = play(p);
  CHANGES(sizing.kind, sizing_kind::inverse_volatility)
  CHANGES(sizing.kind, sizing_kind::kelly)
  CHANGES(sizing.invested_fraction, 0.5)
  p.sizing.invested_fraction = 1;
  reference = play(p);
  CHANGES(sizing.entry_price_buffer, 0.1)
  p = base();
  p.sizing.kind = sizing_kind::inverse_volatility;
  p.sizing.volatility_low = 0.2;
  p.sizing.volatility_reference = 0.0008;
  reference = play(p);
  CHANGES(sizing.volatility_reference, 0.002)
  CHANGES(sizing.volatility_low, 0.6)
  CHANGES(sizing.volatility_high, 0.3)
  p = base();
  p.sizing.kind = sizing_kind::kelly;
  reference = play(p);
  CHANGES(sizing.kelly_fraction, 0.01)
  CHANGES(sizing.max_position_fraction, 0.2)
}

TEST(every cost parameter changes the day) {
  const test::rotation_setup p = base();
  const played reference = play(p);
  CHANGES(costs.fill, fill_model::close)
  CHANGES(costs.latency_ms, 200)
  CHANGES(costs.spread, false)
  CHANGES(costs.slippage_bp, 1)
  CHANGES(costs.fees, {})
}

TEST(every risk limit changes the day) {
  const test::rotation_setup p = base();
  const played reference = play(p);
  CHANGES(risk.max_order_notional, 10'000)
  CHANGES(risk.max_order_shares, 400)
  CHANGES(risk.max_gross_exposure, 0.5)
  CHANGES(risk.max_orders_per_minute, 1)
  CHANGES(risk.max_orders_per_day, 30)
  CHANGES(risk.max_daily_loss_pct, 0.001)
  CHANGES(risk.restricted, {"AD"})
  CHANGES(risk.max_drawdown_pct, 0.01)
  CHANGES(risk.max_positions, 2)
  CHANGES(risk.max_cash_use, 0.2)
  CHANGES(risk.max_orders_per_round, 2)
  CHANGES(risk.halt_loss_pct, 0.01)
  test::rotation_setup fresh_only = p;
  fresh_only.risk.max_staleness_minutes = 1;
  ranking_parameters patient;
  patient.max_staleness_minutes = 30;
  CHECK(play(fresh_only, patient) != play(p, patient));
}

TEST(every ranking parameter changes the day) {
  const test::rotation_setup p = base();
  const ranking_parameters r;
  const played reference = play(p, r);
  const auto changes = [&](auto change) {
    ranking_parameters changed = r;
    change(changed);
    return play(p, changed) != reference;
  };
  CHECK(changes([](ranking_parameters& c) { c.formula = strength_formula::legacy; }));
  CHECK(changes([](ranking_parameters& c) { c.min_probability = 0.6; }));
  CHECK(changes([](ranking_parameters& c) { c.min_confidence = 0.5; }));
  CHECK(changes([](ranking_parameters& c) { c.min_strength = 1; }));
  CHECK(changes([](ranking_parameters& c) { c.smoothing = true; }));
  CHECK(changes([](ranking_parameters& c) { c.filter_stale = false; }));
  CHECK(changes([](ranking_parameters& c) { c.max_staleness_minutes = 1; }));
  ranking_parameters smooth;
  smooth.smoothing = true;
  ranking_parameters smoother = smooth;
  smoother.smoothing_new = 0.1;
  CHECK(play(p, smooth) != play(p, smoother));
}
