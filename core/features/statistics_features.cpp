#include "core/features/spread_features.hpp"

namespace sentio::rolling {
namespace {

/// A variance this small beside the mean square is rounding: the window is flat.
constexpr double flat_share = 1e-6;

} // namespace

void statistics_state::update(const bar_inputs& in, const compact_state& shared,
                              const moving_average_state& means, const volatility_state& volatility,
                              feature_values& values) {
  update_moments(in, shared, volatility, values);
  update_regressions(in, shared, values);
  const double variance = means.variance_50();
  at(values, feature::z_score_50) = variance > 0 ? means.deviation_50() / std::sqrt(variance) : 0;
}

void statistics_state::update_moments(const bar_inputs& in, const compact_state& shared,
                                      const volatility_state& volatility, feature_values& values) {
  const std::uint64_t number = in.number;
  const history<128>& moves = shared.inner_changes();
  const auto powers = [&](std::uint64_t bar) {
    const double x = moves[bar];
    const double square = x * x;
    return window_sums<4>::terms{x, square * x, square * square, x * moves[bar - 1]};
  };
  moments_50_.add(powers(number));
  if (number >= 50)
    moments_50_.subtract(powers(number - 50));
  const double mean = moments_50_[0] / 50;
  const double square = volatility.squares_50() / 50;
  const double variance = square - mean * mean;
  const bool flat = shared.flat_run().covers(50) || variance <= flat_share * square;
  const double cube = moments_50_[1] / 50 - mean * (3 * square - 2 * (mean * mean));
  const double fourth =
      moments_50_[2] / 50 - mean * (4 * (moments_50_[1] / 50) - mean * (6 * square - 3 * (mean * mean)));
  at(values, feature::skew_50) = flat ? 0 : cube / (variance * std::sqrt(variance));
  at(values, feature::kurtosis_50) = flat ? 0 : (fourth / (variance * variance) - 3) * 0.5;
  at(values, feature::autocorrelation_50) =
      shared.flat_run().covers(50) ? 0 : 2 * moments_50_[3] / volatility.squares_50();

  const auto five_bar_square = [&](std::uint64_t last) {
    const double sum = moves[last] + moves[last - 1] + moves[last - 2] + moves[last - 3] + moves[last - 4];
    return sum * sum;
  };
  five_bar_squares_100_.add({five_bar_square(number)});
  if (number >= 100)
    five_bar_squares_100_.subtract({five_bar_square(number - 100)});
  at(values, feature::variance_ratio_5_100) =
      shared.flat_run().covers(100) ? 0 : five_bar_squares_100_[0] / (5 * volatility.squares_100()) - 1;

  sums_20_.add({moves[number], std::abs(moves[number])});
  if (number >= 20)
    sums_20_.subtract({moves[number - 20], std::abs(moves[number - 20])});
  at(values, feature::efficiency_20) = shared.flat_run().covers(20) ? 0 : std::abs(sums_20_[0]) / sums_20_[1];
}

void statistics_state::update_regressions(const bar_inputs& in, const compact_state& shared,
                                          feature_values& values) {
  const std::uint64_t number = in.number;
  const auto leaving = [&](std::uint64_t bars) {
    return number >= bars ? quantised(shared.log_closes()[number - bars]) : std::int64_t{0};
  };
  const double scale = in.inverse_sigma;
  regression_20_.slide(in.quantised_close, leaving(20), shared.closes_20_sum_before(), 20);
  const double slope_20 = regression_20_.slope(shared.closes_20().sum(), 20);
  at(values, feature::slope_20) = slope_20 * scale * std::sqrt(20.0);
  // Share of the variance that the line explains: slope^2 * variance of 0 ... 19 over the variance of C.
  const double variance = shared.variance_20();
  at(values, feature::r_squared_20) = variance > 0 ? slope_20 * slope_20 * ((400 - 1) / 12.0) / variance : 0;
  at(values, feature::regression_residual_20) =
      (shared.deviation_20() - slope_20 * 9.5) * scale * per_root(5);

  const std::int64_t oldest = leaving(60);
  regression_60_.slide(in.quantised_close, oldest, closes_60_.sum(), 60);
  closes_60_.add(in.quantised_close);
  closes_60_.remove(oldest);
  at(values, feature::slope_60) = regression_60_.slope(closes_60_.sum(), 60) * scale * std::sqrt(60.0);
}

} // namespace sentio::rolling
