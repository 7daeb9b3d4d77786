// Assembles the graph of a mock replay from a configuration and a range of dates, and runs it.
#pragma once

#include "actors/checkpoint.hpp"
#include "actors/replay.hpp"
#include "core/config/configuration.hpp"
#include "core/market/bar_survey.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sentio {

/// Which sessions a run reads and trades. Made by plan_sessions.
struct session_plan {
  civil_date first_read; ///< first warm-up session, or first_traded
  civil_date first_traded;
  civil_date last;
  std::uint32_t warmup_sessions = 0;
  std::vector<civil_date> traded;
};

struct date_range {
  std::optional<civil_date> first; ///< empty: the first session after the warm-up
  std::optional<civil_date> last;  ///< empty: the last session there is
};

/// Throws std::invalid_argument (wrong dates: reversed, a holiday) or data_error (no data, too little
/// warm-up); the text says what would be right. warmup 0 means that a checkpoint replaces it.
session_plan plan_sessions(const std::vector<civil_date>& available, const date_range& range,
                           std::uint32_t warmup, std::uint32_t minimum_warmup);

/// A run's fixed surroundings: everything but dates and place of logs.
struct mock_setup {
  configuration config; ///< capital, fill model and symbols as overridden by the command line
  std::filesystem::path data_dir;
  std::string data_note;
  std::shared_ptr<const bar_survey> survey; ///< of data_dir, when somebody has looked at it
  std::vector<std::string> data_warnings;   ///< see run_description
  bool strict = false;
  instruction_set isa = instruction_set::sse2;
  std::uint32_t run_ahead = 32;
  std::uint64_t seed = 0;
  bool fresh_daily = false;
  std::optional<checkpoint_file> checkpoint; ///< start from it instead of warming up
  std::string tape_file;
  bool overwrite_tape = false;
  std::shared_ptr<step_window> window;             ///< for a watcher of the run
  std::shared_ptr<struct tape_memory> tape_memory; ///< instead of a file, in simulations of live sessions
  std::filesystem::path maintenance_file;
};

/// Active instruments of a configuration, sorted by name. Throws std::invalid_argument for an unknown symbol.
std::vector<instrument> active_instruments(const configuration& config);

/// The run as its run.json tells it.
run_description describe_run(const mock_setup& setup, std::string title, std::vector<civil_date> sessions);

/// What a run leaves besides the logs.
struct run_products {
  run_progress_ptr progress = std::make_shared<run_progress>();
  std::shared_ptr<session_table> table = std::make_shared<session_table>();
  std::shared_ptr<warmup_summary> warmup = std::make_shared<warmup_summary>();
  std::shared_ptr<std::vector<std::string>> learners = std::make_shared<std::vector<std::string>>();
};

/// The graph of a replay from bars. `source` may be empty: then the bar files of the setup are read.
std::shared_ptr<graph_config> mock_graph(const mock_setup& setup, const session_plan& plan,
                                         std::shared_ptr<log_sink> sink, const run_products& products,
                                         std::shared_ptr<session_source> source = nullptr);

/// What a tape says of its run before its first day.
struct tape_preamble {
  run_description header;
  warmup_summary warmup;
  std::vector<std::string> learners; ///< by symbol
};
/// What keeps this program from folding a tape with this header, as a sentence; empty: nothing.
std::string why_unusable(const struct tape_header& header);

/// Reads and checks the whole tape: checksums, order, indices. Throws tape_error with file and record.
tape_preamble read_preamble(const std::string& tape_file);

/// What ended a replay from a tape: the error behind the file and the record that was played.
std::string replay_error(const std::string& tape_file, const run_progress& progress,
                         const std::string& error);

/// The graph of a replay from a tape: no bars, no clock, no venue.
std::shared_ptr<graph_config> recorded_graph(const std::string& tape_file, const tape_preamble& preamble,
                                             instruction_set isa, std::shared_ptr<log_sink> sink,
                                             const run_products& products);

} // namespace sentio
