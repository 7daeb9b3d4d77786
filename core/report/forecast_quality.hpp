// How good the forecasts were: rank IC, directional accuracy, log-loss and calibration, against what then
// happened. The outcome of a bar is y_5 = ln(open(t+6) / open(t+1)) over the symbol's own bars of the session
// (strategy, section 3): from the first price that could be traded to the one five bars on.
#pragma once

#include "core/strategy/ranking.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace sentio {

/// Counts and sums of forecasts with a known outcome other than 0.
struct probability_score {
  std::uint64_t forecasts = 0;
  std::uint64_t right = 0; ///< (probability > .5) == (outcome > 0)
  double log_loss_sum = 0;

  void add(double probability, bool rose);
  void add(const probability_score& other);
  std::optional<double> accuracy() const;
  std::optional<double> log_loss() const; ///< mean; ln 2 = .693 is what a coin gets
};

/// A group of forecasts of about the same probability.
struct calibration_group {
  std::uint64_t forecasts = 0;
  double predicted = 0; ///< mean probability
  double realised = 0;  ///< share that rose
};

/// Probabilities in steps of a thousandth, to be grouped later without keeping them.
class calibration_counts {
public:
  calibration_counts() : steps_(1000) {}
  void add(double probability, bool rose);
  void add(const calibration_counts& other);
  /// At most `groups`, of about equal size, ascending.
  std::vector<calibration_group> groups(std::size_t groups) const;

private:
  struct step {
    std::uint64_t forecasts = 0;
    std::uint64_t rose = 0;
    double sum = 0;
  };
  std::vector<step> steps_;
};

/// Mean of a series of per-session rank ICs, and how sure it is.
struct ic_summary {
  std::optional<double> mean;
  std::optional<double> t;
  std::uint64_t sessions = 0;
};

struct session_quality {
  std::optional<double> confidence; ///< mean over ready fresh bars
  std::optional<double> strength;   ///< mean over the same
  std::optional<double> accuracy;
  /// Of the mixture's five-bar prediction, before it is scaled to an edge: mean over symbols of the session's
  /// Spearman correlation.
  std::optional<double> rank_ic;
  std::optional<double> edge_ic; ///< same, of the edge; the scale can be 0 or change within a session
  std::vector<std::optional<double>> expert_ic; ///< same, of each expert's prediction
  std::vector<double> expert_weight;            ///< mean
};

struct symbol_quality {
  probability_score score;
  calibration_counts calibration;
  ic_summary rank_ic;
  std::vector<ic_summary> expert_ic;
  std::vector<double> expert_weight;
  double strength_sum = 0;
  double strength_max = 0;
  std::uint64_t strengths = 0;            ///< ready fresh bars
  std::optional<double> confidence_start; ///< mean of the first session that has any
  std::optional<double> confidence_end;   ///< mean of the last one
};

/// Folds sessions; memory grows by a few numbers per symbol and session.
class forecast_quality {
public:
  explicit forecast_quality(std::size_t symbols);

  void take(std::span<const ranked_round> rounds);
  /// After the last session.
  std::vector<symbol_quality> symbols() const;
  const std::vector<session_quality>& sessions() const { return sessions_; }
  ic_summary rank_ic() const; ///< over sessions, of all symbols together
  ic_summary edge_ic() const;
  std::vector<ic_summary> expert_ic() const;
  std::size_t experts() const { return experts_; }

private:
  struct history {
    std::vector<double> ic;
    std::array<std::vector<double>, max_experts> expert_ic;
    std::array<double, max_experts> weight_sum{};
  };
  /// What a session adds up to while its symbols are folded one by one.
  struct session_sums {
    std::vector<double> ic;
    std::vector<double> edge_ic;
    std::array<std::vector<double>, max_experts> expert_ic;
    probability_score score;
    std::uint64_t bars = 0; ///< ready and fresh
    double confidence = 0;
    double strength = 0;
  };
  void take_symbol(std::span<const ranked_round> rounds, symbol_index symbol, session_quality& session,
                   session_sums& sums);

  std::vector<symbol_quality> symbols_;
  std::vector<history> histories_;
  std::vector<session_quality> sessions_;
  std::size_t experts_ = 0;
};

} // namespace sentio
