// From --monitor or --dashboard to a place where the run is shown.
#pragma once

#include "tools/sentio-actors/child_process.hpp"
#include "tools/sentio-actors/monitor_link.hpp"
#include "tools/sentio-actors/monitor_options.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace sentio {

/// Where the counters of signed commands are kept, so that none counts twice: they outlive the run and its
/// log directory.
struct counters_place {
  std::string state_dir; ///< as --state-dir
  std::string account;   ///< see counters_file
};

/// Shows one run, to a hub elsewhere or to one of its own that ends with it.
class run_monitor {
public:
  /// Null without --monitor and --dashboard. `kind`: mock, paper or real. Prints the address of the page with
  /// --dashboard. Throws usage_error for wrong options or certificates, std::runtime_error when the hub of
  /// its own does not start.
  static std::unique_ptr<run_monitor> start(const monitor_options& options, const std::string& kind,
                                            const std::vector<std::string>& symbols,
                                            const counters_place& counters, const std::string& data_note);
  /// The same for a start that waits for its venue: alarms are shown, and no command is taken. Only with
  /// --monitor, since a page of its own would be gone with the wait.
  static std::unique_ptr<run_monitor> start_without_commands(const monitor_options& options,
                                                             const std::string& kind,
                                                             const std::vector<std::string>& symbols,
                                                             const std::string& data_note);
  ~run_monitor();

  monitor_link& link() { return *link_; }

private:
  run_monitor() = default;
  std::string start_hub(); ///< returns its HOST:PORT

  std::filesystem::path scratch_; ///< certificates of a hub of its own
  child_process hub_;
  std::unique_ptr<monitor_link> link_; ///< ends before the hub
};

} // namespace sentio
