// The files of a running session besides its tape: put back when somebody removes them.
#pragma once

#include "tools/sentio-actors/live_control.hpp"
#include "tools/sentio-actors/live_session_run.hpp"

#include <map>
#include <string>

namespace sentio {

/// The control socket, by which the instance is reached; session.json, without which nobody goes on with the
/// session after a crash; and the day's logs, which a new journal writes again from the tape. (A tape that is
/// gone cannot be put back: run_live sells everything.)
class session_files {
public:
  explicit session_files(session_run& run);

  /// Each turn: a disk that others fill is noticed before the tape meets its end. What was kept free is given
  /// to tape and logs, and everything is sold.
  void look_at_disk(live_session& session);
  /// Between two turns. Says what it put back, and what it cannot.
  void look(live_session& session, control_socket& control);

private:
  void put_back_record();
  void put_back_socket(control_socket& control);
  void look_at_logs(live_session& session);
  void say_once(const std::string& what);

  session_run& run_;
  std::string record_;               ///< bytes of session.json
  std::map<std::string, bool> logs_; ///< by name: seen at the last look
  std::string said_;                 ///< the last complaint, so that it is made once
};

} // namespace sentio
