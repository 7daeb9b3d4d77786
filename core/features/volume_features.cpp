#include "core/features/volume_features.hpp"

namespace sentio::rolling {
namespace {

/// A variance this small beside the mean square is rounding: the window is flat.
constexpr double flat_share = 1e-6;
/// Variance of prices relative to the session's open below which they are one price: (3e-7)^2.
constexpr double one_price = 1e-13;
/// A relative move of (h + l + c) / 3 below this is rounding.
constexpr double same_price = 1e-9;

} // namespace

void volume_state::update(const bar_inputs& in, const compact_state& shared, feature_values& values) {
  volumes_.put(in.number, in.now.volume);
  empty_run_.update(in.now.volume == 0);
  update_session(in, shared, values);
  update_windows(in, shared, values);
  update_money_flow(in, values);
  update_correlation(in, shared, values);
}

void volume_state::update_session(const bar_inputs& in, const compact_state& shared, feature_values& values) {
  const double displacement = shared.bar_displacement();
  displacement_squares_ += in.now.volume * (displacement * displacement);
  const double mean = shared.mean_displacement();
  const double variance =
      shared.session_volume() > 0 ? displacement_squares_ / shared.session_volume() - mean * mean : 0;
  const double close_displacement = (in.now.close - shared.session_open()) / shared.session_open();
  at(values, feature::vwap_band) =
      variance > one_price ? (close_displacement - mean) / std::sqrt(variance) : 0;
  at(values, feature::session_volume) = 4 * balance(shared.known_volume(), shared.expected_volume());
}

void volume_state::update_windows(const bar_inputs& in, const compact_state& shared, feature_values& values) {
  const std::uint64_t number = in.number;
  accumulation_.put(number, position_between(in.now.close, in.now.low, in.now.high) * in.now.volume);
  const auto terms_20 = [&](std::uint64_t bar) {
    const double volume = volumes_[bar];
    const double move = shared.inner_changes()[bar];
    const double signed_volume = move > 0 ? volume : move < 0 ? -volume : 0;
    return window_sums<5>::terms{volume, volume * volume, signed_volume, accumulation_[bar], move * volume};
  };
  sums_5_.add({in.now.volume});
  sums_20_.add(terms_20(number));
  if (number >= 5)
    sums_5_.subtract({volumes_[number - 5]});
  if (number >= 20)
    sums_20_.subtract(terms_20(number - 20));

  const bool empty = empty_run_.covers(20);
  const double total = sums_20_[0];
  const double mean = total / 20;
  const double square = sums_20_[1] / 20;
  const double variance = square - mean * mean;
  const double mean_5 = empty_run_.covers(5) ? 0 : sums_5_[0] / 5;
  const double scale = in.inverse_sigma;
  at(values, feature::volume_5_20) = empty ? 0 : 3 * balance(mean_5, mean);
  at(values, feature::volume_z_20) =
      !empty && variance > flat_share * square ? (in.now.volume - mean) / std::sqrt(variance) : 0;
  at(values, feature::obv_slope_20) = empty ? 0 : 2 * sums_20_[2] / total;
  at(values, feature::cmf_20) = empty ? 0 : 2 * sums_20_[3] / total;
  at(values, feature::volume_return_20) = empty ? 0 : sums_20_[4] / total * std::sqrt(20.0) * scale;

  force_.add(in.inner_change * in.now.volume, ema_weight(13));
  size_.add(in.now.volume, ema_weight(13));
  at(values, feature::force_13) = size_.value() > 1e-290 ? 2 * (force_.value() / size_.value()) * scale : 0;
}

void volume_state::update_money_flow(const bar_inputs& in, feature_values& values) {
  const std::uint64_t number = in.number;
  const double typical = (in.now.high + in.now.low + in.now.close) / 3;
  const double change = number == 0 ? 0 : typical - typical_before_;
  typical_before_ = typical;
  const double size = typical * in.now.volume;
  const double flow = change > same_price * typical ? size : change < -same_price * typical ? -size : 0;
  const auto split = [](double x) { return window_sums<2>::terms{x > 0 ? x : 0, x < 0 ? -x : 0}; };
  flows_14_.add(split(flow));
  if (number >= 14)
    flows_14_.subtract(split(flows_[number - 14]));
  flows_.put(number, flow);
  no_flow_run_.update(flow == 0);
  at(values, feature::mfi_14) = no_flow_run_.covers(14) ? 0 : 2 * balance(flows_14_[0], flows_14_[1]);
}

void volume_state::update_correlation(const bar_inputs& in, const compact_state& shared,
                                      feature_values& values) {
  const std::uint64_t number = in.number;
  const auto terms = [&](std::uint64_t bar) {
    const double volume = volumes_[bar];
    const double size = std::abs(shared.inner_changes()[bar]);
    return window_sums<5>::terms{volume, volume * volume, size, size * size, size * volume};
  };
  pairs_50_.add(terms(number));
  if (number >= 50)
    pairs_50_.subtract(terms(number - 50));
  const double volume_mean = pairs_50_[0] / 50;
  const double volume_square = pairs_50_[1] / 50;
  const double size_mean = pairs_50_[2] / 50;
  const double size_square = pairs_50_[3] / 50;
  const double volume_variance = volume_square - volume_mean * volume_mean;
  const double size_variance = size_square - size_mean * size_mean;
  const bool flat = empty_run_.covers(50) || shared.flat_run().covers(50) ||
                    volume_variance <= flat_share * volume_square ||
                    size_variance <= flat_share * size_square;
  const double covariance = pairs_50_[4] / 50 - volume_mean * size_mean;
  at(values, feature::volume_correlation_50) =
      flat ? 0 : 2 * covariance / (std::sqrt(volume_variance) * std::sqrt(size_variance));
}

} // namespace sentio::rolling
