// The actor of one symbol: owns its model, learns its bars, answers each with a signal.
#pragma once

#include "actors/common.hpp"
#include "core/learning/symbol_model.hpp"

#include <optional>
#include <string>

namespace sentio {

struct symbol_config {
  symbol_index index = 0;
  std::string name; ///< ticker
  learner_parameters learner;
  instruction_set isa = instruction_set::sse2;
  std::shared_ptr<const std::string> checkpoint; ///< state to start from; empty = untrained
  history_ptr past; ///< of the running session: folded before anything else; empty = none
};

struct symbol_state : counted_state {
  symbol_config config;
  std::optional<symbol_model> model;
  time_ms last_label = 0;
  bool warmup = false;
  std::uint64_t bars = 0;
  ranking_actor ranking;
  signal_batch last; ///< what was answered last: a new ranking has to hear it again

  void begin(const session_start& day);
  /// Signals of the bars [first, last) of the block, in order. Throws on a bar learned before, and when the
  /// learner's state is no longer finite.
  std::shared_ptr<const std::vector<symbol_signal>> learn(const bar_batch& batch);
  /// Drops pending labels and checks the update identity of the day.
  void end();
  /// Learns the session so far again; `last` is then what no round has used yet.
  void fold(const history& past);

private:
  symbol_signal learn_one(const bar& b);
};

symbol_actor::behavior_type symbol_behavior(actor_pointer<symbol_actor, symbol_state> self,
                                            symbol_config config, ranking_actor ranking, tape_actor tape,
                                            supervisor_actor supervisor);

} // namespace sentio
