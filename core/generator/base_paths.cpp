// Index paths through real bars.
#include "core/generator/index_paths.hpp"

#include "core/generator/normal.hpp"
#include "core/market/session_reader.hpp"

#include <algorithm>
#include <cmath>

namespace sentio {

namespace {

constexpr std::size_t steps_per_minute = 4; // open, two extremes, close
constexpr std::size_t large = static_cast<std::size_t>(market_index::large_caps);
constexpr std::size_t nasdaq = static_cast<std::size_t>(market_index::nasdaq);

/// Exponential average of squared minute returns: what volatility is at the moment.
class volatility_estimate {
public:
  void update(double minute_return) {
    constexpr double weight = 1.0 / 60;
    variance_ += weight * (minute_return * minute_return - variance_);
  }
  double value() const { return std::sqrt(variance_); }

private:
  double variance_ = .0085 * .0085 / 390; // a usual minute of large caps
};

std::optional<std::filesystem::path> file_of(const generator_options& options, std::string_view symbol) {
  const auto& files = options.from_base;
  const auto found = std::find_if(files.begin(), files.end(), [&](const std::filesystem::path& file) {
    return file.filename().string().starts_with(symbol);
  });
  return found != files.end() ? std::optional(*found) : std::nullopt;
}

/// The sessions of one file of real bars, in step with those asked for.
class base_reader {
public:
  base_reader(const std::filesystem::path& file, std::string symbol, const session_read_options& options)
      : file_(file), source_(file, {std::move(symbol)}, options), more_(source_.next(bars_)) {}

  bool more() const { return more_; }
  const session_hours& hours() const { return bars_.hours; }
  void advance() { more_ = source_.next(bars_); }

  /// Path of the session at hand. A minute without a bar stands still at the last price.
  index_day take_day() {
    const auto& bars = bars_.bars.front();
    index_day day;
    double last = bars.front().open;
    if (previous_close_ == 0)
      previous_close_ = last;
    auto at = bars.begin();
    for (time_ms label = bars_.hours.open; label < bars_.hours.close; label += minute_ms) {
      std::array<double, steps_per_minute> prices{last, last, last, last};
      if (at != bars.end() && at->label == label) {
        const bool rose = at->close >= at->open;
        prices = {at->open, rose ? at->low : at->high, rose ? at->high : at->low, at->close};
        ++at;
      }
      for (const double price : prices)
        day.ratio.push_back(price / previous_close_);
      volatility_.update(prices.back() / last - 1);
      day.volatility.push_back(volatility_.value());
      last = prices.back();
    }
    day.expected_return.assign(day.volatility.size(), 0);
    previous_close_ = last;
    return day;
  }
  const std::filesystem::path& file() const { return file_; }

private:
  std::filesystem::path file_;
  session_bar_source source_;
  market_day bars_;
  bool more_;
  double previous_close_ = 0;
  volatility_estimate volatility_;
};

/// Follows large caps with the usual sensitivity, plus noise in proportion to their present volatility.
index_day derived_day(const index_day& base, market_index index, random_source& random) {
  const auto& profile = profile_of(index);
  const double scale = profile.daily_volatility / profile_of(market_index::large_caps).daily_volatility;
  const double own = std::sqrt(1 - profile.correlation * profile.correlation);
  index_day day;
  double ratio = 1;
  double last = 1;
  for (std::size_t i = 0; i < base.ratio.size(); ++i) {
    const double follow = profile.correlation * (base.ratio[i] / last - 1);
    const double noise = own * base.volatility[i / steps_per_minute] * std::sqrt(1.0 / steps_per_minute);
    ratio *= 1 + std::max(-0.5, scale * (follow + noise * normal_deviate(random)));
    last = base.ratio[i];
    day.ratio.push_back(ratio);
  }
  for (const double volatility : base.volatility)
    day.volatility.push_back(scale * volatility);
  day.expected_return = base.expected_return;
  return day;
}

} // namespace

index_paths base_paths(const generator_options& options) {
  const auto spy = file_of(options, "SPY");
  if (!spy)
    throw data_error(
        "no file named SPY... is among the base files; funds are derived from SPY (and QQQ) bars");
  session_read_options reading;
  reading.first = options.start;
  base_reader large_caps(*spy, "SPY", reading);
  std::optional<base_reader> technology;
  if (const auto qqq = file_of(options, "QQQ"))
    technology.emplace(*qqq, "QQQ", reading);
  if (!large_caps.more())
    throw data_error(spy->string() + ": no bar in a regular session" +
                     (options.start ? " from " + to_string(*options.start) + " on" : std::string()));

  index_paths paths;
  paths.steps = steps_per_minute;
  random_source random(options.seed);
  for (int i = 0; i < options.days && large_caps.more(); ++i) {
    const session_hours hours = large_caps.hours();
    paths.sessions.push_back(hours);
    const index_day base = large_caps.take_day();
    large_caps.advance();
    for (std::size_t index = 0; index < market_index_count; ++index) {
      index_day derived = index == large ? base : derived_day(base, static_cast<market_index>(index), random);
      if (index == nasdaq && technology) {
        while (technology->more() && technology->hours().open < hours.open)
          technology->advance();
        if (!technology->more() || technology->hours().open != hours.open)
          throw data_error(technology->file().string() + ": no bars on " + to_string(hours.date) +
                           ", a session of " + spy->string() + "; both need the same days");
        derived = technology->take_day();
      }
      paths.days[index].push_back(std::move(derived));
    }
  }
  return paths;
}

} // namespace sentio
