#include "actors/supervisor_moves.hpp"

#include "actors/live/live_clock.hpp"

#include <algorithm>

namespace sentio {

namespace {

constexpr std::chrono::seconds patience_window{60};
constexpr std::size_t patience_deaths = 5;
constexpr std::chrono::minutes longest_illness{5};
/// For the orders that sell everything, before the run ends.
constexpr std::chrono::seconds flatten_time{60};
constexpr std::chrono::seconds flatten_interval{5};
constexpr int longest_wait_s = 30;

/// Those who are tried for ever.
bool is_tried_for_ever(actor_role role) {
  return role == actor_role::feed || role == actor_role::gateway || role == actor_role::journal;
}

bool is_decider(actor_role role) {
  return role == actor_role::ranking || role == actor_role::portfolio;
}

} // namespace

supervised* supervision::find(actor_role role, symbol_index symbol) const {
  auto& children = state().children;
  const auto found = std::find_if(children.begin(), children.end(), [&](const supervised& child) {
    return child.role == role && child.symbol == symbol;
  });
  return found == children.end() ? nullptr : &*found;
}

/// Ahead of whatever waits in its mailbox; a handler that runs is not interrupted.
void supervision::kill(const supervised& child) const {
  caf::anon_send<caf::message_priority::high>(child.handle,
                                              caf::exit_msg{child.handle.address(), caf::exit_reason::kill});
}

void supervision::on_down(const caf::down_msg& down) const {
  auto& s = state();
  const auto gone = std::find_if(s.children.begin(), s.children.end(), [&](const supervised& child) {
    return child.handle && child.handle.address() == down.source;
  });
  if (gone == s.children.end())
    return;
  gone->handle = nullptr;
  gone->died = self->clock().now();
  if (gone->died - gone->born >= patience_window) { // it was well, whoever ended it
    gone->unhealthy_since.reset();
    gone->waits = 0;
  }
  if (s.stopping) {
    stop_next();
    return;
  }
  if (!supervised_run()) {
    s.progress->fail("an actor ended unexpectedly: " + self->system().render(down.reason));
    return;
  }
  if (s.halting)
    return;
  if (s.rebuilding) {
    rebuild_when_all_are_gone();
    return;
  }
  gone->last_error = s.last_failure.empty() ? self->system().render(down.reason) : s.last_failure;
  say(gone->name + " died (" + gone->last_error + "); bringing it back");
  if (is_out_of_patience(*gone)) {
    const auto why = gone->name + " cannot be kept alive" +
                     (s.last_failure.empty() ? std::string() : ": " + s.last_failure);
    if (gone->role == actor_role::symbol)
      give_up_symbol(*gone);
    else
      halt(why);
    return;
  }
  s.last_failure.clear();
  bring_back(*gone);
}

bool supervision::is_out_of_patience(supervised& child) const {
  const auto now = child.died;
  if (!child.unhealthy_since)
    child.unhealthy_since = now;
  child.deaths.push_back(now);
  while (now - child.deaths.front() > patience_window)
    child.deaths.pop_front();
  return !is_tried_for_ever(child.role) &&
         (child.deaths.size() >= patience_deaths || now - *child.unhealthy_since >= longest_illness);
}

void supervision::give_up_symbol(supervised& child) const {
  child.given_up = true;
  say("ALARM " + child.name +
      " is given up for this session: its position is sold, it is not bought any more");
  self->send(state().live_tape, symbol_change{child.symbol, false, 0, state().last_failure});
  state().last_failure.clear();
}

/// Nothing is bought on data that is not heard, or through a gateway that is not there.
void supervision::pause_entries(const supervised& child, bool on) const {
  const auto& time = state().config->live->live->time;
  self->send(state().live_tape,
             operator_command{on ? command_kind::maintenance_on : command_kind::maintenance_off, time->now(),
                              child.name + ": restarting"});
}

void supervision::bring_back(supervised& child) const {
  switch (child.role) {
  case actor_role::tape:
    rebuild();
    break;
  case actor_role::feed:
  case actor_role::gateway:
    pause_entries(child, true);
    [[fallthrough]];
  case actor_role::journal: {
    const int wait = std::min(longest_wait_s, 1 << std::min(child.waits, 5));
    ++child.waits;
    self->delayed_send(self, std::chrono::seconds(wait), restart_due{child.role});
    break;
  }
  case actor_role::ranking:
  case actor_role::portfolio: {
    auto* other = find(child.role == actor_role::ranking ? actor_role::portfolio : actor_role::ranking);
    if (other->handle)
      kill(*other); // its own end brings both back
    else
      replace(actor_role::portfolio, 0);
    break;
  }
  case actor_role::clock:
  case actor_role::symbol:
    replace(child.role, child.symbol);
    break;
  }
}

void supervision::restart(actor_role role) const {
  auto& s = state();
  const auto* child = find(role);
  if (role == actor_role::tape && s.rebuilding && !s.stopping)
    build_again();
  else if (role != actor_role::tape && !s.stopping && !s.rebuilding && !s.halting && child && !child->handle)
    replace(role, 0);
}

void supervision::replace(actor_role role, symbol_index symbol) const {
  self->request(state().live_tape, caf::infinite, mend_request{role, symbol})
      .then(
          [moves = *this, role, symbol](const history_ptr& past) {
            auto& s = moves.state();
            if (!s.stopping && !s.rebuilding && !s.halting)
              moves.put_in(role, symbol, past);
          },
          [](const caf::error&) {
            // The tape died meanwhile: its own end builds everything again.
          });
}

void supervision::put_in(actor_role role, symbol_index symbol, const history_ptr& past) const {
  switch (role) {
  case actor_role::feed:
    spawn_live_feed(past);
    break;
  case actor_role::gateway:
    spawn_live_gateway(past);
    break;
  case actor_role::clock:
    spawn_live_clock(past);
    break;
  case actor_role::journal:
    spawn_journal();
    break;
  case actor_role::symbol:
    spawn_symbol(symbol, past);
    break;
  case actor_role::ranking:
  case actor_role::portfolio:
    spawn_deciders(past);
    break;
  case actor_role::tape:
    return; // never alone
  }
  announce(role, symbol, past);
}

/// Everybody talks to the successor from now on.
void supervision::announce(actor_role role, symbol_index symbol, const history_ptr& past) const {
  auto& s = state();
  const auto graph = std::make_shared<const wiring>(s.graph.actors);
  s.handles->set(s.graph);
  if (is_decider(role))
    for (const auto& one : s.graph.actors.symbols)
      self->send(one, graph);
  if (role == actor_role::gateway)
    if (const auto* clock = find(actor_role::clock); clock->handle)
      self->send(caf::actor_cast<live_clock_actor>(clock->handle), graph);
  self->send(s.live_tape, graph);
  const auto now = self->clock().now();
  for (auto& child : s.children) {
    const bool replaced =
        is_decider(role) ? is_decider(child.role) : child.role == role && child.symbol == symbol;
    if (!replaced)
      continue;
    ++child.restarts;
    ++s.restarts;
    child.folded = past->size();
    child.recovery_us = static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(now - child.died).count());
    if (role == actor_role::feed || role == actor_role::gateway)
      pause_entries(child, false);
  }
  // The graph still names others that are dead and wait for their turn: they stay dead until then.
  std::vector<supervised*> waiting;
  for (auto& child : s.children)
    if (!child.handle &&
        !(is_decider(role) ? is_decider(child.role) : child.role == role && child.symbol == symbol))
      waiting.push_back(&child);
  list_children();
  for (auto* child : waiting)
    child->handle = nullptr;
}

