#include "core/features/spread_features.hpp"

#include "core/numeric/elementary.hpp"

#include <algorithm>

namespace sentio::rolling {
namespace {

constexpr double ln_2 = 0.693147180559945309417;
/// Below any price step over any price: log moves this small are rounding, not movement.
constexpr double no_move = 1e-12;

double root(double x) {
  return x > 0 ? std::sqrt(x) : 0;
}

} // namespace

void volatility_state::update_true_range(const bar_inputs& in) {
  double high = in.log_high;
  double low = in.log_low;
  if (!in.opens_session) { // a night's gap is no range of a minute
    high = std::max(high, in.log_close_before);
    low = std::min(low, in.log_close_before);
  }
  if (in.number == 0) {
    range_14_.start(high - low);
    range_100_.start(high - low);
  }
  range_14_.add(high - low, wilder_weight(14));
  range_100_.add(high - low, wilder_weight(100));
}

void volatility_state::update(const bar_inputs& in, const compact_state& shared,
                              const moving_average_state& means, const range_windows& ranges,
                              feature_values& values) {
  const std::uint64_t number = in.number;
  const double move = in.inner_change;
  squares_100_.add({move * move});
  signed_squares_50_.add({move * std::abs(move), move * move});
  if (number >= 100) {
    const double old = shared.inner_changes()[number - 100];
    squares_100_.subtract({old * old});
  }
  if (number >= 50) {
    const double old = shared.inner_changes()[number - 50];
    signed_squares_50_.subtract({old * std::abs(old), old * old});
  }
  const double range_14 = range_14_.value();
  at(values, feature::sigma_level) = shared.has_moved() ? det_log(in.sigma / 0.001) : 0;
  at(values, feature::atr_14) = range_14 > no_move ? range_14 * in.inverse_sigma - 1.6 : 0;
  at(values, feature::atr_14_100) = 4 * balance(range_14, range_100_.value(), no_move);
  at(values, feature::realised_20_100) =
      shared.flat_run().covers(100)
          ? 0
          : 3 * balance(shared.flat_run().covers(20) ? 0 : root(shared.squares_20() / 20),
                        root(squares_100_[0] / 100));
  at(values, feature::semivariance_50) =
      shared.flat_run().covers(50) ? 0 : 2 * signed_squares_50_[0] / signed_squares_50_[1];
  update_estimates(in, values);
  update_bands(in, shared, means, ranges, values);
}

void volatility_state::update_estimates(const bar_inputs& in, feature_values& values) {
  const std::uint64_t number = in.number;
  const double span = in.log_high - in.log_low;
  const double body = in.log_close - in.log_open;
  const double garman_klass = span * span * 0.5 - (2 * ln_2 - 1) * (body * body);
  const double rogers_satchell = (in.log_high - in.log_close) * (in.log_high - in.log_open) +
                                 (in.log_low - in.log_close) * (in.log_low - in.log_open);
  estimates_20_.add({span * span, garman_klass, rogers_satchell});
  if (number >= 20) {
    const std::uint64_t oldest = number - 20;
    estimates_20_.subtract(
        {spans_[oldest] * spans_[oldest], garman_klass_[oldest], rogers_satchell_[oldest]});
  }
  spans_.put(number, span);
  garman_klass_.put(number, garman_klass);
  rogers_satchell_.put(number, rogers_satchell);
  still_run_.update(span == 0);
  const bool still = still_run_.covers(20);
  const double scale = in.inverse_sigma;
  at(values, feature::parkinson_20) = still ? 0 : root(estimates_20_[0] / (80 * ln_2)) * scale - 1;
  at(values, feature::garman_klass_20) = still ? 0 : root(estimates_20_[1] / 20) * scale - 1;
  at(values, feature::rogers_satchell_20) = still ? 0 : root(estimates_20_[2] / 20) * scale - 1;
}

void volatility_state::update_bands(const bar_inputs& in, const compact_state& shared,
                                    const moving_average_state& means, const range_windows& ranges,
                                    feature_values& values) const {
  const double deviation_20 = root(shared.variance_20());
  at(values, feature::bollinger_width_20) =
      deviation_20 > 0 ? deviation_20 * in.inverse_sigma * per_root(20 / 6.0) - 1 : 0;
  at(values, feature::bollinger_squeeze) =
      3 * balance(deviation_20, root(means.variance_100()) * per_root(5));
  // After a long still stretch both sides of the ratio fade away; sigma keeps it from being rounding alone.
  const double room = std::max(range_14_.value(), 0.1 * in.sigma);
  at(values, feature::keltner_20) = (in.log_close - shared.ema_20()) / (2 * room);
  at(values, feature::donchian_20) = ranges.position(in.now.close, range_windows::bars_20);
  at(values, feature::donchian_100) = ranges.position(in.now.close, range_windows::bars_100);
}

} // namespace sentio::rolling
