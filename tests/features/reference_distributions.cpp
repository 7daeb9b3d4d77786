// Volume and statistics.
#include "tests/features/reference.hpp"

#include <algorithm>
#include <cmath>

namespace sentio::test {
namespace {

real balance_or_zero(real a, real b) {
  return a + b > 0 ? (a - b) / (a + b) : 0;
}

real mean_of(const real_series_values& x) {
  real sum = 0;
  for (const real value : x)
    sum += value;
  return sum / static_cast<real>(x.size());
}

/// Mean of the power of the distance from the mean.
real central_moment(const real_series_values& x, int power) {
  const real mean = mean_of(x);
  real sum = 0;
  for (const real value : x) {
    real term = 1;
    for (int i = 0; i < power; ++i)
      term *= value - mean;
    sum += term;
  }
  return sum / static_cast<real>(x.size());
}

/// Variance, 0 when it is below a millionth of the mean square.
real variance_or_zero(const real_series_values& x) {
  const real variance = central_moment(x, 2);
  const real mean = mean_of(x);
  return variance > 1e-6L * (variance + mean * mean) ? variance : 0;
}

real covariance(const real_series_values& x, const real_series_values& y) {
  const real mean_x = mean_of(x);
  const real mean_y = mean_of(y);
  real sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i)
    sum += (x[i] - mean_x) * (y[i] - mean_y);
  return sum / static_cast<real>(x.size());
}

template <class Term>
real_series_values window(std::size_t t, std::size_t n, Term term) {
  real_series_values out;
  for (std::size_t k = t + 1 - n; k <= t; ++k)
    out.push_back(term(k));
  return out;
}

template <class Term>
real sum_of(std::size_t t, std::size_t n, Term term) {
  real sum = 0;
  for (const real x : window(t, n, term))
    sum += x;
  return sum;
}

} // namespace

void reference::volume(std::size_t t, values_by_feature& out) const {
  const auto set = [&](feature f, real value) { out[static_cast<std::size_t>(f)] = value; };
  const std::size_t bars = t - session_start(t) + 1;
  const auto v = [&](std::size_t k) -> real { return bar_at(k).volume; };
  const real total = sum_of(t, bars, v);
  const real c = bar_at(t).close;
  const real vwap =
      total > 0 ? sum_of(t, bars, [&](std::size_t k) { return typical_price[k] * v(k); }) / total : c;
  const real spread = total > 0
                          ? sum_of(t, bars,
                                   [&](std::size_t k) {
                                     return v(k) * (typical_price[k] - vwap) * (typical_price[k] - vwap);
                                   }) /
                                total
                          : 0;
  const real open = bar_at(session_start(t)).open;
  set(feature::vwap_distance, (c - vwap) / (c * sigma[t] * std::sqrt((minute(t) + 3) / 3.0L)));
  set(feature::vwap_band, spread > 1e-13L * open * open ? (c - vwap) / std::sqrt(spread) : 0);
  set(feature::relative_volume, usual_volume[t] < 0 ? 0 : 2 * balance_or_zero(v(t), usual_volume[t]));
  const real known = sum_of(t, bars, [&](std::size_t k) { return usual_volume[k] < 0 ? 0 : v(k); });
  const real expected = sum_of(t, bars, [&](std::size_t k) { return std::max(usual_volume[k], 0.0L); });
  set(feature::session_volume, 4 * balance_or_zero(known, expected));
}

