#include "core/portfolio/portfolio_state.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace sentio {

namespace {

std::shared_ptr<const strategy> given(std::shared_ptr<const strategy> rules) {
  if (!rules)
    throw std::invalid_argument("a portfolio needs a strategy");
  return rules;
}

} // namespace

portfolio::state::state(const portfolio_parameters& p, std::shared_ptr<const strategy> s,
                        std::vector<instrument> i, money start, std::string session_tag)
    : parameters(p), rules(given(std::move(s))), instruments(std::move(i)), capital(start),
      tag(std::move(session_tag)), account(start, instruments.size()), gate(gateway_limits(p, *rules)),
      returns(instruments.size()), peak_equity(start), slot_limit(p.book.max_positions),
      memory(instruments.size()), statuses(instruments.size(), entry_status::free) {
  totals.opening_equity = totals.closing_equity = start;
  totals.refused.assign(static_cast<std::size_t>(refusal::count_), 0);
}

void portfolio::state::begin_session(const session_hours& day) {
  if (day.close <= day.open || day.open < hours.close)
    throw std::logic_error("the session of " + to_string(day.date) + " does not follow that of " +
                           to_string(hours.date));
  hours = day;
  phase = day_phase::before_open;
  breaker.clear();
  closing = false;
  drop_deferred_entries("a new session begins");
  orders.begin_session();
  account.begin_session();
  const money equity = account.equity();
  gate.begin_session(equity);
  orders_out = 0;
  residuals_told = false;
  peak_equity = equity;
  totals = session_totals{};
  totals.opening_equity = totals.closing_equity = equity;
  totals.refused.assign(static_cast<std::size_t>(refusal::count_), 0);
  totals.flat = account.flat();
  if (halted)
    note_latch(latch_rule::halted, halt_reason, day.open, halted_since);
  cooling.clear();
  for (std::size_t s = 0; s < memory.size(); ++s) {
    memory[s].cooling = false;
    memory[s].rank = 0;
    memory[s].residual_told = false;
    memory[s].exit_failure.clear();
    memory[s].attempts = {};
    update_status(static_cast<symbol_index>(s));
  }
}

void portfolio::state::close_day(time_ms at) {
  phase = day_phase::closed;
  drop_deferred_entries("session closed");
  if (!parameters.book.eod_liquidation)
    return;
  residuals_told = true;
  residual_orders = orders.live().size();
  for (const holding& h : account.holdings()) {
    alert("CRITICAL residual position at the close " + new_york_clock(at) + ": " + std::to_string(h.shares) +
          " " + instruments[h.symbol].name + "; " + residual_reason(h.symbol));
    memory[h.symbol].residual_told = true;
  }
  for (const order_record* order : orders.live())
    alert("CRITICAL residual order at the close " + new_york_clock(at) + ": " +
          order->intent.client_order_id + " is " + to_string(order->state));
}

std::string portfolio::state::residual_reason(symbol_index symbol) const {
  for (const order_record* order : orders.live())
    if (order->intent.symbol == symbol && order->intent.side == order_side::sell)
      return "its exit " + order->intent.client_order_id + " is " + to_string(order->state) + " with " +
             std::to_string(order->filled) + " of " + std::to_string(order->intent.shares) + " shares filled";
  const std::string& failure = memory[symbol].exit_failure;
  return failure.empty() ? "no exit was sent" : "its last exit ended: " + failure;
}

void portfolio::state::on_phase(session_phase next, time_ms at) {
  if (phase == day_phase::none)
    throw std::logic_error("a phase came before the first session began");
  switch (next) {
  case session_phase::open:
    if (phase != day_phase::before_open)
      break;
    phase = day_phase::open;
    if (must_be_flat()) // commanded before anything could be sent
      exit_everything(decision_kind::exit, sweep_reason(), at);
    break;
  case session_phase::liquidation:
    if (phase == day_phase::closed)
      break;
    phase = day_phase::liquidation;
    cancel_entries("liquidation", at);
    if (parameters.book.eod_liquidation)
      exit_everything(decision_kind::eod_exit, "liquidation time reached", at);
    break;
  case session_phase::close:
    close_day(at);
    break;
  }
}

