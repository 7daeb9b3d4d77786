#include "core/generator/market.hpp"

#include "core/generator/normal.hpp"
#include "core/generator/planted_momentum.hpp"
#include "core/numeric/elementary.hpp"
#include "core/numeric/hash.hpp"

#include <algorithm>
#include <cmath>

namespace sentio {

namespace {

/// Makes the bars of one fund, day after day.
class fund_walk {
public:
  fund_walk(const fund_profile& profile, const generator_options& options, std::size_t steps,
            std::string_view symbol)
      : profile_(profile), steps_(steps), random_(options.seed ^ fnv1a64(symbol)),
        own_momentum_(options.edge), close_(profile.first_price) {
    // Trades arrive as a Poisson stream: a minute of activity u is empty with probability exp(-rate u).
    trade_rate_ = profile.missing_share > 0 ? -det_log(profile.missing_share) : 1e3;
  }

  void add_day(const session_hours& hours, const index_day& index, generated_series& out) {
    const auto activity = volume_shape(hours.minutes());
    double last = close_;
    for (std::size_t minute = 0; minute < activity.size(); ++minute) {
      bar b = trade_minute(index, minute, last);
      b.label = hours.open + static_cast<time_ms>(minute) * minute_ms;
      b.volume = volume(activity[minute]);
      const double expected = planted_expectation(index, minute, last);
      if (random_.uniform() >= det_exp(-trade_rate_ * activity[minute])) {
        out.bars.push_back(b);
        out.oracle.push_back(expected);
      }
    }
    if (random_.uniform() < profile_.closing_row_share)
      out.closing_rows.push_back(closing_row(hours, last));
    close_ = last;
    own_ratio_ = 1;
  }

private:
  /// Walks through the steps of a minute; `last` becomes the fund's price at its end.
  bar trade_minute(const index_day& index, std::size_t minute, double& last) {
    premium_ = 0.7 * premium_ + 0.35e-4 * normal_deviate(random_);
    const double own_volatility =
        profile_.own_volatility * std::fabs(profile_.leverage) * index.volatility[minute];
    const double own_drift = own_momentum_.expected_next() / static_cast<double>(steps_);
    const double step_size = std::sqrt(1 / static_cast<double>(steps_));
    double own_z = 0;
    bar b;
    for (std::size_t step = 0; step < steps_; ++step) {
      if (own_volatility > 0) {
        const double z = own_drift + step_size * normal_deviate(random_);
        own_z += z;
        own_ratio_ *= 1 + std::max(-0.5, own_volatility * z);
      }
      const double move = profile_.leverage * (index.ratio[minute * steps_ + step] - 1);
      // A day that would take a fund below a twentieth is beyond any circuit breaker.
      last = close_ * std::max(0.05, 1 + move) * own_ratio_;
      const double price = traded_price(last * (1 + premium_));
      if (step == 0)
        b.open = b.high = b.low = price;
      b.high = std::max(b.high, price);
      b.low = std::min(b.low, price);
      b.close = price;
    }
    own_momentum_.update(own_z);
    return b;
  }

  double planted_expectation(const index_day& index, std::size_t minute, double last) const {
    // The leverage is on yesterday's close; a return from now on has the exposure of today's price.
    const double exposure =
        profile_.leverage * index.ratio[minute * steps_ + steps_ - 1] * close_ * own_ratio_ / last;
    const double own = profile_.own_volatility * std::fabs(profile_.leverage) * index.volatility[minute];
    return exposure * index.expected_return[minute] + own * own_momentum_.expected_five();
  }

  double traded_price(double price) {
    const double units = random_.below(20) == 0 ? 1 : 100; // ten-thousandths of a dollar in a price step
    return std::max(units, std::round(price * 10'000 / units) * units) / 10'000;
  }

  double volume(double activity) {
    volume_noise_ = 0.75 * volume_noise_ + 0.4 * normal_deviate(random_);
    const double shares = profile_.minute_volume * activity * det_exp(volume_noise_ - 0.18);
    if (profile_.fractional_volume)
      return std::max(1.0, std::round(shares * 10)) / 10;
    // Two or three digits are enough of a volume, and files stay small.
    const double lot = shares > 10'000 ? 1000 : shares > 1000 ? 100 : 10;
    return std::max(1.0, std::round(shares / lot)) * lot;
  }

  bar closing_row(const session_hours& hours, double last) {
    bar b;
    b.label = hours.close;
    b.open = traded_price(last);
    b.close = traded_price(last * (1 + 1e-4 * normal_deviate(random_)));
    b.high = std::max(b.open, b.close);
    b.low = std::min(b.open, b.close);
    b.volume = volume(0.3);
    return b;
  }

  fund_profile profile_;
  std::size_t steps_;
  random_source random_;
  planted_momentum own_momentum_;
  double trade_rate_ = 0;
  double close_;         ///< previous day's last price, without premium and rounding
  double own_ratio_ = 1; ///< of today's own returns
  double premium_ = 0;   ///< of the price over the fund's value, as a fraction
  double volume_noise_ = 0;
};

index_paths make_paths(const generator_options& options) {
  validate(options);
  return options.from_base.empty() ? synthetic_paths(options) : base_paths(options);
}

} // namespace

synthetic_market::synthetic_market(const generator_options& options)
    : options_(options), paths_(make_paths(options)) {}

generated_series synthetic_market::series(std::string_view symbol) const {
  const fund_profile profile = profile_of(symbol);
  generated_series out;
  out.symbol = symbol;
  out.fractional_volume = profile.fractional_volume;
  fund_walk walk(profile, options_, paths_.steps, symbol);
  const auto& days = paths_.days[static_cast<std::size_t>(profile.index)];
  for (std::size_t i = 0; i < days.size(); ++i)
    walk.add_day(paths_.sessions[i], days[i], out);
  return out;
}

std::vector<generated_series> generate_market(const generator_options& options) {
  const synthetic_market market(options);
  auto symbols = options.symbols;
  std::sort(symbols.begin(), symbols.end());
  std::vector<generated_series> result;
  for (const auto& symbol : symbols)
    result.push_back(market.series(symbol));
  return result;
}

} // namespace sentio
