// Statistics of daily returns and of round trips. Empty results mean: too few values to say.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace sentio {

inline constexpr double sessions_per_year = 252;

struct interval {
  double low = 0;
  double high = 0;
  friend bool operator==(const interval&, const interval&) = default;
};

/// 0 of nothing.
double mean(std::span<const double> values);
/// Sample standard deviation (n - 1); empty below two values.
std::optional<double> standard_deviation(std::span<const double> values);
/// mean / (sd / sqrt(n)); empty below two values or when they are all equal.
std::optional<double> t_statistic(std::span<const double> values);

/// (1 + daily)^252 - 1.
double annualised(double daily);

/// 95 % interval of the mean by the circular block bootstrap (Politis and Romano 1992): blocks of 5 sessions
/// (a quarter of the sessions when there are fewer than 20), 4,000 resamples, percentiles interpolated. Empty
/// below three values.
std::optional<interval> bootstrap_mean_interval(std::span<const double> values, std::uint64_t seed);

/// Ratios of a year are made from at least so many sessions.
inline constexpr std::size_t least_returns = 3;

struct sharpe_ratio {
  double yearly = 0;         ///< mean / sd * sqrt(252), no risk-free rate
  double standard_error = 0; ///< of `yearly`, with skewness and kurtosis (Mertens 2002)
  double probabilistic = 0;  ///< P(true Sharpe > 0) (Bailey and Lopez de Prado 2012)
  double deflated = 0;       ///< P(true Sharpe > the best of `trials` worthless ones) (same, 2014)
  friend bool operator==(const sharpe_ratio&, const sharpe_ratio&) = default;
};
/// trials: configurations tried, 1 = this one only, then deflated = probabilistic. Empty below three values
/// or when they are all equal.
std::optional<sharpe_ratio> sharpe(std::span<const double> returns, std::uint32_t trials);

/// mean / sqrt(mean(min(r, 0)^2)) * sqrt(252); empty without a loss or below three values.
std::optional<double> sortino(std::span<const double> returns);
/// Largest fall from an earlier peak, as a fraction of the peak; the start counts as a peak.
double max_drawdown(double start, std::span<const double> equity);

/// Linear interpolation between the sorted values; fraction in [0, 1]. Needs at least one value.
double percentile(std::span<const double> sorted, double fraction);

/// Spearman's rank correlation with average ranks for ties; empty below three pairs or when a side is
/// constant.
std::optional<double> rank_correlation(std::span<const double> x, std::span<const double> y);

} // namespace sentio
