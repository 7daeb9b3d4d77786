#include "core/exchange/polygon_api.hpp"

#include "core/exchange/market_messages.hpp"

#include <algorithm>
#include <array>

namespace sentio::venue {

namespace {

constexpr time_ms no_limit = INT64_MAX;

std::vector<std::string> parts_of(const std::string& path) {
  std::vector<std::string> parts;
  for (std::size_t at = 1; at <= path.size();) {
    const std::size_t slash = std::min(path.find('/', at), path.size());
    parts.push_back(path.substr(at, slash - at));
    at = slash + 1;
  }
  return parts;
}

/// A day, or milliseconds since 1970. Of a day as the end its last millisecond is meant.
std::optional<time_ms> instant(const std::string& text, bool end) {
  if (const auto date = parse_date(text))
    return new_york_to_utc(add_days(*date, end ? 1 : 0), 0, 0) - (end ? 1 : 0);
  if (text.empty() || text.size() > 14 || text.find_first_not_of("0123456789") != std::string::npos)
    return std::nullopt;
  return std::stoll(text);
}

/// Splits are undone unless the client wants prices as they were.
bool wants_adjusted(const http_request& request) { return query_value(request, "adjusted") != "false"; }

/// The name by which the client reached this exchange. It is the client's own text, so only what can be a host goes
/// into an answer.
std::string host_of(const http_request& request) {
  const std::string& host = request.host;
  const bool plain = !host.empty() && host.size() <= 255 && std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == ':'
           || c == '[' || c == ']';
  });
  return plain ? host : "localhost";
}

} // namespace

bool is_polygon_path(const std::string& path) {
  static constexpr std::array heads{"/v2/aggs/", "/v2/last/", "/v2/snapshot/", "/v2/reference/", "/v2/ticks/",
                                    "/v3/reference/", "/v3/trades/", "/v3/quotes/", "/v3/snapshot", "/v1/open-close/",
                                    "/v1/marketstatus/", "/v1/indicators/", "/v1/last", "/v1/conversion/", "/v1/related-companies/",
                                    "/v1/meta/", "/v1/reference/", "/v1/summaries", "/vX/", "/stocks/v1/"};
  return std::any_of(heads.begin(), heads.end(), [&](const char* head) { return path.rfind(head, 0) == 0; });
}

http_response polygon_api::refuse(int status, const std::string& text) {
  return answer(status, {{"status", "ERROR"}, {"request_id", request_id()}, {"error", text}});
}

http_response polygon_api::handle(const http_request& request, time_ms now) {
  const std::vector<std::string> parts = parts_of(request.path); // v2 aggs ticker TQQQ range 1 minute FROM TO
  const bool aggregates = parts.size() > 2 && parts[0] == "v2" && parts[1] == "aggs";
  if (request.method != "GET")
    return refuse(405, "Only GET requests are allowed");
  if (aggregates && parts.size() == 9 && parts[2] == "ticker" && parts[4] == "range")
    return range(request, parts, now);
  if (aggregates && parts.size() == 5 && parts[2] == "ticker" && parts[4] == "prev")
    return previous(request, parts[3], now);
  if (aggregates && parts.size() == 8 && parts[2] == "grouped" && parts[3] == "locale" && parts[4] == "us"
      && parts[5] == "market" && parts[6] == "stocks")
    return grouped(request, parts[7], now);
  return refuse(404, "The requested resource was not found");
}

