#include "core/exchange/trading_api.hpp"

#include "core/exchange/account_api.hpp"
#include "core/exchange/json_text.hpp"

#include <algorithm>
#include <cmath>

namespace sentio::venue {

namespace {

bool starts_with(const std::string& text, std::string_view head) { return text.rfind(head, 0) == 0; }

http_response unknown_path() { return refuse(404, 40410000, "endpoint not found"); }
http_response wrong_method() { return refuse(405, 40510000, "method not allowed"); }

/// Body of a POST or PATCH; null when it is no JSON.
json body_of(const http_request& request) { return json::parse(request.body, nullptr, false); }

/// Both as millionths: a share of the whole, and 0 of nothing.
std::string ratio_text(micros part, micros whole) {
  if (whole == 0)
    return "0";
  return decimal_text(std::llround(static_cast<double>(part) / static_cast<double>(whole) * 1e6), 6);
}

std::string cents(micros amount) { return decimal_text(amount, 6); }

} // namespace

http_response trading_api::handle(const http_request& request, time_ms now) {
  const std::string& path = request.path;
  const bool get = request.method == "GET";
  if (path == "/v2/account")
    return get ? account(now) : wrong_method();
  if (path == "/v2/account/configurations")
    return configurations(request, parts_.account);
  if (path == "/v2/account/portfolio/history")
    return portfolio_history(request, parts_.account, parts_.prices, equity(now), now);
  if (path == "/v2/watchlists" || starts_with(path, "/v2/watchlists/") || starts_with(path, "/v2/watchlists:"))
    return watchlists(request, parts_.account, parts_.config.seed,
                      [&](const std::string& symbol) {
                        return parts_.prices.find(symbol) ? asset_json(symbol, now) : json(nullptr);
                      },
                      now);
  if (path == "/v2/account/activities" || starts_with(path, "/v2/account/activities/"))
    return get ? activities(request) : wrong_method();
  if (path == "/v2/clock") {
    const placed_fault* offset = get ? parts_.faults.strike(fault_kind::clock_offset, now) : nullptr;
    const time_ns shown = (now + (offset ? offset->delay() : 0)) * ns_of_ms
                          + static_cast<time_ns>(mix(2, "clock", static_cast<std::uint64_t>(now)) % 1'000'000);
    return get ? answer_text(200, parts_.calendar.clock(shown, now)) : wrong_method();
  }
  if (path == "/v2/calendar")
    return get ? calendar(request, now) : wrong_method();
  if (path == "/v2/assets" || starts_with(path, "/v2/assets/"))
    return get ? assets(request, now) : wrong_method();
  if (path == "/v2/orders" || starts_with(path, "/v2/orders/") || starts_with(path, "/v2/orders:"))
    return orders(request, now);
  if (path == "/v2/positions" || starts_with(path, "/v2/positions/"))
    return positions_call(request, now);
  return unknown_path();
}

micros trading_api::price_of(const std::string& symbol, const venue_position& position, time_ms now) const {
  const auto index = parts_.prices.find(symbol);
  const auto quote = index ? parts_.prices.quote(*index, now) : std::nullopt;
  return quote ? quote->last : position.shares == 0 ? 0 : shares_for(position.cost, position.shares);
}

micros trading_api::equity(time_ms now) const {
  micros total = parts_.account.cash;
  for (const auto& [symbol, position] : parts_.account.positions())
    total += value_of(position.shares, price_of(symbol, position, now));
  return total;
}

http_response trading_api::account(time_ms now) const {
  const books& a = parts_.account;
  const micros worth = equity(now), invested = worth - a.cash;
  const micros power = std::max<micros>(0, a.buying_power());
  const bool blocked = parts_.faults.active(fault_kind::account_blocked, now) != nullptr;
  const bool no_trading = blocked || parts_.faults.active(fault_kind::trading_blocked, now) != nullptr;
  return answer(200, {{"id", uuid_of(parts_.config.seed, "account", 0)},
                      {"account_number", parts_.config.account_number},
                      {"status", "ACTIVE"},
                      {"crypto_status", "INACTIVE"},
                      {"currency", "USD"},
                      {"buying_power", cents(power)},
                      {"regt_buying_power", cents(power)},
                      {"effective_buying_power", cents(power)},
                      {"non_marginable_buying_power", cents(power)},
                      {"options_buying_power", "0"},
                      {"options_approved_level", 0},
                      {"options_trading_level", 0},
                      {"cash", cents(a.cash)},
                      {"accrued_fees", "0"},
                      {"pending_transfer_in", "0"},
                      {"pending_transfer_out", "0"},
                      {"pending_reg_taf_fees", "0"},
                      {"intraday_adjustments", "0"},
                      {"portfolio_value", cents(worth)},
                      {"equity", cents(worth)},
                      {"last_equity", cents(a.last_equity)},
                      {"long_market_value", cents(invested)},
                      {"short_market_value", "0"},
                      {"position_market_value", cents(invested)},
                      {"initial_margin", cents(invested)},
                      {"maintenance_margin", cents(invested)},
                      {"last_maintenance_margin", "0"},
                      {"sma", "0"},
                      {"multiplier", "1"},
                      {"trading_blocked", no_trading},
                      {"transfers_blocked", false},
                      {"account_blocked", blocked},
                      {"trade_suspended_by_user", configurations_of(a)["suspend_trade"]},
                      {"shorting_enabled", false},
                      {"balance_asof", to_string(previous_session(new_york_date(now)))},
                      {"created_at", "2016-01-04T15:04:05.123456Z"}});
}

// ---- orders

http_response trading_api::orders(const http_request& request, time_ms now) {
  const std::string& path = request.path;
  if (path == "/v2/orders:by_client_order_id") {
    const std::string id = query_value(request, "client_order_id");
    const venue_order* order = parts_.account.find_client_order(id);
    if (request.method != "GET")
      return wrong_method();
    return order ? answer_text(200, order_text(*order, parts_.config.seed))
                 : refuse(404, 40410000, "order not found for " + id);
  }
  if (path != "/v2/orders")
    return starts_with(path, "/v2/orders/") ? one_order(request, path.substr(11), now) : unknown_path();
  if (request.method == "GET")
    return list_orders(request);
  if (request.method == "POST")
    return desk_.create(body_of(request), now);
  if (request.method == "DELETE")
    return desk_.cancel_all(now);
  return wrong_method();
}

http_response trading_api::one_order(const http_request& request, const std::string& id, time_ms now) {
  if (request.method == "PATCH")
    return desk_.replace(id, body_of(request), now);
  if (request.method == "DELETE")
    return desk_.cancel(id, now);
  if (request.method != "GET")
    return wrong_method();
  const venue_order* order = parts_.account.find_order(id);
  if (!order)
    return refuse(404, 40410000, "order not found for " + id);
  const bool nested = query_value(request, "nested") == "true";
  return answer_text(200, nested ? parts_.account.nested_text(*order, parts_.config.seed)
                                 : order_text(*order, parts_.config.seed));
}

// ---- positions

std::string trading_api::position_text(const std::string& symbol, const venue_position& position, time_ms now) const {
  const micros price = price_of(symbol, position, now), value = value_of(position.shares, price);
  const auto index = parts_.prices.find(symbol);
  const double before = index ? parts_.prices.previous_close(*index, now) : 0;
  const micros last_day = before > 0 ? std::llround(before * 100) * 10'000 : price;
  const micros gain = value - position.cost, today = value - value_of(position.shares, last_day);
  const quantity held = parts_.account.held_for_orders(symbol);
  object_text row;
  row.text("asset_class", "us_equity").text("asset_id", uuid_of(parts_.config.seed, "asset " + symbol, 0));
  row.flag("asset_marginable", false);
  row.decimal("avg_entry_price", position.shares ? shares_for(position.cost, position.shares) : 0, 6);
  row.text("change_today", ratio_text(price - last_day, last_day)).text("cost_basis", cents(position.cost));
  row.decimal("current_price", price, 6).text("exchange", exchange_of(symbol));
  row.decimal("lastday_price", last_day, 6).decimal("market_value", value, 6);
  row.decimal("qty", position.shares, 9);
  row.decimal("qty_available", std::max<quantity>(0, position.shares - held), 9);
  row.text("side", "long").text("symbol", symbol).decimal("unrealized_intraday_pl", today, 6);
  row.text("unrealized_intraday_plpc", ratio_text(today, value - today)).decimal("unrealized_pl", gain, 6);
  return row.text("unrealized_plpc", ratio_text(gain, position.cost)).take();
}

std::string trading_api::positions(time_ms now) const {
  std::string rows;
  for (const auto& [symbol, position] : parts_.account.positions())
    append_element(rows, position_text(symbol, position, now));
  return "[" + rows + "]";
}

std::string trading_api::symbol_of(const std::string& text) const {
  if (text.size() == 36)
    for (const std::string& symbol : parts_.prices.symbols())
      if (uuid_of(parts_.config.seed, "asset " + symbol, 0) == text)
        return symbol;
  return text;
}

http_response trading_api::positions_call(const http_request& request, time_ms now) {
  const bool get = request.method == "GET";
  if (!get && request.method != "DELETE")
    return wrong_method();
  if (request.path == "/v2/positions")
    return get ? answer_text(200, positions(now)) : desk_.close_all(query_value(request, "cancel_orders") == "true", now);
  const std::string symbol = symbol_of(request.path.substr(14));
  if (!get)
    return close_one(request, symbol, now);
  const auto found = parts_.account.positions().find(symbol);
  return found == parts_.account.positions().end() ? refuse(404, 40410000, "position does not exist")
                                                   : answer_text(200, position_text(symbol, found->second, now));
}

http_response trading_api::close_one(const http_request& request, const std::string& symbol, time_ms now) {
  const std::string qty = query_value(request, "qty"), percentage = query_value(request, "percentage");
  if (!qty.empty() && !percentage.empty())
    return unprocessable("only one of qty or percentage is accepted");
  if (!qty.empty()) {
    const auto shares = parse_decimal(qty, 9);
    return shares && *shares > 0 ? desk_.close_position(symbol, shares, now) : unprocessable("invalid qty " + qty);
  }
  if (percentage.empty())
    return desk_.close_position(symbol, std::nullopt, now);
  const auto part = parse_decimal(percentage, 9);
  if (!part || *part <= 0 || *part > 100 * whole_share)
    return unprocessable("invalid percentage " + percentage);
  const quantity held = parts_.account.held(symbol);
  quantity shares = *part == 100 * whole_share ? held : value_of(held, *part) / 100;
  if (held > 0 && held % whole_share == 0 && shares >= whole_share)
    shares = shares / whole_share * whole_share; // a part of whole shares stays whole
  if (held > 0 && shares <= 0)
    return unprocessable("qty must be > 0");
  return desk_.close_position(symbol, shares, now);
}

// ---- calendar

http_response trading_api::calendar(const http_request& request, time_ms now) const {
  // The second official client sends days, the first full timestamps: their first ten characters are the day.
  const std::string start = query_value(request, "start"), end = query_value(request, "end");
  const auto from = start.empty() ? std::optional(venue_calendar::first_day) : parse_date(start.substr(0, 10));
  const auto to = end.empty() ? std::optional(venue_calendar::last_day) : parse_date(end.substr(0, 10));
  if (!from || !to)
    return unprocessable("invalid date format in start or end");
  if (*to < *from)
    return unprocessable("end date must not be before start date");
  return answer_text(200, parts_.calendar.days(*from, *to, now));
}

} // namespace sentio::venue
