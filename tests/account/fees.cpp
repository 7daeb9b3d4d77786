#define CAF_SUITE fees
#include "core/account/fees.hpp"
#include "tests/account/support.hpp"
#include "tests/support/test.hpp"

using namespace sentio;
using namespace sentio::test;

namespace {

constexpr civil_date old_rate{2025, 5, 13};
constexpr civil_date new_rate{2025, 5, 14};

} // namespace

TEST(a buy pays half the spread and slippage and no fees) {
  cost_parameters costs;
  costs.slippage_bp = 1.5;
  // 100 * 50.00 = 5,000; (2.4 + 1.5) bp of it = 1.95
  const auto cost =
      execution_costs(order_side::buy, 100, from_dollars(50), fund("SQQQ", 2.4), old_rate, costs);
  CHECK_EQUAL(to_string(cost.spread_cost), "1.95");
  CHECK_EQUAL(to_string(cost.fees), "0.00");
}

TEST(a sell pays SEC and TAF fees by the row of its date) {
  const cost_parameters costs;
  // 100 * 50.00 = 5,000: SEC 5,000 * 27.80 / 1,000,000 = 0.139; TAF 100 * 0.000166 = 0.0166
  const auto before =
      execution_costs(order_side::sell, 100, from_dollars(50), fund("SQQQ", 2.4), old_rate, costs);
  CHECK_EQUAL(to_string(before.spread_cost), "1.20");
  CHECK_EQUAL(to_string(before.fees), "0.1556");
  const auto after =
      execution_costs(order_side::sell, 100, from_dollars(50), fund("SQQQ", 2.4), new_rate, costs);
  CHECK_EQUAL(to_string(after.fees), "0.0166");
  const auto too_early =
      execution_costs(order_side::sell, 100, from_dollars(50), fund("SQQQ", 2.4), {2024, 5, 21}, costs);
  CHECK_EQUAL(to_string(too_early.fees), "0.00");
}

TEST(the TAF of one trade is capped) {
  const cost_parameters costs;
  // 60,000 * 0.000166 = 9.96, capped at 8.30
  const auto cost = execution_costs(order_side::sell, 60'000, from_dollars(1), fund("X"), new_rate, costs);
  CHECK_EQUAL(to_string(cost.fees), "8.30");
}

TEST(the close fill model costs nothing) {
  cost_parameters costs;
  costs.fill = fill_model::close;
  CHECK(execution_costs(order_side::sell, 100, from_dollars(50), fund("X"), old_rate, costs) ==
        execution_cost{});
  CHECK_EQUAL(round_trip_cost_bp(from_dollars(50), fund("X"), old_rate, costs), 0.0);
}

TEST(the round trip in basis points counts both spreads slippages and fees) {
  cost_parameters costs;
  costs.slippage_bp = 0.5;
  // 2 * 3.0 + 2 * 0.5 + 0.278 + 0.000166 / 20 * 10,000 = 7.361
  CHECK(close_to(round_trip_cost_bp(from_dollars(20), fund("UVXY", 3), old_rate, costs), 7.361, 1e-12));
}

TEST(every cost parameter changes a cost) {
  const auto sell = [](const cost_parameters& costs) {
    return execution_costs(order_side::sell, 60'000, from_dollars(50), fund("X", 2), old_rate, costs).total();
  };
  const cost_parameters base;
  cost_parameters changed = base;
  changed.spread = false;
  CHECK(sell(changed) < sell(base));
  changed = base;
  changed.slippage_bp = 1;
  CHECK(sell(changed) > sell(base));
  changed = base;
  changed.fees[0].sec_per_million = 8;
  CHECK(sell(changed) < sell(base));
  changed = base;
  changed.fees[0].taf_per_share = 0.0001;
  CHECK(sell(changed) < sell(base));
  changed = base;
  changed.fees[0].taf_cap = 1;
  CHECK(sell(changed) < sell(base));
  changed = base;
  changed.fees[1].from = old_rate;
  CHECK(sell(changed) < sell(base));
  changed = base;
  changed.fill = fill_model::close;
  CHECK(sell(changed) < sell(base));
}
