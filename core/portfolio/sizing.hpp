// How much of a symbol to buy (section 5).
#pragma once

#include "core/account/money.hpp"
#include "core/portfolio/parameters.hpp"
#include "core/strategy/ranking.hpp"

#include <cstdint>
#include <span>

namespace sentio {

struct sizing_input {
  money equity;
  std::uint32_t max_positions = 1;
  double sigma = 0;   ///< of a one-minute return
  double edge_bp = 0; ///< expected over five minutes
  double weight = 1;  ///< volatility_weight, with inverse volatility
};

/// Dollars to invest in one position, 0 or more:
///   equal weight        invested_fraction * equity / max_positions
///   inverse volatility  the same times volatility_weight
///   Kelly               equity * min(kelly_fraction * edge / variance, max_position_fraction), edge and
///   variance
///                       (5 sigma^2) over five minutes: the growth-optimal fraction of a continuous bet
///                       (Kelly 1956, Thorp 2006), scaled down
money target_value(const sizing_parameters& parameters, const sizing_input& input);

/// Factor on the equal weight of a symbol with volatility `sigma`: scale / sigma, limited to [volatility_low,
/// volatility_high]. With volatility_reference > 0 that is the scale: the volatility of a full size. Else the
/// scale is such that the factors of all `peers` have the mean 1; peers: the volatilities of the symbols
/// that share the equity, this one among them. Volatilities that are not positive are unknown and left out; a
/// sigma that is unknown has the factor 1, limited.
double volatility_weight(const sizing_parameters& parameters, double sigma, std::span<const double> peers);

/// What one share of an open buy holds back: price * (1 + entry_price_buffer).
money reserve_per_share(const sizing_parameters& parameters, money price);

/// Whole shares of a price that a value pays; 0 when either is not positive.
std::int64_t whole_shares(money value, money price);

} // namespace sentio
