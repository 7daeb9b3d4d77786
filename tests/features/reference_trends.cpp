// Moving averages, momentum and volatility.
#include "tests/features/reference.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace sentio::test {
namespace {

real balance_or_zero(real a, real b, real flat = 1e-12L) {
  return a + b > flat ? (a - b) / (a + b) : 0;
}

} // namespace

void reference::moving_averages(std::size_t t, values_by_feature& out) const {
  const auto set = [&](feature f, real value) { out[static_cast<std::size_t>(f)] = value; };
  const real s = sigma[t];
  constexpr std::array<std::size_t, 6> lengths{5, 10, 20, 50, 100, 200};
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    const auto n = static_cast<real>(lengths[i]);
    out[static_cast<std::size_t>(feature::close_sma_5) + i] =
        (C[t] - mean_close(t, lengths[i])) / (s * std::sqrt(n / 3));
    out[static_cast<std::size_t>(feature::close_ema_5) + i] =
        (C[t] - ema_close_[i][t]) / (s * std::sqrt(n / 4));
  }
  set(feature::ema_5_20, (ema_close_[0][t] - ema_close_[2][t]) / (s * std::sqrt(5.0L)));
  set(feature::ema_20_50, (ema_close_[2][t] - ema_close_[3][t]) / (s * std::sqrt(10.0L)));
  set(feature::sma_20_100, (mean_close(t, 20) - mean_close(t, 100)) / (s * std::sqrt(30.0L)));
  set(feature::sma_50_200, (mean_close(t, 50) - mean_close(t, 200)) / (s * std::sqrt(60.0L)));
}

void reference::momentum(std::size_t t, values_by_feature& out) const {
  const auto set = [&](feature f, real value) { out[static_cast<std::size_t>(f)] = value; };
  const real s = sigma[t];
  set(feature::rsi_7, 2 * balance_or_zero(gain_7[t], loss_7[t]));
  set(feature::rsi_14, 2 * balance_or_zero(gain_14[t], loss_14[t]));
  set(feature::rsi_21, 2 * balance_or_zero(gain_21[t], loss_21[t]));
  set(feature::stochastic_k_14, position(t, 14));
  set(feature::stochastic_d_14, (position(t, 14) + position(t - 1, 14) + position(t - 2, 14)) / 3);
  set(feature::williams_r_28, position(t, 28));
  real mean = 0;
  for (std::size_t k = 0; k < 20; ++k)
    mean += typical_log[t - k] / 20;
  real distance = 0;
  for (std::size_t k = 0; k < 20; ++k)
    distance += std::abs(typical_log[t - k] - mean) / 20;
  set(feature::cci_20, distance > 1e-13L ? (typical_log[t] - mean) / (1.5L * distance) : 0);
  set(feature::roc_5, (C[t] - C[t - 5]) / (s * std::sqrt(5.0L)));
  set(feature::roc_10, (C[t] - C[t - 10]) / (s * std::sqrt(10.0L)));
  set(feature::roc_20, (C[t] - C[t - 20]) / (s * std::sqrt(20.0L)));
  set(feature::roc_60, (C[t] - C[t - 60]) / (s * std::sqrt(60.0L)));
  set(feature::macd_line, macd[t] / (2 * s));
  set(feature::macd_histogram, (macd[t] - macd_signal[t]) / s);
  set(feature::adx_14, rise[t] + fall[t] > 1e-12L ? (100 * direction[t] - 25) / 12.5L : 0);
  set(feature::di_difference_14, range_14[t] > 1e-12L ? 2 * (rise[t] - fall[t]) / range_14[t] : 0);
  std::size_t since_high = 0;
  std::size_t since_low = 0;
  for (std::size_t k = 0; k < 26; ++k) {
    since_high = bar_at(t - k).high > bar_at(t - since_high).high ? k : since_high;
    since_low = bar_at(t - k).low < bar_at(t - since_low).low ? k : since_low;
  }
  set(feature::aroon_25, 2 * (static_cast<real>(since_low) - static_cast<real>(since_high)) / 25);
  set(feature::trix_9, 5 * (trix[t] - trix[t - 1]) / s);
  real moves = 0;
  real sizes = 0;
  for (std::size_t k = 0; k < 14; ++k) {
    moves += u[t - k];
    sizes += std::abs(u[t - k]);
  }
  set(feature::cmo_14, sizes > 0 ? 2 * moves / sizes : 0);
  set(feature::tsi_25_13, tsi_size[t] > 1e-12L ? 2 * tsi_change[t] / tsi_size[t] : 0);
  set(feature::acceleration_5, (C[t] - 2 * C[t - 5] + C[t - 10]) / (s * std::sqrt(10.0L)));
}

