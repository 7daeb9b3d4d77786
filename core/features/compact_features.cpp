#include "core/features/compact_features.hpp"

namespace sentio::rolling {
namespace {

constexpr double sigma_decay = 0.98851402035289619; // 2^(-1/60)
constexpr double sigma_floor = 0.00005;             // half a basis point
constexpr double profile_weight = 0.2;
/// Below any price step over any price: sums of log moves this small are rounding, not movement.
constexpr double no_move = 1e-12;

} // namespace

void compact_state::begin_session() {
  session_volume_ = 0;
  weighted_displacement_ = 0;
  known_volume_ = 0;
  expected_volume_ = 0;
}

void compact_state::update(bar_inputs& in, feature_values& values) {
  update_returns(in);
  update_trend(in, values);
  update_volume(in, values);
  const double minute = in.minute;
  at(values, feature::session_progress) = 2 * minute / (in.session_minutes - 1) - 1;
  at(values, feature::opening_decay) = 15 / (15 + minute);
  at(values, feature::close_location) = position_between(in.now.close, in.now.low, in.now.high);
  at(values, feature::session_return) =
      (in.log_close - log_session_open_) * in.inverse_sigma / std::sqrt(minute + 1);
}

void compact_state::update_returns(bar_inputs& in) {
  const std::uint64_t number = in.number;
  if (in.opens_session) {
    log_session_open_ = in.log_open;
    session_open_ = in.now.open;
    overnight_gap_ = in.log_open - in.log_close_before;
  }
  in.quantised_close = quantised(in.log_close);
  in.change = in.log_close - in.log_close_before;
  in.inner_change = in.opens_session ? in.log_close - in.log_open : in.change;
  const double square = in.inner_change * in.inner_change;
  const double minutes =
      in.opens_session ? 1 : static_cast<double>((in.now.label - in.before.label) / minute_ms);
  sigma_sum_ = sigma_decay * sigma_sum_ + (1 - sigma_decay) * (square / minutes);
  sigma_weight_ = sigma_decay * sigma_weight_ + (1 - sigma_decay);
  const double sigma = std::sqrt(sigma_sum_ / sigma_weight_);
  in.sigma = sigma > sigma_floor ? sigma : sigma_floor;
  in.inverse_sigma = 1 / in.sigma;

  flat_run_.update(in.inner_change == 0);
  squares_20_.add({square});
  if (number >= 20) {
    const double old = inner_changes_[number - 20];
    squares_20_.subtract({old * old});
  }
  closes_20_sum_before_ = closes_20_.sum();
  closes_20_.add(in.quantised_close);
  if (number >= 20)
    closes_20_.remove(quantised(log_closes_[number - 20]));
  log_closes_.put(number, in.log_close);
  inner_changes_.put(number, in.inner_change);
  changes_.put(number, in.change);
}

void compact_state::update_trend(const bar_inputs& in, feature_values& values) {
  const std::uint64_t number = in.number;
  const double inverse_sigma = in.inverse_sigma;
  if (number == 0) {
    ema_20_.start(in.log_close);
    ema_100_.start(in.log_close);
  }
  ema_20_.add(in.log_close, ema_weight(20));
  ema_100_.add(in.log_close, ema_weight(100));
  at(values, feature::close_ema_20) = (in.log_close - ema_20_.value()) * inverse_sigma * per_root(20 / 4.0);
  at(values, feature::close_ema_100) =
      (in.log_close - ema_100_.value()) * inverse_sigma * per_root(100 / 4.0);

  const double move = in.inner_change;
  gain_14_.add(move > 0 ? move : 0, wilder_weight(14));
  loss_14_.add(move < 0 ? -move : 0, wilder_weight(14));
  at(values, feature::rsi_14) = 2 * balance(gain_14_.value(), loss_14_.value(), no_move);

  at(values, feature::roc_5) = (in.log_close - log_closes_[number - 5]) * inverse_sigma * per_root(5);
  at(values, feature::roc_20) = (in.log_close - log_closes_[number - 20]) * inverse_sigma * per_root(20);
  for (std::size_t lag = 0; lag < 3; ++lag)
    at(values, feature::return_lag_0, lag) = changes_[number - lag] * inverse_sigma;

  const double squares = squares_20_[0] > 0 ? squares_20_[0] : 0;
  at(values, feature::realised_20) = flat_run_.covers(20) ? 0 : std::sqrt(squares / 20) * inverse_sigma - 1;
  deviation_20_ = closes_20_.deviation(in.quantised_close, 20);
  variance_20_ = closes_20_.variance(20);
  at(values, feature::bollinger_b_20) = variance_20_ > 0 ? deviation_20_ / (2 * std::sqrt(variance_20_)) : 0;
}

void compact_state::update_volume(const bar_inputs& in, feature_values& values) {
  const bar& now = in.now;
  // Relative to the session's open, so that no digits are lost to the size of the price.
  bar_displacement_ = ((now.high - session_open_) + (now.low - session_open_) + (now.close - session_open_)) /
                      (3 * session_open_);
  session_volume_ += now.volume;
  weighted_displacement_ += now.volume * bar_displacement_;
  mean_displacement_ = session_volume_ > 0 ? weighted_displacement_ / session_volume_ : 0;
  const double close_displacement = (now.close - session_open_) / session_open_;
  at(values, feature::vwap_distance) = session_volume_ > 0 ? (close_displacement - mean_displacement_) /
                                                                 (1 + close_displacement) * in.inverse_sigma /
                                                                 std::sqrt((in.minute + 3) / 3.0)
                                                           : 0;

  double& usual = profile_[static_cast<std::size_t>(in.minute)];
  if (usual < 0) { // no session had a bar in this minute yet
    at(values, feature::relative_volume) = 0;
    usual = now.volume;
    return;
  }
  at(values, feature::relative_volume) = 2 * balance(now.volume, usual);
  known_volume_ += now.volume;
  expected_volume_ += usual;
  usual += profile_weight * (now.volume - usual);
}

} // namespace sentio::rolling
