#include "core/account/sentence.hpp"
#include "core/portfolio/portfolio_state.hpp"

#include <algorithm>
#include <stdexcept>

namespace sentio {

void portfolio::state::take_prices(const ranked_round& round) {
  for (std::size_t s = 0; s < memory.size(); ++s) {
    const ranked_symbol& symbol = round.symbols[s];
    if (symbol.signal.label == 0 || !take_price(static_cast<symbol_index>(s), symbol.signal.close, round.at))
      continue;
    memory[s].staleness = symbol.staleness;
    if (symbol.staleness == 0)
      memory[s].awaits_bar = false;
    if (symbol.signal.ready)
      memory[s].strength = symbol.strength;
  }
  for (const holding& h : account.holdings())
    if (round.symbols[h.symbol].signal.label != 0)
      account.mark(h.symbol, from_dollars(memory[h.symbol].last_close));
  returns.observe(round);
}

void portfolio::state::expire_cooldowns() {
  std::erase_if(cooling, [&](symbol_index s) {
    if (memory[s].cooling && rounds - memory[s].exited < parameters.book.cooldown_bars)
      return false;
    memory[s].cooling = false;
    update_status(s);
    return true;
  });
}

void portfolio::state::watch_breaker(time_ms at) {
  const money equity = account.equity();
  peak_equity = std::max(peak_equity, equity);
  if (!breaker.empty())
    return;
  const book_parameters& limits = parameters.book;
  const double drawdown = to_dollars(peak_equity - equity);
  const double opening = to_dollars(totals.opening_equity);
  const bool below_floor = to_dollars(equity) < limits.breaker_equity_floor * to_dollars(capital);
  if (!below_floor)
    floor_since = 0;
  else if (floor_since == 0)
    floor_since = at;
  latch_rule rule = latch_rule::drawdown;
  sentence why;
  if (limits.breaker_drawdown_pct > 0 && drawdown >= limits.breaker_drawdown_pct * opening)
    breaker =
        (((why << "circuit breaker: drawdown ").percent(drawdown / opening) << " of the opening equity >= ")
             .percent(limits.breaker_drawdown_pct))
            .take();
  else if (below_floor) {
    rule = latch_rule::equity_floor;
    breaker = ((why << "circuit breaker: equity " << to_string(equity) << " < ")
                   .percent(limits.breaker_equity_floor)
               << " of the starting capital")
                  .take();
  }
  if (breaker.empty())
    return;
  note_latch(rule, breaker, at, rule == latch_rule::equity_floor ? floor_since : at);
  alert(breaker + "; exits only for the rest of the session");
  cancel_entries("circuit breaker", at);
}

void portfolio::state::view_positions(const ranked_round& round) {
  views.clear();
  for (const holding& h : account.holdings()) {
    symbol_memory& known = memory[h.symbol];
    const ranked_symbol& symbol = round.symbols[h.symbol];
    position_view view;
    view.symbol = h.symbol;
    view.gain = to_dollars(h.value()) / to_dollars(h.basis) - 1;
    view.bars_held = static_cast<std::int32_t>(rounds - known.entered);
    view.strength = known.strength;
    view.has_opinion = symbol.signal.ready;
    view.staleness = symbol.staleness;
    view.stale = symbol.barred == entry_bar::stale;
    if (symbol.barred == entry_bar::no_signal) {
      // Carried over night, and not a bar since the open: counted from the open.
      view.staleness = static_cast<std::int32_t>((round.at - hours.open) / minute_ms);
      view.stale = parameters.risk.max_staleness_minutes > 0 &&
                   view.staleness > static_cast<std::int64_t>(parameters.risk.max_staleness_minutes);
    }
    view.buying = has_live(h.symbol, order_side::buy);
    view.selling = view.leaving = has_live(h.symbol, order_side::sell);
    views.push_back(view);
  }
  entries.order = final_order(round, statuses, order_scratch);
  std::size_t missing = 0;
  for (position_view& view : views) {
    view.rank = 0;
    if (round.symbols[view.symbol].rankable)
      ++missing;
  }
  for (std::size_t place = 0; missing > 0 && place < entries.order.size(); ++place) {
    if (statuses[entries.order[place]] != entry_status::held)
      continue;
    for (position_view& view : views)
      if (view.symbol == entries.order[place])
        view.rank = static_cast<std::int32_t>(place + 1);
    --missing;
  }
  for (const position_view& view : views)
    memory[view.symbol].rank = view.rank;
}

void portfolio::state::add_snapshot(time_ms at) {
  book_snapshot snapshot;
  snapshot.at = at;
  snapshot.cash = account.cash();
  snapshot.equity = account.equity();
  snapshot.unrealized = account.unrealized();
  const double peak = to_dollars(peak_equity);
  snapshot.drawdown = peak > 0 ? (peak - to_dollars(snapshot.equity)) / peak : 0.0;
  snapshot.positions.reserve(views.size());
  for (std::size_t i = 0; i < views.size(); ++i) {
    const holding& h = account.holdings()[i];
    snapshot.positions.push_back({h.symbol, h.shares, h.average_price(), h.mark, h.unrealized(),
                                  views[i].rank, views[i].strength, views[i].bars_held});
  }
  output.snapshots.push_back(std::move(snapshot));
}

position_wish portfolio::state::judge(const position_view& position) const {
  if (phase == day_phase::before_open)
    return {decision_kind::hold, "session not open"};
  if (phase == day_phase::closed)
    return {decision_kind::hold, "session closed"};
  if (position.selling)
    return {decision_kind::hold, "exit order open"};
  if (phase == day_phase::liquidation && parameters.book.eod_liquidation)
    return {decision_kind::eod_exit, "liquidation time reached"};
  if (must_be_flat())
    return {decision_kind::exit, sweep_reason()};
  if (memory[position.symbol].down)
    return {decision_kind::exit, "symbol is down"};
  return rules->judge(position);
}

void portfolio::state::decide_positions(time_ms at) {
  round_decisions.clear();
  for (position_view& view : views) {
    if (view.selling && swept_at == at)
      continue;
    position_wish ruling = judge(view);
    if (ruling.kind != decision_kind::hold) {
      view.leaving = true;
      send_exit(view.symbol, ruling.kind, ruling.reason, at);
    }
    round_decisions.push_back(
        {at, view.symbol, ruling.kind, std::move(ruling.reason), view.rank, view.strength, view.bars_held});
  }
}

/// A runaway in this round: its sweep decides anew on every position that is not on its way out.
void portfolio::state::forget_swept_holds() {
  std::erase_if(round_decisions, [&](const decision& line) {
    const holding* position = account.find(line.symbol);
    return sending_allowed() && position && position->shares > selling_shares(line.symbol);
  });
}

std::optional<refusal> portfolio::state::entry_block(const ranked_round& round) const {
  if (phase != day_phase::open || halted || maintenance || must_be_flat() || !breaker.empty())
    return refusal::exits_only;
  if (!round.entries_allowed)
    return refusal::round_incomplete;
  if (round.at >= hours.liquidation - time_ms{parameters.book.entry_cutoff_minutes} * minute_ms)
    return refusal::entry_cutoff;
  return std::nullopt;
}

void portfolio::state::decide_new_entries(const ranked_round& round) {
  if (const auto block = entry_block(round)) {
    totals.refused[static_cast<std::size_t>(*block)] += memory.size() - views.size();
    return;
  }
  entries.round = &round;
  entries.statuses = statuses;
  entries.held = views;
  entries.returns = &returns;
  entries.free_slots = std::int64_t{parameters.book.max_positions} - slots_in_use();
  entries.peers.clear();
  entries.exits.clear();
  for (const position_view& view : views)
    if (!view.leaving)
      entries.peers.push_back(view.symbol);
    else if (has_live(view.symbol, order_side::sell) && !has_live(view.symbol, order_side::buy))
      entries.exits.push_back(view.symbol);
  for (const order_record* order : orders.live())
    if (order->intent.side == order_side::buy && statuses[order->intent.symbol] == entry_status::order_open)
      entries.peers.push_back(order->intent.symbol);
  if (parameters.sizing.kind == sizing_kind::inverse_volatility)
    plan_peers(entries);
  rules->choose_entries(entries, *this, totals.refused);
}

void portfolio::state::on_round(const ranked_round& round) {
  if (phase == day_phase::none) {
    alert("a round came before the first session: ignored");
    return;
  }
  if (round.at <= last_round_at || round.at <= hours.open) {
    alert("round of " + new_york_clock(round.at) + " is not later than the last one or the open: ignored");
    return;
  }
  if (round.symbols.size() != memory.size())
    throw std::logic_error("a round has " + std::to_string(round.symbols.size()) +
                           " symbols, the portfolio " + std::to_string(memory.size()));
  drop_deferred_entries("its round is over");
  current = &round;
  last_round_at = round.at;
  ++rounds;
  ++totals.rounds;
  take_prices(round);
  expire_cooldowns();
  watch_losses(round.at);
  watch_breaker(round.at);
  view_positions(round);
  add_snapshot(round.at);
  decide_positions(round.at);
  decide_new_entries(round);
  if (latch_due)
    forget_swept_holds();
  std::move(round_decisions.begin(), round_decisions.end(), std::back_inserter(output.decisions));
  round_decisions.clear();
  carry_out_latch(round.at);
  slot_limit = std::max<std::int64_t>(parameters.book.max_positions, std::min(slot_limit, slots_in_use()));
  current = nullptr;
}

} // namespace sentio
