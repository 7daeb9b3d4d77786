#include "actors/supervisor.hpp"

#include "actors/clock.hpp"
#include "actors/live/live_clock.hpp"
#include "actors/live/live_feed.hpp"
#include "actors/live/live_gateway.hpp"

#include <algorithm>

namespace sentio {

namespace {

using pointer = actor_pointer<supervisor_actor, supervisor_state>;

/// Consumers come before producers, so that every handle exists when it is needed; only the tape,
/// which everybody answers, is wired afterwards.
void start_graph(pointer self, const graph_config& config) {
  auto& graph = *self->state.graph;
  auto& actors = graph.actors;
  const auto me = caf::actor_cast<supervisor_actor>(self);
  actors.journal = self->spawn<spawn_watched>(journal_behavior, config.journal, me);
  live_tape_actor live;
  if (config.live)
    graph.tape = live = self->spawn<spawn_watched>(live_tape, *config.live, me);
  else if (config.recorded)
    graph.tape = self->spawn<spawn_watched>(recorded_tape, *config.recorded, me);
  else
    graph.tape = self->spawn<spawn_watched>(merging_tape, config.tape, me);
  actors.portfolio =
      self->spawn<spawn_watched>(portfolio_behavior, config.portfolio, graph.tape, actors.journal, me);
  actors.ranking =
      self->spawn<spawn_watched>(ranking_behavior, config.ranking, actors.portfolio, graph.tape, me);
  for (const auto& symbol : config.symbols)
    actors.symbols.push_back(
        self->spawn<spawn_watched>(symbol_behavior, symbol, actors.ranking, graph.tape, me));
  if (config.live) {
    const auto& shared = config.live->live;
    const auto gateway = self->spawn<spawn_watched>(live_gateway, shared, live, me);
    actors.gateway = gateway;
    actors.feed = self->spawn<spawn_watched>(live_feed, shared, live, me);
    actors.clock =
        self->spawn<spawn_watched>(live_clock, shared, live, gateway, me);
    self->send(graph.tape, actors);
    return;
  }
  actors.clock = self->spawn<spawn_watched>(clock_behavior, me);
  if (config.recorded) {
    actors.gateway = self->spawn<spawn_watched>(recorded_gateway, me);
  } else {
    actors.gateway = self->spawn<spawn_watched>(simulated_gateway, config.gateway, graph.tape, me);
    actors.feed = self->spawn<spawn_watched>(feed_behavior, config.source, graph.tape, actors.gateway, me);
  }
  self->send(graph.tape, actors);
}

std::vector<caf::actor> stopping_order(const graph_handles& graph) {
  std::vector<caf::actor> order;
  const auto add = [&](const auto& handle) {
    if (handle)
      order.push_back(caf::actor_cast<caf::actor>(handle));
  };
  add(graph.actors.feed);
  add(graph.actors.clock);
  add(graph.tape);
  add(graph.actors.gateway);
  for (const auto& symbol : graph.actors.symbols)
    add(symbol);
  add(graph.actors.ranking);
  add(graph.actors.portfolio);
  add(graph.actors.journal);
  return order;
}

void stop_next(pointer self) {
  auto& s = self->state;
  if (s.alive.empty())
    self->quit();
  else
    self->send_exit(s.alive.front(),
                    s.progress->failed ? caf::exit_reason::kill : caf::exit_reason::user_shutdown);
}

} // namespace

supervisor_actor::behavior_type supervisor_behavior(actor_pointer<supervisor_actor, supervisor_state> self,
                                                    std::shared_ptr<graph_config> config,
                                                    std::shared_ptr<graph_handles> handles) {
  auto& state = self->state;
  state.graph = std::move(handles);
  state.progress = config->progress;
  self->set_down_handler([self](const caf::down_msg& down) {
    auto& s = self->state;
    const auto gone = std::find_if(s.alive.begin(), s.alive.end(),
                                   [&](const caf::actor& actor) { return actor.address() == down.source; });
    if (gone != s.alive.end())
      s.alive.erase(gone);
    if (s.stopping)
      stop_next(self);
    else
      s.progress->fail("an actor ended unexpectedly: " + self->system().render(down.reason));
  });
  start_graph(self, *config);
  state.alive = stopping_order(*state.graph);
  return {
      [self](const failure& report) {
        auto& s = self->state;
        s.count();
        ++s.failures;
        s.progress->fail(report.actor + ": " + report.text);
      },
      [self](stop_atom) {
        auto& s = self->state;
        s.count();
        if (s.stopping)
          return;
        s.stopping = true;
        stop_next(self);
      },
      [self](status_atom) {
        const auto& s = self->state;
        return s.status_of("supervisor", {{"watched", s.alive.size()}, {"failures", s.failures}});
      },
  };
}

} // namespace sentio
