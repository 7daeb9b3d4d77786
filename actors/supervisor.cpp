#include "actors/supervisor_moves.hpp"

#include "actors/clock.hpp"
#include "actors/live/live_clock.hpp"
#include "actors/live/live_feed.hpp"
#include "actors/live/live_gateway.hpp"

#include <algorithm>

namespace sentio {

void supervision::say(const std::string& text) const {
  if (const auto& live = state().config->live; live && live->live->say)
    live->live->say("supervisor: " + text);
}

live_config_ptr supervision::config_with(const history_ptr& past) const {
  const auto& shared = state().config->live->live;
  if (!past)
    return shared;
  auto copy = std::make_shared<live_config>(*shared);
  copy->past = past;
  return copy;
}

void supervision::spawn_journal() const {
  state().graph.actors.journal = self->spawn<spawn_watched>(journal_behavior, state().config->journal, me());
}

void supervision::spawn_deciders(const history_ptr& past) const {
  auto& graph = state().graph;
  auto portfolio = state().config->portfolio;
  portfolio.past = past;
  graph.actors.portfolio = begun(self->spawn<spawn_watched>(portfolio_behavior, portfolio, graph.tape, me()));
  auto ranking = state().config->ranking;
  ranking.past = past;
  graph.actors.ranking =
      begun(self->spawn<spawn_watched>(ranking_behavior, ranking, graph.actors.portfolio, graph.tape, me()));
}

void supervision::spawn_symbol(symbol_index symbol, const history_ptr& past) const {
  auto& graph = state().graph;
  auto config = state().config->symbols.at(symbol);
  config.past = past;
  graph.actors.symbols.at(symbol) =
      begun(self->spawn<spawn_watched>(symbol_behavior, config, graph.actors.ranking, graph.tape, me()));
}

caf::actor supervision::spawn_live_gateway(const history_ptr& past) const {
  const auto gateway = self->spawn<spawn_watched>(live_gateway, config_with(past), state().live_tape, me());
  state().graph.actors.gateway = gateway;
  return caf::actor_cast<caf::actor>(begun(gateway));
}

caf::actor supervision::spawn_live_feed(const history_ptr& past) const {
  const auto feed = self->spawn<spawn_watched>(live_feed, config_with(past), state().live_tape, me());
  state().graph.actors.feed = feed;
  return caf::actor_cast<caf::actor>(begun(feed));
}

caf::actor supervision::spawn_live_clock(const history_ptr& past) const {
  const auto closer = caf::actor_cast<closing_actor>(state().graph.actors.gateway);
  const auto clock =
      self->spawn<spawn_watched>(live_clock, config_with(past), state().live_tape, closer, me());
  state().graph.actors.clock = clock;
  return caf::actor_cast<caf::actor>(begun(clock));
}

/// Consumers come before producers, so that every handle exists when it is needed; only the tape,
/// which everybody answers, is wired afterwards.
void supervision::start_graph(const std::shared_ptr<const resumed_session>& resumed) const {
  auto& s = state();
  const auto& config = *s.config;
  auto& graph = s.graph;
  spawn_journal();
  if (config.live) {
    auto tape = *config.live;
    tape.resumed = resumed;
    graph.tape = s.live_tape = self->spawn<spawn_watched>(live_tape, tape, me());
  } else if (config.recorded) {
    graph.tape = self->spawn<spawn_watched>(recorded_tape, *config.recorded, me());
  } else {
    graph.tape = self->spawn<spawn_watched>(merging_tape, config.tape, me());
  }
  const auto past = resumed ? resumed->past : nullptr;
  spawn_deciders(past);
  graph.actors.symbols.resize(config.symbols.size());
  for (symbol_index symbol = 0; symbol < config.symbols.size(); ++symbol)
    spawn_symbol(symbol, past);
  if (config.live) {
    spawn_live_gateway(past);
    spawn_live_feed(past);
    spawn_live_clock(past);
  } else {
    graph.actors.clock = self->spawn<spawn_watched>(clock_behavior, me());
    if (config.recorded) {
      graph.actors.gateway = self->spawn<spawn_watched>(recorded_gateway, me());
    } else {
      graph.actors.gateway = self->spawn<spawn_watched>(simulated_gateway, config.gateway, graph.tape, me());
      graph.actors.feed =
          self->spawn<spawn_watched>(feed_behavior, config.source, graph.tape, graph.actors.gateway, me());
    }
  }
  list_children();
  s.handles->set(graph);
  self->send(graph.tape, graph.actors);
}

/// Handles in the order in which they are stopped: whoever speaks first goes first.
void supervision::list_children() const {
  auto& s = state();
  const auto& graph = s.graph;
  const auto put = [&](actor_role role, symbol_index symbol, const std::string& name, const auto& handle) {
    if (!handle)
      return;
    auto* known = find(role, symbol);
    if (!known) {
      s.children.emplace_back();
      known = &s.children.back();
      known->role = role;
      known->symbol = symbol;
      known->name = name;
    }
    auto now = caf::actor_cast<caf::actor>(handle);
    if (known->handle == now)
      return;
    known->handle = std::move(now);
    known->born = self->clock().now();
  };
  put(actor_role::feed, 0, "feed", graph.actors.feed);
  put(actor_role::clock, 0, "clock", graph.actors.clock);
  put(actor_role::tape, 0, "tape", graph.tape);
  put(actor_role::gateway, 0, "gateway", graph.actors.gateway);
  for (symbol_index symbol = 0; symbol < graph.actors.symbols.size(); ++symbol)
    put(actor_role::symbol, symbol, s.config->symbols[symbol].name, graph.actors.symbols[symbol]);
  put(actor_role::ranking, 0, "ranking", graph.actors.ranking);
  put(actor_role::portfolio, 0, "portfolio", graph.actors.portfolio);
  put(actor_role::journal, 0, "journal", graph.actors.journal);
}

void supervision::stop_next() const {
  auto& s = state();
  const auto next = std::find_if(s.children.begin(), s.children.end(),
                                 [](const supervised& child) { return static_cast<bool>(child.handle); });
  if (next == s.children.end())
    self->quit();
  else
    self->send_exit(next->handle,
                    s.progress->failed ? caf::exit_reason::kill : caf::exit_reason::user_shutdown);
}

namespace {

const char* name_of(actor_role role) {
  switch (role) {
  case actor_role::feed:
    return "feed";
  case actor_role::clock:
    return "clock";
  case actor_role::tape:
    return "tape";
  case actor_role::gateway:
    return "gateway";
  case actor_role::symbol:
    return "symbol";
  case actor_role::ranking:
    return "ranking";
  case actor_role::portfolio:
    return "portfolio";
  case actor_role::journal:
    return "journal";
  }
  return "other";
}

actor_report report_of(const supervised& child) {
  actor_report report;
  report.name = child.name;
  report.role = name_of(child.role);
  report.state = child.handle ? "up" : child.given_up ? "down" : "restarting";
  report.restarts = child.restarts;
  report.last_error = child.last_error;
  return report;
}

actor_status status_of(supervisor_pointer self) {
  const auto& s = self->state;
  std::uint64_t watched = 0;
  for (const auto& child : s.children)
    watched += child.handle ? 1U : 0U;
  std::vector<named_value> counts{{"watched", watched}, {"failures", s.failures}, {"restarts", s.restarts}};
  for (const auto& child : s.children)
    if (child.restarts > 0) {
      counts.emplace_back("restarts " + child.name, child.restarts);
      counts.emplace_back("recovery_us " + child.name, child.recovery_us);
      counts.emplace_back("folded " + child.name, child.folded);
    }
  auto status = status_of(self, "supervisor", std::move(counts));
  for (const auto& child : s.children)
    status.watched.push_back(report_of(child));
  return status;
}

} // namespace

full_supervisor_actor::behavior_type supervisor_behavior(supervisor_pointer self,
                                                         std::shared_ptr<graph_config> config,
                                                         std::shared_ptr<graph_handles> handles) {
  auto& state = self->state;
  state.handles = std::move(handles);
  state.progress = config->progress;
  state.config = std::move(config);
  const supervision moves{self};
  self->set_down_handler([moves](const caf::down_msg& down) { moves.on_down(down); });
  moves.start_graph(state.config->live ? state.config->live->resumed : nullptr);
  return {
      [self, moves](const failure& report) {
        auto& s = self->state;
        const auto handling = s.count();
        ++s.failures;
        s.last_failure = report.text;
        if (!moves.supervised_run())
          s.progress->fail(report.actor + ": " + report.text);
      },
      [self, moves](stop_atom) {
        auto& s = self->state;
        const auto handling = s.count();
        if (s.stopping)
          return;
        s.stopping = true;
        moves.stop_next();
      },
      [self, moves](const kill_request& request) {
        auto& s = self->state;
        const auto handling = s.count();
        for (const auto& child : s.children)
          if (child.name == request.actor && child.handle) {
            moves.kill(child);
            return true;
          }
        return false;
      },
      [self](status_atom) { return status_of(self); },
      [moves](const restart_due& due) { moves.restart(due.role); },
      [moves](const halt_due&) { moves.end_halted(); },
  };
}

} // namespace sentio
