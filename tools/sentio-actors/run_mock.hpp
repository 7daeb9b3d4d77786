// `sentio-actors mock`: what the user asked for, and its execution.
#pragma once

#include "actors/mock_run.hpp"
#include "tools/sentio-actors/monitor_options.hpp"
#include "tools/sentio-actors/usage_error.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace sentio {

/// The command line of mock, as typed.
struct mock_options {
  std::string date, start_date, end_date;
  std::string data_dir;
  std::vector<std::string> symbols;
  std::string config_file;
  std::uint32_t warmup_days = 20;
  std::uint32_t min_warmup_days = 1;
  std::string warmup_state;
  std::optional<double> capital;
  std::string fill;
  double speed = 0;
  std::string log_dir;
  bool overwrite = false;
  std::uint64_t seed = 0;
  bool fresh_daily = false;
  unsigned jobs = 1;
  std::string tape_file;
  std::string from_tape;
  std::string baseline;
  std::string isa;
  std::uint32_t run_ahead = 32;
  bool strict = false;
  bool no_report = false;
  bool quiet_logs = false; ///< the logs are not worth a word: their folder is about to go
  bool json = false;
  monitor_options monitor;
};

/// The setup that mock and warmup share: configuration with overrides, data directory, instruction set.
mock_setup make_setup(const mock_options& options);

/// Looks at the bar files of the setup's symbols and says on stderr what is unusual in them. Throws data_error.
std::shared_ptr<const bar_survey> look_at_bars(const mock_setup& setup);

/// Checks and completes a configuration that the command line has changed. Throws usage_error.
void complete_overridden(configuration& config);

/// Exit code 0 or 1; throws usage_error or std::exception with a sentence for the user.
int run_mock(const mock_options& options);

} // namespace sentio
