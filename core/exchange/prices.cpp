#include "core/exchange/prices.hpp"

#include <algorithm>
#include <cmath>

namespace sentio::venue {

namespace {

constexpr time_ms late_trades_ms = 90'000; // bucket of 60 s, correction right after hh:mm:30

/// Dollars on the way of a minute: open, the extreme against its direction, the other extreme, close.
double on_the_way(const bar& b, double second) {
  const bool up = b.close >= b.open;
  const double first = up ? b.low : b.high, other = up ? b.high : b.low;
  if (second < 20)
    return b.open + (first - b.open) * (second / 20);
  if (second < 40)
    return first + (other - first) * ((second - 20) / 20);
  return other + (b.close - other) * std::min((second - 40) / 19, 1.0);
}

void append(bar& whole, const bar& part, bool first) {
  if (first) {
    whole = part;
    return;
  }
  whole.high = std::max(whole.high, part.high);
  whole.low = std::min(whole.low, part.low);
  whole.close = part.close;
  whole.volume += part.volume;
}

} // namespace

price_source::price_source(const exchange_config& config, std::unique_ptr<market_source> market)
    : config_(config), market_(std::move(market)), days_(market_->symbols().size()) {
  for (const std::string& symbol : market_->symbols()) {
    const auto known = config.half_spread_bp.find(symbol);
    half_spread_.push_back(
        (known == config.half_spread_bp.end() ? config.quote_half_spread_bp : known->second) / 1e4);
  }
}

std::optional<std::size_t> price_source::find(std::string_view symbol) const {
  const std::vector<std::string>& all = symbols();
  const auto place = std::lower_bound(all.begin(), all.end(), symbol);
  if (place == all.end() || *place != symbol)
    return std::nullopt;
  return static_cast<std::size_t>(place - all.begin());
}

price_source::day& price_source::day_of(std::size_t symbol, time_ms now) {
  if (now < day_begin_ || now >= day_end_) {
    const civil_date date = new_york_date(now);
    day_begin_ = new_york_to_utc(date, 0, 0);
    day_end_ = new_york_to_utc(add_days(date, 1), 0, 0);
  }
  day& d = days_[symbol];
  if (d.begin == day_begin_)
    return d;
  d.begin = day_begin_;
  d.bars = market_->bars(name(symbol), day_begin_, day_end_);
  d.last.assign(static_cast<std::size_t>((day_end_ - day_begin_) / minute_ms), -1);
  for (std::size_t i = 0; i < d.bars.size(); ++i)
    d.last[static_cast<std::size_t>((d.bars[i].label - day_begin_) / minute_ms)] =
        static_cast<std::int32_t>(i);
  for (std::size_t m = 1; m < d.last.size(); ++m)
    d.last[m] = d.last[m] < 0 ? d.last[m - 1] : d.last[m];
  d.previous_close = 0;
  for (const time_ms reach :
       {time_ms{10}, time_ms{100}}) { // ten days span any holiday, hundred a hole in the files
    const std::vector<bar> before = market_->bars(name(symbol), day_begin_ - reach * 86'400'000, day_begin_);
    if (!before.empty()) {
      d.previous_close = scaled(symbol, before.back()).close;
      break;
    }
  }
  return d;
}

bar price_source::scaled(std::size_t symbol, bar b) const {
  for (const factor& f : factors_)
    if (b.label >= f.from && (f.symbol.empty() || f.symbol == name(symbol))) {
      b.open *= f.value;
      b.high *= f.value;
      b.low *= f.value;
      b.close *= f.value;
      b.volume = f.split ? b.volume / f.value : b.volume;
    }
  return b;
}

double price_source::middle(std::size_t symbol, time_ms now) {
  const day& d = day_of(symbol, now);
  const time_ms label = now - now % minute_ms;
  const std::int32_t index = d.last[static_cast<std::size_t>((now - d.begin) / minute_ms)];
  double price = d.previous_close;
  if (index >= 0) {
    const bar& b = d.bars[static_cast<std::size_t>(index)];
    const auto second = static_cast<double>((now - label) / 1000);
    price = b.label == label ? on_the_way(b, second) : b.close;
  }
  for (const factor& f : factors_) {
    // The previous close was scaled when the day was read, unless the factor came in later.
    const bool in_previous = index < 0 && f.from < d.begin;
    if (now >= f.from && !in_previous && (f.symbol.empty() || f.symbol == name(symbol)))
      price *= f.value;
  }
  return price;
}

std::optional<market_quote> price_source::quote(std::size_t symbol, time_ms now) {
  for (const gap& g : gaps_)
    if (g.halt && now >= g.from && now < g.until && (g.symbol.empty() || g.symbol == name(symbol))) {
      now = g.from - 1; // a halt freezes the quote
      break;
    }
  const double price = middle(symbol, now);
  if (!(price > 0) || !(price < 1e6))
    return std::nullopt;
  const micros tick = price >= 1 ? 10'000 : 100;
  const double half = price * half_spread_[symbol];
  const auto steps = [&](double p) { return p * 1e6 / static_cast<double>(tick); };
  market_quote q;
  q.bid = std::max<micros>(1, std::llround(std::floor(steps(price - half) + 1e-6))) * tick;
  q.ask = std::max<micros>(q.bid / tick + 1, std::llround(std::ceil(steps(price + half) - 1e-6))) * tick;
  q.last = std::max<micros>(1, std::llround(steps(price))) * tick;
  return q;
}

double price_source::previous_close(std::size_t symbol, time_ms now) {
  return day_of(symbol, now).previous_close;
}

time_ms price_source::publish_time(std::size_t symbol, time_ms label) const {
  const std::uint64_t chance = mix(config_.seed, name(symbol), static_cast<std::uint64_t>(label));
  return label + minute_ms + 20 + static_cast<time_ms>(chance % 81);
}

bool price_source::is_revised(std::size_t symbol, time_ms label) const {
  const std::uint64_t chance = mix(config_.seed ^ 77, name(symbol), static_cast<std::uint64_t>(label));
  return static_cast<double>(chance >> 11) * 0x1.0p-53 < config_.revised_bar_share;
}

bar price_source::without_late_trades(bar b) {
  b.volume = std::floor(b.volume * 0.98);
  return b;
}

bool price_source::is_hidden(std::size_t symbol, time_ms label) const {
  for (const gap& g : gaps_)
    if (label + minute_ms > g.from && label < g.until && (g.symbol.empty() || g.symbol == name(symbol)))
      return true;
  return hidden_.count({symbol, label}) != 0;
}

std::optional<bar> price_source::bar_of(std::size_t symbol, time_ms label) {
  const day& d = day_of(symbol, label);
  const std::int32_t index = d.last[static_cast<std::size_t>((label - d.begin) / minute_ms)];
  if (index < 0 || d.bars[static_cast<std::size_t>(index)].label != label || is_hidden(symbol, label))
    return std::nullopt;
  return told(symbol, d.bars[static_cast<std::size_t>(index)]);
}

void price_source::empty_bar(std::size_t symbol, time_ms label) {
  constexpr time_ms reach = 30 * minute_ms;
  const std::vector<bar> before = published(symbol, label - reach, label, label + minute_ms);
  const double price = before.empty() ? previous_close(symbol, label) : before.back().close;
  if (price > 0)
    empty_.emplace(std::pair{symbol, label}, price);
}

bar price_source::told(std::size_t symbol, const bar& b) const {
  const auto empty = empty_.find({symbol, b.label});
  if (empty == empty_.end())
    return scaled(symbol, b);
  const double price = empty->second;
  return {b.label, price, price, price, price, 0};
}

std::vector<bar> price_source::published(std::size_t symbol, time_ms from, time_ms to, time_ms now) {
  std::vector<bar> shown = market_->bars(name(symbol), from, std::min(to, now));
  std::erase_if(
      shown, [&](const bar& b) { return publish_time(symbol, b.label) > now || is_hidden(symbol, b.label); });
  for (bar& b : shown) {
    b = told(symbol, b);
    if (now < b.label + late_trades_ms && is_revised(symbol, b.label))
      b = without_late_trades(b);
  }
  return shown;
}

std::vector<bar> price_source::begun(std::size_t symbol, time_ms from, time_ms to, time_ms now) const {
  std::vector<bar> found = market_->bars(name(symbol), from, std::min(to, now + 1));
  std::erase_if(found, [&](const bar& b) { return is_hidden(symbol, b.label); });
  return found;
}

std::optional<bar> price_source::day_so_far(std::size_t symbol, time_ms now) {
  const day& d = day_of(symbol, now);
  bar whole;
  bool first = true;
  for (const bar& b : d.bars) {
    if (b.label >= now || publish_time(symbol, b.label) > now)
      break;
    if (!is_hidden(symbol, b.label)) {
      append(whole, told(symbol, b), first);
      first = false;
    }
  }
  if (first)
    return std::nullopt;
  whole.label = d.begin;
  return whole;
}

std::optional<bar> price_source::latest(std::size_t symbol, time_ms now) {
  for (const time_ms reach :
       {time_ms{minute_ms * 30}, time_ms{10 * 86'400'000LL}, time_ms{100 * 86'400'000LL}}) {
    const std::vector<bar> shown = published(symbol, now - reach, now, now);
    if (!shown.empty())
      return shown.back();
  }
  return std::nullopt;
}

bool price_source::halted(std::string_view symbol, time_ms now) const {
  return std::any_of(gaps_.begin(), gaps_.end(), [&](const gap& g) {
    return g.halt && now >= g.from && now < g.until && (g.symbol.empty() || g.symbol == symbol);
  });
}

void price_source::add_gap(const std::string& symbol, time_ms from, time_ms until, bool halt) {
  gaps_.push_back({symbol, from, until, halt});
}

void price_source::end_gaps(time_ms now) {
  for (gap& g : gaps_)
    g.until = std::min(g.until, now);
  std::erase_if(gaps_, [](const gap& g) { return g.until <= g.from; });
  std::erase_if(factors_, [&](const factor& f) { return f.from > now; });
}

void price_source::add_factor(const std::string& symbol, time_ms from, double value, bool split) {
  factors_.push_back({symbol, from, value, split});
}

double price_source::split_adjustment(std::string_view symbol, time_ms label, time_ms now) const {
  double product = 1;
  for (const factor& f : factors_)
    if (f.split && label < f.from && f.from <= now && (f.symbol.empty() || f.symbol == symbol))
      product *= f.value;
  return product;
}

} // namespace sentio::venue
