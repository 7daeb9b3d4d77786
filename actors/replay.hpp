// One run of the graph on a virtual runtime, from start to closed logs.
#pragma once

#include "actors/engine.hpp"
#include "actors/supervisor.hpp"

#include <functional>
#include <string>
#include <vector>

namespace sentio {

struct replay_outcome {
  bool completed = false; ///< every session was admitted and every log closed
  bool interrupted = false;
  std::string error;                ///< of the first failure; empty when there was none
  std::vector<actor_status> actors; ///< their last words, in starting order
  std::uint64_t schedule_hash = 0;
};

/// Called between steps; returns false to stop the run cleanly. May sleep: the graph is idle meanwhile.
using between_steps = std::function<bool(const run_progress&)>;

/// Steps the graph until the data ends, an actor fails or `tick` says stop. The engine is idle afterwards
/// and its actors are gone.
replay_outcome run_replay(engine& runtime, std::shared_ptr<graph_config> config,
                          const between_steps& tick = {});

} // namespace sentio
