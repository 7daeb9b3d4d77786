// Parameters of the rotation strategy. Section numbers: the strategy specification.
#pragma once

#include <cstdint>

namespace sentio {

/// Section 5. Thresholds are in the unit of the strength formula (edge: basis points).
struct rotation_parameters {
  std::uint32_t min_rank_to_hold = 5;
  std::uint32_t max_rank_to_enter = 5;
  double enter_threshold = 0;
  double exit_threshold = -0.5;
  double rotation_delta = 1.0;
  double kappa = 0; ///< multiples of the round-trip cost added to enter threshold and delta
  std::uint32_t minimum_hold_bars = 5;
  bool profit_target = true;
  double profit_target_pct = 0.03;
  bool stop_loss = true;
  double stop_loss_pct = 0.015;
  bool correlation_filter = true;
  double max_correlation = 0.85;
  std::uint32_t correlation_window = 60; ///< common one-minute returns
  std::uint32_t correlation_minimum = 30;

  friend bool operator==(const rotation_parameters&, const rotation_parameters&) = default;
};

} // namespace sentio
