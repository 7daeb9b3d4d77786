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

void ranker::judge(const slot& from, time_ms at, ranked_symbol& to) const {
  if (!from.seen) {
    to.barred = entry_bar::no_signal;
    return;
  }
  to.signal = from.signal;
  const time_ms age = std::max<time_ms>(0, at - (from.signal.label + minute_ms));
  to.staleness = static_cast<std::int32_t>(age / minute_ms);
  to.fresh = to.staleness == 0;
  to.strength = from.strength;
  to.entry_strength = to.fresh ? to.strength : to.strength * det_exp(-static_cast<double>(to.staleness));
  const bool stale =
      parameters_.filter_stale && to.staleness > static_cast<std::int64_t>(parameters_.max_staleness_minutes);
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
}

ranked_round ranker::close(time_ms at) const {
  // Sorted apart from the signals, which are large: with many symbols the comparisons stay in the cache.
  struct place {
    double strength;
    symbol_index symbol;
  };
  std::vector<place> places;
  places.reserve(slots_.size());
  ranked_round round;
  round.at = at;
  round.symbols.resize(slots_.size());
  for (std::size_t s = 0; s < slots_.size(); ++s) {
    ranked_symbol& to = round.symbols[s];
    judge(slots_[s], at, to);
    if (!to.fresh)
      ++round.missing;
    if (to.rankable)
      places.push_back({to.entry_strength, static_cast<symbol_index>(s)});
  }
  round.entries_allowed = std::uint64_t{round.missing} * 12 <= 5 * std::uint64_t{slots_.size()};
  std::sort(places.begin(), places.end(), [](const place& a, const place& b) {
    return a.strength != b.strength ? a.strength > b.strength : a.symbol < b.symbol;
  });
  round.order.reserve(places.size());
  for (const place& p : places)
    round.order.push_back(p.symbol);
  return round;
}

} // namespace sentio
