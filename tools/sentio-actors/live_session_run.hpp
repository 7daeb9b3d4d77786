// One session at a venue: all that lives while it is traded.
#pragma once

#include "tools/sentio-actors/directory_lock.hpp"
#include "tools/sentio-actors/disk_reserve.hpp"
#include "tools/sentio-actors/halt_latch.hpp"
#include "tools/sentio-actors/live_start.hpp"
#include "tools/sentio-actors/recover.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace sentio {

struct session_run {
  const live_options& options;
  mock_setup setup;
  venue_connection& connection;
  venue_desk desk;
  std::shared_ptr<venue_time> time;
  session_hours hours;
  std::string account{};                ///< its number
  std::optional<found_session> found{}; ///< what an earlier process left of this session
  std::string halted_by_tape{};         ///< reason, when the interrupted session was HALTED
  bool closing_by_tape = false;         ///< the interrupted session was being closed by command
  std::filesystem::path state_dir{};    ///< empty: the venue is in this process, and its account ends with it
  std::filesystem::path log_dir{};
  directory_lock lock{};                   ///< on log_dir
  std::unique_ptr<disk_reserve> reserve{}; ///< in log_dir, until the end is written
  std::string disk_problem{};              ///< why everything was sold; empty: the disk had room
  live_outcome outcome{};
  run_products products{};
  std::shared_ptr<latency_book> latency = std::make_shared<latency_book>();
  std::shared_ptr<halt_keeper> halts{};
  std::string next_configuration{}; ///< taken from an operator, JSON; empty: none
  bool stopped_early = false;
  bool left_open = false; ///< everything was to be closed, and was not
  bool kept = false;      ///< stopped early, and positions are kept as asked

  /// The interrupted session that is gone on with; empty: a new one.
  std::shared_ptr<const resumed_session> resumed() const {
    return found && found->state == session_state::interrupted ? found->session : nullptr;
  }
  const char* title() const { return options.real ? "real" : "paper"; }
  warmup_summary warmup() const { return resumed() ? resumed()->warmup : warmup_of(*setup.checkpoint); }
};

/// What stands behind a session: run.json, learners, latencies, the report. Returns the exit code: 1 when
/// shares were left that should not be there, which the last line of the output names (--json: left_shares).
/// Throws what ended the session before its time.
int conclude(session_run& run, money capital);

} // namespace sentio
