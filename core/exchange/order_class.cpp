// The parts of a request that make an order more than a simple one: its class with the prices of its exits, and the
// trail of a trailing stop. The messages and codes are those that Alpaca's clients were seen to get.
#include "core/exchange/order_request.hpp"
#include "core/exchange/request_fields.hpp"

namespace sentio::venue {

namespace {

problem read_class(const json& body, venue_order& order) {
  std::string name;
  if (auto p = read_word(body, "order_class", name))
    return p;
  order.order_class = name.empty() ? "simple" : name;
  if (name == "mleg")
    return unprocessable("order class \"mleg\" is not supported by this exchange");
  if (!order.simple() && name != "bracket" && name != "oco" && name != "oto")
    return unprocessable("invalid order_class \"" + name + "\"");
  return std::nullopt;
}

problem read_prices(const json& body, exit_prices& exits) {
  for (const char* part : {"take_profit", "stop_loss"})
    if (given(body, part) && !body[part].is_object())
      return refuse(400, 40010000, "request body format is invalid");
  if (given(body, "take_profit"))
    if (auto p = read_price(body["take_profit"], "limit_price", exits.take_profit, "take_profit.limit_price"))
      return p;
  if (!given(body, "stop_loss"))
    return std::nullopt;
  if (auto p = read_price(body["stop_loss"], "stop_price", exits.stop_loss, "stop_loss.stop_price"))
    return p;
  return read_price(body["stop_loss"], "limit_price", exits.stop_limit, "stop_loss.limit_price");
}

problem check_parts(const venue_order& o, const exit_prices& exits) {
  if (o.order_class == "oto") {
    if (exits.take_profit.has_value() == exits.stop_loss.has_value())
      return bad_parameter("oto orders require either take_profit or stop_loss");
  } else if (!exits.take_profit) {
    return bad_parameter(o.order_class + " orders require take_profit.limit_price");
  } else if (!exits.stop_loss) {
    return bad_parameter(o.order_class + " orders require stop_loss.stop_price");
  }
  if (o.order_class == "oco" && o.type != "limit")
    return bad_parameter("oco orders must be limit orders");
  if (o.type != "market" && o.type != "limit")
    return bad_parameter(o.order_class + " orders must be market or limit orders");
  if (o.time_in_force != "day" && o.time_in_force != "gtc")
    return unprocessable(o.order_class + " orders must be DAY or GTC orders");
  return std::nullopt;
}

} // namespace

problem check_exit_prices(bool sells, const exit_prices& exits) {
  const char* more = sells ? ">" : "<";
  const char* less = sells ? "<=" : ">=";
  const auto beyond = [&](micros a, micros b) { return sells ? a > b : a < b; };
  if (exits.take_profit && exits.stop_loss && !beyond(*exits.take_profit, *exits.stop_loss))
    return unprocessable(std::string("take_profit.limit_price must be ") + more + " stop_loss.stop_price");
  if (exits.stop_limit && exits.stop_loss && beyond(*exits.stop_limit, *exits.stop_loss))
    return unprocessable(std::string("stop_loss.limit_price must be ") + less + " stop_loss.stop_price");
  return std::nullopt;
}

problem read_exits(const json& body, venue_order& order, exit_prices& exits) {
  if (auto p = read_class(body, order))
    return p;
  if (order.simple() && (given(body, "take_profit") || given(body, "stop_loss")))
    return unprocessable("simple orders must not have take_profit or stop_loss");
  if (order.simple())
    return std::nullopt;
  if (auto p = read_prices(body, exits))
    return p;
  if (auto p = check_parts(order, exits))
    return p;
  if (order.order_class == "oco")
    order.limit = exits.take_profit; // the order itself is the take-profit
  return check_exit_prices(order.order_class == "oco" ? !order.buy : order.buy, exits);
}

problem read_trail(const json& body, venue_order& order) {
  if (auto p = read_price(body, "trail_price", order.trail_price, "trail_price"))
    return p;
  if (auto p = read_amount(body, "trail_percent", 6, order.trail_percent))
    return p;
  const bool any = order.trail_price || order.trail_percent;
  if (order.type != "trailing_stop")
    return any ? problem(unprocessable("only trailing_stop orders may have trail_price or trail_percent"))
               : std::nullopt;
  if (order.trail_price.has_value() == order.trail_percent.has_value())
    return bad_parameter("trailing stop orders must specify one of trail_price or trail_percent");
  if (order.trail_percent && *order.trail_percent >= 100'000'000)
    return unprocessable("trail_percent must be < 100");
  if (order.time_in_force != "day" && order.time_in_force != "gtc")
    return unprocessable("trailing stop orders must be DAY or GTC orders");
  if (order.notional || (order.shares && *order.shares % whole_share != 0))
    return unprocessable("trailing stop orders must be for whole shares");
  return std::nullopt;
}

} // namespace sentio::venue
