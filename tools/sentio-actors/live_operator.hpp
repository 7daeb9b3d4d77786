// Who operates a running session: the control socket, the files .maintenance_mode and .halt, Ctrl-C, SIGUSR1,
// and the latch that an earlier session left.
#pragma once

#include "tools/sentio-actors/live_control.hpp"
#include "tools/sentio-actors/live_session_run.hpp"
#include "tools/sentio-actors/monitor_link.hpp"
#include "tools/sentio-actors/run_console.hpp"
#include "tools/sentio-actors/session_files.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace sentio {

inline constexpr const char* maintenance_file_name = ".maintenance_mode";
inline constexpr const char* halt_file_name = ".halt";

class session_operator {
public:
  /// Makes the control socket. Throws std::runtime_error when it cannot. `monitor`: null without a hub.
  session_operator(session_run& run, monitor_link* monitor);

  /// Between two turns of run_live's loop.
  void turn(live_session& session);
  /// Writes into the run how it ended.
  void conclude();

private:
  using steady = std::chrono::steady_clock;

  void begin(live_session& session);
  void tell(live_session& session, command_kind kind, const std::string& who);
  void end(live_session& session);
  void look_at_files(live_session& session);
  void look_at_signals(live_session& session);
  void stop(live_session& session, bool flatten, const std::string& who);
  void go_on_stopping(live_session& session, bool at_once);
  /// Real time after which what is still not sold is left.
  std::chrono::steady_clock::duration patience() const;
  std::string answer(live_session& session, const std::string& command);
  void look_at_monitor(live_session& session);
  /// What becomes of an operator's command from afar: good or not, and a sentence.
  std::pair<bool, std::string> carry_out(live_session& session, const admitted_command& command);
  std::string halt(live_session& session, const std::string& who);
  std::string rearm(live_session& session, const std::string& who);
  std::string kill(live_session& session, const std::string& actor, const std::string& who);

  session_run& run_;
  monitor_link* monitor_;
  control_socket control_;
  std::uint64_t unknown_commands_ = 0; ///< at the control socket
  progress_bar bar_;
  bool begun_ = false;
  bool shown_ = false; ///< the monitor may ask the actors
  bool paused_ = false;
  bool halt_file_seen_ = false;
  int interrupts_ = 0;
  steady::time_point looked_{};
  session_files files_;
  // Ending a session before its time: flat when that is asked for, reconciled in any case.
  std::optional<steady::time_point> stop_asked_;
  steady::time_point told_to_close_{};
  bool stop_flat_ = true;
  std::optional<std::chrono::steady_clock::time_point> ended_; ///< the tape was last told so
  bool left_open_ = false;
};

} // namespace sentio
