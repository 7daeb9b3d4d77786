// GET /v2/account/activities: the executions of the account. Dividends, transfers and the like happen on no account
// of this exchange.
#include "core/exchange/trading_api.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace sentio::venue {

namespace {

constexpr std::string_view path = "/v2/account/activities";
constexpr std::array<std::string_view, 55> known_types{
  "FILL",   "TRANS",  "MISC",   "ACATC",  "ACATS", "CFEE",  "CGD",   "CIL",  "CSD",   "CSW",   "DIV",
  "DIVCGL", "DIVCGS", "DIVFEE", "DIVFT",  "DIVNRA", "DIVROC", "DIVTW", "DIVTXEX", "DIVWH", "EXTRD", "FEE",
  "FIMM",   "FOPT",   "FXTRD",  "INT",    "INTNRA", "INTPNL", "INTTW", "JNL",  "JNLC",  "JNLS",  "MA",
  "MEM",    "NC",     "OCT",    "OPASN",  "OPCA",  "OPCSH", "OPEXC", "OPEXP", "OPTRD", "PTC",   "PTR",
  "REORG",  "REWARD", "SC",     "SPIN",   "SPLIT", "SSO",   "SSP",   "SWP",  "TAF",   "VOF",   "WH"};

/// What a list of activities is asked for, as Alpaca names it.
struct activity_query {
  bool fills = true; ///< whether any type asked for exists on this account
  bool ascending = false;
  std::size_t page_size = 100;
  std::optional<time_ns> after, until; ///< exclusive
  std::optional<time_ns> from;         ///< inclusive, of a day
  std::string token;
};

std::optional<http_response> read_types(const http_request& request, activity_query& q) {
  std::vector<std::string> types;
  if (request.path.size() > path.size() + 1)
    types = {request.path.substr(path.size() + 1)};
  for (const auto& [key, value] : request.query)
    if (key == "activity_types" || key == "activity_type")
      for (const std::string& one : comma_parts(value))
        types.push_back(one);
  const std::string category = query_value(request, "category");
  if (!category.empty() && category != "trade_activity" && category != "non_trade_activity")
    return bad_parameter("invalid category \"" + category + "\"");
  if (!category.empty() && !types.empty())
    return bad_parameter("only one of category or activity_types is accepted");
  for (const std::string& one : types)
    if (std::find(known_types.begin(), known_types.end(), one) == known_types.end())
      return bad_parameter("invalid activity type \"" + one + "\"");
  const bool named = std::find(types.begin(), types.end(), "FILL") != types.end();
  q.fills = types.empty() ? category != "non_trade_activity" : named;
  return std::nullopt;
}

std::optional<http_response> read_times(const http_request& request, activity_query& q) {
  const auto given = [&](const char* key) { return query_value(request, key); };
  q.after = parse_time(given("after"));
  q.until = parse_time(given("until"));
  if ((!given("after").empty() && !q.after) || (!given("until").empty() && !q.until))
    return bad_parameter("invalid time in after or until");
  if (given("date").empty())
    return std::nullopt;
  if (q.after || q.until)
    return bad_parameter("date must not be combined with after or until");
  const auto date = parse_date(given("date").substr(0, 10));
  if (!date)
    return bad_parameter("invalid date \"" + given("date") + "\"");
  q.from = new_york_to_utc(*date, 0, 0) * ns_of_ms;
  q.until = new_york_to_utc(add_days(*date, 1), 0, 0) * ns_of_ms;
  return std::nullopt;
}

std::optional<http_response> read_page(const http_request& request, activity_query& q) {
  const auto given = [&](const char* key) { return query_value(request, key); };
  const std::string direction = given("direction").empty() ? "desc" : given("direction");
  if (direction != "asc" && direction != "desc")
    return bad_parameter("invalid direction \"" + direction + "\"");
  q.ascending = direction == "asc";
  q.token = given("page_token");
  if (given("page_size").empty())
    return std::nullopt;
  const auto size = parse_decimal(given("page_size"), 0);
  if (!size || *size < 1 || *size > 100)
    return bad_parameter("invalid page_size: it must be between 1 and 100");
  q.page_size = static_cast<std::size_t>(*size);
  return std::nullopt;
}

/// "20261123094500123::uuid": milliseconds UTC, so that ids sort by time.
std::string activity_id(const venue_execution& e) {
  std::string digits;
  for (const char c : utc_text(e.at / ns_of_ms * ns_of_ms))
    if (c >= '0' && c <= '9')
      digits += c;
  digits.append(17 - std::min<std::size_t>(17, digits.size()), '0');
  return digits + "::" + e.id;
}

} // namespace

json trading_api::activity_json(const venue_execution& e) const {
  const venue_order& order = *parts_.account.find_order(e.order_id);
  const bool last = order.status == "filled" && e.filled_after == order.filled;
  // What is left of a notional order is a number of dollars, not of shares.
  const quantity left = last || !order.shares ? 0 : std::max<quantity>(0, *order.shares - e.filled_after);
  return {{"id", activity_id(e)},
          {"account_id", uuid_of(parts_.config.seed, "account", 0)},
          {"activity_type", "FILL"},
          {"transaction_time", utc_text(e.at)},
          {"type", last ? "fill" : "partial_fill"},
          {"price", decimal_text(e.price, 6)},
          {"qty", decimal_text(e.shares, 9)},
          {"side", e.buy ? "buy" : "sell"},
          {"symbol", e.symbol},
          {"leaves_qty", decimal_text(left, 9)},
          {"order_id", e.order_id},
          {"cum_qty", decimal_text(e.filled_after, 9)},
          {"order_status", last ? "filled" : "partially_filled"}};
}

http_response trading_api::activities(const http_request& request) const {
  activity_query q;
  if (auto problem = read_types(request, q))
    return *problem;
  if (auto problem = read_times(request, q))
    return *problem;
  if (auto problem = read_page(request, q))
    return *problem;
  const auto& all = parts_.account.executions();
  bool begun = q.token.empty();
  json rows = json::array();
  for (std::size_t i = 0; i < all.size() && rows.size() < q.page_size; ++i) {
    const venue_execution& e = q.ascending ? all[i] : all[all.size() - 1 - i];
    if (!begun) { // a page begins behind the activity that its token names
      begun = activity_id(e) == q.token;
      continue;
    }
    const bool inside = (!q.after || e.at > *q.after) && (!q.from || e.at >= *q.from) && (!q.until || e.at < *q.until);
    if (q.fills && inside)
      rows.push_back(activity_json(e));
  }
  return begun ? answer(200, rows) : bad_parameter("invalid page_token \"" + q.token + "\"");
}

} // namespace sentio::venue
