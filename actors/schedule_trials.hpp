// The same session under many schedules: what a user sees must not depend on which actor ran first.
#pragma once

#include "actors/mock_run.hpp"

#include <cstdint>
#include <vector>

namespace sentio {

/// One session in memory, and learners warmed up for it once, shared by every trial.
class schedule_trials {
public:
  struct trial {
    std::uint64_t schedule = 0; ///< hash of the order of turns; 0 on the threaded engine
    log_hash journal;
    std::uint64_t symbol_bars = 0;
    std::string error; ///< empty when the run was completed
  };

  /// Warms up on the sessions before `plan.first_traded` and keeps the traded ones. Throws what a run throws.
  schedule_trials(mock_setup setup, const session_plan& plan);

  /// Runs the session on the engine. Thread-safe: trials share nothing that changes.
  trial run(engine& runtime, std::uint32_t run_ahead = 1) const;

private:
  mock_setup setup_;
  session_plan plan_;
  std::vector<session_block_ptr> traded_;
  checkpoint_file learned_;
};

/// Runs the warm-up part of a plan and gives every symbol's state. Throws std::runtime_error.
checkpoint_file learn_warmup(const mock_setup& setup, const std::vector<std::string>& symbols,
                             std::shared_ptr<session_source> source, civil_date last_session,
                             const between_steps& tick = {});

} // namespace sentio
