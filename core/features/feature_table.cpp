#include "core/features/feature_table.hpp"

#include "core/numeric/hash.hpp"

#include <array>
#include <string>

namespace sentio {
namespace {

using enum feature_group;

constexpr std::array<feature_row, full_feature_count> table{
    {{feature::minute_sine, "minute_sine", calendar, "sin(2 pi m / 390)", 1, 1, false},
     {feature::minute_cosine, "minute_cosine", calendar, "cos(2 pi m / 390)", 1, 1, false},
     {feature::session_progress, "session_progress", calendar, "2 m / (M - 1) - 1", 1, 1, true},
     {feature::opening_decay, "opening_decay", calendar, "15 / (15 + m)", 1, 1, true},
     {feature::closing_decay, "closing_decay", calendar, "15 / (15 + M - 1 - m)", 1, 1, false},
     {feature::weekday_sine, "weekday_sine", calendar, "sin(2 pi weekday / 5), Monday = 0", 1, 1, false},
     {feature::weekday_cosine, "weekday_cosine", calendar, "cos(2 pi weekday / 5), Monday = 0", 1, 1, false},
     {feature::month_progress, "month_progress", calendar, "(day of month - 16) / 15", 1, 1, false},
     {feature::bar_return, "bar_return", price_action, "(C - O) / s", 1, 20, false},
     {feature::bar_range, "bar_range", price_action, "(H - L) / (2 s)", 1, 20, false},
     {feature::close_location, "close_location", price_action, "(2 c - h - l) / (h - l)", 1, 1, true},
     {feature::upper_wick, "upper_wick", price_action, "(H - max(O, C)) / s", 1, 20, false},
     {feature::lower_wick, "lower_wick", price_action, "(min(O, C) - L) / s", 1, 20, false},
     {feature::body_to_range, "body_to_range", price_action, "(c - o) / (h - l)", 1, 1, false},
     {feature::open_gap, "open_gap", price_action, "(O - C[1]) / s", 2, 20, false},
     {feature::overnight_gap, "overnight_gap", price_action,
      "(O of the session - C of the last session) / (20 s)", 1, 20, false},
     {feature::session_return, "session_return", price_action, "(C - O of the session) / (s sqrt(m + 1))", 1,
      20, true},
     {feature::session_position, "session_position", price_action,
      "(2 c - a - b) / (a - b), a and b the session high and low so far", 1, 1, false},
     {feature::high_change, "high_change", price_action, "(H - H[1]) / s", 2, 20, false},
     {feature::low_change, "low_change", price_action, "(L - L[1]) / s", 2, 20, false},
     {feature::close_sma_5, "close_sma_5", moving_averages, "(C - mean(C, 5)) / (s sqrt(5 / 3))", 5, 20,
      false},
     {feature::close_sma_10, "close_sma_10", moving_averages, "(C - mean(C, 10)) / (s sqrt(10 / 3))", 10, 20,
      false},
     {feature::close_sma_20, "close_sma_20", moving_averages, "(C - mean(C, 20)) / (s sqrt(20 / 3))", 20, 20,
      false},
     {feature::close_sma_50, "close_sma_50", moving_averages, "(C - mean(C, 50)) / (s sqrt(50 / 3))", 50, 50,
      false},
     {feature::close_sma_100, "close_sma_100", moving_averages, "(C - mean(C, 100)) / (s sqrt(100 / 3))", 100,
      100, false},
     {feature::close_sma_200, "close_sma_200", moving_averages, "(C - mean(C, 200)) / (s sqrt(200 / 3))", 200,
      200, false},
     {feature::close_ema_5, "close_ema_5", moving_averages, "(C - ema(C, 5)) / (s sqrt(5 / 4))", 5, 20,
      false},
     {feature::close_ema_10, "close_ema_10", moving_averages, "(C - ema(C, 10)) / (s sqrt(10 / 4))", 10, 20,
      false},
     {feature::close_ema_20, "close_ema_20", moving_averages, "(C - ema(C, 20)) / (s sqrt(20 / 4))", 20, 20,
      true},
     {feature::close_ema_50, "close_ema_50", moving_averages, "(C - ema(C, 50)) / (s sqrt(50 / 4))", 50, 50,
      false},
     {feature::close_ema_100, "close_ema_100", moving_averages, "(C - ema(C, 100)) / (s sqrt(100 / 4))", 100,
      100, true},
     {feature::close_ema_200, "close_ema_200", moving_averages, "(C - ema(C, 200)) / (s sqrt(200 / 4))", 200,
      200, false},
     {feature::ema_5_20, "ema_5_20", moving_averages, "(ema(C, 5) - ema(C, 20)) / (s sqrt(5))", 20, 20,
      false},
     {feature::ema_20_50, "ema_20_50", moving_averages, "(ema(C, 20) - ema(C, 50)) / (s sqrt(10))", 50, 50,
      false},
     {feature::sma_20_100, "sma_20_100", moving_averages, "(mean(C, 20) - mean(C, 100)) / (s sqrt(30))", 100,
      100, false},
     {feature::sma_50_200, "sma_50_200", moving_averages, "(mean(C, 50) - mean(C, 200)) / (s sqrt(60))", 200,
      200, false},
     {feature::rsi_7, "rsi_7", momentum,
      "2 (a - b) / (a + b), a and b wilder(7) of max(u, 0) and max(-u, 0); equals (RSI - 50) / 25", 7, 20,
      false},
     {feature::rsi_14, "rsi_14", momentum,
      "2 (a - b) / (a + b), a and b wilder(14) of max(u, 0) and max(-u, 0); equals (RSI - 50) / 25", 14, 28,
      true},
     {feature::rsi_21, "rsi_21", momentum,
      "2 (a - b) / (a + b), a and b wilder(21) of max(u, 0) and max(-u, 0); equals (RSI - 50) / 25", 21, 42,
      false},
     {feature::stochastic_k_14, "stochastic_k_14", momentum,
      "(2 c - a - b) / (a - b), a = max(h, 14), b = min(l, 14)", 14, 14, false},
     {feature::stochastic_d_14, "stochastic_d_14", momentum, "mean(stochastic_k_14, 3)", 16, 16, false},
     {feature::williams_r_28, "williams_r_28", momentum,
      "(2 c - a - b) / (a - b), a = max(h, 28), b = min(l, 28)", 28, 28, false},
     {feature::cci_20, "cci_20", momentum,
      "(T - mean(T, 20)) / (1.5 mean |T - mean(T, 20)|), T = (H + L + C) / 3", 20, 20, false},
     {feature::roc_5, "roc_5", momentum, "(C - C[5]) / (s sqrt(5))", 6, 20, true},
     {feature::roc_10, "roc_10", momentum, "(C - C[10]) / (s sqrt(10))", 11, 20, false},
     {feature::roc_20, "roc_20", momentum, "(C - C[20]) / (s sqrt(20))", 21, 21, true},
     {feature::roc_60, "roc_60", momentum, "(C - C[60]) / (s sqrt(60))", 61, 61, false},
     {feature::macd_line, "macd_line", momentum, "d / (2 s), d = ema(C, 12) - ema(C, 26)", 26, 52, false},
     {feature::macd_histogram, "macd_histogram", momentum, "(d - ema(d, 9)) / s, d = ema(C, 12) - ema(C, 26)",
      35, 52, false},
     {feature::adx_14, "adx_14", momentum,
      "8 wilder(|p - q| / (p + q), 14) - 2, p and q wilder(14) of the directional moves in H and L; equals "
      "(ADX - 25) / 12.5",
      28, 56, false},
     {feature::di_difference_14, "di_difference_14", momentum,
      "2 (p - q) / wilder(true range, 14), p and q as in adx_14", 14, 28, false},
     {feature::aroon_25, "aroon_25", momentum,
      "2 (bars since min(l, 26) - bars since max(h, 26)) / 25, the latest on ties", 26, 26, false},
     {feature::trix_9, "trix_9", momentum, "5 (e - e[1]) / s, e = ema(ema(ema(C, 9), 9), 9)", 27, 36, false},
     {feature::cmo_14, "cmo_14", momentum, "2 sum(u, 14) / sum(|u|, 14)", 14, 14, false},
     {feature::tsi_25_13, "tsi_25_13", momentum,
      "2 a / b, a and b ema(ema(., 25), 13) of u and |u|, both started from 0", 38, 50, false},
     {feature::acceleration_5, "acceleration_5", momentum, "(C - 2 C[5] + C[10]) / (s sqrt(10))", 11, 20,
      false},
     {feature::sigma_level, "sigma_level", volatility, "ln(s / 0.001)", 60, 60, false},
     {feature::atr_14, "atr_14", volatility, "wilder(true range, 14) / s - 1.6", 14, 28, false},
     {feature::atr_14_100, "atr_14_100", volatility,
      "4 (a - b) / (a + b), a and b wilder(true range) of 14 and 100", 100, 100, false},
     {feature::realised_20, "realised_20", volatility, "sqrt(sum(u^2, 20) / 20) / s - 1", 20, 20, true},
     {feature::realised_20_100, "realised_20_100", volatility,
      "3 (a - b) / (a + b), a and b sqrt(mean(u^2)) of 20 and 100", 100, 100, false},
     {feature::parkinson_20, "parkinson_20", volatility, "sqrt(sum((H - L)^2, 20) / (80 ln 2)) / s - 1", 20,
      20, false},
     {feature::garman_klass_20, "garman_klass_20", volatility,
      "sqrt(mean((H - L)^2 / 2 - (2 ln 2 - 1) (C - O)^2, 20)) / s - 1", 20, 20, false},
     {feature::rogers_satchell_20, "rogers_satchell_20", volatility,
      "sqrt(mean((H - C) (H - O) + (L - C) (L - O), 20)) / s - 1", 20, 20, false},
     {feature::bollinger_b_20, "bollinger_b_20", volatility,
      "(C - mean(C, 20)) / (2 sd(C, 20)); equals 2 %b - 1", 20, 20, true},
     {feature::bollinger_width_20, "bollinger_width_20", volatility, "sd(C, 20) / (s sqrt(20 / 6)) - 1", 20,
      20, false},
     {feature::bollinger_squeeze, "bollinger_squeeze", volatility,
      "3 (a - b) / (a + b), a = sd(C, 20), b = sd(C, 100) / sqrt(5)", 100, 100, false},
     {feature::keltner_20, "keltner_20", volatility,
      "(C - ema(C, 20)) / (2 max(wilder(true range, 14), s / 10))", 20, 28, false},
     {feature::donchian_20, "donchian_20", volatility,
      "(2 c - a - b) / (a - b), a = max(h, 20), b = min(l, 20)", 20, 20, false},
     {feature::donchian_100, "donchian_100", volatility,
      "(2 c - a - b) / (a - b), a = max(h, 100), b = min(l, 100)", 100, 100, false},
     {feature::semivariance_50, "semivariance_50", volatility, "2 sum(u |u|, 50) / sum(u^2, 50)", 50, 50,
      false},
     {feature::vwap_distance, "vwap_distance", volume,
      "(c - vwap) / (c s sqrt((m + 3) / 3)), vwap of (h + l + c) / 3 since the open", 1, 20, true},
     {feature::vwap_band, "vwap_band", volume,
      "(c - vwap) / volume-weighted sd of (h + l + c) / 3 since the open", 1, 1, false},
     {feature::relative_volume, "relative_volume", volume,
      "2 (v - p) / (v + p), p = ewma(1/5) of v in the same minute of earlier sessions; 0 where there is none",
      1, 1, true},
     {feature::session_volume, "session_volume", volume,
      "4 (a - b) / (a + b), a and b the sums of v and p (as in relative_volume) since the open", 1, 1, false},
     {feature::volume_5_20, "volume_5_20", volume, "3 (a - b) / (a + b), a = mean(v, 5), b = mean(v, 20)", 20,
      20, false},
     {feature::volume_z_20, "volume_z_20", volume, "(v - mean(v, 20)) / sd(v, 20)", 20, 20, false},
     {feature::obv_slope_20, "obv_slope_20", volume, "2 sum(sign(u) v, 20) / sum(v, 20)", 20, 20, false},
     {feature::mfi_14, "mfi_14", volume,
      "2 (a - b) / (a + b), a and b sum(14) of t v where t = (h + l + c) / 3 rose and fell; equals (MFI - "
      "50) / 25",
      15, 15, false},
     {feature::cmf_20, "cmf_20", volume, "2 sum(close_location v, 20) / sum(v, 20)", 20, 20, false},
     {feature::force_13, "force_13", volume, "2 a / (b s), a and b ema(13) of u v and v, both started from 0",
      13, 26, false},
     {feature::volume_correlation_50, "volume_correlation_50", volume, "2 correlation(|u|, v, 50)", 50, 50,
      false},
     {feature::volume_return_20, "volume_return_20", volume, "sum(u v, 20) / sum(v, 20) sqrt(20) / s", 20, 20,
      false},
     {feature::skew_50, "skew_50", statistics, "central moment 3 / variance^1.5 of u, 50", 50, 50, false},
     {feature::kurtosis_50, "kurtosis_50", statistics, "(central moment 4 / variance^2 - 3) / 2 of u, 50", 50,
      50, false},
     {feature::autocorrelation_50, "autocorrelation_50", statistics, "2 sum(u u[1], 50) / sum(u^2, 50)", 51,
      51, false},
     {feature::variance_ratio_5_100, "variance_ratio_5_100", statistics,
      "sum((u + u[1] + ... + u[4])^2, 100) / (5 sum(u^2, 100)) - 1", 104, 104, false},
     {feature::slope_20, "slope_20", statistics, "slope(C on time, 20) sqrt(20) / s", 20, 20, false},
     {feature::slope_60, "slope_60", statistics, "slope(C on time, 60) sqrt(60) / s", 60, 60, false},
     {feature::r_squared_20, "r_squared_20", statistics, "squared correlation of C with time, 20", 20, 20,
      false},
     {feature::regression_residual_20, "regression_residual_20", statistics,
      "(C - fitted C of the regression on time, 20) / (s sqrt(5))", 20, 20, false},
     {feature::z_score_50, "z_score_50", statistics, "(C - mean(C, 50)) / sd(C, 50)", 50, 50, false},
     {feature::efficiency_20, "efficiency_20", statistics, "|sum(u, 20)| / sum(|u|, 20)", 20, 20, false},
     {feature::doji, "doji", patterns, "1 when |c - o| <= 0.1 (h - l)", 1, 1, false},
     {feature::hammer, "hammer", patterns,
      "1 when the lower wick >= 0.6 (h - l) and >= 2 |c - o|, the upper <= 0.1 (h - l), c[1] < c[5]", 6, 6,
      false},
     {feature::shooting_star, "shooting_star", patterns,
      "1 when the upper wick >= 0.6 (h - l) and >= 2 |c - o|, the lower <= 0.1 (h - l), c[1] > c[5]", 6, 6,
      false},
     {feature::engulfing, "engulfing", patterns,
      "+1 (rising) or -1 (falling) when the body covers the opposite and smaller body before", 2, 2, false},
     {feature::harami, "harami", patterns,
      "+1 (rising) or -1 (falling) when the body lies in the opposite body before, at most 0.6 of it", 2, 2,
      false},
     {feature::containment, "containment", patterns,
      "+1 when h <= h[1] and l >= l[1], -1 when h >= h[1] and l <= l[1], 0 when both", 2, 2, false},
     {feature::marubozu, "marubozu", patterns, "sign(c - o) when |c - o| >= 0.9 (h - l)", 1, 1, false},
     {feature::streak, "streak", patterns,
      "signed number of closes in a row above or below the one before, / 3", 2, 2, false},
     {feature::price_lag_1, "price_lag_1", price_lags, "(C - (H[1] + L[1]) / 2) / (s sqrt(2))", 2, 20, false},
     {feature::price_lag_2, "price_lag_2", price_lags, "(C - (H[2] + L[2]) / 2) / (s sqrt(3))", 3, 20, false},
     {feature::price_lag_3, "price_lag_3", price_lags, "(C - (H[3] + L[3]) / 2) / (s sqrt(4))", 4, 20, false},
     {feature::price_lag_4, "price_lag_4", price_lags, "(C - (H[4] + L[4]) / 2) / (s sqrt(5))", 5, 20, false},
     {feature::price_lag_5, "price_lag_5", price_lags, "(C - (H[5] + L[5]) / 2) / (s sqrt(6))", 6, 20, false},
     {feature::price_lag_6, "price_lag_6", price_lags, "(C - (H[6] + L[6]) / 2) / (s sqrt(7))", 7, 20, false},
     {feature::price_lag_8, "price_lag_8", price_lags, "(C - (H[8] + L[8]) / 2) / (s sqrt(9))", 9, 20, false},
     {feature::price_lag_10, "price_lag_10", price_lags, "(C - (H[10] + L[10]) / 2) / (s sqrt(11))", 11, 20,
      false},
     {feature::price_lag_15, "price_lag_15", price_lags, "(C - (H[15] + L[15]) / 2) / (s sqrt(16))", 16, 20,
      false},
     {feature::price_lag_20, "price_lag_20", price_lags, "(C - (H[20] + L[20]) / 2) / (s sqrt(21))", 21, 21,
      false},
     {feature::return_lag_0, "return_lag_0", return_lags, "r / s", 2, 20, true},
     {feature::return_lag_1, "return_lag_1", return_lags, "r[1] / s", 3, 20, true},
     {feature::return_lag_2, "return_lag_2", return_lags, "r[2] / s", 4, 20, true},
     {feature::return_lag_3, "return_lag_3", return_lags, "r[3] / s", 5, 20, false},
     {feature::return_lag_4, "return_lag_4", return_lags, "r[4] / s", 6, 20, false},
     {feature::return_lag_5, "return_lag_5", return_lags, "r[5] / s", 7, 20, false},
     {feature::return_lag_6, "return_lag_6", return_lags, "r[6] / s", 8, 20, false},
     {feature::return_lag_7, "return_lag_7", return_lags, "r[7] / s", 9, 20, false},
     {feature::return_lag_8, "return_lag_8", return_lags, "r[8] / s", 10, 20, false},
     {feature::return_lag_9, "return_lag_9", return_lags, "r[9] / s", 11, 20, false},
     {feature::return_lag_10, "return_lag_10", return_lags, "r[10] / s", 12, 20, false},
     {feature::return_lag_11, "return_lag_11", return_lags, "r[11] / s", 13, 20, false},
     {feature::return_lag_12, "return_lag_12", return_lags, "r[12] / s", 14, 20, false},
     {feature::return_lag_13, "return_lag_13", return_lags, "r[13] / s", 15, 20, false},
     {feature::return_lag_14, "return_lag_14", return_lags, "r[14] / s", 16, 20, false}}};

constexpr bool rows_are_in_order() {
  for (std::size_t i = 0; i < table.size(); ++i)
    if (static_cast<std::size_t>(table[i].index) != i)
      return false;
  return true;
}
static_assert(rows_are_in_order());

constexpr auto compact_members = [] {
  std::array<feature, compact_feature_count> members{};
  std::size_t count = 0;
  for (const feature_row& row : table)
    if (row.compact)
      members[count++] = row.index; // a seventeenth member would not compile
  return members;
}();

} // namespace

std::span<const feature_row, full_feature_count> feature_table() {
  return table;
}

std::span<const feature, compact_feature_count> compact_features() {
  return compact_members;
}

std::string_view to_string(feature_group group) {
  switch (group) {
  case calendar:
    return "calendar";
  case price_action:
    return "price action";
  case moving_averages:
    return "moving averages";
  case momentum:
    return "momentum";
  case volatility:
    return "volatility";
  case volume:
    return "volume";
  case statistics:
    return "statistics";
  case patterns:
    return "patterns";
  case price_lags:
    return "price lags";
  case return_lags:
    return "return lags";
  }
  return "unknown";
}

std::uint64_t feature_table_hash() {
  static const std::uint64_t hash = [] {
    std::string text;
    for (const feature_row& row : table) {
      text.append(row.name).append("|").append(to_string(row.group)).append("|").append(row.formula);
      text.append("|").append(std::to_string(row.window)).append("|").append(std::to_string(row.warm_up_bars));
      text.append(row.compact ? "|compact\n" : "|\n");
    }
    return fnv1a64(text);
  }();
  return hash;
}

} // namespace sentio
