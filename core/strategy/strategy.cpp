#include "core/strategy/strategy.hpp"

#include <algorithm>

namespace sentio {

std::span<const symbol_index> final_order(const ranked_round& round, std::span<const entry_status> statuses,
                                          std::vector<symbol_index>& scratch) {
  const auto held = [&](symbol_index s) { return statuses[s] == entry_status::held; };
  const auto moves = [&](symbol_index s) { return held(s) && round.symbols[s].staleness > 0; };
  if (std::none_of(round.order.begin(), round.order.end(), moves))
    return round.order;
  const auto value = [&](symbol_index s) {
    return held(s) ? round.symbols[s].strength : round.symbols[s].entry_strength;
  };
  const auto better = [&](symbol_index a, symbol_index b) {
    const double left = value(a);
    const double right = value(b);
    return left != right ? left > right : a < b;
  };
  scratch.assign(round.order.begin(), round.order.end());
  std::erase_if(scratch, moves);
  for (symbol_index s : round.order)
    if (moves(s))
      scratch.insert(std::lower_bound(scratch.begin(), scratch.end(), s, better), s);
  return scratch;
}

refusal refusal_for(entry_bar bar) {
  switch (bar) {
  case entry_bar::stale:
    return refusal::stale;
  case entry_bar::probability:
    return refusal::probability;
  case entry_bar::confidence:
    return refusal::confidence;
  case entry_bar::strength:
    return refusal::strength;
  default:
    return refusal::not_ready;
  }
}

} // namespace sentio