void reference::volatility(std::size_t t, values_by_feature& out) const {
  const auto set = [&](feature f, real value) { out[static_cast<std::size_t>(f)] = value; };
  const real s = sigma[t];
  const auto sum = [&](std::size_t n, auto term) {
    real total = 0;
    for (std::size_t k = 0; k < n; ++k)
      total += term(t - k);
    return total;
  };
  const auto square = [&](std::size_t k) { return u[k] * u[k]; };
  const real ln_2 = std::numbers::ln2_v<real>;
  set(feature::sigma_level, std::log(s / 0.001L));
  set(feature::atr_14, range_14[t] > 1e-12L ? range_14[t] / s - 1.6L : 0);
  set(feature::atr_14_100, 4 * balance_or_zero(range_14[t], range_100[t]));
  const real realised_20 = std::sqrt(sum(20, square) / 20);
  const real realised_100 = std::sqrt(sum(100, square) / 100);
  set(feature::realised_20, realised_20 > 0 ? realised_20 / s - 1 : 0);
  set(feature::realised_20_100, 3 * balance_or_zero(realised_20, realised_100, 0));
  const bool still = sum(20, [&](std::size_t k) { return H[k] - L[k]; }) == 0;
  const real parkinson = sum(20, [&](std::size_t k) { return (H[k] - L[k]) * (H[k] - L[k]); }) / (80 * ln_2);
  const real garman = sum(20, [&](std::size_t k) {
    return (H[k] - L[k]) * (H[k] - L[k]) / 2 - (2 * ln_2 - 1) * (C[k] - O[k]) * (C[k] - O[k]);
  });
  const real rogers =
      sum(20, [&](std::size_t k) { return (H[k] - C[k]) * (H[k] - O[k]) + (L[k] - C[k]) * (L[k] - O[k]); });
  set(feature::parkinson_20, still ? 0 : std::sqrt(parkinson) / s - 1);
  set(feature::garman_klass_20, still ? 0 : std::sqrt(garman / 20) / s - 1);
  set(feature::rogers_satchell_20, still ? 0 : std::sqrt(rogers / 20) / s - 1);
  const real deviation = deviation_close(t, 20);
  set(feature::bollinger_b_20, deviation > 0 ? (C[t] - mean_close(t, 20)) / (2 * deviation) : 0);
  set(feature::bollinger_width_20, deviation > 0 ? deviation / (s * std::sqrt(20 / 6.0L)) - 1 : 0);
  set(feature::bollinger_squeeze,
      3 * balance_or_zero(deviation, deviation_close(t, 100) / std::sqrt(5.0L), 0));
  set(feature::keltner_20, (C[t] - ema_close_[2][t]) / (2 * std::max(range_14[t], s / 10)));
  set(feature::donchian_20, position(t, 20));
  set(feature::donchian_100, position(t, 100));
  const real squares_50 = sum(50, square);
  set(feature::semivariance_50,
      squares_50 > 0 ? 2 * sum(50, [&](std::size_t k) { return u[k] * std::abs(u[k]); }) / squares_50 : 0);
}

} // namespace sentio::test
