// The supervisor: starts the actors in order, wires them, watches them, and stops them in order.
#pragma once

#include "actors/feed.hpp"
#include "actors/gateway.hpp"
#include "actors/journal.hpp"
#include "actors/live/live_tape.hpp"
#include "actors/portfolio.hpp"
#include "actors/ranking.hpp"
#include "actors/symbol.hpp"
#include "actors/tape.hpp"

#include <memory>
#include <optional>
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

/// The handles of a running graph, for the driver.
struct graph_handles {
  wiring actors;
  tape_actor tape;
};

struct supervisor_state : counted_state {
  std::shared_ptr<graph_handles> graph;
  run_progress_ptr progress;
  std::vector<caf::actor> alive; ///< in the order in which they are stopped
  bool stopping = false;
  std::uint64_t failures = 0;
};

supervisor_actor::behavior_type supervisor_behavior(actor_pointer<supervisor_actor, supervisor_state> self,
                                                    std::shared_ptr<graph_config> config,
                                                    std::shared_ptr<graph_handles> handles);

} // namespace sentio
