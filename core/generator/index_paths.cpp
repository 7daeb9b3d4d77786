#include "core/generator/index_paths.hpp"

#include "core/generator/normal.hpp"
#include "core/generator/planted_momentum.hpp"
#include "core/numeric/elementary.hpp"

#include <algorithm>
#include <cmath>

namespace sentio {

namespace {

constexpr std::size_t steps_per_minute = 8;
// The open of a minute is its first trade: little has happened since the last close.
constexpr double open_share = 0.04;
constexpr double other_share = (1 - open_share) / (steps_per_minute - 1);
constexpr std::size_t large = static_cast<std::size_t>(market_index::large_caps);
constexpr std::size_t futures = static_cast<std::size_t>(market_index::volatility);

double share_of(std::size_t step) {
  return step == 0 ? open_share : other_share;
}

using step_returns = std::array<double, steps_per_minute>;

/// Log volatility of the whole market, relative to its mean level.
class market_volatility {
public:
  /// One minute on, with a shock of unit variance.
  void advance(double shock) {
    slow_ = slow_decay * slow_ + slow_size * std::sqrt(1 - slow_decay * slow_decay) * shock;
    fast_ = fast_decay * fast_ + fast_size * std::sqrt(1 - fast_decay * fast_decay) * shock;
  }
  /// Mean square 1: the variance of the logarithm is taken off.
  double level() const { return det_exp(slow_ + fast_ - slow_size * slow_size - fast_size * fast_size); }

private:
  static constexpr double slow_decay = 1 - 1.0 / 1600;
  static constexpr double fast_decay = 1 - 1.0 / 45;
  static constexpr double slow_size = 0.30;
  static constexpr double fast_size = 0.28;
  double slow_ = 0;
  double fast_ = 0;
};

class path_generator {
public:
  path_generator(const generator_options& options)
      : random_(options.seed), momentum_(market_index_count, planted_momentum(options.edge)) {}

  std::array<index_day, market_index_count> next_day(int minutes, bool first_day) {
    const auto count = static_cast<std::size_t>(minutes);
    std::array<index_day, market_index_count> days;
    for (auto& day : days) {
      day.ratio.reserve(count * steps_per_minute);
      day.volatility.reserve(count);
      day.expected_return.reserve(count);
    }
    const auto shape = volatility_shape(minutes);
    auto ratio = gaps(first_day);
    for (std::size_t minute = 0; minute < count; ++minute) {
      std::array<step_returns, market_index_count> steps;
      draw_minute(steps);
      const double level = shape[minute] * volatility_.level() / std::sqrt(390.0);
      for (std::size_t i = 0; i < market_index_count; ++i) {
        const double volatility = profile_of(static_cast<market_index>(i)).daily_volatility * level;
        double z = 0;
        for (const double step : steps[i]) {
          z += step;
          // No step may halve an index: that would take a shock of hundreds of standard deviations.
          ratio[i] *= 1 + std::max(-0.5, volatility * step);
          days[i].ratio.push_back(ratio[i]);
        }
        momentum_[i].update(z);
        days[i].volatility.push_back(volatility);
        days[i].expected_return.push_back(volatility * momentum_[i].expected_five());
      }
      volatility_.advance(volatility_shock_);
    }
    for (std::size_t i = 0; i < market_index_count; ++i)
      log_level_[i] += det_log(ratio[i]);
    return days;
  }

private:
  /// Open / previous close of each index: half a day's volatility, correlated like the session's returns, and
  /// a pull back to the first level, so that years of days do not run away. Overnight, where nobody holds a
  /// position.
  std::array<double, market_index_count> gaps(bool first_day) {
    std::array<double, market_index_count> ratio{};
    const double level = 0.5 * volatility_.level();
    const double common = normal_deviate(random_);
    for (std::size_t i = 0; i < market_index_count; ++i) {
      const auto& profile = profile_of(static_cast<market_index>(i));
      const double own = normal_deviate(random_);
      const double z =
          profile.correlation * common + std::sqrt(1 - profile.correlation * profile.correlation) * own;
      const double pull = (i == futures ? 0.06 : 0.01) * log_level_[i];
      ratio[i] = first_day ? 1 : 1 + std::clamp(level * z, -4.0, 4.0) * profile.daily_volatility - pull;
    }
    return ratio;
  }

