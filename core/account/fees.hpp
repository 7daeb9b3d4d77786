// What an execution costs beyond its price.
#pragma once

#include "core/account/order.hpp"
#include "core/account/parameters.hpp"
#include "core/market/instrument.hpp"

namespace sentio {

struct execution_cost {
  money spread_cost; ///< half spread and slippage
  money fees;        ///< SEC and TAF

  money total() const { return spread_cost + fees; }
  friend bool operator==(const execution_cost&, const execution_cost&) = default;
};

/// The row that applies on a day: the last one not after it; null before the first row.
const fee_row* fees_on(civil_date date, const cost_parameters& parameters);

/// Half spread plus slippage on both sides. On sells also the SEC fee (value * rate per million) and the
/// FINRA trading activity fee (per share, capped), each rounded to the millionth. Nothing under
/// fill_model::close.
execution_cost execution_costs(order_side side, std::int64_t shares, money price, const instrument& what,
                               civil_date date, const cost_parameters& parameters);

/// Cost of buying and selling again at one price, in basis points of the value (the TAF's cap is left out).
double round_trip_cost_bp(money price, const instrument& what, civil_date date,
                          const cost_parameters& parameters);

} // namespace sentio
