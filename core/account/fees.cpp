#include "core/account/fees.hpp"

#include <algorithm>

namespace sentio {

namespace {

double one_side_bp(const instrument& what, const cost_parameters& parameters) {
  return (parameters.spread ? what.half_spread_bp : 0.0) + parameters.slippage_bp;
}

} // namespace

const fee_row* fees_on(civil_date date, const cost_parameters& parameters) {
  const fee_row* found = nullptr;
  for (const fee_row& row : parameters.fees)
    if (row.from <= date)
      found = &row;
  return found;
}

execution_cost execution_costs(order_side side, std::int64_t shares, money price, const instrument& what,
                               civil_date date, const cost_parameters& parameters) {
  execution_cost cost;
  if (parameters.fill == fill_model::close)
    return cost;
  const money value = price * shares;
  cost.spread_cost = fraction_bp(value, one_side_bp(what, parameters));
  if (side == order_side::buy)
    return cost;
  if (const fee_row* row = fees_on(date, parameters)) {
    // A rate per million dollars is a hundredth of a basis point.
    const money sec = fraction_bp(value, row->sec_per_million / 100);
    const money taf =
        std::min(from_dollars(row->taf_per_share * static_cast<double>(shares)), from_dollars(row->taf_cap));
    cost.fees = sec + taf;
  }
  return cost;
}

double round_trip_cost_bp(money price, const instrument& what, civil_date date,
                          const cost_parameters& parameters) {
  if (parameters.fill == fill_model::close)
    return 0;
  double cost = 2 * one_side_bp(what, parameters);
  if (const fee_row* row = fees_on(date, parameters); row && price.micros > 0)
    cost += row->sec_per_million / 100 + row->taf_per_share / to_dollars(price) * 1e4;
  return cost;
}

} // namespace sentio
