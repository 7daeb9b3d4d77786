#include "tests/features/reference.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace sentio::test {
namespace {

constexpr std::array<int, 6> ema_lengths{5, 10, 20, 50, 100, 200};

/// x averaged with weight w of the newest, from `start` before the first.
real_series_values averaged(const real_series_values& x, real w, real start) {
  real_series_values out;
  real value = start;
  for (const real now : x) {
    value = w * now + (1 - w) * value;
    out.push_back(value);
  }
  return out;
}

real_series_values ema(const real_series_values& x, int n) {
  return averaged(x, 2.0L / (n + 1), x.front());
}
real_series_values wilder(const real_series_values& x, int n) {
  return averaged(x, 1.0L / n, 0);
}

template <class Function>
real_series_values each(std::size_t count, Function f) {
  real_series_values out;
  for (std::size_t t = 0; t < count; ++t)
    out.push_back(f(t));
  return out;
}

real balance_or_zero(real a, real b) {
  return a + b > 1e-12L ? (a - b) / (a + b) : 0;
}

} // namespace

reference::reference(const series& s) : s_(s) {
  const std::size_t count = s.bars.size();
  const auto logs = [&](double bar::*field) {
    return each(count, [&](std::size_t t) { return std::log(static_cast<real>(s_.bars[t].*field)); });
  };
  O = logs(&bar::open);
  H = logs(&bar::high);
  L = logs(&bar::low);
  C = logs(&bar::close);
  r = each(count, [&](std::size_t t) { return t == 0 ? C[0] - O[0] : C[t] - C[t - 1]; });
  u = each(count, [&](std::size_t t) { return session_start(t) == t ? C[t] - O[t] : r[t]; });
  typical_price = each(count, [&](std::size_t t) {
    return (static_cast<real>(bar_at(t).high) + bar_at(t).low + bar_at(t).close) / 3;
  });
  typical_log = each(count, [&](std::size_t t) { return (H[t] + L[t] + C[t]) / 3; });
  true_range = each(count, [&](std::size_t t) {
    return session_start(t) == t ? H[t] - L[t] : std::max(H[t], C[t - 1]) - std::min(L[t], C[t - 1]);
  });
  flow = each(count, [&](std::size_t t) -> real {
    const real change = t == 0 ? 0 : typical_price[t] - typical_price[t - 1];
    const real size = typical_price[t] * bar_at(t).volume;
    return std::abs(change) <= 1e-9L * typical_price[t] ? 0 : change > 0 ? size : -size;
  });
  location = each(count, [&](std::size_t t) -> real {
    const bar& b = bar_at(t);
    return b.high > b.low
               ? (2 * static_cast<real>(b.close) - b.high - b.low) / (static_cast<real>(b.high) - b.low)
               : 0;
  });
  const real decay = std::exp2(-1.0L / 60);
  real sum = 0;
  real weight = 0;
  sigma = each(count, [&](std::size_t t) {
    const time_ms minutes = session_start(t) == t ? 1 : (bar_at(t).label - bar_at(t - 1).label) / minute_ms;
    sum = decay * sum + u[t] * u[t] / static_cast<real>(minutes);
    weight = decay * weight + 1;
    return std::max(std::sqrt(sum / weight), 0.00005L);
  });
  prepare_averages();
  prepare_volume_profile();
}

