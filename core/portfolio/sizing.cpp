#include "core/portfolio/sizing.hpp"

#include <algorithm>

namespace sentio {

money target_value(const sizing_parameters& parameters, const sizing_input& input) {
  const double equity = std::max(0.0, to_dollars(input.equity));
  const double equal =
      parameters.invested_fraction * equity / static_cast<double>(std::max(1u, input.max_positions));
  switch (parameters.kind) {
  case sizing_kind::equal_weight:
    return from_dollars(equal);
  case sizing_kind::inverse_volatility:
    return from_dollars(equal * input.weight);
  case sizing_kind::kelly: {
    const double variance = 5 * input.sigma * input.sigma;
    if (!(variance > 0) || !(input.edge_bp > 0))
      return {};
    const double fraction = parameters.kelly_fraction * (input.edge_bp / 1e4) / variance;
    return from_dollars(equity * std::min(fraction, parameters.max_position_fraction));
  }
  }
  return {};
}

double volatility_weight(const sizing_parameters& parameters, double sigma, std::span<const double> peers) {
  const auto limited = [&](double factor) {
    return std::clamp(factor, parameters.volatility_low, parameters.volatility_high);
  };
  if (!(sigma > 0))
    return limited(1);
  if (parameters.volatility_reference > 0)
    return limited(parameters.volatility_reference / sigma);
  double least = sigma, most = sigma;
  for (const double other : peers)
    if (other > 0) {
      least = std::min(least, other);
      most = std::max(most, other);
    }
  // The sum of the factors over a scale grows with it, from count * low to count * high, and low <= 1 <=
  // high: bisection between the scales at which all of them are below 1 and above.
  const auto excess = [&](double scale) {
    double sum = 0;
    for (const double other : peers)
      sum += other > 0 ? limited(scale / other) - 1 : 0;
    return sum;
  };
  double low = least, high = most;
  for (int step = 0; step < 200 && low < high; ++step) {
    const double middle = low + (high - low) / 2;
    if (middle <= low || middle >= high)
      break;
    (excess(middle) < 0 ? low : high) = middle;
  }
  return limited(high / sigma);
}

money reserve_per_share(const sizing_parameters& parameters, money price) {
  return price + fraction_bp(price, parameters.entry_price_buffer * 1e4);
}

std::int64_t whole_shares(money value, money price) {
  return value.micros > 0 && price.micros > 0 ? value.micros / price.micros : 0;
}

} // namespace sentio
