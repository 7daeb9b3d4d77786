#include "core/exchange/order_request.hpp"

#include "core/exchange/request_fields.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace sentio::venue {

namespace {

constexpr std::array<std::string_view, 5> known_types{"market", "limit", "stop", "stop_limit", "trailing_stop"};
constexpr std::array<std::string_view, 6> known_times{"day", "gtc", "opg", "cls", "ioc", "fok"};

template <class List>
bool one_of(const List& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

problem check_prices(const venue_order& o) {
  const bool needs_limit = o.type == "limit" || o.type == "stop_limit";
  const bool needs_stop = o.type == "stop" || o.type == "stop_limit";
  if (needs_limit && !o.limit)
    return unprocessable(o.type + " orders require limit price");
  if (!needs_limit && o.limit)
    return unprocessable(o.type + " orders must not have limit price");
  if (needs_stop && !o.stop)
    return unprocessable(o.type + " orders require stop price");
  if (!needs_stop && o.stop)
    return unprocessable(o.type + " orders must not have stop price");
  return std::nullopt;
}

bool fractional(const venue_order& o) { return o.notional || (o.shares && *o.shares % whole_share != 0); }

problem check_size(const venue_order& o, const json& body) {
  if (o.shares && o.notional)
    return unprocessable("only one of qty or notional is accepted");
  if (!o.shares && !o.notional)
    return unprocessable("qty or notional is required");
  if (o.notional && *o.notional < dollar)
    return unprocessable("cost basis must be >= minimal amount of order 1");
  if (o.notional && *o.notional % 10'000 != 0)
    return unprocessable("notional value must be limited to 2 decimal places");
  if (!fractional(o))
    return std::nullopt;
  std::string order_class;
  read_word(body, "order_class", order_class);
  if (!order_class.empty() && order_class != "simple")
    return unprocessable("fractional orders must be simple orders");
  if (o.time_in_force != "day")
    return unprocessable("fractional orders must be DAY orders");
  if (o.notional && o.type != "market")
    return unprocessable("notional orders must be market orders");
  return std::nullopt;
}

problem check_words(const venue_order& o, const std::string& side) {
  if (o.symbol.empty())
    return unprocessable("symbol is required");
  if (side != "buy" && side != "sell")
    return unprocessable(side.empty() ? "side is required" : "invalid side \"" + side + "\"");
  if (!one_of(known_types, o.type))
    return unprocessable(o.type.empty() ? "type is required" : "invalid order type \"" + o.type + "\"");
  if (!one_of(known_times, o.time_in_force))
    return unprocessable(o.time_in_force.empty() ? "time_in_force is required"
                                                 : "invalid time_in_force \"" + o.time_in_force + "\"");
  if (o.time_in_force == "opg" || o.time_in_force == "cls")
    return unprocessable("time_in_force \"" + o.time_in_force + "\" is not supported by this exchange");
  if (o.client_order_id.size() > 128)
    return unprocessable("client_order_id must be no more than 128 characters");
  return std::nullopt;
}

problem check_intent(venue_order& o) {
  if (o.intent.empty())
    o.intent = o.buy ? "buy_to_open" : "sell_to_close";
  if (o.intent != "buy_to_open" && o.intent != "buy_to_close" && o.intent != "sell_to_open"
      && o.intent != "sell_to_close")
    return unprocessable("invalid position_intent \"" + o.intent + "\"");
  const std::string inferred = o.buy ? "buy_to_open" : "sell_to_close";
  if (o.intent == "sell_to_open" && !o.buy)
    return unprocessable("asset \"" + o.symbol + "\" cannot be sold short");
  if (o.intent != inferred)
    return unprocessable("position intent mismatch, inferred: " + inferred + ", specified: " + o.intent);
  return std::nullopt;
}

/// A stop price, or the trail of a trailing stop, whose stop price nobody can choose.
problem read_replaced_stop(const json& body, venue_order& out) {
  if (out.type != "trailing_stop") {
    if (given(body, "trail"))
      return unprocessable("only trailing_stop orders may have trail");
    if (auto p = read_price(body, "stop_price", out.stop, "stop_price"))
      return p;
    return check_prices(out);
  }
  if (given(body, "stop_price") || given(body, "limit_price"))
    return unprocessable("trailing stop orders must not have limit price or stop price");
  if (out.trail_price)
    return read_price(body, "trail", out.trail_price, "trail");
  if (auto p = read_amount(body, "trail", 6, out.trail_percent))
    return p;
  if (*out.trail_percent >= 100'000'000)
    return unprocessable("trail must be < 100 percent");
  return std::nullopt;
}

} // namespace

problem read_order(const json& body, venue_order& out, exit_prices& exits) {
  if (!body.is_object())
    return refuse(400, 40010000, "request body format is invalid");
  std::string side;
  for (const auto& [key, place] : {std::pair<const char*, std::string*>{"symbol", &out.symbol}, {"side", &side},
                                   {"type", &out.type}, {"time_in_force", &out.time_in_force},
                                   {"client_order_id", &out.client_order_id}, {"position_intent", &out.intent}})
    if (auto p = read_word(body, key, *place))
      return p;
  out.buy = side == "buy";
  if (auto p = check_words(out, side))
    return p;
  if (auto p = read_amount(body, "qty", 9, out.shares))
    return p;
  if (auto p = read_amount(body, "notional", 6, out.notional))
    return p;
  if (auto p = check_size(out, body))
    return p;
  if (auto p = read_price(body, "limit_price", out.limit, "limit_price"))
    return p;
  if (auto p = read_price(body, "stop_price", out.stop, "stop_price"))
    return p;
  if (auto p = read_trail(body, out))
    return p;
  if (auto p = read_exits(body, out, exits))
    return p;
  if (auto p = check_prices(out))
    return p;
  if (given(body, "extended_hours")) {
    if (!body["extended_hours"].is_boolean())
      return refuse(400, 40010000, "request body format is invalid");
    out.extended_hours = body["extended_hours"].get<bool>();
    if (out.extended_hours && (out.type != "limit" || (out.time_in_force != "day" && out.time_in_force != "gtc")))
      return unprocessable("extended hours orders must be DAY or GTC limit orders");
    if (out.extended_hours && !out.simple())
      return unprocessable(out.order_class + " orders do not support extended hours");
  }
  return check_intent(out);
}

problem read_replacement(const json& body, const venue_order& old, venue_order& out) {
  if (!body.is_object())
    return refuse(400, 40010000, "request body format is invalid");
  out = old;
  out.client_order_id.clear();
  if (fractional(old))
    return unprocessable("replacing notional or fractional orders is not allowed");
  if (auto p = read_word(body, "client_order_id", out.client_order_id))
    return p;
  if (auto p = read_word(body, "time_in_force", out.time_in_force))
    return p;
  if (auto p = check_words(out, old.buy ? "buy" : "sell"))
    return p;
  if (auto p = read_amount(body, "qty", 9, out.shares))
    return p;
  if (*out.shares % whole_share != 0)
    return unprocessable("replacing notional or fractional orders is not allowed");
  if (*out.shares <= old.filled)
    return unprocessable("qty must be > filled_qty");
  if (!old.simple() && out.shares != old.shares)
    return unprocessable("qty cannot be changed for advanced orders");
  if (auto p = read_price(body, "limit_price", out.limit, "limit_price"))
    return p;
  if (auto p = read_replaced_stop(body, out))
    return p;
  if (out.shares == old.shares && out.limit == old.limit && out.stop == old.stop
      && out.trail_price == old.trail_price && out.trail_percent == old.trail_percent
      && out.time_in_force == old.time_in_force)
    return refuse(403, 40310000, "order parameters are not changed");
  return std::nullopt;
}

} // namespace sentio::venue
