// GET /v2/orders: which orders are shown, and in which order.
#include "core/exchange/json_text.hpp"
#include "core/exchange/trading_api.hpp"

#include <algorithm>
#include <set>

namespace sentio::venue {

namespace {

/// What a list of orders is asked for, as Alpaca names it.
struct order_query {
  std::string status = "open";
  bool ascending = false;
  std::string side; ///< empty: both
  std::int64_t limit = 50;
  std::optional<time_ns> after, until;
  std::int64_t before_order = 0, after_order = 0; ///< sequences; 0: no bound
  bool equities = true;                           ///< whether any class asked for is traded here
  bool nested = false;
  std::vector<std::string> symbols; ///< empty: all
};

/// Alpaca counts a held leg among the closed orders: it is nowhere in the market.
bool listed_open(const venue_order& o) { return o.open() && o.status != "held"; }

bool wanted(const order_query& q, const venue_order& o) {
  if ((q.status == "open" && !listed_open(o)) || (q.status == "closed" && listed_open(o)))
    return false;
  if ((q.after && o.created <= *q.after) || (q.until && o.created >= *q.until))
    return false;
  if ((q.before_order && o.sequence >= q.before_order) || (q.after_order && o.sequence <= q.after_order))
    return false;
  if (!q.side.empty() && (q.side == "buy") != o.buy)
    return false;
  return q.symbols.empty() || std::find(q.symbols.begin(), q.symbols.end(), o.symbol) != q.symbols.end();
}

std::optional<http_response> read_words(const http_request& request, order_query& q) {
  const auto given = [&](const char* key) { return query_value(request, key); };
  q.status = given("status").empty() ? "open" : given("status");
  if (q.status != "open" && q.status != "closed" && q.status != "all")
    return unprocessable("invalid status \"" + q.status + "\"");
  const std::string direction = given("direction").empty() ? "desc" : given("direction");
  if (direction != "asc" && direction != "desc")
    return unprocessable("invalid direction \"" + direction + "\"");
  q.ascending = direction == "asc";
  q.side = given("side");
  if (!q.side.empty() && q.side != "buy" && q.side != "sell")
    return unprocessable("invalid side \"" + q.side + "\"");
  q.nested = given("nested") == "true";
  q.symbols = comma_parts(given("symbols"));
  const std::vector<std::string> classes = comma_parts(given("asset_class"));
  q.equities = classes.empty();
  for (const std::string& one : classes) {
    if (one != "us_equity" && one != "us_option" && one != "crypto" && one != "all")
      return bad_parameter("invalid asset_class \"" + one + "\"");
    q.equities = q.equities || one == "us_equity" || one == "all";
  }
  return std::nullopt;
}

std::optional<http_response> read_bounds(const http_request& request, books& account, order_query& q) {
  const auto given = [&](const char* key) { return query_value(request, key); };
  const auto limit = given("limit").empty() ? std::optional<std::int64_t>(50) : parse_decimal(given("limit"), 0);
  if (!limit || *limit < 1 || *limit > 500)
    return unprocessable("invalid limit: it must be between 1 and 500");
  q.limit = *limit;
  q.after = parse_time(given("after"));
  q.until = parse_time(given("until"));
  if ((!given("after").empty() && !q.after) || (!given("until").empty() && !q.until))
    return unprocessable("invalid time in after or until");
  if (!given("before_order_id").empty() && !given("after_order_id").empty())
    return bad_parameter("only one of before_order_id or after_order_id is accepted");
  for (const auto& [key, bound] :
       {std::pair<const char*, std::int64_t*>{"before_order_id", &q.before_order}, {"after_order_id", &q.after_order}}) {
    const std::string id = given(key);
    if (id.empty())
      continue;
    if (q.after || q.until)
      return bad_parameter(std::string(key) + " must not be combined with after or until");
    const venue_order* order = account.find_order(id);
    if (!order)
      return refuse(404, 40410000, "order not found for " + id);
    *bound = order->sequence;
  }
  return std::nullopt;
}

} // namespace

http_response trading_api::list_orders(const http_request& request) const {
  order_query q;
  if (auto problem = read_words(request, q))
    return *problem;
  if (auto problem = read_bounds(request, parts_.account, q))
    return *problem;
  std::string rows;
  std::int64_t count = 0;
  const auto& all = parts_.account.orders();
  for (std::size_t i = 0; q.equities && i < all.size() && count < q.limit; ++i) {
    const venue_order& o = q.ascending ? all[i] : all[all.size() - 1 - i];
    if (!wanted(q, o))
      continue;
    // A leg is inside its parent where the parent is shown, and stands for itself where it is not.
    if (q.nested && o.parent && wanted(q, parts_.account.order(o.parent)))
      continue;
    append_element(rows, q.nested ? parts_.account.nested_text(o, parts_.config.seed)
                                  : order_text(o, parts_.config.seed));
    ++count;
  }
  return answer_text(200, "[" + rows + "]");
}

} // namespace sentio::venue
