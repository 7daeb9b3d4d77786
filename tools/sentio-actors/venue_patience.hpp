// Waiting for a venue that cannot be asked when a session is to begin or to be gone on with.
#pragma once

#include "actors/live/start_policy.hpp"
#include "tools/sentio-actors/live_directory.hpp"
#include "tools/sentio-actors/monitor_start.hpp"

#include <memory>
#include <optional>
#include <string>

namespace sentio {

/// Waits, longer from time to time. Endless: an open session may hold shares, and nobody else looks after
/// them.
class venue_patience {
public:
  /// `lock_name`: of the venue. The options must outlive it.
  venue_patience(const live_options& options, std::vector<std::string> symbols, std::string lock_name);

  /// Waits as start_policy.hpp has it, or until Ctrl-C or SIGTERM; says why, and what is open meanwhile.
  /// False: this start does not wait. --recover-only never does.
  bool wait(start_refusal refusal, const std::string& why);
  /// The venue answers: whoever watches from afar is shown the session from now on.
  void over();
  /// Says that it was stopped. Returns the exit code.
  int give_up() const;

private:
  std::string what_is_open() const;
  void tell_hub(const std::string& alarm);

  const live_options& options_;
  std::vector<std::string> symbols_;
  std::string lock_name_;
  std::optional<found_session> open_;
  int rounds_ = 0;
  std::unique_ptr<run_monitor> monitor_; ///< while there is a wait
};

} // namespace sentio
