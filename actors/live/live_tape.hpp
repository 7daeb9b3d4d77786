// The tape of the live runtime. Inputs are numbered as they arrive; between a cut-off and the decisions it
// leads to nothing else is admitted, so that a replay in tape order decides the same.
#pragma once

#include "actors/live/live_config.hpp"
#include "actors/live/session_memory.hpp"
#include "actors/tape.hpp"

#include <deque>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace sentio {

struct live_tape_config {
  merging_tape_config tape; ///< header, file, products
  live_config_ptr live;
  warmup_summary warmup;
  std::vector<std::string> learners;              ///< the state the symbols start from, by index
  std::shared_ptr<const resumed_session> resumed; ///< go on with this session; empty: begin it
};

struct live_tape_state : counted_state {
  using input = std::variant<live_bar, minute_due, phase_change, venue_event, operator_command, operator_word,
                             halt_change, feed_change, symbol_change, session_over>;

  live_tape_config config;
  std::unique_ptr<tape_recorder> recorder;
  session_memory memory;
  std::optional<wiring> graph;
  int mending = 0; ///< actors that died and have no successor yet: nothing is admitted meanwhile
  std::deque<std::variant<portfolio_step_ptr, session_closed>> held; ///< made while the graph is not whole
  std::deque<input> waiting;
  std::optional<time_ms> undecided; ///< the round that everything waits for
  time_ms minute = 0;               ///< the next cut-off
  std::vector<time_ms> last_label;  ///< by symbol
  std::vector<int> came;            ///< by symbol: minutes of the session with a bar
  std::vector<bool> silent;         ///< by symbol: an alarm was raised, and no bar has come since
  std::vector<bool> delivered;      ///< of the running minute
  std::vector<bool> down;           ///< symbols without an actor, by index
  std::uint32_t taken = 0;          ///< bars since the feed was last given credit for more
  time_ms last_at = 0; ///< of inputs other than bars and cut-offs, which keep their minute: ascending
  bool over = false;
  bool paused_by_person = false;                   ///< what a machine paused it does not resume then
  std::set<std::string> paused_by;                 ///< machines whose pause lasts
  bool behind = false;                             ///< what is decided now is old: no entries
  std::vector<std::optional<std::string>> learned; ///< by symbol, collected at the end
  bool opened = false;                             ///< the session's open is on the tape
  bool closed = false;                             ///< and its close

  std::uint64_t bars = 0;
  std::uint64_t late = 0;             ///< learned, but after their cut-off
  std::uint64_t revisions = 0;        ///< stored only
  std::uint64_t duplicates = 0;       ///< dropped
  std::uint64_t outside = 0;          ///< not of this session
  std::uint64_t undecided_rounds = 0; ///< closed by the deadline
};

live_tape_actor::behavior_type live_tape(actor_pointer<live_tape_actor, live_tape_state> self,
                                         live_tape_config config, supervisor_actor supervisor);

} // namespace sentio
