#include "core/exchange/market_messages.hpp"

#include "core/exchange/json_text.hpp"

#include <algorithm>
#include <cmath>

namespace sentio::venue {

namespace {

/// At most six decimals, so that sums of doubles do not show their last bits.
json price_number(double value) { return number(std::round(value * 1e6) / 1e6); }

std::uint64_t noise(const std::string& symbol, time_ms now, const char* what) {
  return mix(static_cast<std::uint64_t>(now), symbol, what[0] == 'q' ? 1 : 2);
}

std::string instant(const std::string& symbol, time_ms now) {
  return utc_text(now * ns_of_ms + static_cast<time_ns>(noise(symbol, now, "q") % 1'000'000));
}

} // namespace

std::string tape_of(const std::string& symbol) { return mix(1, symbol, 0) % 2 == 0 ? "C" : "B"; }

json bar_json(const bar& b) {
  json::object_t row; // a nested initializer list would copy every value twice
  row.emplace("t", utc_text(b.label * ns_of_ms));
  row.emplace("o", price_number(b.open));
  row.emplace("h", price_number(b.high));
  row.emplace("l", price_number(b.low));
  row.emplace("c", price_number(b.close));
  row.emplace("v", price_number(b.volume));
  row.emplace("n", std::max<std::int64_t>(1, static_cast<std::int64_t>(b.volume / 100)));
  row.emplace("vw", price_number((b.open + b.high + b.low + b.close) / 4));
  return row;
}

std::string bar_message(const char* type, const std::string& symbol, const bar& b) {
  object_text message;
  message.text("S", symbol).text("T", type).price("c", b.close).price("h", b.high).price("l", b.low);
  message.whole("n", std::max<std::int64_t>(1, static_cast<std::int64_t>(b.volume / 100)));
  message.price("o", b.open).text("t", utc_text(b.label * ns_of_ms)).price("v", b.volume);
  return message.price("vw", (b.open + b.high + b.low + b.close) / 4).take();
}

json quote_json(const std::string& symbol, const market_quote& quote, time_ms now) {
  const std::uint64_t chance = noise(symbol, now, "q");
  return {{"bx", "Q"},
          {"bp", number(dollars(quote.bid))},
          {"bs", 1 + chance % 9},
          {"ax", "P"},
          {"ap", number(dollars(quote.ask))},
          {"as", 1 + chance / 16 % 9},
          {"c", {"R"}},
          {"t", instant(symbol, now)},
          {"z", tape_of(symbol)}};
}

json trade_json(const std::string& symbol, const market_quote& quote, time_ms now) {
  const std::uint64_t chance = noise(symbol, now, "t");
  // Real ids exceed 2^45, which a client that reads them as 32 bits does not survive.
  const std::uint64_t id = (1ULL << 46) + static_cast<std::uint64_t>(now) + chance % 1'000;
  return {{"i", id},
          {"x", "V"},
          {"p", number(dollars(quote.last))},
          {"s", 100 * (1 + chance / 1'024 % 10)},
          {"c", {"@"}},
          {"t", instant(symbol, now)},
          {"z", tape_of(symbol)}};
}

std::string status_message(const std::string& symbol, const char* code, const char* code_text, const char* reason,
                    const char* reason_text, time_ms now) {
  object_text message;
  message.text("S", symbol).text("T", "s").text("rc", reason).text("rm", reason_text).text("sc", code);
  return message.text("sm", code_text).text("t", utc_text(now * ns_of_ms)).text("z", "C").take();
}

std::string luld_message(const std::string& symbol, const market_quote& quote, time_ms now) {
  // Ten per cent: the true bands depend on tier, leverage and time of day.
  const auto cents = [](double micros_of_it) { return std::round(micros_of_it / 10'000) / 100; };
  const auto last = static_cast<double>(quote.last);
  object_text message;
  message.text("S", symbol).text("T", "l").price("d", cents(last * 0.9)).text("i", "B");
  message.text("t", instant(symbol, now)).price("u", cents(last * 1.1)).text("z", tape_of(symbol));
  return message.take();
}

json polygon_minute(const std::string& symbol, const bar& b, const bar& day) {
  return {{"ev", "AM"},
          {"sym", symbol},
          {"v", price_number(b.volume)},
          {"av", price_number(day.volume)},
          {"op", price_number(day.open)},
          {"vw", price_number((b.open + b.high + b.low + b.close) / 4)},
          {"o", price_number(b.open)},
          {"c", price_number(b.close)},
          {"h", price_number(b.high)},
          {"l", price_number(b.low)},
          {"a", price_number((day.open + day.high + day.low + day.close) / 4)},
          {"z", 100},
          {"s", b.label},
          {"e", b.label + minute_ms}};
}

} // namespace sentio::venue
