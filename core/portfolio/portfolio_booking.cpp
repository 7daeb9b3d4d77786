#include "core/portfolio/portfolio_state.hpp"

#include <algorithm>

namespace sentio {

void portfolio::state::book_fill(const order_record& order, const execution& fill) {
  book(fill, order.intent, order.note, fill_origin::order);
}

void portfolio::state::book(const execution& fill, const order_intent& intent, const std::string& note,
                            fill_origin origin) {
  const symbol_index symbol = fill.symbol;
  symbol_memory& known = memory[symbol];
  const bool buys = fill.side == order_side::buy;
  const auto held_before = static_cast<std::int32_t>(rounds - known.entered);
  const money cash_before = account.cash();
  const booking done = account.book(fill, origin);
  // Between rounds a new position is valued at the last close, like every other one.
  if (done.opened && known.last_close > 0)
    account.mark(symbol, from_dollars(known.last_close));
  const order_record* filled = origin == fill_origin::order ? orders.find(intent.client_order_id) : nullptr;
  watch_reserve(cash_before, filled ? filled->reserve_per_share * fill.shares : money{});
  totals.spread_cost += fill.spread_cost;
  totals.fees += fill.fees;
  ++totals.fills;
  if (fill.no_print)
    ++totals.no_prints;
  if (done.opened) {
    known.entered = rounds;
    ++totals.entries;
  }
  trade line;
  line.fill = fill;
  line.decided_at = intent.decided_at;
  line.is_exit = !buys;
  line.kind = intent.reason;
  line.reason = note;
  line.pnl = done.pnl;
  line.pnl_pct = done.pnl_pct;
  line.bars_held = buys ? 0 : held_before;
  output.trades.push_back(std::move(line));
  if (account.overdrawn()) {
    alert("CRITICAL overdrawn: cash is " + to_string(account.cash()) + " after fill " + fill.execution_id);
    if (breaker.empty()) {
      breaker = "account overdrawn";
      note_latch(latch_rule::overdrawn, breaker, fill.at, fill.at);
    }
    cancel_entries("account overdrawn", fill.at);
  }
  if (done.closed) {
    ++totals.exits;
    if (account.round_trips().back().pnl.micros > 0)
      ++totals.wins;
    known.exited = rounds;
    if (!known.cooling)
      cooling.push_back(symbol);
    known.cooling = true;
  }
}

void portfolio::state::end_order(const order_record& order, const venue_event& event) {
  const order_intent& intent = order.intent;
  if (order.state == order_state::filled)
    return;
  memory[intent.symbol].attempts[static_cast<std::size_t>(intent.side)].failed = true;
  if (intent.side == order_side::sell)
    memory[intent.symbol].exit_failure = intent.client_order_id + " " + to_string(order.state) + " with " +
                                         std::to_string(order.filled) + " of " +
                                         std::to_string(intent.shares) + " shares filled" +
                                         (event.reason.empty() ? std::string() : ": " + event.reason);
  if (event.reason.starts_with(cut_to_cash_reason))
    ++totals.cut_to_cash;
  if (order.cancel_requested && order.state == order_state::canceled)
    return;
  alert("order " + intent.client_order_id + " " + to_string(order.state) + " with " +
        std::to_string(order.filled) + " of " + std::to_string(intent.shares) + " shares filled" +
        (event.reason.empty() ? std::string() : ": " + event.reason));
}

void portfolio::state::exit_late_entry(symbol_index symbol, time_ms at) {
  const bool liquidating = phase == day_phase::liquidation && parameters.book.eod_liquidation;
  if (!account.find(symbol))
    return;
  if (phase == day_phase::closed && residuals_told) {
    memory[symbol].residual_told = true;
    alert("CRITICAL residual position: " + instruments[symbol].name + " was bought after the close");
    return;
  }
  if (liquidating)
    exit_everything(decision_kind::eod_exit, "entry filled after liquidation time", at);
  else if (must_be_flat())
    exit_everything(decision_kind::exit, sweep_reason(), at);
  else if (memory[symbol].down && sending_allowed())
    exit_now(*account.find(symbol), decision_kind::exit, "symbol is down", at);
}

/// Exits of shares that are gone: somebody else sold them.
void portfolio::state::cancel_orphaned_exits(symbol_index symbol, time_ms at) {
  const holding* held = account.find(symbol);
  if (selling_shares(symbol) <= (held ? held->shares : 0))
    return;
  for (const order_record* order : orders.live()) {
    if (order->intent.symbol != symbol || order->intent.side != order_side::sell || order->cancel_requested)
      continue;
    output.cancels.push_back({order->intent.client_order_id, at});
    orders.request_cancel(order->intent.client_order_id);
  }
}

void portfolio::state::on_adjustment(const venue_event& event) {
  const execution& fill = event.fill;
  const bool buys = fill.side == order_side::buy;
  const std::string what = std::string("adjustment ") + to_string(fill.side) + " " +
                           std::to_string(fill.shares) + " " + instruments[fill.symbol].name + " at " +
                           to_string(fill.price) + ": " + event.reason;
  const holding* held = account.find(fill.symbol);
  if (!buys && (!held || held->shares < fill.shares)) {
    alert("CRITICAL " + what + "; not booked, it sells more than the " +
          std::to_string(held ? held->shares : 0) + " shares held");
    return;
  }
  alert(what);
  order_intent intent;
  intent.decided_at = fill.at;
  intent.reason = buys ? decision_kind::enter : decision_kind::exit;
  book(fill, intent, "adjustment: " + event.reason, fill_origin::adjustment);
  // A position that somebody else opened may be one too many: it is a fact all the same.
  slot_limit = std::max(slot_limit, slots_in_use());
  if (!buys)
    cancel_orphaned_exits(fill.symbol, fill.at);
  update_status(fill.symbol);
  if (buys)
    exit_late_entry(fill.symbol, fill.at);
  end_flattening();
}

/// Of a flatten command alone: whatever else wants the book flat ends by its own event.
void portfolio::state::end_flattening() {
  if (account.flat() && orders.live().empty())
    flattening = false;
}

void portfolio::state::on_venue(const venue_event& event) {
  if (const auto why = why_refused(event); !why.empty()) {
    refuse(event, why);
    return;
  }
  if (event.kind == venue_event_kind::adjustment) {
    on_adjustment(event);
    return;
  }
  const bool is_fill = event.kind == venue_event_kind::fill;
  const event_outcome outcome = orders.apply(event);
  if (outcome.effect != event_effect::applied) {
    if (is_fill && outcome.effect != event_effect::duplicate)
      alert("CRITICAL fill " + event.fill.execution_id + " of " + std::to_string(event.fill.shares) +
            " shares came " +
            (outcome.order ? std::string("after its order was ") + to_string(outcome.order->state)
                           : std::string("for an unknown order")) +
            ": not booked, reconcile with the venue");
    return;
  }
  const order_record& order = *outcome.order;
  const symbol_index symbol = order.intent.symbol;
  const holding* held = account.find(symbol);
  if (is_fill && event.fill.side == order_side::sell && (!held || held->shares < event.fill.shares))
    alert("CRITICAL fill " + event.fill.execution_id + " sells more than the " +
          std::to_string(held ? held->shares : 0) + " shares held: not booked, reconcile with the venue");
  else if (is_fill)
    book_fill(order, event.fill);
  if (is_terminal(order.state))
    end_order(order, event);
  update_status(symbol);
  if (is_fill && order.intent.side == order_side::sell && !account.find(symbol) &&
      !has_live(symbol, order_side::buy))
    release_deferred_entries(symbol, event.fill.at);
  if (is_fill && order.intent.side == order_side::buy)
    exit_late_entry(symbol, event.fill.at);
  end_flattening();
  carry_out_latch(event.at);
}

} // namespace sentio
