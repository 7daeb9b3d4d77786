// The tape actors: every input is numbered, written and forwarded in order; every output is written before
// anybody acts on it. Two kinds share one interface: one merges live sources, one reads a finished tape.
#pragma once

#include "actors/common.hpp"
#include "actors/progress.hpp"
#include "actors/tape_recorder.hpp"

#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace sentio {

struct merging_tape_config {
  run_description header;
  tape_place place; ///< of the tape; none: number and order only, write nothing
  std::uint32_t run_ahead = 32; ///< bars a symbol may be handed at once, >= 1; changes no result
  std::filesystem::path
      maintenance_file;          ///< if it exists when a day begins, entries are off; empty: not looked for
  bool collect_learners = false; ///< ask for checkpoints at the end of the data (warmup command)
  std::shared_ptr<std::vector<std::string>> learners; ///< where collected checkpoints go, by symbol
  std::shared_ptr<warmup_summary> warmup;             ///< where the warm-up's summary goes
  run_progress_ptr progress;
};

/// Merges its sources by (time, kind, symbol), fills before bars before phases before the cut-off, and admits
/// one instant per step, when the graph is idle. Nothing depends on who was scheduled first.
tape_actor::behavior_type merging_tape(actor_pointer<tape_actor, struct merging_tape_state> self,
                                       merging_tape_config config, supervisor_actor supervisor);

struct recorded_tape_config {
  std::string tape_file;
  run_progress_ptr progress;
};

/// Forwards the inputs of a finished tape and compares every output with the recorded one.
tape_actor::behavior_type recorded_tape(actor_pointer<tape_actor, struct recorded_tape_state> self,
                                        recorded_tape_config config, supervisor_actor supervisor);

struct merging_tape_state : counted_state {
  merging_tape_config config;
  std::unique_ptr<tape_recorder> recorder;
  std::optional<wiring> graph;

  // Sources not yet admitted.
  std::deque<session_block_ptr> blocks;
  bool data_ended = false;
  std::deque<venue_event> venue; ///< ascending times
  std::optional<time_ms> venue_wake;
  std::deque<operator_command> commands;

  // The running day.
  enum class stage : std::uint8_t { between_days, preparing, planned, trading, closing, collecting, done };
  stage now = stage::between_days;
  bool warmup_reported = false;
  std::optional<warmup_summary> reported; ///< received, not yet written
  std::vector<learner_state> answered;    ///< likewise
  session_block_ptr today;
  clock_plan_ptr plan;
  std::size_t next_event = 0;          ///< in plan
  std::vector<std::uint32_t> admitted; ///< bars of today, by symbol
  std::vector<std::uint32_t> handed;   ///< bars given to the symbol, >= admitted
};

/// A record with bytes of its own.
struct kept_record {
  record_kind kind = record_kind::end;
  time_ms time = 0;
  std::uint64_t sequence = 0;
  std::string payload;
};

struct recorded_tape_state : counted_state {
  recorded_tape_config config;
  std::unique_ptr<tape_reader> reader;
  std::optional<wiring> graph;
  std::optional<kept_record> ahead;  ///< read, not yet admitted
  std::vector<kept_record> recorded; ///< outputs on the tape since the last comparison
  std::vector<kept_record> produced; ///< outputs of the graph since then
  std::optional<session_hours> today;
  std::vector<named_value> counts; ///< of today's data
};

} // namespace sentio
