#include "core/report/normal.hpp"

#include "core/numeric/elementary.hpp"

#include <cmath>
#include <stdexcept>

namespace sentio {

namespace {

double density(double x) {
  constexpr double one_over_root_two_pi = 0.39894228040143267794;
  return one_over_root_two_pi * det_exp(-0.5 * x * x);
}

} // namespace

double normal_cdf(double x) {
  if (std::isnan(x))
    throw std::invalid_argument("normal_cdf of a value that is not a number");
  const double size = std::fabs(x);
  if (size < 5) {
    double term = x;
    double sum = x;
    for (int odd = 3; std::fabs(term) > 1e-18 && odd < 400; odd += 2) {
      term *= x * x / odd;
      sum += term;
    }
    return 0.5 + density(x) * sum;
  }
  if (size > 38)
    return x > 0 ? 1 : 0;
  // Laplace's continued fraction for the tail converges fast this far out.
  double fraction = size;
  for (int level = 60; level >= 1; --level)
    fraction = size + level / fraction;
  const double tail = density(size) / fraction;
  return x > 0 ? 1 - tail : tail;
}

double normal_quantile(double p) {
  if (!(p > 0 && p < 1))
    throw std::invalid_argument("normal_quantile needs a probability between 0 and 1");
  double low = -38;
  double high = 38;
  for (int step = 0; step < 100; ++step) {
    const double middle = 0.5 * (low + high);
    (normal_cdf(middle) < p ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

} // namespace sentio