void reference::volume_windows(std::size_t t, values_by_feature& out) const {
  const auto set = [&](feature f, real value) { out[static_cast<std::size_t>(f)] = value; };
  const auto v = [&](std::size_t k) -> real { return bar_at(k).volume; };
  const real s = sigma[t];
  const auto volumes = window(t, 20, v);
  const real total_20 = sum_of(t, 20, v);
  const auto share = [&](auto term) { return total_20 > 0 ? sum_of(t, 20, term) / total_20 : 0; };
  set(feature::volume_5_20, 3 * balance_or_zero(sum_of(t, 5, v) / 5, total_20 / 20));
  const real variance = variance_or_zero(volumes);
  set(feature::volume_z_20, variance > 0 ? (v(t) - mean_of(volumes)) / std::sqrt(variance) : 0);
  set(feature::obv_slope_20, 2 * share([&](std::size_t k) {
                               return u[k] > 0 ? v(k) : u[k] < 0 ? -v(k) : 0;
                             }));
  set(feature::cmf_20, 2 * share([&](std::size_t k) { return location[k] * v(k); }));
  set(feature::volume_return_20, share([&](std::size_t k) { return u[k] * v(k); }) * std::sqrt(20.0L) / s);
  const real rising = sum_of(t, 14, [&](std::size_t k) { return std::max(flow[k], 0.0L); });
  const real falling = sum_of(t, 14, [&](std::size_t k) { return std::max(-flow[k], 0.0L); });
  set(feature::mfi_14, 2 * balance_or_zero(rising, falling));
  set(feature::force_13, force_size[t] > 0 ? 2 * force[t] / (force_size[t] * s) : 0);
  const auto volumes_50 = window(t, 50, v);
  const auto sizes_50 = window(t, 50, [&](std::size_t k) { return std::abs(u[k]); });
  const real spread = std::sqrt(variance_or_zero(volumes_50)) * std::sqrt(variance_or_zero(sizes_50));
  set(feature::volume_correlation_50, spread > 0 ? 2 * covariance(volumes_50, sizes_50) / spread : 0);
}

void reference::statistics(std::size_t t, values_by_feature& out) const {
  const auto set = [&](feature f, real value) { out[static_cast<std::size_t>(f)] = value; };
  const auto move = [&](std::size_t k) { return u[k]; };
  const auto square = [&](std::size_t k) { return u[k] * u[k]; };
  const auto moves = window(t, 50, move);
  const real variance = variance_or_zero(moves);
  set(feature::skew_50, variance > 0 ? central_moment(moves, 3) / std::pow(variance, 1.5L) : 0);
  set(feature::kurtosis_50, variance > 0 ? (central_moment(moves, 4) / (variance * variance) - 3) / 2 : 0);
  const real squares_50 = sum_of(t, 50, square);
  set(feature::autocorrelation_50,
      squares_50 > 0 ? 2 * sum_of(t, 50, [&](std::size_t k) { return u[k] * u[k - 1]; }) / squares_50 : 0);
  const auto five = [&](std::size_t k) {
    const real sum = u[k] + u[k - 1] + u[k - 2] + u[k - 3] + u[k - 4];
    return sum * sum;
  };
  const real squares_100 = sum_of(t, 100, square);
  set(feature::variance_ratio_5_100, squares_100 > 0 ? sum_of(t, 100, five) / (5 * squares_100) - 1 : 0);
  const real path = sum_of(t, 20, [&](std::size_t k) { return std::abs(u[k]); });
  set(feature::efficiency_20, path > 0 ? std::abs(sum_of(t, 20, move)) / path : 0);
  const real deviation = deviation_close(t, 50);
  set(feature::z_score_50, deviation > 0 ? (C[t] - mean_close(t, 50)) / deviation : 0);
}

void reference::regressions(std::size_t t, values_by_feature& out) const {
  const auto set = [&](feature f, real value) { out[static_cast<std::size_t>(f)] = value; };
  const auto slope = [&](std::size_t n) {
    const auto time = window(t, n, [](std::size_t k) { return static_cast<real>(k); });
    const auto closes = window(t, n, [&](std::size_t k) { return C[k]; });
    return covariance(time, closes) / central_moment(time, 2);
  };
  const real s = sigma[t];
  const real slope_20 = slope(20);
  const real deviation = deviation_close(t, 20);
  const real time_deviation = std::sqrt(399 / 12.0L);
  set(feature::slope_20, slope_20 * std::sqrt(20.0L) / s);
  set(feature::slope_60, slope(60) * std::sqrt(60.0L) / s);
  const real correlation = deviation > 0 ? slope_20 * time_deviation / deviation : 0;
  set(feature::r_squared_20, correlation * correlation);
  set(feature::regression_residual_20,
      (C[t] - (mean_close(t, 20) + slope_20 * 9.5L)) / (s * std::sqrt(5.0L)));
}

} // namespace sentio::test
