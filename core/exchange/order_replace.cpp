// PATCH /v2/orders/{id}: the order ends as "replaced" and a new one, with what it left unfilled, takes its place.
#include "core/exchange/order_desk.hpp"
#include "core/exchange/order_request.hpp"

#include <algorithm>

namespace sentio::venue {

order_desk::problem order_desk::check_replacement(venue_order& order, const venue_order& old, time_ms now) {
  if (!old.simple()) {
    const bool exits_sell = old.parent || old.order_class == "oco" ? !old.buy : old.buy;
    if (auto p = check_exit_prices(exits_sell, exits_of(order, old.sequence)))
      return p;
  }
  if (!order.waiting)
    return check_all(order, now, &old);
  // A leg that waits holds neither shares nor money, and its stop means nothing before there is something to sell.
  if (auto p = check_account(now))
    return p;
  if (auto p = check_asset(order, now))
    return p;
  return rival_of(old) ? check_stop(order, now) : std::nullopt;
}

/// The new order has the old one's place in its group.
void order_desk::take_place(venue_order& old, venue_order& order) {
  if (order.parent) {
    venue_order& parent = parts_.account.order(order.parent);
    std::replace(parent.legs.begin(), parent.legs.end(), old.sequence, order.sequence);
    parts_.account.touch(parent);
  }
  for (const std::int64_t sequence : order.legs) {
    venue_order& leg = parts_.account.order(sequence);
    leg.parent = order.sequence;
    parts_.account.touch(leg);
  }
  old.parent = 0;
  old.legs.clear();
  parts_.account.touch(old);
}

http_response order_desk::replace(const std::string& id, const json& body, time_ms now) {
  venue_order* old = parts_.account.find_order(id);
  if (!old)
    return refuse(404, 40410000, "order not found for " + id);
  if (old->status != "new" && old->status != "partially_filled" && old->status != "held")
    return unprocessable("unable to replace order in current state");
  venue_order order;
  if (auto p = read_replacement(body, *old, order))
    return *p;
  if (!order.client_order_id.empty() && parts_.account.find_client_order(order.client_order_id))
    return refuse(422, 40010001, "client_order_id must be unique");
  // The part that filled stays with the old order: the new one is for what is left.
  order.shares = *order.shares - old->filled;
  order.filled = order.filled_value = order.executions = 0;
  order.triggered = false;
  if (order.type == "trailing_stop")
    set_trailing_stop(order); // from the mark that the old one reached
  if (auto p = check_replacement(order, *old, now))
    return *p;
  order.replaces = old->id;
  old->replaced_by = uuid_of(parts_.config.seed, "order", parts_.account.orders().size() + 1);
  mark(*old, "replaced", "replaced", now);
  venue_order& taken = accept(std::move(order), now);
  take_place(*old, taken);
  return answer_text(200, parts_.account.nested_text(taken, parts_.config.seed));
}

} // namespace sentio::venue