void reference::prepare_averages() {
  const std::size_t count = C.size();
  for (const int n : ema_lengths)
    ema_close_.push_back(ema(C, n));
  const auto gains = each(count, [&](std::size_t t) { return std::max(u[t], 0.0L); });
  const auto losses = each(count, [&](std::size_t t) { return std::max(-u[t], 0.0L); });
  gain_7 = wilder(gains, 7);
  loss_7 = wilder(losses, 7);
  gain_14 = wilder(gains, 14);
  loss_14 = wilder(losses, 14);
  gain_21 = wilder(gains, 21);
  loss_21 = wilder(losses, 21);
  const auto fast = ema(C, 12);
  const auto slow = ema(C, 26);
  macd = each(count, [&](std::size_t t) { return fast[t] - slow[t]; });
  macd_signal = ema(macd, 9);
  trix = ema(ema(ema(C, 9), 9), 9);
  const auto sizes = each(count, [&](std::size_t t) { return std::abs(u[t]); });
  tsi_change = averaged(averaged(u, 2 / 26.0L, 0), 2 / 14.0L, 0);
  tsi_size = averaged(averaged(sizes, 2 / 26.0L, 0), 2 / 14.0L, 0);
  const auto up = each(count, [&](std::size_t t) { return session_start(t) == t ? 0 : H[t] - H[t - 1]; });
  const auto down = each(count, [&](std::size_t t) { return session_start(t) == t ? 0 : L[t - 1] - L[t]; });
  rise = wilder(each(count, [&](std::size_t t) { return up[t] > down[t] && up[t] > 0 ? up[t] : 0; }), 14);
  fall = wilder(each(count, [&](std::size_t t) { return down[t] > up[t] && down[t] > 0 ? down[t] : 0; }), 14);
  direction =
      wilder(each(count, [&](std::size_t t) { return std::abs(balance_or_zero(rise[t], fall[t])); }), 14);
  range_14 = averaged(true_range, 1 / 14.0L, true_range.front());
  range_100 = averaged(true_range, 1 / 100.0L, true_range.front());
  force = averaged(each(count, [&](std::size_t t) { return u[t] * bar_at(t).volume; }), 2 / 14.0L, 0);
  force_size = averaged(each(count, [&](std::size_t t) -> real { return bar_at(t).volume; }), 2 / 14.0L, 0);
}

void reference::prepare_volume_profile() {
  std::map<int, std::vector<real>> earlier; // by minute of the session
  usual_volume = each(C.size(), [&](std::size_t t) {
    std::vector<real>& volumes = earlier[minute(t)];
    real usual = -1;
    if (!volumes.empty()) {
      usual = volumes.front() * std::pow(0.8L, static_cast<real>(volumes.size() - 1));
      for (std::size_t i = 1; i < volumes.size(); ++i)
        usual += 0.2L * volumes[i] * std::pow(0.8L, static_cast<real>(volumes.size() - 1 - i));
    }
    volumes.push_back(bar_at(t).volume);
    return usual;
  });
}

std::size_t reference::session_start(std::size_t t) const {
  while (t > 0 && s_.session_of[t - 1] == s_.session_of[t])
    --t;
  return t;
}

int reference::minute(std::size_t t) const {
  return static_cast<int>((bar_at(t).label - s_.sessions[s_.session_of[t]].open) / minute_ms);
}

real reference::mean_close(std::size_t t, std::size_t n) const {
  real sum = 0;
  for (std::size_t k = 0; k < n; ++k)
    sum += C[t - k];
  return sum / static_cast<real>(n);
}

real reference::deviation_close(std::size_t t, std::size_t n) const {
  const real mean = mean_close(t, n);
  real sum = 0;
  bool flat = true;
  for (std::size_t k = 0; k < n; ++k) {
    sum += (C[t - k] - mean) * (C[t - k] - mean);
    flat = flat && bar_at(t - k).close == bar_at(t).close;
  }
  return flat ? 0 : std::sqrt(sum / static_cast<real>(n));
}

real reference::position(std::size_t t, std::size_t n) const {
  real high = 0;
  real low = 1e300L;
  for (std::size_t k = 0; k < n; ++k) {
    high = std::max<real>(high, bar_at(t - k).high);
    low = std::min<real>(low, bar_at(t - k).low);
  }
  return high > low ? (2 * static_cast<real>(bar_at(t).close) - high - low) / (high - low) : 0;
}

std::array<double, full_feature_count> reference::values(std::size_t t) const {
  values_by_feature out{};
  calendar_and_price_action(t, out);
  patterns_and_lags(t, out);
  // Windows reach back 200 bars; before that only what is warm is asked for.
  if (t + 1 >= 200) {
    moving_averages(t, out);
    momentum(t, out);
    volatility(t, out);
    volume(t, out);
    volume_windows(t, out);
    statistics(t, out);
    regressions(t, out);
  }
  std::array<double, full_feature_count> clipped{};
  for (const feature_row& row : feature_table()) {
    const auto i = static_cast<std::size_t>(row.index);
    clipped[i] = t + 1 < row.warm_up_bars ? 0 : static_cast<double>(std::clamp(out[i], -5.0L, 5.0L));
  }
  return clipped;
}

} // namespace sentio::test
