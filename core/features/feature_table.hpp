// The one list of all features: what each is, from which bars, and from when on it is meant.
//
// Notation of the formulas. Capital O, H, L, C: natural logarithms of the bar's prices; o, h, l, c: the
// prices; v: volume. x[k] is k bars earlier; a window counts the symbol's own bars, the current one included,
// so that minutes without a bar are simply absent.
//   m, M    minute of the session from 0, and minutes in it (390 or 210)
//   r       C - C[1], across nights too
//   u       r, but C - O on a session's first bar: the return without the overnight gap
//   s       max(sqrt(ewma(u^2 / k)), 0.00005): k minutes since the bar before in the session, half-life 60
//   bars,
//           normalised by the sum of its weights
//   ema(x, n)     exponential average, weight 2 / (n + 1), started from the first value
//   wilder(x, n)  the same with weight 1 / n, started from 0; wilder(true range, n) from the first true range
//   true range    max(H, C[1]) - min(L, C[1]); on a session's first bar H - L
// The very first bar takes a flat bar at its own open, without volume, as the one before.
// Every value is clipped to [-5, 5]. A flat window (no range, no variance, no volume where one divides by it)
// gives the neutral value 0, and so does every feature before its warm-up.
#pragma once

#include "core/features/feature_engine.hpp"

#include <cstdint>
#include <span>
#include <string_view>

namespace sentio {

enum class feature_group : std::uint8_t {
  calendar,
  price_action,
  moving_averages,
  momentum,
  volatility,
  volume,
  statistics,
  patterns,
  price_lags,
  return_lags
};

/// Position in the full set.
enum class feature : std::uint8_t {
  minute_sine,
  minute_cosine,
  session_progress,
  opening_decay,
  closing_decay,
  weekday_sine,
  weekday_cosine,
  month_progress,
  bar_return,
  bar_range,
  close_location,
  upper_wick,
  lower_wick,
  body_to_range,
  open_gap,
  overnight_gap,
  session_return,
  session_position,
  high_change,
  low_change,
  close_sma_5,
  close_sma_10,
  close_sma_20,
  close_sma_50,
  close_sma_100,
  close_sma_200,
  close_ema_5,
  close_ema_10,
  close_ema_20,
  close_ema_50,
  close_ema_100,
  close_ema_200,
  ema_5_20,
  ema_20_50,
  sma_20_100,
  sma_50_200,
  rsi_7,
  rsi_14,
  rsi_21,
  stochastic_k_14,
  stochastic_d_14,
  williams_r_28,
  cci_20,
  roc_5,
  roc_10,
  roc_20,
  roc_60,
  macd_line,
  macd_histogram,
  adx_14,
  di_difference_14,
  aroon_25,
  trix_9,
  cmo_14,
  tsi_25_13,
  acceleration_5,
  sigma_level,
  atr_14,
  atr_14_100,
  realised_20,
  realised_20_100,
  parkinson_20,
  garman_klass_20,
  rogers_satchell_20,
  bollinger_b_20,
  bollinger_width_20,
  bollinger_squeeze,
  keltner_20,
  donchian_20,
  donchian_100,
  semivariance_50,
  vwap_distance,
  vwap_band,
  relative_volume,
  session_volume,
  volume_5_20,
  volume_z_20,
  obv_slope_20,
  mfi_14,
  cmf_20,
  force_13,
  volume_correlation_50,
  volume_return_20,
  skew_50,
  kurtosis_50,
  autocorrelation_50,
  variance_ratio_5_100,
  slope_20,
  slope_60,
  r_squared_20,
  regression_residual_20,
  z_score_50,
  efficiency_20,
  doji,
  hammer,
  shooting_star,
  engulfing,
  harami,
  containment,
  marubozu,
  streak,
  price_lag_1,
  price_lag_2,
  price_lag_3,
  price_lag_4,
  price_lag_5,
  price_lag_6,
  price_lag_8,
  price_lag_10,
  price_lag_15,
  price_lag_20,
  return_lag_0,
  return_lag_1,
  return_lag_2,
  return_lag_3,
  return_lag_4,
  return_lag_5,
  return_lag_6,
  return_lag_7,
  return_lag_8,
  return_lag_9,
  return_lag_10,
  return_lag_11,
  return_lag_12,
  return_lag_13,
  return_lag_14
};

struct feature_row {
  feature index;
  std::string_view name;
  feature_group group;
  std::string_view formula;
  std::uint32_t window; ///< bars that the value is about; averages without an end have their nominal length
  std::uint32_t
      warm_up_bars; ///< bars since the engine's start, this one included, from which the value is meant
  bool compact;     ///< member of the set of 16
};

/// Row i describes feature i of the full set.
std::span<const feature_row, full_feature_count> feature_table();

/// The members of the compact set, in its order (the table's).
std::span<const feature, compact_feature_count> compact_features();

std::string_view to_string(feature_group group);

/// Changes whenever a name, group, formula, window, warm-up or membership changes.
std::uint64_t feature_table_hash();

} // namespace sentio
