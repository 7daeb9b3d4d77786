// How much of a symbol to buy (section 5).
#pragma once

#include "core/account/money.hpp"
#include "core/strategy/parameters.hpp"
#include "core/strategy/ranking.hpp"

#include <cstdint>

namespace sentio {

struct sizing_input {
  money equity;
  std::uint32_t max_positions = 1;
  double sigma = 0;           ///< of a one-minute return
  double edge_bp = 0;         ///< expected over five minutes
  double reference_sigma = 0; ///< sigma_ref of inverse volatility weighting
};

/// Dollars to invest in one position, 0 or more:
///   equal weight        invested_fraction * equity / max_positions
///   inverse volatility  the same times clamp(sigma_ref / (sigma + sigma_ref), volatility_low,
///   volatility_high) Kelly               equity * min(kelly_fraction * edge / variance,
///   max_position_fraction), edge and variance
///                       (5 sigma^2) over five minutes: the growth-optimal fraction of a continuous bet
///                       (Kelly 1956, Thorp 2006), scaled down
money target_value(const sizing_parameters& parameters, const sizing_input& input);

/// volatility_reference, or the mean sigma of the round's rankable symbols when that is 0.
double reference_sigma(const sizing_parameters& parameters, const ranked_round& round);

/// What one share of an open buy holds back: price * (1 + entry_price_buffer).
money reserve_per_share(const sizing_parameters& parameters, money price);

/// Whole shares of a price that a value pays; 0 when either is not positive.
std::int64_t whole_shares(money value, money price);

} // namespace sentio
