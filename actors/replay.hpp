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

/// A replay between two steps, for a watcher. Its messages are the driver's own: nothing foreign sends into the
/// virtual runtime.
class replay_session {
public:
  virtual ~replay_session() = default;
  /// Every actor's answer, in starting order.
  virtual std::vector<actor_status> status() = 0;
  /// An event of the tape, at the virtual time.
  virtual void command(command_kind kind, const std::string& sender) = 0;
  virtual const run_progress& progress() const = 0;
};
using watch_replay = std::function<void(replay_session&)>;

/// Steps the graph until the data ends, an actor fails or `tick` says stop. The engine is idle afterwards
/// and its actors are gone. `watch` is called between steps too, and once more after the last one.
replay_outcome run_replay(engine& runtime, std::shared_ptr<graph_config> config,
                          const between_steps& tick = {}, const watch_replay& watch = {});

} // namespace sentio
