#include "core/exchange/data_api.hpp"

#include "core/exchange/market_messages.hpp"
#include "core/numeric/base64.hpp"

#include <algorithm>
#include <utility>

namespace sentio::venue {

namespace {

constexpr time_ms quarter_hour_ms = 15 * minute_ms;

http_response bad_request(const std::string& message) { return refuse(400, 40010000, message); }

/// "A,B,A" as sorted symbols, each once.
std::vector<std::string> symbol_list(const std::string& text) {
  std::vector<std::string> symbols;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t comma = std::min(text.find(',', at), text.size());
    if (comma > at)
      symbols.push_back(text.substr(at, comma - at));
    at = comma + 1;
  }
  std::sort(symbols.begin(), symbols.end());
  symbols.erase(std::unique(symbols.begin(), symbols.end()), symbols.end());
  return symbols;
}

/// `unit` is that of the bars, "T" of trades, "Q" of quotes.
std::string token_of(const std::string& symbol, char unit, time_ms label) {
  return base64(symbol + "|" + unit + "|" + utc_text(label * ns_of_ms));
}

/// The body of an answer about several symbols, or about one.
json page_body(const std::string& what, json pages, const std::string& only, json token) {
  json body{{"next_page_token", std::move(token)}};
  if (only.empty()) {
    body[what] = std::move(pages);
    return body;
  }
  body["symbol"] = only;
  body[what] = pages.empty() ? json(nullptr) : pages.begin().value();
  return body;
}

} // namespace

std::optional<http_response> data_api::read_range(const http_request& request, time_ms now,
                                                  history_query& out) const {
  const std::string feed = query_value(request, "feed"), end = query_value(request, "end");
  if (!feed.empty() && feed != "iex" && feed != "sip" && feed != "delayed_sip" && feed != "otc")
    return bad_request("invalid feed: " + feed);
  const std::string start = query_value(request, "start");
  const auto from = start.empty() ? std::optional<time_ns>(new_york_to_utc(new_york_date(now), 0, 0) * ns_of_ms)
                                  : parse_time(start);
  // Without a feed Alpaca means the best one, and a free plan may not ask that one for the last quarter of an hour.
  const bool recent = feed == "iex" || config_.recent_sip;
  const time_ms newest = recent ? now : now - quarter_hour_ms;
  std::optional<time_ns> to = newest * ns_of_ms + ns_of_ms - 1; // ticks are stamped within their millisecond
  if (!end.empty()) {
    to = parse_time(end);
    if (to && end.size() == 10) // a day is meant to its last minute
      to = new_york_to_utc(add_days(*parse_date(end), 1), 0, 0) * ns_of_ms - 1;
    if (to && !recent && *to > newest * ns_of_ms)
      return refuse(403, 42210000, "subscription does not permit querying recent SIP data");
  }
  if (!from || !to)
    return bad_request("invalid start or end: it must be RFC-3339 or YYYY-MM-DD");
  if (*from > *to && !start.empty() && !end.empty())
    return bad_request("end should not be before start");
  out.from = *from;
  out.to = *to;
  out.range.from = (*from + ns_of_ms - 1) / ns_of_ms;
  out.range.to = *to / ns_of_ms + 1;
  out.range.visible = newest + 1;
  return std::nullopt;
}

std::optional<http_response> data_api::read_token(const http_request& request, history_query& out) const {
  const std::string token = query_value(request, "page_token");
  if (token.empty())
    return std::nullopt;
  const std::string text = parse_base64(token).value_or("");
  const std::size_t first = text.find('|');
  const auto at = first == std::string::npos || text.size() < first + 4 ? std::nullopt : parse_time(text.substr(first + 3));
  if (!at)
    return bad_request("invalid page_token");
  out.after_symbol = text.substr(0, first);
  out.after = *at / ns_of_ms;
  return std::nullopt;
}

