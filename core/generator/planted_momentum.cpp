#include "core/generator/planted_momentum.hpp"

#include "core/numeric/elementary.hpp"

#include <algorithm>
#include <cmath>

namespace sentio {

namespace {

constexpr double decay = 39.0 / 41.0; // a
constexpr int horizon_minutes = 5;

double unit_scale() {
  return std::sqrt((1 + decay) / (1 - decay));
} // s

/// 1 + r + ... + r^(terms-1)
double geometric_sum(double r, int terms) {
  double sum = 0;
  double power = 1;
  for (int i = 0; i < terms; ++i, power *= r)
    sum += power;
  return sum;
}

/// r: how much of the momentum is expected to be left after a minute.
double persistence(double gain) {
  return decay + (1 - decay) * unit_scale() * gain;
}

/// Correlation of the five-minute forecast with what follows, for Gaussian noise.
double forecast_correlation(double gain) {
  const double r = persistence(gain);
  const double step = (1 - decay) * unit_scale(); // what one unit of noise adds to m
  const double variance_of_m = step * step / (1 - r * r);
  const double factor = gain * geometric_sum(r, horizon_minutes);
  double unexpected = 0;
  for (int later = 0; later < horizon_minutes; ++later) {
    const double weight =
        1 + gain * step * geometric_sum(r, later); // of noise that has `later` minutes to echo
    unexpected += weight * weight;
  }
  const double explained = factor * factor * variance_of_m;
  return std::sqrt(explained / (explained + unexpected));
}

double solve_gain(double rank_correlation) {
  if (rank_correlation == 0)
    return 0;
  constexpr double pi = 3.14159265358979323846;
  const double wanted = 2 * det_sin(pi * rank_correlation / 6);
  double low = 0;
  double high = 0.95 / unit_scale(); // r reaches 1 at 1/s: nothing beyond is stationary
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (forecast_correlation(middle) < wanted ? low : high) = middle;
  }
  return low;
}

} // namespace

planted_momentum::planted_momentum(double rank_correlation)
    : gain_(solve_gain(rank_correlation)),
      five_minute_factor_(geometric_sum(persistence(gain_), horizon_minutes)) {}

double planted_momentum::momentum() const {
  return unit_scale() * average_;
}

void planted_momentum::update(double z) {
  average_ = decay * average_ + (1 - decay) * std::clamp(z, -4.0, 4.0);
}

} // namespace sentio
