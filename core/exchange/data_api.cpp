#include "core/exchange/data_api.hpp"

#include "core/exchange/market_messages.hpp"

#include <algorithm>
#include <limits>

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

/// "1Min", "5T", "2Hour", "1Day", "1W", "3Month".
bool read_timeframe(const std::string& text, int& count, char& unit) {
  const std::size_t end = std::min(text.find_first_not_of("0123456789"), text.size());
  if (end == 0 || end > 2)
    return false;
  count = std::stoi(text.substr(0, end));
  const std::string word = text.substr(end);
  const auto is = [&](const char* longer, const char* shorter) { return word == longer || word == shorter; };
  if (is("Min", "T"))
    unit = 'M';
  else if (is("Hour", "H"))
    unit = 'H';
  else if (is("Day", "D"))
    unit = 'D';
  else if (is("Week", "W"))
    unit = 'W';
  else if (is("Month", "M"))
    unit = 'O';
  else
    return false;
  const int most = unit == 'M' ? 59 : unit == 'H' ? 23 : unit == 'O' ? 12 : 1;
  return count >= 1 && count <= most && (unit != 'O' || 12 % count == 0);
}

/// Start of the bar of a timeframe that holds a minute.
time_ms bucket_of(time_ms label, int count, char unit) {
  if (unit == 'M')
    return label - label % (count * minute_ms);
  const civil_date date = new_york_date(label);
  const time_ms midnight = new_york_to_utc(date, 0, 0);
  if (unit == 'H') {
    const time_ms length = count * 60 * minute_ms;
    return midnight + (label - midnight) / length * length;
  }
  if (unit == 'D')
    return midnight;
  if (unit == 'W')
    return new_york_to_utc(add_days(date, -weekday(date)), 0, 0);
  return new_york_to_utc({date.year, (date.month - 1) / count * count + 1, 1}, 0, 0);
}

std::vector<bar> merged(const std::vector<bar>& minutes, int count, char unit) {
  std::vector<bar> whole;
  for (const bar& b : minutes) {
    const time_ms label = bucket_of(b.label, count, unit);
    if (whole.empty() || whole.back().label != label) {
      whole.push_back(b);
      whole.back().label = label;
      continue;
    }
    bar& last = whole.back();
    last.high = std::max(last.high, b.high);
    last.low = std::min(last.low, b.low);
    last.close = b.close;
    last.volume += b.volume;
  }
  return whole;
}

std::string token_of(const std::string& symbol, char unit, time_ms label) {
  return base64(symbol + "|" + unit + "|" + utc_text(label * ns_of_ms));
}

} // namespace

std::optional<http_response> data_api::read_range(const http_request& request, time_ms now, bar_query& out) const {
  const std::string feed = query_value(request, "feed"), end = query_value(request, "end");
  if (!feed.empty() && feed != "iex" && feed != "sip" && feed != "delayed_sip" && feed != "otc")
    return bad_request("invalid feed: " + feed);
  const std::string start = query_value(request, "start");
  const auto from = start.empty() ? std::optional<time_ns>(new_york_to_utc(new_york_date(now), 0, 0) * ns_of_ms)
                                  : parse_time(start);
  // Without a feed Alpaca means the best one, and a free plan may not ask that one for the last quarter of an hour.
  const bool recent = feed == "iex" || config_.recent_sip;
  const time_ms newest = recent ? now : now - quarter_hour_ms;
  std::optional<time_ns> to = newest * ns_of_ms;
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
  // Both ends are inclusive.
  out.from = (*from + ns_of_ms - 1) / ns_of_ms;
  out.to = *to / ns_of_ms + 1;
  return std::nullopt;
}

