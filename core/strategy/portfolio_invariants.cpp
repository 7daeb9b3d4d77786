#include "core/strategy/portfolio_state.hpp"

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

void portfolio::state::restand(symbol_index symbol) {
  standing now = memory[symbol].cooling ? standing::cooling : standing::free;
  for (const order_record* order : orders.live())
    if (order->intent.symbol == symbol)
      now = standing::order_open;
  for (const dependent& d : dependents)
    if (d.symbol == symbol)
      now = standing::order_open;
  if (account.find(symbol))
    now = standing::held;
  standings[symbol] = now;
}

void portfolio::state::check() const {
  account.check();
  if (slots_in_use() > slot_limit)
    throw std::logic_error("portfolio: " + std::to_string(slots_in_use()) + " slots are in use, of " +
                           std::to_string(slot_limit));
  money value = account.cash();
  for (const holding& h : account.holdings()) {
    if (standings[h.symbol] != standing::held)
      throw std::logic_error("portfolio: " + instruments[h.symbol].name + " is held but does not stand so");
    value += h.mark * h.shares;
  }
  if (value != account.equity())
    throw std::logic_error("portfolio: equity = cash + sum of shares * mark does not hold");
  for (const order_record* order : orders.live()) {
    const order_intent& intent = order->intent;
    if (is_terminal(order->state) || order->remaining() <= 0)
      throw std::logic_error("portfolio: order " + intent.client_order_id +
                             " is live but has nothing left to fill");
    // An exit whose cancel was asked for sells shares that an adjustment has taken.
    if (intent.side == order_side::buy || order->cancel_requested)
      continue;
    const holding* position = account.find(intent.symbol);
    if (!position || selling_shares(intent.symbol) > position->shares)
      throw std::logic_error("portfolio: more shares of " + instruments[intent.symbol].name +
                             " are being sold than held");
  }
}

} // namespace sentio
