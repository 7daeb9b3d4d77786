// Linked orders: a bracket, an OCO or an OTO is an order with legs ("Orders at Alpaca").
//
// A leg is an order of its own that waits as "held" and holds no shares until its turn comes. The legs of a bracket
// or an OTO come into force when their parent is filled completely. Of two exits the take-profit stands in the market
// and holds the shares; the stop-loss waits until the price reaches it, and then takes the take-profit's place, so
// that never more is sold than there is. An order of the group that ends without having been filled takes the others
// with it.
#include "core/exchange/order_desk.hpp"

#include <algorithm>

namespace sentio::venue {

std::vector<venue_order*> order_desk::others_of(const venue_order& order) {
  std::vector<venue_order*> others;
  if (order.simple())
    return others;
  venue_order& root = parts_.account.order(order.parent ? order.parent : order.sequence);
  if (root.sequence != order.sequence)
    others.push_back(&root);
  for (const std::int64_t leg : root.legs)
    if (leg != order.sequence)
      others.push_back(&parts_.account.order(leg));
  return others;
}

/// What the two exits of a group would earn or lose: of an order that is to replace one of them as it would be.
exit_prices order_desk::exits_of(const venue_order& order, std::int64_t replaced) {
  exit_prices exits;
  const auto look = [&](const venue_order& o) {
    if (o.stop) {
      exits.stop_loss = o.stop;
      exits.stop_limit = o.limit;
    } else if (o.parent || o.order_class == "oco") {
      exits.take_profit = o.limit;
    }
  };
  for (const venue_order* other : others_of(parts_.account.order(replaced)))
    look(*other);
  look(order);
  return exits;
}

/// Whether the exits leave a cent to the price at which the parent is expected to be filled, and whether a group of
/// this kind is possible with what is held.
order_desk::problem order_desk::check_exits(const venue_order& order, const exit_prices& exits, time_ms now) {
  const auto symbol = parts_.prices.find(order.symbol);
  if (order.simple() || !symbol)
    return std::nullopt;
  const quantity held = parts_.account.held(order.symbol);
  const bool exit = order.order_class == "oco";
  if (exit && (order.buy || held <= 0))
    return unprocessable("oco orders must be exit orders");
  if (!exit && !order.buy && held > 0)
    return unprocessable(order.order_class + " orders must be entry orders");
  const auto quote = parts_.prices.quote(*symbol, now);
  if (!exit && !order.limit && !quote)
    return unprocessable("no price is known for \"" + order.symbol + "\", use a limit order");
  if (exit && !quote)
    return std::nullopt;
  const micros cent = 10'000;
  const micros base = exit ? quote->last : order.limit ? *order.limit : order.buy ? quote->ask : quote->bid;
  const bool sells = exit || order.buy; // the exits do
  const auto wrong = [&](const std::string& rule) {
    return refuse(422, 42210000, rule, {{"base_price", decimal_text(base, 6)}});
  };
  if (!exit && exits.take_profit && (sells ? *exits.take_profit < base + cent : *exits.take_profit > base - cent))
    return wrong(std::string("take_profit.limit_price must be ") + (sells ? ">= base_price + 0.01" : "<= base_price - 0.01"));
  if (exits.stop_loss && (sells ? *exits.stop_loss > base - cent : *exits.stop_loss < base + cent))
    return wrong(std::string("stop_loss.stop_price must be ") + (sells ? "<= base_price - 0.01" : ">= base_price + 0.01"));
  return std::nullopt;
}

void order_desk::add_leg(venue_order& parent, std::optional<micros> limit, std::optional<micros> stop, time_ms now) {
  const auto count = static_cast<std::uint64_t>(parts_.account.orders().size()) + 1;
  venue_order leg;
  leg.id = uuid_of(parts_.config.seed, "order", count);
  leg.client_order_id = uuid_of(parts_.config.seed, "client order", count);
  leg.symbol = parent.symbol;
  leg.buy = parent.order_class == "oco" ? parent.buy : !parent.buy;
  leg.type = !stop ? "limit" : limit ? "stop_limit" : "stop";
  leg.time_in_force = parent.time_in_force;
  leg.intent = leg.buy ? "buy_to_close" : "sell_to_close";
  leg.shares = parent.shares;
  leg.limit = limit;
  leg.stop = stop;
  leg.session_day = parent.session_day;
  leg.order_class = parent.order_class;
  leg.parent = parent.sequence;
  leg.waiting = true;
  leg.status = "held";
  leg.created = leg.updated = parts_.account.stamp(now);
  venue_order& taken = parts_.account.add_order(std::move(leg));
  parent.legs.push_back(taken.sequence);
  parts_.account.touch(parent);
  parts_.account.schedule(taken, now + 1);
  tell(taken, "held");
}

void order_desk::add_legs(venue_order& parent, const exit_prices& exits, time_ms now) {
  if (parent.simple())
    return;
  if (exits.take_profit && parent.order_class != "oco")
    add_leg(parent, exits.take_profit, std::nullopt, now);
  if (exits.stop_loss)
    add_leg(parent, exits.stop_limit, exits.stop_loss, now);
}

/// The take-profit beside which a stop-loss waits; null while that is not in the market either.
venue_order* order_desk::rival_of(const venue_order& leg) {
  for (venue_order* other : others_of(leg)) {
    const bool exit = other->parent || other->order_class == "oco";
    if (exit && !other->waiting && (other->status == "new" || other->status == "partially_filled"))
      return other;
  }
  return nullptr;
}

/// A leg that waits. A stop-loss beside its take-profit is looked at as often as quotes change; any other leg is woken
/// by what becomes of its parent.
void order_desk::watch(venue_order& leg, time_ms now) {
  venue_order* rival = leg.stop ? rival_of(leg) : nullptr;
  if (!rival || !parts_.calendar.is_open(now) || !stop_reached(leg, now)) {
    wait(leg, now);
    return;
  }
  mark(*rival, "canceled", "canceled", now);
  activate(leg, now);
}

void order_desk::activate(venue_order& leg, time_ms now) {
  leg.waiting = false;
  acknowledge(leg, now);
}

/// An order of a group ended without a fill of all of it: the others end in the same way.
void order_desk::end_others(const venue_order& order, time_ms now) {
  const char* status = order.status == "expired" ? "expired" : "canceled";
  for (venue_order* other : others_of(order))
    if (other->open())
      mark(*other, status, status, now);
}

/// After each fill of an order with legs or of a leg.
void order_desk::follow_fill(venue_order& order, time_ms now) {
  const bool entry = !order.legs.empty() && order.order_class != "oco";
  const bool complete = order.status == "filled";
  if (entry && !complete)
    return; // the exits wait for all of it
  bool first = true; // the take-profit, or the only leg of an OTO
  for (venue_order* other : others_of(order)) {
    if (!other->open())
      continue;
    if (entry && first)
      activate(*other, now);
    else if (!entry && complete)
      mark(*other, "canceled", "canceled", now);
    else if (!entry && other->waiting) {
      other->shares = order.remaining(); // the exit that waits is for what the other one leaves
      parts_.account.touch(*other);
    }
    first = false;
  }
}

} // namespace sentio::venue
