#include "core/features/bar_shape_features.hpp"

#include "core/numeric/elementary.hpp"

#include <algorithm>

namespace sentio::rolling {
namespace {

constexpr double two_pi = 6.28318530717958647693;
/// Prices sit on a grid of cents, so ratios like 0.1 are hit exactly; this keeps their side of a threshold
/// when all prices are multiplied by a constant.
constexpr double slack = 1e-9;
constexpr std::array<std::uint64_t, 10> price_lags{1, 2, 3, 4, 5, 6, 8, 10, 15, 20};

double sign_of(double x) {
  return x > 0 ? 1 : x < 0 ? -1 : 0;
}

} // namespace

void bar_shape_state::begin_session(int weekday, int day_of_month) {
  weekday_sine_ = det_sin(two_pi * weekday / 5);
  weekday_cosine_ = det_cos(two_pi * weekday / 5);
  month_progress_ = (day_of_month - 16) / 15.0;
}

void bar_shape_state::update(const bar_inputs& in, const compact_state& shared, feature_values& values) {
  update_calendar(in, values);
  update_price_action(in, shared, values);
  update_patterns(in, shared, values);
  middles_.put(in.number, (in.log_high + in.log_low) * 0.5);
  for (std::size_t i = 0; i < price_lags.size(); ++i)
    at(values, feature::price_lag_1, i) = (in.log_close - middles_[in.number - price_lags[i]]) *
                                          in.inverse_sigma * per_root(static_cast<double>(price_lags[i] + 1));
  for (std::size_t lag = 3; lag < 15; ++lag)
    at(values, feature::return_lag_0, lag) = shared.changes()[in.number - lag] * in.inverse_sigma;
}

void bar_shape_state::update_calendar(const bar_inputs& in, feature_values& values) const {
  const double angle = two_pi * in.minute / 390;
  at(values, feature::minute_sine) = det_sin(angle);
  at(values, feature::minute_cosine) = det_cos(angle);
  at(values, feature::closing_decay) = 15.0 / (15 + in.session_minutes - 1 - in.minute);
  at(values, feature::weekday_sine) = weekday_sine_;
  at(values, feature::weekday_cosine) = weekday_cosine_;
  at(values, feature::month_progress) = month_progress_;
}

void bar_shape_state::update_price_action(const bar_inputs& in, const compact_state& shared,
                                          feature_values& values) {
  const bar& now = in.now;
  const double inverse_sigma = in.inverse_sigma;
  session_high_ = in.opens_session ? now.high : std::max(session_high_, now.high);
  session_low_ = in.opens_session ? now.low : std::min(session_low_, now.low);
  at(values, feature::bar_return) = (in.log_close - in.log_open) * inverse_sigma;
  at(values, feature::bar_range) = (in.log_high - in.log_low) * inverse_sigma * 0.5;
  at(values, feature::upper_wick) = (in.log_high - std::max(in.log_open, in.log_close)) * inverse_sigma;
  at(values, feature::lower_wick) = (std::min(in.log_open, in.log_close) - in.log_low) * inverse_sigma;
  at(values, feature::body_to_range) = now.high > now.low ? (now.close - now.open) / (now.high - now.low) : 0;
  at(values, feature::open_gap) = (in.log_open - in.log_close_before) * inverse_sigma;
  at(values, feature::overnight_gap) = shared.overnight_gap() * inverse_sigma * 0.05;
  at(values, feature::session_position) = position_between(now.close, session_low_, session_high_);
  at(values, feature::high_change) = (in.log_high - in.log_high_before) * inverse_sigma;
  at(values, feature::low_change) = (in.log_low - in.log_low_before) * inverse_sigma;
}

void bar_shape_state::update_patterns(const bar_inputs& in, const compact_state& shared,
                                      feature_values& values) {
  const bar& now = in.now;
  const bar& before = in.before;
  const double range = now.high - now.low;
  const double body = now.close - now.open;
  const double body_before = before.close - before.open;
  const double body_size = std::abs(body);
  const double upper = now.high - std::max(now.open, now.close);
  const double lower = std::min(now.open, now.close) - now.low;
  const double five_before = shared.log_closes()[in.number - 5];
  const bool has_range = range > 0;

  at(values, feature::doji) = has_range && body_size <= range * (0.1 + slack) ? 1 : 0;
  const auto long_wick = [&](double wick, double other) {
    return has_range && wick >= range * (0.6 - slack) && wick >= body_size * (2 - slack) &&
           other <= range * (0.1 + slack);
  };
  at(values, feature::hammer) = long_wick(lower, upper) && in.log_close_before < five_before ? 1 : 0;
  at(values, feature::shooting_star) = long_wick(upper, lower) && in.log_close_before > five_before ? 1 : 0;

  const double top = std::max(now.open, now.close);
  const double bottom = std::min(now.open, now.close);
  const double top_before = std::max(before.open, before.close);
  const double bottom_before = std::min(before.open, before.close);
  const bool opposite = (body > 0 && body_before < 0) || (body < 0 && body_before > 0);
  const double body_size_before = top_before - bottom_before;
  const bool engulfs =
      opposite && top >= top_before && bottom <= bottom_before && body_size > body_size_before * (1 + slack);
  at(values, feature::engulfing) = engulfs ? sign_of(body) : 0;
  const bool lies_inside = opposite && top <= top_before && bottom >= bottom_before &&
                           body_size <= body_size_before * (0.6 + slack);
  at(values, feature::harami) = lies_inside ? sign_of(body) : 0;
  const bool inside = now.high <= before.high && now.low >= before.low;
  const bool outside = now.high >= before.high && now.low <= before.low;
  at(values, feature::containment) = (inside ? 1 : 0) - (outside ? 1 : 0);
  at(values, feature::marubozu) = has_range && body_size >= range * (0.9 - slack) ? sign_of(body) : 0;

  const double direction = sign_of(in.change);
  streak_ = direction == 0 ? 0 : direction == sign_of(streak_) ? streak_ + direction : direction;
  at(values, feature::streak) = streak_ / 3;
}

} // namespace sentio::rolling