/// Without the tape nobody may act: the whole graph ends and is built again from what the tape holds.
void supervision::rebuild() const {
  auto& s = state();
  s.rebuilding = true;
  for (const auto& child : s.children)
    if (child.handle)
      kill(child);
  rebuild_when_all_are_gone();
}

void supervision::rebuild_when_all_are_gone() const {
  auto& s = state();
  if (std::any_of(s.children.begin(), s.children.end(),
                  [](const supervised& child) { return static_cast<bool>(child.handle); }))
    return;
  auto& tape = *find(actor_role::tape);
  const int wait = tape.waits == 0 ? 0 : std::min(longest_wait_s, 1 << std::min(tape.waits - 1, 5));
  ++tape.waits;
  if (wait == 0)
    build_again();
  else
    self->delayed_send(self, std::chrono::seconds(wait), restart_due{actor_role::tape});
}

void supervision::build_again() const {
  auto& s = state();
  s.rebuilding = false;
  const auto& config = *s.config->live;
  std::shared_ptr<const resumed_session> resumed;
  try {
    auto found = std::make_shared<resumed_session>(read_session(config.tape.place));
    if (found->complete)
      return; // the session is over and its tape closed
    if (found->hours)
      resumed = std::move(found);
    start_graph(resumed);
  } catch (const std::exception& problem) {
    halt(std::string("the tape cannot be gone on with: ") + problem.what());
    return;
  }
  const auto now = self->clock().now();
  for (auto& child : s.children) {
    ++child.restarts;
    child.folded = resumed ? resumed->past->size() : 0;
    child.recovery_us = static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(now - child.died).count());
  }
  ++s.restarts;
}