std::optional<http_response> data_api::read_query(const http_request& request, const std::vector<std::string>& symbols,
                                                  time_ms now, history_query& out) const {
  out.symbols = symbols;
  if (symbols.empty())
    return bad_request("symbols is required");
  for (const std::string& symbol : symbols)
    if (!is_symbol(symbol))
      return bad_request("invalid symbol: " + symbol);
  const std::string limit = query_value(request, "limit"), sort = query_value(request, "sort");
  const auto most = limit.empty() ? std::optional<std::int64_t>(1'000) : parse_decimal(limit, 0);
  if (!most || *most < 1 || *most > 10'000)
    return bad_request("invalid limit: it must be between 1 and 10000");
  out.limit = static_cast<std::size_t>(*most);
  if (!sort.empty() && sort != "asc" && sort != "desc")
    return bad_request("invalid sort: " + sort);
  out.ascending = sort != "desc";
  if (auto problem = read_token(request, out))
    return problem;
  return read_range(request, now, out);
}

// ---- bars

http_response data_api::bar_call(const http_request& request, const std::vector<std::string>& symbols, bool single,
                                 time_ms now) {
  history_query query;
  const std::string timeframe = query_value(request, "timeframe"), adjustment = query_value(request, "adjustment");
  const auto period = alpaca_period(timeframe);
  if (!period)
    return bad_request("invalid timeframe: " + timeframe);
  query.range.period = *period;
  query.range.adjusted = adjustment.find("split") != std::string::npos || adjustment.find("all") != std::string::npos;
  if (auto problem = read_query(request, symbols, now, query))
    return *problem;
  return bars(query, single, now);
}

std::vector<bar> data_api::bars_of(const std::string& symbol, const history_query& query, time_ms now) {
  const auto index = prices_.find(symbol);
  if (!index)
    return {};
  std::vector<bar> found;
  for (const period_bar& b : bars_in(prices_, *index, query.range, now))
    found.push_back(b.whole);
  if (!query.ascending)
    std::reverse(found.begin(), found.end());
  if (symbol == query.after_symbol)
    std::erase_if(found, [&](const bar& b) { return query.ascending ? b.label <= query.after : b.label >= query.after; });
  return found;
}

http_response data_api::bars(const history_query& query, bool single, time_ms now) {
  json pages = json::object();
  json token;
  std::size_t count = 0;
  const char unit = letter_of(query.range.period.unit);
  std::pair<std::string, time_ms> last; // the bar that ends the page, which the token names
  for (const std::string& symbol : query.symbols) {
    if (!token.is_null() || symbol < query.after_symbol)
      continue;
    for (const bar& b : bars_of(symbol, query, now)) {
      if (count == query.limit) {
        token = token_of(last.first, unit, last.second);
        break;
      }
      pages[symbol].push_back(bar_json(b));
      last = {symbol, b.label};
      ++count;
    }
  }
  if (token.is_null() && faults_.strike(fault_kind::endless_pages, now))
    token = token_of(query.symbols.back(), unit, query.range.to);
  json body = page_body("bars", std::move(pages), single ? query.symbols.front() : "", std::move(token));
  http_response said = answer(200, body);
  if (const placed_fault* huge = faults_.strike(fault_kind::huge_body, now)) {
    const double bytes = std::clamp(huge->value(), 0.0, 1'024.0) * 1'048'576;
    // As text: a document of so many bytes takes seconds to print.
    said.body.insert(1, R"("padding":")" + std::string(static_cast<std::size_t>(bytes), 'x') + R"(",)");
  }
  return said;
}

// ---- trades and quotes

std::vector<time_ms> data_api::ticks_of(std::size_t symbol, const history_query& query, std::size_t most,
                                        time_ms now) const {
  std::vector<time_ms> seconds;
  const bool resumed = prices_.name(symbol) == query.after_symbol;
  const time_ms from = resumed && query.ascending ? std::max(query.range.from, query.after) : query.range.from;
  std::vector<bar> minutes = prices_.begun(symbol, from - from % minute_ms, std::min(query.range.to, query.range.visible), now);
  if (!query.ascending)
    std::reverse(minutes.begin(), minutes.end());
  for (const bar& minute : minutes)
    for (time_ms i = 0; i < 60; ++i) {
      const time_ms at = minute.label + (query.ascending ? i : 59 - i) * 1'000;
      const time_ns stamped = tick_time(prices_.name(symbol), at);
      const bool seen = resumed && (query.ascending ? at <= query.after : at >= query.after);
      if (seen || at > now || at >= query.range.visible || stamped < query.from || stamped > query.to)
        continue;
      if (seconds.size() == most)
        return seconds;
      seconds.push_back(at);
    }
  return seconds;
}

http_response data_api::tick_call(const http_request& request, const std::string& what,
                                  const std::vector<std::string>& symbols, bool single, time_ms now) {
  history_query query;
  if (auto problem = read_query(request, symbols, now, query))
    return *problem;
  const bool quotes = what == "quotes";
  json pages = json::object();
  json token;
  std::size_t count = 0;
  std::pair<std::string, time_ms> last; // the tick that ends the page, which the token names
  for (const std::string& symbol : query.symbols) {
    const auto index = prices_.find(symbol);
    if (!token.is_null() || symbol < query.after_symbol || !index)
      continue;
    for (const time_ms at : ticks_of(*index, query, query.limit - count + 1, now)) {
      const auto quote = prices_.quote(*index, at);
      if (!quote)
        continue;
      if (count == query.limit) {
        token = token_of(last.first, quotes ? 'Q' : 'T', last.second);
        break;
      }
      pages[symbol].push_back(quotes ? quote_json(symbol, *quote, at) : trade_json(symbol, *quote, at));
      last = {symbol, at};
      ++count;
    }
  }
  return answer(200, page_body(what, std::move(pages), single ? query.symbols.front() : "", std::move(token)));
}

// ---- the latest

json data_api::snapshot(std::size_t symbol, time_ms now) {
  const std::string& name = prices_.name(symbol);
  json row = json::object();
  if (const auto quote = prices_.quote(symbol, now)) {
    row["latestTrade"] = trade_json(name, *quote, now - now % 1'000);
    row["latestQuote"] = quote_json(name, *quote, now - now % 1'000);
  }
  if (const auto minute = prices_.latest(symbol, now))
    row["minuteBar"] = bar_json(*minute);
  const time_ms midnight = new_york_to_utc(new_york_date(now), 0, 0);
  const std::vector<period_bar> days
    = merged(prices_.published(symbol, midnight - 10 * 86'400'000LL, now, now), {1, period_unit::day});
  if (!days.empty())
    row["dailyBar"] = bar_json(days.back().whole);
  if (days.size() > 1)
    row["prevDailyBar"] = bar_json(days[days.size() - 2].whole);
  return row;
}

http_response data_api::snapshots(const std::vector<std::string>& symbols, bool single, time_ms now) {
  json rows = json::object();
  for (const std::string& symbol : symbols)
    if (const auto index = prices_.find(symbol))
      rows[symbol] = snapshot(*index, now);
  if (!single)
    return answer(200, rows);
  if (rows.empty())
    return refuse(404, 40410000, "symbol not found: " + symbols.front());
  json row = rows.begin().value();
  row["symbol"] = symbols.front();
  return answer(200, row);
}

http_response data_api::latest(const std::string& what, const std::vector<std::string>& symbols, bool single,
                               time_ms now) {
  json rows = json::object();
  for (const std::string& symbol : symbols) {
    const auto index = prices_.find(symbol);
    if (!index)
      continue;
    if (what == "bars") {
      if (const auto b = prices_.latest(*index, now))
        rows[symbol] = bar_json(*b);
    } else if (const auto quote = prices_.quote(*index, now)) {
      const time_ms at = now - now % 1'000;
      rows[symbol] = what == "quotes" ? quote_json(symbol, *quote, at) : trade_json(symbol, *quote, at);
    }
  }
  if (!single)
    return answer(200, {{what, rows}});
  const std::string one = what.substr(0, what.size() - 1);
  return rows.empty() ? refuse(404, 40410000, "symbol not found: " + symbols.front())
                      : answer(200, {{"symbol", symbols.front()}, {one, rows.begin().value()}});
}

http_response data_api::stocks(const http_request& request, time_ms now) {
  if (request.method != "GET")
    return refuse(405, 40510000, "method not allowed");
  const std::string path = request.path.size() > 11 ? request.path.substr(11) : std::string(); // behind "/v2/stocks/"
  const std::vector<std::string> listed = symbol_list(query_value(request, "symbols"));
  const std::size_t slash = path.find('/');
  const std::string head = path.substr(0, slash), rest = slash == std::string::npos ? "" : path.substr(slash + 1);
  if (path == "bars")
    return bar_call(request, listed, false, now);
  if (path == "trades" || path == "quotes")
    return tick_call(request, path, listed, false, now);
  const auto is_latest = [](const std::string& word) { return word == "bars" || word == "quotes" || word == "trades"; };
  if (path == "snapshots" || (is_latest(head) && rest == "latest")) {
    if (listed.empty())
      return bad_request("symbols is required");
    return path == "snapshots" ? snapshots(listed, false, now) : latest(head, listed, false, now);
  }
  if (rest == "bars")
    return bar_call(request, {head}, true, now);
  if (rest == "trades" || rest == "quotes")
    return tick_call(request, rest, {head}, true, now);
  if (rest == "snapshot")
    return snapshots({head}, true, now);
  if (rest == "bars/latest" || rest == "quotes/latest" || rest == "trades/latest")
    return latest(rest.substr(0, rest.find('/')), {head}, true, now);
  return refuse(404, 40410000, "endpoint not found");
}

} // namespace sentio::venue
