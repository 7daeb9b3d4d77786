// What every group of features reads about the newest bar. Private to the features.
#pragma once

#include "core/features/feature_table.hpp"
#include "core/market/bar.hpp"

#include <array>
#include <cmath>
#include <cstdint>

namespace sentio::rolling {

/// The notation is that of feature_table.hpp; names in capital letters there are logs here.
struct bar_inputs {
  sentio::bar now;
  sentio::bar before;       ///< on the very first bar: a flat bar at its open, without volume
  std::uint64_t number = 0; ///< its number, from 0
  bool opens_session = false;
  int minute = 0;          ///< m
  int session_minutes = 0; ///< M

  double log_close = 0;
  double log_close_before = 0;
  double change = 0;       ///< r
  double inner_change = 0; ///< u
  double sigma = 0;        ///< s
  double inverse_sigma = 0;
  std::int64_t quantised_close = 0;

  // Only for the full set.
  double log_open = 0;
  double log_high = 0;
  double log_low = 0;
  double log_high_before = 0;
  double log_low_before = 0;
};

using feature_values = std::array<double, full_feature_count>;

inline double& at(feature_values& values, feature index) {
  return values[static_cast<std::size_t>(index)];
}
inline double& at(feature_values& values, feature first, std::size_t offset) {
  return values[static_cast<std::size_t>(first) + offset];
}

/// 1 / sqrt(n): the scale of a sum of n independent steps.
inline double per_root(double n) {
  return 1 / std::sqrt(n);
}

} // namespace sentio::rolling
