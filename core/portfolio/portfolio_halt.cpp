// HALTED and everything else that keeps entries from leaving.
#include "core/account/sentence.hpp"
#include "core/portfolio/portfolio_state.hpp"

#include <algorithm>

namespace sentio {

risk_parameters portfolio::state::gateway_limits(const portfolio_parameters& p, const strategy& s) {
  risk_parameters limits = p.risk;
  const std::uint32_t slots = p.book.max_positions;
  if (limits.max_positions == 0)
    limits.max_positions = slots;
  // An honest round may exit every position and ask for every rank that may be entered, all refused.
  if (limits.max_orders_per_round == 0)
    limits.max_orders_per_round = std::max(2 * slots + 4, slots + s.most_entries_per_round());
  return limits;
}

/// Only remembers: what follows from it is done when the input at hand is through (carry_out_latch), because
/// the strategy's walk over the ranking must not find the book changed under it. No buy passes from here on.
void portfolio::state::latch(std::string reason, bool sweeps, time_ms at) {
  // A halt that sells everything overtakes one that does not, never the other way round.
  if (halted && (halt_sweeps || !sweeps))
    return;
  if (!halted)
    halted_since = at;
  note_latch(latch_rule::halted, reason, at, halted_since);
  halted = true;
  halt_reason = std::move(reason);
  halt_sweeps = latch_due = sweeps;
  output.latch_changed = true;
  if (sweeps)
    alert("CRITICAL halted: " + halt_reason + "; everything is sold, and nothing bought until rearmed");
}

void portfolio::state::note_latch(latch_rule rule, const std::string& reason, time_ms at, time_ms since) {
  for (session_latch& known : totals.latches)
    if (known.rule == rule && known.until == 0) { // one that a graver reason overtakes
      known.reason = reason;
      return;
    }
  totals.latches.push_back({rule, reason, at, since, 0});
}

void portfolio::state::carry_out_latch(time_ms at) {
  if (!latch_due)
    return;
  latch_due = false;
  cancel_entries("halted", at);
  exit_everything(decision_kind::exit, sweep_reason(), at);
}

void portfolio::state::rearm(time_ms at) {
  if (!halted)
    return;
  alert("rearmed by command");
  for (session_latch& known : totals.latches)
    if (known.rule == latch_rule::halted && known.until == 0)
      known.until = at;
  halted = halt_sweeps = halt_flattens = latch_due = false;
  halt_reason.clear();
  output.latch_changed = true;
}

void portfolio::state::watch_losses(time_ms at) {
  const double limit = parameters.risk.halt_loss_pct;
  const money opening = totals.opening_equity;
  const money loss = opening - account.equity();
  if (!(limit > 0) || opening.micros <= 0 || loss < fraction_bp(opening, limit * 1e4) || halt_sweeps)
    return;
  sentence why;
  (why << "loss of the session " << to_string(loss) << " dollars >= ").percent(limit)
      << " of the opening equity";
  latch(why.take(), true, at);
  // Its exits are this round's decisions on the positions.
  cancel_entries("halted", at);
  latch_due = false;
}

std::string portfolio::state::sweep_reason() const {
  if (closing)
    return "the session is being closed";
  return halt_sweeps ? "halted: " + halt_reason : "flatten command";
}

std::string portfolio::state::why_inactive() const {
  if (phase != day_phase::open)
    return phase == day_phase::liquidation ? "liquidation time reached" : "the session is not open";
  if (closing)
    return sweep_reason();
  if (halted)
    return "halted: " + halt_reason;
  if (maintenance)
    return "maintenance";
  if (must_be_flat())
    return sweep_reason();
  return breaker;
}

std::string_view portfolio::state::why_not_traded(symbol_index symbol) const {
  const symbol_memory& known = memory[symbol];
  if (known.down)
    return "is down";
  if (known.halted)
    return "is halted by the venue";
  return known.awaits_bar ? "has no bar since its halt" : "";
}

bool portfolio::state::forced_out(symbol_index symbol) const {
  return must_be_flat() || memory[symbol].down ||
         (phase == day_phase::liquidation && parameters.book.eod_liquidation);
}

void portfolio::state::on_symbol(symbol_index symbol, bool up, time_ms at) {
  symbol_memory& known = memory.at(symbol);
  if (known.down != up)
    return;
  known.down = !up;
  if (up) {
    alert(instruments[symbol].name + " is up again");
    return;
  }
  alert("CRITICAL " + instruments[symbol].name + " is down: no entry, and its position is sold");
  cancel_entry_of(symbol, at);
  const holding* position = account.find(symbol);
  if (position && sending_allowed() && position->shares > selling_shares(symbol))
    exit_now(*position, decision_kind::exit, "symbol is down", at);
}

} // namespace sentio
