// Parameters of strength, ranking, rotation and sizing. Section numbers: the strategy specification.
#pragma once

#include <cstdint>

namespace sentio {

enum class strength_formula : std::uint8_t { edge, legacy };

/// Section 4.
struct ranking_parameters {
  strength_formula formula = strength_formula::edge;
  double min_probability = 0; ///< entry filters; the legacy profile has .51, .01, .005
  double min_confidence = 0;
  double min_strength = -1e9;
  bool smoothing = false; ///< legacy: 0.3 new + 0.7 old
  double smoothing_new = 0.3;
  bool filter_stale = true;
  std::uint32_t max_staleness_minutes = 5; ///< without a bar for longer: not rankable

  friend bool operator==(const ranking_parameters&, const ranking_parameters&) = default;
};

/// Section 5. Thresholds are in the unit of the strength formula (edge: basis points).
struct rotation_parameters {
  std::uint32_t max_positions = 3; ///< 1 ... 3
  std::uint32_t min_rank_to_hold = 5;
  std::uint32_t max_rank_to_enter = 5;
  double enter_threshold = 0;
  double exit_threshold = -0.5;
  double rotation_delta = 1.0;
  double kappa = 0; ///< multiples of the round-trip cost added to enter threshold and delta
  std::uint32_t minimum_hold_bars = 5;
  std::uint32_t cooldown_bars = 10;
  bool profit_target = true;
  double profit_target_pct = 0.03;
  bool stop_loss = true;
  double stop_loss_pct = 0.015;
  bool eod_liquidation = true;
  std::uint32_t entry_cutoff_minutes = 30; ///< before liquidation: no entries
  bool correlation_filter = true;
  double max_correlation = 0.85;
  std::uint32_t correlation_window = 60; ///< common one-minute returns
  std::uint32_t correlation_minimum = 30;
  double breaker_drawdown_pct = 0.05; ///< of the session's opening equity; exits only, latched
  double breaker_equity_floor = 0.60; ///< of the starting capital

  friend bool operator==(const rotation_parameters&, const rotation_parameters&) = default;
};

enum class sizing_kind : std::uint8_t { equal_weight, inverse_volatility, kelly };

struct sizing_parameters {
  sizing_kind kind = sizing_kind::equal_weight;
  double invested_fraction = 0.95;   ///< of equity, over max_positions
  double entry_price_buffer = 0.01;  ///< reserved above the reference price of an open buy
  double volatility_reference = 0.0; ///< sigma of a full size; 0 = such that the weights' mean is 1
  double volatility_low = 0.7;       ///< limits of a weight, as a factor on the equal weight
  double volatility_high = 1.3;
  double kelly_fraction = 0.25;
  double max_position_fraction = 0.5; ///< of equity, with Kelly sizing

  friend bool operator==(const sizing_parameters&, const sizing_parameters&) = default;
};

} // namespace sentio
