#include "core/strategy/warmup_shares.hpp"

#include <algorithm>
#include <utility>

namespace sentio {

namespace {

/// Places of the entry filters; the strategy's thresholds follow.
enum filter : std::size_t { probability, confidence, strength, filters };

} // namespace

warmup_shares::warmup_shares(const ranking_parameters& ranking, std::vector<signal_threshold> thresholds,
                             std::span<const instrument> instruments)
    : ranking_(ranking), thresholds_(std::move(thresholds)), strengths_(ranking, instruments) {
  for (const char* key : {"signal_aggregator_config.min_probability",
                          "signal_aggregator_config.min_confidence", "signal_aggregator_config.min_strength"})
    summary_.shares.push_back({key, 0, 0});
  for (const auto& threshold : thresholds_)
    summary_.shares.push_back({threshold.key, 0, 0});
}

void warmup_shares::count(std::size_t threshold, bool passed) {
  auto& share = summary_.shares[threshold];
  ++share.seen;
  share.passed += passed;
}

void warmup_shares::count_thresholds(signal_threshold::quantity of, double value) {
  for (std::size_t i = 0; i < thresholds_.size(); ++i)
    if (thresholds_[i].of == of)
      count(filters + i, value >= thresholds_[i].least);
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
    count_thresholds(signal_threshold::quantity::strength, value);
    count_minute(signal.label, value);
  }
}

void warmup_shares::end_session() {
  if (!session_open_)
    return;
  for (const auto& m : minutes_)
    if (m.symbols > 1)
      count_thresholds(signal_threshold::quantity::lead, m.best - m.weakest);
  minutes_.clear();
  session_open_ = false;
  ++summary_.sessions;
}

} // namespace sentio