void portfolio::state::on_command(command_kind command, time_ms at) {
  switch (command) {
  case command_kind::maintenance_on:
    maintenance = true;
    break;
  case command_kind::maintenance_off:
    maintenance = false;
    break;
  case command_kind::flatten:
    flattening = !account.flat() || !orders.live().empty();
    halt_flattens = halt_flattens || halted;
    cancel_entries("flatten command", at);
    exit_everything(decision_kind::exit, "flatten command", at);
    break;
  case command_kind::halt:
    latch("halt command", false, at);
    cancel_entries("halt command", at);
    alert("halted by command: exits only until rearmed");
    break;
  case command_kind::rearm:
    rearm(at);
    break;
  case command_kind::configure:
    alert("a configuration was taken for the next session");
    break;
  case command_kind::kill:
    alert("an actor is killed by command, for a drill");
    break;
  case command_kind::close_session:
    if (!std::exchange(closing, true))
      alert("the session is being closed by command: everything is sold, and nothing bought any more");
    cancel_entries("the session is being closed", at);
    exit_everything(decision_kind::exit, sweep_reason(), at);
    break;
  }
}

void portfolio::state::replace(const portfolio_parameters& next, std::shared_ptr<const strategy> next_rules) {
  rules = given(std::move(next_rules));
  parameters = next;
  gate.replace(gateway_limits(next, *rules));
  slot_limit = std::max<std::int64_t>(next.book.max_positions, slots_in_use());
}

portfolio::portfolio(const portfolio_parameters& parameters, std::shared_ptr<const strategy> rules,
                     std::vector<instrument> instruments, money capital, std::string session_tag)
    : state_(std::make_unique<state>(parameters, std::move(rules), std::move(instruments), capital,
                                     std::move(session_tag))) {}
portfolio::portfolio(portfolio&&) noexcept = default;
portfolio& portfolio::operator=(portfolio&&) noexcept = default;
portfolio::~portfolio() = default;

void portfolio::begin_session(const session_hours& hours) {
  state_->begin_session(hours);
  check_invariants();
}
void portfolio::on_phase(session_phase phase, time_ms at) {
  state_->on_phase(phase, at);
  check_invariants();
}
void portfolio::on_cut_off(time_ms) {
  state_->drop_deferred_entries("cut-off: its exit was not filled in time");
  check_invariants();
}
void portfolio::on_round(const ranked_round& round) {
  state_->on_round(round);
  check_invariants();
}
void portfolio::on_venue(const venue_event& event) {
  state_->on_venue(event);
  check_invariants();
}
void portfolio::on_command(command_kind command, time_ms at) {
  state_->on_command(command, at);
  check_invariants();
}
void portfolio::on_halt(symbol_index symbol, bool on) {
  auto& known = state_->memory.at(symbol);
  if (known.halted != on)
    state_->alert(state_->instruments[symbol].name + (on ? " is halted by the venue" : " is traded again"));
  known.awaits_bar = known.awaits_bar || (known.halted && !on);
  known.halted = on;
  check_invariants();
}
void portfolio::on_symbol(symbol_index symbol, bool up, time_ms at) {
  state_->on_symbol(symbol, up, at);
  check_invariants();
}
void portfolio::replace(const portfolio_parameters& parameters, std::shared_ptr<const strategy> rules) {
  state_->replace(parameters, std::move(rules));
  check_invariants();
}

portfolio_output portfolio::take() {
  return std::exchange(state_->output, portfolio_output{});
}

money portfolio::cash() const {
  return state_->account.cash();
}
money portfolio::equity() const {
  return state_->account.equity();
}
std::int64_t portfolio::shares(symbol_index symbol) const {
  const holding* held = state_->account.find(symbol);
  return held ? held->shares : 0;
}
bool portfolio::flat() const {
  return state_->account.flat() && state_->orders.live().empty();
}
std::size_t portfolio::live_orders() const {
  return state_->orders.live().size();
}
std::vector<const order_record*> portfolio::open_orders() const {
  return {state_->orders.live().begin(), state_->orders.live().end()};
}
bool portfolio::halted() const {
  return state_->halted;
}
const std::string& portfolio::halt_reason() const {
  return state_->halt_reason;
}
std::string portfolio::entries_stopped() const {
  for (const session_latch& latch : state_->totals.latches)
    if (latch.rule != latch_rule::halted && latch.until == 0)
      return latch.reason + ", since " + to_string(new_york_date(latch.since)) + " " +
             new_york_clock(latch.since);
  return "";
}
bool portfolio::closing() const {
  return state_->closing;
}
const ledger& portfolio::book() const {
  return state_->account;
}
const order_counts& portfolio::venue_counts() const {
  return state_->orders.counts();
}
std::uint64_t portfolio::impossible() const {
  return state_->impossible;
}
const risk_gateway& portfolio::gateway() const {
  return state_->gate;
}

session_totals portfolio::totals() const {
  session_totals totals = state_->totals;
  totals.closing_equity = equity();
  totals.flat = flat();
  return totals;
}

void portfolio::check_invariants() const {
  state_->check();
}

} // namespace sentio
