#include "core/strategy/warmup_shares.hpp"

#include <algorithm>

namespace sentio {

namespace {

enum threshold : std::size_t { probability, confidence, strength, enter, exit, delta };

} // namespace

warmup_shares::warmup_shares(const ranking_parameters& ranking, const rotation_parameters& rotation,
                             std::span<const instrument> instruments)
    : ranking_(ranking), rotation_(rotation), strengths_(ranking, instruments) {
  for (const char* key :
       {"signal_aggregator_config.min_probability", "signal_aggregator_config.min_confidence",
        "signal_aggregator_config.min_strength", "rotation_manager_config.min_strength_to_enter",
        "rotation_manager_config.min_strength_to_exit", "rotation_manager_config.rotation_strength_delta"})
    summary_.shares.push_back({key, 0, 0});
}

void warmup_shares::count(std::size_t threshold, bool passed) {
  auto& share = summary_.shares[threshold];
  ++share.seen;
  share.passed += passed;
}

void warmup_shares::count_minute(time_ms label, double value) {
  // Symbols come one after the other, each ascending, so most labels are there already.
  auto at = std::lower_bound(minutes_.begin(), minutes_.end(), label,
                             [](const minute& m, time_ms wanted) { return m.label < wanted; });
  if (at == minutes_.end() || at->label != label) {
    minutes_.insert(at, {label, value, value, 1});
    return;
  }
  at->best = std::max(at->best, value);
  at->weakest = std::min(at->weakest, value);
  ++at->symbols;
}

void warmup_shares::take(symbol_index symbol, std::span<const symbol_signal> signals) {
  session_open_ = true;
  summary_.bars += signals.size();
  for (const auto& signal : signals) {
    if (!signal.ready)
      continue;
    const double value = strengths_.raw_strength(symbol, signal);
    // A filter at its lowest value is switched off: that it lets everything through is no news.
    if (ranking_.min_probability > 0)
      count(probability, signal.probability >= ranking_.min_probability);
    if (ranking_.min_confidence > 0)
      count(confidence, signal.confidence >= ranking_.min_confidence);
    if (ranking_.min_strength > -1e9)
      count(strength, value >= ranking_.min_strength);
    count(enter, value >= rotation_.enter_threshold);
    count(exit, value >= rotation_.exit_threshold);
    count_minute(signal.label, value);
  }
}

void warmup_shares::end_session() {
  if (!session_open_)
    return;
  for (const auto& m : minutes_)
    if (m.symbols > 1)
      count(delta, m.best - m.weakest >= rotation_.rotation_delta);
  minutes_.clear();
  session_open_ = false;
  ++summary_.sessions;
}

} // namespace sentio
