#include "core/portfolio/portfolio_state.hpp"

#include <stdexcept>

namespace sentio {

std::int64_t portfolio::state::slots_in_use() const {
  auto used = static_cast<std::int64_t>(account.holdings().size());
  for (std::size_t i = 0; i < orders.live().size(); ++i) {
    const order_intent& order = orders.live()[i]->intent;
    if (order.side == order_side::sell || account.find(order.symbol))
      continue;
    bool counted = false;
    for (std::size_t j = 0; j < i && !counted; ++j)
      counted =
          orders.live()[j]->intent.symbol == order.symbol && orders.live()[j]->intent.side == order_side::buy;
    used += counted ? 0 : 1;
  }
  return used;
}

money portfolio::state::reserved_cash() const {
  money sum;
  for (const order_record* order : orders.live())
    sum += order->reserved();
  return sum;
}

std::int64_t portfolio::state::selling_shares(symbol_index symbol) const {
  std::int64_t shares = 0;
  for (const order_record* order : orders.live())
    if (order->intent.symbol == symbol && order->intent.side == order_side::sell)
      shares += order->remaining();
  return shares;
}

bool portfolio::state::has_live(symbol_index symbol, order_side side) const {
  for (const order_record* order : orders.live())
    if (order->intent.symbol == symbol && order->intent.side == side)
      return true;
  return false;
}

void portfolio::state::update_status(symbol_index symbol) {
  entry_status now = memory[symbol].cooling ? entry_status::cooling : entry_status::free;
  for (const order_record* order : orders.live())
    if (order->intent.symbol == symbol)
      now = entry_status::order_open;
  for (const deferred_entry& d : deferred_entries)
    if (d.symbol == symbol)
      now = entry_status::order_open;
  if (account.find(symbol))
    now = entry_status::held;
  statuses[symbol] = now;
}

/// A buy may cost more than it reserved, and an adjustment reserves nothing: what they took too much is
/// missing from the reserves of the buys still open, and from nothing else.
void portfolio::state::watch_reserve(money cash_before, money released) {
  if (reserved_cash().micros == 0) {
    overspent = {};
    return;
  }
  if (const money excess = cash_before - account.cash() - released; excess.micros > 0)
    overspent += excess;
}

/// Asked of every order that leaves. The risk gateway has just judged the same: this finds a gateway, or a
/// view shown to it, that is wrong.
void portfolio::state::check_emission(const order_intent& order) const {
  const auto broken = [&](const char* identity) {
    throw std::logic_error("portfolio: " + std::string(identity) + " does not hold for order " +
                           order.client_order_id);
  };
  const symbol_memory& known = memory[order.symbol];
  const auto attempt = known.attempts[static_cast<std::size_t>(order.side)].last;
  if (order.client_order_id != order_id(order.symbol, order.side, order.decided_at, attempt))
    broken("order id = function of tag, date, minute, symbol, side and attempt");
  if (!sending_allowed())
    broken("orders leave in a session only");
  if (order.side == order_side::sell) {
    if (!forced_out(order.symbol) && has_live(order.symbol, order_side::sell))
      broken("one live exit per symbol outside a sweep");
    return;
  }
  if (!why_inactive().empty())
    broken("no buy unless ACTIVE");
  if (!why_not_traded(order.symbol).empty())
    broken("no buy of a symbol that is halted or down");
  const std::int64_t oldest = parameters.risk.max_staleness_minutes;
  if (oldest > 0 && known.staleness > oldest)
    broken("no buy of a symbol staler than the bound");
}

void portfolio::state::check() const {
  account.check();
  if (orders_out != gate.approved())
    throw std::logic_error("portfolio: orders out = intents approved does not hold: " +
                           std::to_string(orders_out) + " against " + std::to_string(gate.approved()));
  if (slots_in_use() > slot_limit)
    throw std::logic_error("portfolio: " + std::to_string(slots_in_use()) + " slots are in use, of " +
                           std::to_string(slot_limit));
  money value = account.cash();
  for (const holding& h : account.holdings()) {
    if (statuses[h.symbol] != entry_status::held)
      throw std::logic_error("portfolio: " + instruments[h.symbol].name +
                             " is held but its entry status says otherwise");
    if (residuals_told && !memory[h.symbol].residual_told)
      throw std::logic_error("portfolio: flat after the close, or alerted, does not hold for " +
                             instruments[h.symbol].name);
    value += h.mark * h.shares;
  }
  if (value != account.equity())
    throw std::logic_error("portfolio: equity = cash + sum of shares * mark does not hold");
  check_open_orders();
}

/// Of one symbol at most one buy is open. Several sells may be: a sweep sells the shares that arrive while an
/// exit is open (the rest of an entry, an adjustment) by an order of their own; together they sell no more
/// than what is held.
void portfolio::state::check_open_orders() const {
  if (residuals_told && orders.live().size() > residual_orders)
    throw std::logic_error("portfolio: an order was sent after the close");
  money reserved;
  for (const order_record* order : orders.live()) {
    const order_intent& intent = order->intent;
    order_book::check(*order);
    reserved += order->reserved();
    if (intent.side == order_side::buy)
      for (const order_record* other : orders.live())
        if (other != order && other->intent.side == order_side::buy && other->intent.symbol == intent.symbol)
          throw std::logic_error("portfolio: one live buy per symbol does not hold: " +
                                 intent.client_order_id + " beside " + other->intent.client_order_id);
    // An exit whose cancel was asked for sells shares that an adjustment has taken.
    if (intent.side == order_side::buy || order->cancel_requested)
      continue;
    const holding* position = account.find(intent.symbol);
    if (!position || selling_shares(intent.symbol) > position->shares)
      throw std::logic_error("portfolio: more shares of " + instruments[intent.symbol].name +
                             " are being sold than held");
  }
  if (!account.overdrawn() && reserved > account.cash() + overspent)
    throw std::logic_error(
        "portfolio: cash covers what open buys reserve does not hold: " + to_string(account.cash()) +
        " and " + to_string(overspent) + " overspent against " + to_string(reserved));
}

} // namespace sentio
