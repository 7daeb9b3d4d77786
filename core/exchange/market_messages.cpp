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

std::string instant(const std::string& symbol, time_ms now) { return utc_text(tick_time(symbol, now)); }

/// Ten per cent: the true bands depend on tier, leverage and time of day.
double band(const market_quote& quote, double part) {
  return std::round(static_cast<double>(quote.last) * part / 10'000) / 100;
}

double shares_of_trade(const std::string& symbol, time_ms now) {
  return 100.0 * static_cast<double>(1 + noise(symbol, now, "t") / 1'024 % 10);
}

/// Real ids exceed 2^45, which a client that reads them as 32 bits does not survive.
std::uint64_t trade_id(const std::string& symbol, time_ms now) {
  return (1ULL << 46) + static_cast<std::uint64_t>(now) + noise(symbol, now, "t") % 1'000;
}

/// Polygon numbers the tapes: 1 NYSE, 2 Arca and BZX, 3 Nasdaq.
int polygon_tape(const std::string& symbol) { return tape_of(symbol) == "C" ? 3 : 2; }

} // namespace

time_ns tick_time(const std::string& symbol, time_ms second) {
  return second * ns_of_ms + static_cast<time_ns>(noise(symbol, second, "q") % 1'000'000);
}

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
  return {{"i", trade_id(symbol, now)},
          {"x", "V"},
          {"p", number(dollars(quote.last))},
          {"s", static_cast<std::int64_t>(shares_of_trade(symbol, now))},
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
  object_text message;
  message.text("S", symbol).text("T", "l").price("d", band(quote, 0.9)).text("i", "B");
  message.text("t", instant(symbol, now)).price("u", band(quote, 1.1)).text("z", tape_of(symbol));
  return message.take();
}

json polygon_aggregate(const char* event, const std::string& symbol, const bar& b, time_ms length, const bar& day) {
  return {{"ev", event},
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
          {"z", length < minute_ms ? price_number(b.volume) : json(100)}, // a second has one trade
          {"s", b.label},
          {"e", b.label + length}};
}

json polygon_trade(const std::string& symbol, const market_quote& quote, time_ms now) {
  return {{"ev", "T"},
          {"sym", symbol},
          {"x", 15}, // IEX, as in Alpaca's trades
          {"i", std::to_string(trade_id(symbol, now))},
          {"z", polygon_tape(symbol)},
          {"p", number(dollars(quote.last))},
          {"s", static_cast<std::int64_t>(shares_of_trade(symbol, now))},
          {"c", json::array()},
          {"t", tick_time(symbol, now) / ns_of_ms},
          {"q", now / 1'000}};
}

json polygon_quote(const std::string& symbol, const market_quote& quote, time_ms now) {
  const json shown = quote_json(symbol, quote, now);
  return {{"ev", "Q"},
          {"sym", symbol},
          {"bx", 12}, // Nasdaq
          {"bp", shown["bp"]},
          {"bs", shown["bs"]},
          {"ax", 11}, // Arca
          {"ap", shown["ap"]},
          {"as", shown["as"]},
          {"c", 1},
          {"t", tick_time(symbol, now) / ns_of_ms},
          {"q", now / 1'000},
          {"z", polygon_tape(symbol)}};
}

json polygon_bands(const std::string& symbol, const market_quote& quote, time_ms now) {
  return {{"ev", "LULD"},          {"T", symbol},
          {"h", band(quote, 1.1)}, {"l", band(quote, 0.9)},
          {"i", json::array({17})}, {"z", polygon_tape(symbol)},
          {"t", tick_time(symbol, now) / ns_of_ms}, {"q", now / 1'000}};
}

} // namespace sentio::venue
