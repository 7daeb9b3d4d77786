// The supervisor: starts the actors in order, wires them, watches them, brings them back, and stops them in
// order.
//
// In a live session an actor that dies is replaced by one that folds the session so far, as the tape has it:
//   symbol                 alone; its answers so far are known to the ranking, the rest it gives again
//   ranking and portfolio  together; the outputs they make again are compared with the tape
//   journal                alone; the day's logs are written anew
//   feed, gateway, clock   alone; feed and gateway after 1, 2, 4 ... 30 s, and nothing is bought meanwhile
//   tape                   everybody with it: the graph is built again from the tape's file
// The fifth death within 60 s, or five minutes without one whole minute of life, is the end of patience: a
// symbol's position is sold and it stays away; for tape, portfolio, ranking and clock everything is sold and
// the run ends HALTED. Feed, gateway and journal are tried for ever.
// In a replay a failure ends the run: it would happen again in the same place.
#pragma once

#include "actors/feed.hpp"
#include "actors/gateway.hpp"
#include "actors/journal.hpp"
#include "actors/live/live_tape.hpp"
#include "actors/portfolio.hpp"
#include "actors/ranking.hpp"
#include "actors/symbol.hpp"
#include "actors/tape.hpp"

#include <chrono>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace sentio {

/// Everything that one graph needs. Exactly one of `source`, `recorded` and `live` is set.
struct graph_config {
  std::vector<symbol_config> symbols; ///< by index
  ranking_config ranking;
  portfolio_config portfolio;
  gateway_config gateway;
  journal_config journal;
  merging_tape_config tape;
  std::shared_ptr<session_source> source;
  std::optional<recorded_tape_config> recorded;
  std::optional<live_tape_config> live;
  run_progress_ptr progress;
};

/// The handles of a running graph.
struct graph_view {
  wiring actors;
  tape_actor tape;
};

/// The same for the driver: thread-safe, since the supervisor replaces what died.
class graph_handles {
public:
  graph_view view() const {
    const std::lock_guard lock(mutex_);
    return view_;
  }
  void set(graph_view view) {
    const std::lock_guard lock(mutex_);
    view_ = std::move(view);
  }

private:
  mutable std::mutex mutex_;
  graph_view view_;
};

/// One watched actor and what happened to it.
struct supervised {
  using instant = std::chrono::steady_clock::time_point;

  actor_role role = actor_role::symbol;
  symbol_index symbol = 0;                ///< with role symbol
  std::string name;                       ///< "TQQQ", "ranking"
  caf::actor handle;                      ///< empty while it is dead
  std::deque<instant> deaths;             ///< of the last minute
  std::optional<instant> unhealthy_since; ///< first death since it last lived for a minute
  instant born{};
  instant died{};
  std::uint64_t restarts = 0;
  std::string last_error;        ///< of its last death
  std::uint64_t recovery_us = 0; ///< from the last death to its successor's being told of
  std::uint64_t folded = 0;      ///< entries of the session that the last successor was given
  int waits = 0;                 ///< attempts since it was healthy, for the backoff
  bool given_up = false;
};

struct supervisor_state : counted_state {
  std::shared_ptr<const graph_config> config;
  std::shared_ptr<graph_handles> handles;
  graph_view graph;
  live_tape_actor live_tape; ///< empty in a replay
  run_progress_ptr progress;
  std::vector<supervised> children; ///< in the order in which they are stopped
  std::string last_failure;         ///< of whoever is about to die
  bool stopping = false;
  bool rebuilding = false;   ///< the tape died: everybody ends, then the graph is built again
  bool halting = false;      ///< patience is at an end
  bool without_tape = false; ///< and nobody is left to write down what is sold
  std::string halted;        ///< why, for the run's end
  std::uint64_t failures = 0;
  std::uint64_t restarts = 0;
};

/// To itself: the wait before a restart is over.
struct restart_due {
  actor_role role = actor_role::feed;
};
/// To itself: what could be sold is sold; the run ends.
struct halt_due {};

} // namespace sentio
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sentio::restart_due)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sentio::halt_due)

namespace sentio {

using full_supervisor_actor = supervisor_actor::extend<caf::reacts_to<restart_due>, caf::reacts_to<halt_due>>;
using supervisor_pointer = actor_pointer<full_supervisor_actor, supervisor_state>;

full_supervisor_actor::behavior_type supervisor_behavior(supervisor_pointer self,
                                                         std::shared_ptr<graph_config> config,
                                                         std::shared_ptr<graph_handles> handles);

} // namespace sentio