void supervision::halt(const std::string& why) const {
  auto& s = state();
  s.halting = true;
  s.halted = "HALTED: " + why;
  const auto& live = *s.config->live->live;
  if (live.latch)
    live.latch(true, why);
  say("ALARM HALTED: " + why + "; everything is sold now, and nothing is bought until an operator re-arms");
  const auto alive = [&](actor_role role) {
    const auto* child = find(role);
    return child && child->handle;
  };
  if (alive(actor_role::tape) && alive(actor_role::portfolio) && alive(actor_role::ranking)) {
    const auto at = live.time->now();
    self->send(s.live_tape, operator_command{command_kind::halt, at, "supervisor: " + why});
    self->send(s.live_tape, operator_command{command_kind::close_session, at, "supervisor: " + why});
  } else {
    close_without_tape();
  }
  self->delayed_send(self, flatten_time, halt_due{});
}

/// Nobody is left to decide or to write: the venue itself is told to close what the account holds, several
/// times, since an order that is under way may still be filled.
void supervision::close_without_tape() const {
  auto& s = state();
  s.without_tape = true;
  auto* gateway = find(actor_role::gateway);
  if (!gateway->handle) {
    history_ptr past;
    try {
      past = read_session(s.config->live->tape.place).past;
    } catch (const std::exception&) {
      past = std::make_shared<const history>(); // what the venue says is all that is known then
    }
    gateway->handle = spawn_live_gateway(past);
  }
  const auto closer = caf::actor_cast<closing_actor>(gateway->handle);
  for (auto wait = std::chrono::seconds(0); wait < flatten_time; wait += flatten_interval)
    self->delayed_send(closer, wait, close_everything{s.config->live->live->time->now()});
}

/// The run ends when what could be sold is sold. Without a tape the venue's word decides that: it may have
/// been out of reach, so it is told again until nothing is left or the session is over.
void supervision::end_halted() const {
  const auto& s = state();
  const auto& live = *s.config->live->live;
  if (!s.without_tape || s.stopping || live.time->now() >= live.hours.close) {
    s.progress->fail(s.halted);
    return;
  }
  const auto again = [moves = *this] {
    moves.close_without_tape();
    moves.self->delayed_send(moves.self, flatten_time, halt_due{});
  };
  self->request(s.graph.actors.gateway, caf::infinite, status_atom_v)
      .then(
          [moves = *this, again](const actor_status& status) {
            const bool sold = std::any_of(status.counts.begin(), status.counts.end(), [](const auto& count) {
              return count.first == "nothing_left" && count.second;
            });
            if (sold)
              moves.state().progress->fail(moves.state().halted);
            else
              again();
          },
          [again](const caf::error&) { again(); }); // it died: the next one is told
}

} // namespace sentio
