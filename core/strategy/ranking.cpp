#include "core/strategy/ranking.hpp"

#include "core/numeric/elementary.hpp"

#include <algorithm>
#include <cmath>

namespace sentio {

const char* to_string(entry_bar bar) {
  switch (bar) {
  case entry_bar::none:
    return "none";
  case entry_bar::no_signal:
    return "no signal";
  case entry_bar::not_ready:
    return "not ready";
  case entry_bar::stale:
    return "stale";
  case entry_bar::probability:
    return "probability";
  case entry_bar::confidence:
    return "confidence";
  case entry_bar::strength:
    return "strength";
  }
  return "?";
}

ranker::ranker(const ranking_parameters& parameters, std::span<const instrument> instruments)
    : parameters_(parameters), slots_(instruments.size()) {
  boosts_.reserve(instruments.size());
  for (const instrument& i : instruments)
    boosts_.push_back(i.boost);
}

void ranker::begin_session() {
  slots_.assign(slots_.size(), slot{});
}

double ranker::raw_strength(symbol_index symbol, const symbol_signal& signal) const {
  if (parameters_.formula == strength_formula::edge)
    return signal.edge_bp;
  return signal.probability > 0.5 ? signal.probability * signal.confidence * boosts_[symbol] : 0.0;
}

void ranker::take(symbol_index symbol, const symbol_signal& signal) {
  slot& s = slots_[symbol];
  const bool opinion_before = s.seen && s.signal.ready;
  const double raw = signal.ready ? raw_strength(symbol, signal) : 0.0;
  const double share = parameters_.smoothing_new;
  s.strength =
      parameters_.smoothing && opinion_before && signal.ready ? share * raw + (1 - share) * s.strength : raw;
  s.seen = true;
  s.signal = signal;
}

ranked_round ranker::close(time_ms at) const {
  ranked_round round;
  round.at = at;
  round.symbols.resize(slots_.size());
  round.order.reserve(slots_.size());
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    const slot& from = slots_[i];
    ranked_symbol& to = round.symbols[i];
    if (!from.seen) {
      to.barred = entry_bar::no_signal;
      ++round.missing;
      continue;
    }
    to.signal = from.signal;
    const time_ms age = std::max<time_ms>(0, at - decision_time(bar{from.signal.label, 0, 0, 0, 0, 0}));
    to.staleness = static_cast<std::int32_t>(age / minute_ms);
    to.fresh = to.staleness == 0;
    if (!to.fresh)
      ++round.missing;
    to.strength = from.strength;
    to.entry_strength = to.fresh ? to.strength : to.strength * det_exp(-static_cast<double>(to.staleness));
    const bool stale = parameters_.filter_stale &&
                       to.staleness > static_cast<std::int64_t>(parameters_.max_staleness_minutes);
    // A strength that is not a number has no place in an order.
    const bool ready = from.signal.ready && std::isfinite(to.strength);
    to.rankable = ready && !stale;
    if (!ready)
      to.barred = entry_bar::not_ready;
    else if (stale)
      to.barred = entry_bar::stale;
    else if (from.signal.probability < parameters_.min_probability)
      to.barred = entry_bar::probability;
    else if (from.signal.confidence < parameters_.min_confidence)
      to.barred = entry_bar::confidence;
    else if (to.entry_strength < parameters_.min_strength)
      to.barred = entry_bar::strength;
    if (to.rankable)
      round.order.push_back(static_cast<symbol_index>(i));
  }
  const std::uint64_t count = slots_.size();
  round.entries_allowed = std::uint64_t{round.missing} * 12 <= 5 * count;
  std::sort(round.order.begin(), round.order.end(), [&](symbol_index a, symbol_index b) {
    const double left = round.symbols[a].entry_strength;
    const double right = round.symbols[b].entry_strength;
    return left != right ? left > right : a < b;
  });
  return round;
}

} // namespace sentio