http_response polygon_api::range(const http_request& request, const std::vector<std::string>& parts, time_ms now) {
  const std::string &ticker = parts[3], &from_text = parts[7], &to_text = parts[8];
  const auto period = polygon_period(parts[5], parts[6]);
  if (!period)
    return refuse(400, "The timespan " + parts[5] + " " + parts[6] + " is not supported");
  const auto from = instant(from_text, false), to = instant(to_text, true);
  const std::string limit_text = query_value(request, "limit"), sort = query_value(request, "sort");
  const auto limit = parse_decimal(limit_text.empty() ? "5000" : limit_text, 0);
  if (!from || !to)
    return refuse(400, "Could not parse the time parameter: it must be YYYY-MM-DD or milliseconds");
  if (*to < *from)
    return refuse(400, "The parameter 'to' cannot be a time that occurs before 'from'");
  if (!limit || *limit < 1 || *limit > 50'000)
    return refuse(400, "The limit must be between 1 and 50000");
  if (!sort.empty() && sort != "asc" && sort != "desc")
    return refuse(400, "The sort must be asc or desc");
  bar_range wished{*period, *from, *to + 1, true, wants_adjusted(request), no_limit};
  const auto index = prices_.find(ticker);
  std::vector<period_bar> found = index ? bars_in(prices_, *index, wished, now) : std::vector<period_bar>();
  if (sort == "desc")
    std::reverse(found.begin(), found.end());
  json rows = json::array();
  std::int64_t bases = 0;
  std::string next;
  for (const period_bar& b : found) {
    if (!rows.empty() && bases + b.bases > *limit) { // a period that would be cut belongs to the next page
      const std::string label = std::to_string(b.whole.label);
      next = "https://" + host_of(request) + "/v2/aggs/ticker/" + ticker + "/range/" + parts[5] + "/" + parts[6] + "/"
             + (sort == "desc" ? from_text + "/" + label : label + "/" + to_text)
             + "?adjusted=" + (wished.adjusted ? "true" : "false") + "&sort=" + (sort == "desc" ? "desc" : "asc")
             + "&limit=" + std::to_string(*limit);
      break;
    }
    rows.push_back(bar_json(b.whole));
    rows.back()["t"] = b.whole.label;
    bases += b.bases;
  }
  json body = rows_body(std::move(rows), wished.adjusted);
  body["ticker"] = ticker;
  body["queryCount"] = bases;
  if (!next.empty())
    body["next_url"] = next;
  return answer(200, body);
}

json polygon_api::rows_body(json rows, bool adjusted) {
  const std::size_t count = rows.size();
  return {{"queryCount", count},        {"resultsCount", count}, {"adjusted", adjusted},
          {"results", std::move(rows)}, {"status", "OK"},        {"request_id", request_id()},
          {"count", count}};
}

/// A day's bar with its ticker; its time is the close of the session.
std::optional<json> polygon_api::day_row(std::size_t symbol, civil_date date, bool adjusted, time_ms now) {
  const time_ms midnight = new_york_to_utc(date, 0, 0);
  const auto session = session_on(date);
  const auto days
    = bars_in(prices_, symbol, {{1, period_unit::day}, midnight, midnight + 1, true, adjusted, no_limit}, now);
  if (days.empty() || !session)
    return std::nullopt;
  json row = bar_json(days.front().whole);
  row["T"] = prices_.name(symbol);
  row["t"] = session->close;
  return row;
}

http_response polygon_api::previous(const http_request& request, const std::string& ticker, time_ms now) {
  const bool adjusted = wants_adjusted(request);
  json rows = json::array();
  const auto index = prices_.find(ticker);
  civil_date date = new_york_date(now);
  for (int days = 0; index && rows.empty() && days < 10; ++days) { // a symbol may not have traded on the last day
    date = previous_session(date);
    if (auto row = day_row(*index, date, adjusted, now))
      rows.push_back(std::move(*row));
  }
  json body = rows_body(std::move(rows), adjusted);
  body["ticker"] = ticker;
  return answer(200, body);
}

http_response polygon_api::grouped(const http_request& request, const std::string& date, time_ms now) {
  const auto day = parse_date(date);
  if (!day)
    return refuse(400, "Could not parse the date: it must be YYYY-MM-DD");
  const bool adjusted = wants_adjusted(request);
  json rows = json::array();
  for (std::size_t symbol = 0; symbol < prices_.symbols().size(); ++symbol)
    if (auto row = day_row(symbol, *day, adjusted, now))
      rows.push_back(std::move(*row));
  return answer(200, rows_body(std::move(rows), adjusted));
}

} // namespace sentio::venue
