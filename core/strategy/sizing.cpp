#include "core/strategy/sizing.hpp"

#include <algorithm>

namespace sentio {

money target_value(const sizing_parameters& parameters, const sizing_input& input) {
  const double equity = std::max(0.0, to_dollars(input.equity));
  const double equal =
      parameters.invested_fraction * equity / static_cast<double>(std::max(1u, input.max_positions));
  switch (parameters.kind) {
  case sizing_kind::equal_weight:
    return from_dollars(equal);
  case sizing_kind::inverse_volatility: {
    const double sum = input.sigma + input.reference_sigma;
    const double weight = sum > 0 ? input.reference_sigma / sum : 1.0;
    return from_dollars(equal * std::clamp(weight, parameters.volatility_low, parameters.volatility_high));
  }
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

double reference_sigma(const sizing_parameters& parameters, const ranked_round& round) {
  if (parameters.volatility_reference > 0)
    return parameters.volatility_reference;
  double sum = 0;
  std::size_t count = 0;
  // By index, not by rank: a sum must not depend on who leads.
  for (const ranked_symbol& symbol : round.symbols)
    if (symbol.rankable) {
      sum += symbol.signal.sigma;
      ++count;
    }
  return count ? sum / static_cast<double>(count) : 0.0;
}

money reserve_per_share(const sizing_parameters& parameters, money price) {
  return price + fraction_bp(price, parameters.entry_price_buffer * 1e4);
}

std::int64_t whole_shares(money value, money price) {
  return value.micros > 0 && price.micros > 0 ? value.micros / price.micros : 0;
}

} // namespace sentio
