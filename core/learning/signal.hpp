// What a symbol says after a bar.
#pragma once

#include "core/learning/learner_parameters.hpp"
#include "core/market/bar.hpp"

#include <array>
#include <cstdint>

namespace sentio {

/// The model's answer to one bar of one symbol. Plain data, copied by value.
struct symbol_signal {
  time_ms label = 0; ///< of the bar it answers
  double open = 0;   ///< of that bar, dollars
  double close = 0;
  double volume = 0;
  bool ready = false;       ///< false while features or learner are not warmed up: no opinion
  double sigma = 0;         ///< sigma_t, one-minute log return
  double probability = 0.5; ///< of a rise over five bars, (0, 1)
  double confidence = 0;    ///< [0, 1]
  double edge_bp = 0;       ///< expected return over five bars in basis points
  std::uint8_t horizon_count = 0;
  std::uint8_t expert_count = 0;                 ///< zero expert included, last
  std::array<double, max_horizons> prediction{}; ///< mixture, per horizon, in units of sigma * sqrt(h)
  std::array<double, max_experts> expert_z{};    ///< each expert's five-bar prediction, sigma * sqrt(5) units
  std::array<double, max_experts> expert_weight{}; ///< mixture weights, sum 1

  friend bool operator==(const symbol_signal&, const symbol_signal&) = default;
};

} // namespace sentio
