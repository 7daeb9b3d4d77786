#include "core/exchange/market_feed.hpp"

#include "core/exchange/json_text.hpp"
#include "core/exchange/market_messages.hpp"

#include <algorithm>
#include <utility>

namespace sentio::venue {

namespace {

constexpr time_ms correction_delay_ms = 90'000; // label + 60 s + 30 s
constexpr time_ms bands_interval_ms = 300'000;
const std::string test_symbol = "FAKEPACA";

/// FAKEPACA's minute: prices of no market, around 130 dollars.
bar test_bar(time_ms label) {
  const auto at = [](time_ms minute) {
    return 130 + static_cast<double>(mix(3, test_symbol, static_cast<std::uint64_t>(minute)) % 800) / 100;
  };
  bar b;
  b.label = label;
  b.open = at(label);
  b.close = at(label + minute_ms);
  b.high = std::max(b.open, b.close) + 0.5;
  b.low = std::min(b.open, b.close) - 0.5;
  b.volume = static_cast<double>(100 + mix(4, test_symbol, static_cast<std::uint64_t>(label)) % 400);
  return b;
}

market_quote test_quote(time_ms now) {
  const bar b = test_bar(now - now % minute_ms);
  market_quote q;
  q.last = static_cast<micros>(b.open * 100) * 10'000;
  q.bid = q.last - 10'000;
  q.ask = q.last + 10'000;
  return q;
}

std::string with_type(json message, const char* type, const std::string& symbol) {
  message["T"] = type;
  message["S"] = symbol;
  return dumped(message);
}

} // namespace

market_feed::market_feed(price_source& prices, const venue_calendar& calendar, fault_board& faults,
                         stream_hub& hub, time_ms now)
    : prices_(prices), calendar_(calendar), faults_(faults), hub_(hub), next_minute_(minute_after(now - 1)),
      last_tick_(now - now % 1'000) {}

time_ms market_feed::minute_after(time_ms now) {
  return now - now % minute_ms + minute_ms;
}

std::optional<time_ms> market_feed::next_time(time_ms now) const {
  time_ms next = next_minute_;
  if (!queue_.empty())
    next = std::min(next, queue_.begin()->first.first);
  const time_ms second = now - now % 1'000 + 1'000;
  if (second >= next)
    return next;
  const auto& wishes = hub_.wishes();
  if (wishes.test_ticks || (wishes.ticks && calendar_.is_open(now)))
    next = second;
  else if (const time_ms bands = now - now % bands_interval_ms + bands_interval_ms;
           bands < next && wishes.bands)
    next = bands;
  return next;
}

void market_feed::run(time_ms now) {
  while (next_minute_ <= now) {
    plan_minute(next_minute_);
    next_minute_ += minute_ms;
  }
  while (!queue_.empty() && queue_.begin()->first.first <= now) {
    const publication p = std::move(queue_.begin()->second);
    queue_.erase(queue_.begin());
    publish(p, now);
  }
  if (const time_ms second = now - now % 1'000; second > last_tick_) {
    last_tick_ = second;
    tick(second);
  }
}

/// The bars of the minute that has just ended are put into the queue.
void market_feed::plan_minute(time_ms boundary) {
  test_minute(boundary);
  const time_ms label = boundary - minute_ms;
  const int minute = new_york_minute(label);
  if (minute < 4 * 60 || minute >= 20 * 60) // no venue is open: nothing to look for
    return;
  const auto regular = session_on(new_york_date(label));
  if (!regular)
    return;
  const auto known = calendar_.session(regular->date, boundary);
  const bool cut = !known || (label >= known->close && label < regular->close);
  for (std::size_t symbol = 0; symbol < prices_.symbols().size(); ++symbol) {
    auto b = prices_.bar_of(symbol, label);
    if (!b)
      continue;
    if (cut || faults_.strike(fault_kind::missing_bars, boundary, prices_.name(symbol))) {
      prices_.hide_bar(symbol, label);
      continue;
    }
    if (faults_.strike(fault_kind::idle_bars, boundary, prices_.name(symbol))) {
      prices_.empty_bar(symbol, label);
      b = prices_.bar_of(symbol, label);
    }
    const bool revised = prices_.is_revised(symbol, label);
    add(prices_.publish_time(symbol, label),
        {publication::what::bar, symbol, revised ? price_source::without_late_trades(*b) : *b});
    if (revised || faults_.strike(fault_kind::revised_bars, boundary, prices_.name(symbol)))
      add(label + correction_delay_ms, {publication::what::correction, symbol, *b});
  }
}

void market_feed::test_minute(time_ms boundary) {
  if (hub_.wants("bars", true))
    hub_.data("bars", test_symbol, bar_message("b", test_symbol, test_bar(boundary - minute_ms)), true);
}

void market_feed::publish(const publication& p, time_ms now) {
  const std::string& symbol = prices_.name(p.symbol);
  if (faults_.active(fault_kind::data_mute, now, symbol))
    return;
  if (p.kind == publication::what::correction) {
    hub_.data("updatedBars", symbol, bar_message("u", symbol, p.b));
    return;
  }
  if (p.kind == publication::what::bar && !p.late)
    if (const placed_fault* late = faults_.strike(fault_kind::late_bars, now, symbol)) {
      publication again = p;
      again.late = true;
      add(now + std::max<time_ms>(1, late->delay()), std::move(again));
      return;
    }
  publish_bar(p, now);
}

void market_feed::publish_bar(const publication& p, time_ms now) {
  const std::string& symbol = prices_.name(p.symbol);
  const bool stock = hub_.wants("bars", symbol), aggregates = hub_.wants("AM", symbol);
  if (aggregates)
    if (const auto day = prices_.day_so_far(p.symbol, now))
      hub_.polygon("AM", symbol, dumped(polygon_aggregate("AM", symbol, p.b, minute_ms, *day)));
  if (hub_.wants("dailyBars", symbol))
    if (const auto day = prices_.day_so_far(p.symbol, now))
      hub_.data("dailyBars", symbol, bar_message("d", symbol, *day));
  if (!stock)
    return;
  const std::string good = bar_message("b", symbol, p.b);
  if (faults_.strike(fault_kind::odd_frames, now, symbol))
    send_odd(symbol, good);
  std::int64_t copies = 1;
  if (const placed_fault* twice = faults_.strike(fault_kind::duplicate_bars, now, symbol))
    copies = std::clamp<std::int64_t>(static_cast<std::int64_t>(twice->value()), 1, 1'000);
  const std::string sent = spoiled(good, symbol, now);
  for (std::int64_t i = 0; i < copies; ++i)
    hub_.data("bars", symbol, sent);
  if (const placed_fault* ahead = faults_.strike(fault_kind::future_bars, now, symbol)) {
    bar later = p.b;
    later.label += ahead->delay() / minute_ms * minute_ms;
    hub_.data("bars", symbol, bar_message("b", symbol, later));
  }
  if (faults_.strike(fault_kind::unordered_bars, now, symbol))
    if (const auto before = prices_.bar_of(p.symbol, p.b.label - minute_ms))
      hub_.data("bars", symbol, bar_message("b", symbol, *before));
}

/// Fault row F39: prices that no market made.
std::string market_feed::spoiled(const std::string& good, const std::string& symbol, time_ms now) {
  const auto strike = [&](fault_kind kind) { return faults_.strike(kind, now, symbol); };
  const bool zero = strike(fault_kind::bad_price_zero), negative = strike(fault_kind::bad_price_negative);
  const placed_fault* const nan = strike(fault_kind::bad_price_nan);
  const bool crossed = strike(fault_kind::bad_price_crossed);
  const placed_fault* const spike = strike(fault_kind::bad_price_spike);
  if (!zero && !negative && !nan && !crossed && !spike)
    return good;
  json message = json::parse(good);
  if (zero)
    message["c"] = message["l"] = 0;
  if (negative)
    for (const char* key : {"o", "h", "l", "c"})
      message[key] = number(-message[key].get<double>());
  if (nan)
    message["c"] = nan->what.text == "string" ? json("NaN") : json(nullptr);
  if (crossed) {
    const double high = message["h"].get<double>() + 0.01;
    message["h"] = message["l"];
    message["l"] = number(high);
  }
  if (spike)
    for (const char* key : {"o", "h", "l", "c"})
      message[key] = number(message[key].get<double>() * spike->value());
  return dumped(message);
}

/// Fault row F12: all of it is legal, or at least seen.
void market_feed::send_odd(const std::string& symbol, const std::string& good_text) {
  const json good = json::parse(good_text);
  hub_.flush();
  hub_.broadcast_data(json::array());
  hub_.broadcast_data(json::array({{{"T", "zz"}, {"S", symbol}, {"x", {1, 2, {{"deep", nullptr}}}}}}));
  json odd = good;
  odd["n"] = nullptr;
  odd["unknown_field"] = {{"a", {1, 2, 3}}};
  odd.erase("vw");
  hub_.broadcast_data(
      json::array({{{"T", "t"}, {"S", symbol}, {"p", good["c"]}, {"s", nullptr}, {"c", nullptr}},
                   odd,
                   {{"T", nullptr}, {"S", 5}},
                   17,
                   nullptr}));
}

void market_feed::tick(time_ms now) {
  const auto& wishes = hub_.wishes();
  if (!wishes.ticks && !wishes.test_ticks && !(wishes.bands && now % bands_interval_ms == 0))
    return;
  for (const auto& [channel, type] : {std::pair<const char*, const char*>{"quotes", "q"}, {"trades", "t"}})
    if (hub_.wants(channel, test_symbol, true)) {
      const market_quote q = test_quote(now);
      hub_.data(channel, test_symbol,
                with_type(*type == 'q' ? quote_json(test_symbol, q, now) : trade_json(test_symbol, q, now),
                          type, test_symbol),
                true);
    }
  if (!wishes.ticks && !(wishes.bands && now % bands_interval_ms == 0))
    return;
  for (std::size_t i = 0; i < prices_.symbols().size(); ++i) {
    const std::string& symbol = prices_.name(i);
    if (faults_.active(fault_kind::data_mute, now, symbol))
      continue;
    if (hub_.wants("A", symbol))
      send_second(i, now - 1'000, now);
    if (calendar_.is_open(now) && !prices_.halted(symbol, now))
      send_ticks(i, now);
  }
}

/// Quote, trade and, every five minutes, price bands of a symbol, in Alpaca's and in Polygon's form.
void market_feed::send_ticks(std::size_t index, time_ms now) {
  const std::string& symbol = prices_.name(index);
  const bool bands = now % bands_interval_ms == 0;
  const auto wanted = [&](const char* alpaca, const char* polygon) {
    return hub_.wants(alpaca, symbol) || hub_.wants(polygon, symbol);
  };
  const bool quote_here = wanted("quotes", "Q"), trade_here = wanted("trades", "T");
  const bool band_here = bands && wanted("lulds", "LULD");
  const auto q = quote_here || trade_here || band_here ? prices_.quote(index, now) : std::nullopt;
  if (!q)
    return;
  if (quote_here) {
    hub_.data("quotes", symbol, with_type(quote_json(symbol, *q, now), "q", symbol));
    hub_.polygon("Q", symbol, dumped(polygon_quote(symbol, *q, now)));
  }
  if (trade_here && prices_.bar_of(index, now - now % minute_ms)) {
    hub_.data("trades", symbol, with_type(trade_json(symbol, *q, now), "t", symbol));
    hub_.polygon("T", symbol, dumped(polygon_trade(symbol, *q, now)));
  }
  if (band_here) {
    hub_.data("lulds", symbol, luld_message(symbol, *q, now));
    hub_.polygon("LULD", symbol, dumped(polygon_bands(symbol, *q, now)));
  }
}

/// Polygon's aggregate of a second that is over: of its one trade.
void market_feed::send_second(std::size_t index, time_ms second, time_ms now) {
  const std::string& symbol = prices_.name(index);
  if (!calendar_.is_open(second) || prices_.halted(symbol, second) ||
      !prices_.bar_of(index, second - second % minute_ms))
    return;
  const auto quote = prices_.quote(index, second);
  if (!quote)
    return;
  const double price = dollars(quote->last);
  const json trade = trade_json(symbol, *quote, second);
  const bar one{second, price, price, price, price, trade["s"].get<double>()};
  const auto day = prices_.day_so_far(index, now);
  hub_.polygon("A", symbol, dumped(polygon_aggregate("A", symbol, one, 1'000, day ? *day : one)));
}

} // namespace sentio::venue
