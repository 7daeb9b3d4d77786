// Calendar, price action, patterns and lags.
#include "tests/features/reference.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace sentio::test {

void reference::calendar_and_price_action(std::size_t t, values_by_feature& out) const {
  const auto set = [&](feature f, real value) { out[static_cast<std::size_t>(f)] = value; };
  const bar& b = bar_at(t);
  const session_hours& hours = s_.sessions[s_.session_of[t]];
  const real s = sigma[t];
  const real m = minute(t);
  const real M = hours.minutes();
  const real turn = 2 * std::numbers::pi_v<real>;
  set(feature::minute_sine, std::sin(turn * m / 390));
  set(feature::minute_cosine, std::cos(turn * m / 390));
  set(feature::session_progress, 2 * m / (M - 1) - 1);
  set(feature::opening_decay, 15 / (15 + m));
  set(feature::closing_decay, 15 / (15 + M - 1 - m));
  const auto monday = static_cast<time_ms>(20'094) * 86'400'000;
  const real weekday = static_cast<real>((hours.open - monday) / 86'400'000 % 7);
  set(feature::weekday_sine, std::sin(turn * weekday / 5));
  set(feature::weekday_cosine, std::cos(turn * weekday / 5));
  set(feature::month_progress, (hours.date.day - 16) / 15.0L);

  const std::size_t first = session_start(t);
  const real close_before = t == 0 ? O[0] : C[t - 1];
  set(feature::bar_return, (C[t] - O[t]) / s);
  set(feature::bar_range, (H[t] - L[t]) / (2 * s));
  set(feature::close_location, location[t]);
  set(feature::upper_wick, (H[t] - std::max(O[t], C[t])) / s);
  set(feature::lower_wick, (std::min(O[t], C[t]) - L[t]) / s);
  set(feature::body_to_range,
      b.high > b.low ? (static_cast<real>(b.close) - b.open) / (static_cast<real>(b.high) - b.low) : 0);
  set(feature::open_gap, (O[t] - close_before) / s);
  set(feature::overnight_gap, first == 0 ? 0 : (O[first] - C[first - 1]) / (20 * s));
  set(feature::session_return, (C[t] - O[first]) / (s * std::sqrt(m + 1)));
  set(feature::session_position, position(t, t - first + 1));
  set(feature::high_change, t == 0 ? 0 : (H[t] - H[t - 1]) / s);
  set(feature::low_change, t == 0 ? 0 : (L[t] - L[t - 1]) / s);
}

void reference::patterns_and_lags(std::size_t t, values_by_feature& out) const {
  const auto set = [&](feature f, real value) { out[static_cast<std::size_t>(f)] = value; };
  if (t < 21)
    return; // tested by hand
  const bar& b = bar_at(t);
  const bar& before = bar_at(t - 1);
  // In whole millionths of a dollar, where a threshold can be compared exactly.
  const auto units = [](double price) { return std::llround(price * 1e6); };
  const auto o = units(b.open), h = units(b.high), l = units(b.low), c = units(b.close);
  const auto o1 = units(before.open), h1 = units(before.high), l1 = units(before.low),
             c1 = units(before.close);
  const auto body = std::abs(c - o), body1 = std::abs(c1 - o1), range = h - l;
  const auto upper = h - std::max(o, c), lower = std::min(o, c) - l;
  const int sign = c > o ? 1 : c < o ? -1 : 0;
  const int sign1 = c1 > o1 ? 1 : c1 < o1 ? -1 : 0;
  set(feature::doji, range > 0 && 10 * body <= range);
  const auto c5 = units(bar_at(t - 5).close);
  set(feature::hammer,
      range > 0 && 10 * lower >= 6 * range && lower >= 2 * body && 10 * upper <= range && c1 < c5);
  set(feature::shooting_star,
      range > 0 && 10 * upper >= 6 * range && upper >= 2 * body && 10 * lower <= range && c1 > c5);
  const bool opposite = sign * sign1 == -1;
  const bool covers =
      std::max(o, c) >= std::max(o1, c1) && std::min(o, c) <= std::min(o1, c1) && body > body1;
  const bool inside = std::max(o, c) <= std::max(o1, c1) && std::min(o, c) >= std::min(o1, c1);
  set(feature::engulfing, opposite && covers ? sign : 0);
  set(feature::harami, opposite && inside && 10 * body <= 6 * body1 ? sign : 0);
  set(feature::containment, (h <= h1 && l >= l1 ? 1 : 0) - (h >= h1 && l <= l1 ? 1 : 0));
  set(feature::marubozu, range > 0 && 10 * body >= 9 * range ? sign : 0);
  int streak = 0;
  for (std::size_t k = t; k > 0; --k) {
    const double change = bar_at(k).close - bar_at(k - 1).close;
    const int step = change > 0 ? 1 : change < 0 ? -1 : 0;
    if (step == 0 || step * streak < 0)
      break;
    streak += step;
  }
  set(feature::streak, streak / 3.0L);

  constexpr std::array<std::size_t, 10> lags{1, 2, 3, 4, 5, 6, 8, 10, 15, 20};
  for (std::size_t i = 0; i < lags.size(); ++i)
    out[static_cast<std::size_t>(feature::price_lag_1) + i] =
        (C[t] - (H[t - lags[i]] + L[t - lags[i]]) / 2) /
        (sigma[t] * std::sqrt(static_cast<real>(lags[i] + 1)));
  for (std::size_t k = 0; k < 15; ++k)
    out[static_cast<std::size_t>(feature::return_lag_0) + k] = r[t - k] / sigma[t];
}

} // namespace sentio::test
