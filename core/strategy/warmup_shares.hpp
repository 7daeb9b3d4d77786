// Which share of the warm-up's signals would have passed each threshold: an unreachable threshold shows at
// once.
#pragma once

#include "core/strategy/ranking.hpp"
#include "core/strategy/strategy.hpp"
#include "core/strategy/warmup_summary.hpp"

#include <span>
#include <vector>

namespace sentio {

/// Counts over the ready signals of warm-up sessions: the entry filters, and a strategy's thresholds. A lead
/// is counted per minute, not per signal: the share of minutes in which best minus weakest strength reaches
/// it.
class warmup_shares {
public:
  warmup_shares(const ranking_parameters& ranking, std::vector<signal_threshold> thresholds,
                std::span<const instrument> instruments);

  /// The signals of one symbol in the running session, ascending labels.
  void take(symbol_index symbol, std::span<const symbol_signal> signals);
  void end_session();
  warmup_summary summary() const { return summary_; }

private:
  struct minute {
    time_ms label = 0;
    double best = 0;
    double weakest = 0;
    std::uint32_t symbols = 0;
  };
  void count(std::size_t threshold, bool passed);
  void count_thresholds(signal_threshold::quantity of, double value);
  void count_minute(time_ms label, double strength);

  ranking_parameters ranking_;
  std::vector<signal_threshold> thresholds_;
  ranker strengths_;
  warmup_summary summary_;
  std::vector<minute> minutes_; ///< of the running session, ascending
  bool session_open_ = false;
};

} // namespace sentio