  /// The steps of a minute in units of its volatility: white noise plus the planted drift.
  void draw_minute(std::array<step_returns, market_index_count>& steps) {
    // One minute in 1,500 carries news.
    const double size = random_.below(1500) == 0 ? 4 : 1;
    double large_sum = 0;
    for (std::size_t step = 0; step < steps_per_minute; ++step) {
      const double common = normal_deviate(random_);
      for (std::size_t i = 0; i < market_index_count; ++i) {
        const double correlation = profile_of(static_cast<market_index>(i)).correlation;
        const double own = i == large ? 0 : normal_deviate(random_);
        const double mixed = correlation * common + std::sqrt(1 - correlation * correlation) * own;
        steps[i][step] = size * std::sqrt(share_of(step)) * mixed;
      }
      large_sum += std::sqrt(share_of(step)) * common;
    }
    // Volatility rises when prices fall, and takes the futures with it.
    const double own_shock = normal_deviate(random_);
    volatility_shock_ = -0.4 * large_sum + std::sqrt(1 - 0.4 * 0.4) * own_shock;
    constexpr double pull = 0.35;
    // The variance of futures steps + pull * shock, their correlation being -0.4 * -0.75.
    const double scale = 1 / std::sqrt(1 + pull * pull + 2 * pull * 0.4 * 0.75);
    for (std::size_t step = 0; step < steps_per_minute; ++step)
      steps[futures][step] = scale * (steps[futures][step] + pull * volatility_shock_ * share_of(step));
    for (std::size_t i = 0; i < market_index_count; ++i)
      for (std::size_t step = 0; step < steps_per_minute; ++step)
        steps[i][step] += momentum_[i].expected_next() * share_of(step);
  }

  random_source random_;
  market_volatility volatility_;
  double volatility_shock_ = 0;
  std::array<double, market_index_count> log_level_{}; ///< of the last close, relative to the first open
  std::vector<planted_momentum> momentum_;
};

/// Exponential edges at both ends of a session over a flat middle; scaled by the caller.
std::vector<double> u_shape(int minutes, double at_open, double open_minutes, double at_close,
                            double close_minutes) {
  std::vector<double> shape;
  for (int minute = 0; minute < minutes; ++minute)
    shape.push_back(1 + at_open * det_exp(-minute / open_minutes) +
                    at_close * det_exp(-(minutes - 1 - minute) / close_minutes));
  return shape;
}

} // namespace

std::vector<double> volume_shape(int minutes) {
  auto shape = u_shape(minutes, 4, 18, 4, 10);
  double sum = 0;
  for (const double x : shape)
    sum += x;
  for (double& x : shape)
    x *= minutes / sum;
  return shape;
}

std::vector<double> volatility_shape(int minutes) {
  auto shape = u_shape(minutes, 1.6, 28, 0.4, 20);
  double sum = 0;
  for (const double x : shape)
    sum += x * x;
  for (double& x : shape)
    x *= std::sqrt(minutes / sum);
  return shape;
}

index_paths synthetic_paths(const generator_options& options) {
  index_paths paths;
  paths.steps = steps_per_minute;
  path_generator generator(options);
  civil_date date = options.start.value_or(civil_date{2025, 1, 2});
  for (int i = 0; i < options.days; ++i, date = add_days(date, 1)) {
    date = next_session(date);
    const auto hours = session_on(date);
    paths.sessions.push_back(*hours);
    auto days = generator.next_day(hours->minutes(), i == 0);
    for (std::size_t index = 0; index < market_index_count; ++index)
      paths.days[index].push_back(std::move(days[index]));
  }
  return paths;
}

} // namespace sentio
