// The rules that need the account and the market, and the taking of an order.
#include "core/exchange/account_api.hpp"
#include "core/exchange/order_desk.hpp"
#include "core/exchange/order_request.hpp"

#include <algorithm>

namespace sentio::venue {

namespace {

bool has_limit(const venue_order& o) { return o.limit.has_value(); }

/// Paper Alpaca values a market buy above the market: 4 % below 50 USD, 2.5 % from there (spec section 3.2).
micros with_margin(micros price) {
  const std::int64_t per_mille = price < 50 * dollar ? 1040 : 1025;
  return (price * per_mille + 999) / 1000;
}

} // namespace

order_desk::problem order_desk::check_account(time_ms now) {
  if (parts_.faults.active(fault_kind::account_blocked, now))
    return refuse(403, 40310000, "account is blocked");
  if (parts_.faults.active(fault_kind::trading_blocked, now))
    return refuse(403, 40310000, "new orders are rejected by user request: trading is blocked");
  if (configurations_of(parts_.account)["suspend_trade"] == true)
    return refuse(403, 40310000, "new orders are rejected by user request");
  return std::nullopt;
}

order_desk::problem order_desk::check_asset(const venue_order& order, time_ms now) {
  if (!parts_.prices.find(order.symbol))
    return unprocessable("asset \"" + order.symbol + "\" not found");
  if (parts_.faults.strike(fault_kind::not_tradable, now, order.symbol))
    return unprocessable("asset \"" + order.symbol + "\" is not tradable");
  const bool fractional = order.notional || (order.shares && *order.shares % whole_share != 0);
  if (order.buy && fractional && configurations_of(parts_.account)["fractional_trading"] == false)
    return refuse(403, 40310000, "account is not allowed to trade fractional shares");
  return std::nullopt;
}

order_desk::problem order_desk::check_wash_trade(const venue_order& order, time_ms now, std::int64_t except) {
  const auto refused = [](const std::string& id, const std::string& reason) {
    return refuse(403, 40310000, "potential wash trade detected. use complex orders",
                  {{"existing_order_id", id}, {"reject_reason", reason}});
  };
  if (parts_.faults.strike(fault_kind::wash_trade, now, order.symbol))
    return refused(uuid_of(parts_.config.seed, "wash trade", static_cast<std::uint64_t>(now)),
                   "opposite side limit order exists");
  if (!order.simple() || order.type == "trailing_stop") // exempt (spec section 3.7)
    return std::nullopt;
  for (const std::int64_t sequence : parts_.account.open_orders()) {
    const venue_order& other = parts_.account.order(sequence);
    if (other.symbol != order.symbol || other.buy == order.buy || sequence == except || other.waiting)
      continue;
    if (!has_limit(other))
      return refused(other.id, "opposite side market/stop order exists");
    const micros bid = order.buy ? order.limit.value_or(0) : *other.limit;
    const micros ask = order.buy ? *other.limit : order.limit.value_or(0);
    if (!has_limit(order) || bid >= ask)
      return refused(other.id, "opposite side limit order exists");
  }
  return std::nullopt;
}

order_desk::problem order_desk::check_shares(const venue_order& order, time_ms now, quantity freed) {
  if (order.buy)
    return std::nullopt;
  const quantity existing = parts_.account.held(order.symbol);
  if (existing <= 0 && configurations_of(parts_.account)["no_shorting"] == true)
    return refuse(403, 40310000, "account is not allowed to short");
  if (existing <= 0)
    return unprocessable("asset \"" + order.symbol + "\" cannot be sold short");
  quantity held = parts_.account.held_for_orders(order.symbol) - freed;
  json related = json::array();
  for (const std::int64_t sequence : parts_.account.open_orders())
    if (const venue_order& o = parts_.account.order(sequence); !o.buy && !o.waiting && o.symbol == order.symbol)
      related.push_back(o.id);
  if (parts_.faults.strike(fault_kind::shares_held, now, order.symbol)) {
    held = existing;
    if (related.empty())
      related.push_back(uuid_of(parts_.config.seed, "held", static_cast<std::uint64_t>(now)));
  }
  quantity asked = order.shares ? *order.shares : 0;
  if (const auto symbol = parts_.prices.find(order.symbol); order.notional && symbol)
    if (const auto q = parts_.prices.quote(*symbol, now))
      asked = shares_for(*order.notional, q->bid);
  const quantity available = std::max<quantity>(0, existing - held);
  if (asked <= available)
    return std::nullopt;
  return refuse(403, 40310000,
                "insufficient qty available for order (requested: " + decimal_text(asked, 9)
                  + ", available: " + decimal_text(available, 9) + ")",
                {{"available", decimal_text(available, 9)},
                 {"existing_qty", decimal_text(existing, 9)},
                 {"held_for_orders", decimal_text(held, 9)},
                 {"related_orders", related},
                 {"symbol", order.symbol}});
}

order_desk::problem order_desk::check_stop(const venue_order& order, time_ms now) {
  if (!order.stop || order.type == "trailing_stop")
    return std::nullopt;
  const auto quote = parts_.prices.quote(*parts_.prices.find(order.symbol), now);
  if (!quote)
    return std::nullopt;
  if (order.buy && *order.stop <= quote->last)
    return unprocessable("stop price must be greater than current price");
  if (!order.buy && *order.stop >= quote->last)
    return unprocessable("stop price must be less than current price");
  return std::nullopt;
}

order_desk::problem order_desk::check_buying_power(venue_order& order, time_ms now, micros freed) {
  const auto quote = parts_.prices.quote(*parts_.prices.find(order.symbol), now);
  if (!order.buy) {
    order.reserve_price = quote ? quote->bid : 0;
    return std::nullopt;
  }
  const micros ask = quote ? quote->ask : 0;
  order.reserve_price = order.limit ? *order.limit : with_margin(order.stop ? *order.stop : ask);
  if (order.reserve_price == 0)
    return unprocessable("no price is known for \"" + order.symbol + "\", use a limit order");
  const micros basis = order.notional ? *order.notional : value_of(order.remaining(), order.reserve_price);
  const micros power = std::max<micros>(0, parts_.account.buying_power() + freed);
  const bool fault = parts_.faults.strike(fault_kind::no_buying_power, now, order.symbol) != nullptr;
  if (basis <= power && !fault)
    return std::nullopt;
  // Amounts in answers are cents: the basis up, the power down, so that they never look the wrong way round.
  const micros shown_power = fault && basis <= power ? basis / 2 : power;
  return refuse(403, 40310000, "insufficient buying power",
                {{"buying_power", decimal_text(shown_power / 10'000, 2)},
                 {"cost_basis", decimal_text((basis + 9'999) / 10'000, 2)}});
}

order_desk::problem order_desk::check_all(venue_order& order, time_ms now, const venue_order* replaced) {
  if (auto p = check_account(now))
    return p;
  if (auto p = check_asset(order, now))
    return p;
  if (auto p = check_stop(order, now))
    return p;
  if (auto p = check_wash_trade(order, now, replaced ? replaced->sequence : 0))
    return p;
  if (auto p = check_shares(order, now, replaced ? replaced->remaining() : 0))
    return p;
  return check_buying_power(order, now, replaced ? replaced->reserved() : 0);
}

venue_order& order_desk::accept(venue_order order, time_ms now) {
  const auto count = static_cast<std::uint64_t>(parts_.account.orders().size()) + 1;
  order.id = uuid_of(parts_.config.seed, "order", count);
  if (order.client_order_id.empty())
    order.client_order_id = uuid_of(parts_.config.seed, "client order", count);
  order.created = parts_.account.stamp(now);
  order.updated = order.created;
  const trading_day day = parts_.calendar.day_for(order.extended_hours, now);
  order.session_day = days_since_epoch(day.date);
  if (order.waiting) { // the successor of a leg that waits
    order.status = "held";
    venue_order& leg = parts_.account.add_order(std::move(order));
    parts_.account.schedule(leg, now + 1);
    tell(leg, "held");
    return leg;
  }
  const bool open = can_trade(order, now);
  order.status = open ? "pending_new" : "accepted";
  order.stuck = parts_.faults.strike(fault_kind::order_stuck, now, order.symbol) != nullptr;
  order.reject_later
    = !order.stuck && parts_.faults.strike(fault_kind::order_rejected_later, now, order.symbol) != nullptr;
  venue_order& taken = parts_.account.add_order(std::move(order));
  const auto delay = static_cast<time_ms>(1 + chance(taken, "acknowledge") % 5);
  parts_.account.schedule(taken, (open ? now : day.begin) + delay);
  tell(taken, taken.status.c_str());
  return taken;
}

http_response order_desk::submit(venue_order order, const exit_prices& exits, time_ms now) {
  if (!order.client_order_id.empty() && parts_.account.find_client_order(order.client_order_id))
    return refuse(422, 40010001, "client_order_id must be unique");
  if (auto p = start_trail(order, now))
    return *p;
  if (auto p = check_exits(order, exits, now))
    return *p;
  if (auto p = check_all(order, now, nullptr))
    return *p;
  venue_order& taken = accept(std::move(order), now);
  add_legs(taken, exits, now);
  return answer_text(200, parts_.account.nested_text(taken, parts_.config.seed));
}

http_response order_desk::create(const json& body, time_ms now) {
  venue_order order;
  exit_prices exits;
  if (auto p = read_order(body, order, exits))
    return *p;
  return submit(std::move(order), exits, now);
}

http_response order_desk::close_position(const std::string& symbol, std::optional<quantity> shares, time_ms now) {
  const quantity held = parts_.account.held(symbol);
  if (held <= 0)
    return refuse(404, 40410000, "position does not exist");
  venue_order order;
  order.symbol = symbol;
  order.buy = false;
  order.type = "market";
  order.time_in_force = "day";
  order.intent = "sell_to_close";
  order.shares = shares.value_or(held);
  return submit(std::move(order), {}, now);
}

http_response order_desk::close_all(bool cancel_orders, time_ms now) {
  if (cancel_orders)
    cancel_all(now);
  std::vector<std::string> symbols;
  for (const auto& [symbol, position] : parts_.account.positions())
    symbols.push_back(symbol);
  json rows = json::array();
  for (const std::string& symbol : symbols) {
    // Cancels of this call are carried out at once, so that their shares are free for the closing orders.
    if (cancel_orders)
      for (const std::int64_t sequence : std::vector<std::int64_t>(parts_.account.open_orders().begin(),
                                                                   parts_.account.open_orders().end()))
        if (venue_order& o = parts_.account.order(sequence); o.symbol == symbol && o.status == "pending_cancel"
            && !parts_.faults.active(fault_kind::cancel_stuck, now, symbol))
          finish_cancel(o, now);
    const quantity held = parts_.account.held(symbol);
    http_response one;
    if (parts_.faults.strike(fault_kind::close_all_fails, now, symbol))
      one = refuse(403, 40310000,
                   "insufficient qty available for order (requested: " + decimal_text(held, 9) + ", available: 0)",
                   {{"available", "0"},
                    {"existing_qty", decimal_text(held, 9)},
                    {"held_for_orders", decimal_text(held, 9)},
                    {"symbol", symbol}});
    else
      one = close_position(symbol, std::nullopt, now);
    rows.push_back({{"symbol", symbol}, {"status", one.status}, {"body", json::parse(one.body)}});
  }
  return answer(207, rows);
}

void order_desk::place_foreign(const std::string& symbol, quantity shares, time_ms now) {
  const std::vector<std::string>& all = parts_.prices.symbols();
  const auto index = symbol.empty() && !all.empty() ? std::optional<std::size_t>(0) : parts_.prices.find(symbol);
  const auto quote = index ? parts_.prices.quote(*index, now) : std::nullopt;
  if (!quote)
    return;
  venue_order order;
  order.symbol = parts_.prices.name(*index);
  order.type = "market";
  order.time_in_force = "day";
  order.intent = "buy_to_open";
  order.client_order_id = "foreign-" + std::to_string(parts_.account.orders().size() + 1);
  order.shares = shares;
  order.reserve_price = with_margin(quote->ask);
  accept(std::move(order), now);
}

} // namespace sentio::venue
