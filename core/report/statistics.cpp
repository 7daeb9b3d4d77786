#include "core/report/statistics.hpp"

#include "core/numeric/random.hpp"
#include "core/report/normal.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <vector>

namespace sentio {

double mean(std::span<const double> values) {
  double sum = 0;
  for (const double value : values)
    sum += value;
  return values.empty() ? 0 : sum / static_cast<double>(values.size());
}

std::optional<double> standard_deviation(std::span<const double> values) {
  if (values.size() < 2)
    return std::nullopt;
  const double centre = mean(values);
  double squares = 0;
  for (const double value : values)
    squares += (value - centre) * (value - centre);
  return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

std::optional<double> t_statistic(std::span<const double> values) {
  const auto deviation = standard_deviation(values);
  if (!deviation || *deviation <= 0)
    return std::nullopt;
  return mean(values) / (*deviation / std::sqrt(static_cast<double>(values.size())));
}

double annualised(double daily) {
  double result = 1;
  double power = 1 + daily;
  for (unsigned exponent = 252; exponent > 0; exponent /= 2) {
    if (exponent % 2 == 1)
      result *= power;
    power *= power;
  }
  return result - 1;
}

std::optional<interval> bootstrap_mean_interval(std::span<const double> values, std::uint64_t seed) {
  constexpr std::size_t resamples = 4'000;
  const std::size_t n = values.size();
  if (n < 3)
    return std::nullopt;
  // A block as long as the series would give the same mean every time.
  const std::size_t block = std::clamp<std::size_t>(n / 4, 1, 5);
  random_source random(seed);
  std::vector<double> means(resamples);
  for (double& resampled : means) {
    double sum = 0;
    for (std::size_t taken = 0; taken < n; taken += block) {
      const std::size_t start = random.below(n);
      for (std::size_t i = 0; i < std::min(block, n - taken); ++i)
        sum += values[(start + i) % n];
    }
    resampled = sum / static_cast<double>(n);
  }
  std::sort(means.begin(), means.end());
  return interval{percentile(means, 0.025), percentile(means, 0.975)};
}

std::optional<sharpe_ratio> sharpe(std::span<const double> returns, std::uint32_t trials) {
  const auto deviation = standard_deviation(returns);
  if (returns.size() < least_returns || !deviation || *deviation <= 0)
    return std::nullopt;
  const auto n = static_cast<double>(returns.size());
  const double centre = mean(returns);
  double second = 0;
  double third = 0;
  double fourth = 0;
  for (const double r : returns) {
    const double d = r - centre;
    second += d * d / n;
    third += d * d * d / n;
    fourth += d * d * d * d / n;
  }
  const double skewness = third / (second * std::sqrt(second));
  const double kurtosis = fourth / (second * second);
  const double daily = centre / *deviation;
  const double variance = (1 - skewness * daily + (kurtosis - 1) / 4 * daily * daily) / (n - 1);
  // The moments of very few returns can make the estimate negative; the normal case then bounds it.
  const double error = std::sqrt(variance > 0 ? variance : (1 + daily * daily / 2) / (n - 1));
  double hurdle = 0;
  if (trials > 1) {
    constexpr double euler_gamma = 0.57721566490153286061;
    constexpr double e = 2.71828182845904523536;
    const double count = trials;
    hurdle = error * ((1 - euler_gamma) * normal_quantile(1 - 1 / count) +
                      euler_gamma * normal_quantile(1 - 1 / (count * e)));
  }
  const double year = std::sqrt(sessions_per_year);
  return sharpe_ratio{daily * year, error * year, normal_cdf(daily / error),
                      normal_cdf((daily - hurdle) / error)};
}

std::optional<double> sortino(std::span<const double> returns) {
  double squares = 0;
  for (const double r : returns)
    if (r < 0)
      squares += r * r;
  if (returns.size() < least_returns || squares <= 0)
    return std::nullopt;
  return mean(returns) / std::sqrt(squares / static_cast<double>(returns.size())) *
         std::sqrt(sessions_per_year);
}

double max_drawdown(double start, std::span<const double> equity) {
  double peak = start;
  double worst = 0;
  for (const double value : equity) {
    peak = std::max(peak, value);
    if (peak > 0)
      worst = std::max(worst, 1 - value / peak);
  }
  return worst;
}

double percentile(std::span<const double> sorted, double fraction) {
  if (sorted.empty())
    throw std::invalid_argument("percentile of no values");
  const double place = fraction * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(std::floor(place));
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

namespace {

/// Ranks from 1; equal values share the mean of their places.
std::vector<double> average_ranks(std::span<const double> values) {
  std::vector<std::uint32_t> order(values.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return values[a] != values[b] ? values[a] < values[b] : a < b;
  });
  std::vector<double> ranks(values.size());
  for (std::size_t first = 0; first < order.size();) {
    std::size_t last = first;
    while (last + 1 < order.size() && values[order[last + 1]] == values[order[first]])
      ++last;
    const double shared = 0.5 * static_cast<double>(first + last) + 1;
    for (std::size_t i = first; i <= last; ++i)
      ranks[order[i]] = shared;
    first = last + 1;
  }
  return ranks;
}

} // namespace

std::optional<double> rank_correlation(std::span<const double> x, std::span<const double> y) {
  if (x.size() != y.size())
    throw std::invalid_argument("rank correlation of lists of different lengths");
  if (x.size() < 3)
    return std::nullopt;
  const std::vector<double> left = average_ranks(x);
  const std::vector<double> right = average_ranks(y);
  const double centre = 0.5 * static_cast<double>(x.size() + 1);
  double product = 0;
  double left_square = 0;
  double right_square = 0;
  for (std::size_t i = 0; i < left.size(); ++i) {
    const double a = left[i] - centre;
    const double b = right[i] - centre;
    product += a * b;
    left_square += a * a;
    right_square += b * b;
  }
  if (!(left_square > 0 && right_square > 0))
    return std::nullopt;
  return product / std::sqrt(left_square * right_square);
}

} // namespace sentio