std::optional<http_response> data_api::read_query(const http_request& request, const std::vector<std::string>& symbols,
                                                  time_ms now, bar_query& out) const {
  out.symbols = symbols;
  if (symbols.empty())
    return bad_request("symbols is required");
  for (const std::string& symbol : symbols)
    if (!is_symbol(symbol))
      return bad_request("invalid symbol: " + symbol);
  const std::string timeframe = query_value(request, "timeframe");
  if (!read_timeframe(timeframe, out.count, out.unit))
    return bad_request("invalid timeframe: " + timeframe);
  const std::string limit = query_value(request, "limit"), sort = query_value(request, "sort");
  const auto most = limit.empty() ? std::optional<std::int64_t>(1'000) : parse_decimal(limit, 0);
  if (!most || *most < 1 || *most > 10'000)
    return bad_request("invalid limit: it must be between 1 and 10000");
  out.limit = static_cast<std::size_t>(*most);
  if (!sort.empty() && sort != "asc" && sort != "desc")
    return bad_request("invalid sort: " + sort);
  out.ascending = sort != "desc";
  const std::string adjustment = query_value(request, "adjustment");
  out.adjusted = adjustment.find("split") != std::string::npos || adjustment.find("all") != std::string::npos;
  if (const std::string token = query_value(request, "page_token"); !token.empty()) {
    const std::string text = parse_base64(token).value_or("");
    const std::size_t first = text.find('|');
    const auto at = first == std::string::npos || text.size() < first + 4 ? std::nullopt : parse_time(text.substr(first + 3));
    if (!at)
      return bad_request("invalid page_token");
    out.after_symbol = text.substr(0, first);
    out.after = *at / ns_of_ms;
  }
  return read_range(request, now, out);
}

std::vector<bar> data_api::bars_of(const std::string& symbol, const bar_query& query, time_ms now) {
  const auto index = prices_.find(symbol);
  if (!index)
    return {};
  std::vector<bar> found = prices_.published(*index, query.from, query.to, now);
  if (query.adjusted)
    for (bar& b : found) {
      const double ratio = prices_.split_adjustment(symbol, b.label, now);
      b.open *= ratio;
      b.high *= ratio;
      b.low *= ratio;
      b.close *= ratio;
      b.volume /= ratio;
    }
  if (query.unit != 'M' || query.count != 1)
    found = merged(found, query.count, query.unit);
  if (!query.ascending)
    std::reverse(found.begin(), found.end());
  if (symbol == query.after_symbol)
    std::erase_if(found, [&](const bar& b) { return query.ascending ? b.label <= query.after : b.label >= query.after; });
  return found;
}

http_response data_api::bars(const bar_query& query, bool single, time_ms now) {
  json pages = json::object();
  json token;
  std::size_t count = 0;
  std::pair<std::string, time_ms> last; // the bar that ends the page, which the token names
  for (const std::string& symbol : query.symbols) {
    if (!token.is_null() || symbol < query.after_symbol)
      continue;
    for (const bar& b : bars_of(symbol, query, now)) {
      if (count == query.limit) {
        token = token_of(last.first, query.unit, last.second);
        break;
      }
      pages[symbol].push_back(bar_json(b));
      last = {symbol, b.label};
      ++count;
    }
  }
  if (token.is_null() && faults_.strike(fault_kind::endless_pages, now))
    token = token_of(query.symbols.back(), query.unit, query.to);
  json body{{"next_page_token", token}};
  if (single) {
    body["symbol"] = query.symbols.front();
    body["bars"] = pages.empty() ? json(nullptr) : pages.begin().value();
  } else {
    body["bars"] = pages;
  }
  if (const placed_fault* huge = faults_.strike(fault_kind::huge_body, now)) {
    const double bytes = std::clamp(huge->value(), 0.0, 1'024.0) * 1'048'576;
    body["padding"] = std::string(static_cast<std::size_t>(bytes), 'x');
  }
  return answer(200, body);
}

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
  const std::vector<bar> days = merged(prices_.published(symbol, midnight - 10 * 86'400'000LL, now, now), 1, 'D');
  if (!days.empty())
    row["dailyBar"] = bar_json(days.back());
  if (days.size() > 1)
    row["prevDailyBar"] = bar_json(days[days.size() - 2]);
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
  bar_query query;
  if (path == "bars") {
    const auto problem = read_query(request, listed, now, query);
    return problem ? *problem : bars(query, false, now);
  }
  const auto is_latest = [](const std::string& word) { return word == "bars" || word == "quotes" || word == "trades"; };
  if (path == "snapshots" || (is_latest(head) && rest == "latest")) {
    if (listed.empty())
      return bad_request("symbols is required");
    return path == "snapshots" ? snapshots(listed, false, now) : latest(head, listed, false, now);
  }
  if (rest == "bars") {
    const auto problem = read_query(request, {head}, now, query);
    return problem ? *problem : bars(query, true, now);
  }
  if (rest == "snapshot")
    return snapshots({head}, true, now);
  if (rest == "bars/latest" || rest == "quotes/latest" || rest == "trades/latest")
    return latest(rest.substr(0, rest.find('/')), {head}, true, now);
  return refuse(404, 40410000, "endpoint not found");
}

// ---- Polygon

http_response data_api::polygon(const http_request& request, time_ms now) {
  const std::string id = uuid_of(config_.seed, "request", static_cast<std::uint64_t>(now));
  const auto error = [&](int status, const std::string& text) {
    return answer(status, {{"status", "ERROR"}, {"request_id", id}, {"error", text}});
  };
  std::vector<std::string> parts; // TQQQ range 1 minute FROM TO
  for (std::size_t at = 16; at < request.path.size();) {
    const std::size_t slash = std::min(request.path.find('/', at), request.path.size());
    parts.push_back(request.path.substr(at, slash - at));
    at = slash + 1;
  }
  if (request.path.rfind("/v2/aggs/ticker/", 0) != 0 || parts.size() != 6 || parts[1] != "range")
    return error(404, "The requested resource was not found");
  bar_query query;
  query.symbols = {parts[0]};
  const std::string unit = parts[3] == "minute" ? "Min" : parts[3] == "hour" ? "Hour" : parts[3] == "day" ? "Day" : "";
  if (unit.empty() || !read_timeframe(parts[2] + unit, query.count, query.unit))
    return error(400, "The timespan is not supported");
  const auto instant = [](const std::string& text, bool last) -> std::optional<time_ms> {
    if (const auto date = parse_date(text))
      return new_york_to_utc(add_days(*date, last ? 1 : 0), 0, 0) - (last ? 1 : 0);
    if (text.empty() || text.size() > 15 || text.find_first_not_of("0123456789") != std::string::npos)
      return std::nullopt;
    return std::stoll(text);
  };
  const auto from = instant(parts[4], false), to = instant(parts[5], true);
  const auto limit = parse_decimal(query_value(request, "limit").empty() ? "5000" : query_value(request, "limit"), 0);
  if (!from || !to || !limit || *limit < 1 || *limit > 50'000)
    return error(400, "Could not parse the time or the limit");
  query.from = *from;
  query.to = *to + 1;
  query.ascending = query_value(request, "sort") != "desc";
  query.adjusted = query_value(request, "adjusted") != "false";
  json rows = json::array();
  json next;
  for (const bar& b : bars_of(parts[0], query, now)) {
    if (rows.size() == static_cast<std::size_t>(*limit)) {
      const std::string range = query.ascending ? std::to_string(b.label) + "/" + parts[5]
                                                : parts[4] + "/" + std::to_string(b.label);
      next = "https://api.massive.com/v2/aggs/ticker/" + parts[0] + "/range/" + parts[2] + "/" + parts[3] + "/" + range
             + "?adjusted=" + (query.adjusted ? "true" : "false") + "&sort=" + (query.ascending ? "asc" : "desc")
             + "&limit=" + std::to_string(*limit);
      break;
    }
    json row = bar_json(b);
    row["t"] = b.label;
    rows.push_back(std::move(row));
  }
  json body{{"ticker", parts[0]}, {"queryCount", rows.size()}, {"resultsCount", rows.size()},
            {"adjusted", query.adjusted}, {"results", rows}, {"status", "OK"}, {"request_id", id}, {"count", rows.size()}};
  if (!next.is_null())
    body["next_url"] = next;
  return answer(200, body);
}

} // namespace sentio::venue
