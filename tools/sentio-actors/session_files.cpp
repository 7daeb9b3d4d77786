#include "tools/sentio-actors/session_files.hpp"

#include "actors/log_sink.hpp"
#include "tools/sentio-actors/run_log_directory.hpp"

#include <sys/stat.h>
#include <utility>

namespace sentio {

session_files::session_files(session_run& run)
    : run_(run), record_(read_whole_file(run.log_dir / session_record_name)) {}

void session_files::look(live_session& session, control_socket& control) {
  std::error_code problem;
  if (!std::filesystem::is_directory(run_.log_dir, problem)) {
    say_once("the log directory " + run_.log_dir.string() +
             " is gone: the session is out of reach of status and "
             "halt (SIGUSR1 is the kill switch), and cannot be recovered");
    return;
  }
  try {
    put_back_record();
    put_back_socket(control);
    look_at_logs(session);
  } catch (const std::exception& failure) {
    say_once(failure.what());
  }
}

void session_files::say_once(const std::string& what) {
  if (std::exchange(said_, what) != what)
    say_line("ALARM " + what);
}

void session_files::look_at_disk(live_session& session) {
  if (!run_.disk_problem.empty())
    return;
  const auto trouble = run_.reserve->trouble();
  if (trouble.empty())
    return;
  run_.reserve->give_way(); // first: the commands below have to be written
  run_.disk_problem = "the disk of the log directory " + run_.log_dir.string() + " " + trouble;
  say_line(
      "ALARM HALTED: " + run_.disk_problem +
      "; everything is sold, and nothing is bought until an operator re-arms. Mend the disk, then re-arm");
  run_.halts->changed(true, run_.disk_problem);
  for (const auto kind : {command_kind::halt, command_kind::flatten})
    session.command(kind, "disk: " + trouble);
}

void session_files::put_back_record() {
  const auto file = run_.log_dir / session_record_name;
  std::error_code problem;
  if (std::filesystem::exists(file, problem))
    return;
  write_whole_file(file, record_);
  say_line("ALARM " + file.string() + " was removed while the session runs: it was written again");
}

void session_files::put_back_socket(control_socket& control) {
  if (control.is_reachable())
    return;
  control.restore();
  say_line("ALARM the control socket in " + run_.log_dir.string() +
           " was removed while the session runs: it was made again");
}

/// A log that was removed is still written to, and gone with its last writer: its journal starts anew.
void session_files::look_at_logs(live_session& session) {
  std::string lost;
  for (std::size_t i = 0; i < log_kind_count; ++i) {
    const auto name = log_name(static_cast<log_kind>(i), run_.hours.date);
    struct stat now {};
    const bool there = stat((run_.log_dir / (name + ".partial")).c_str(), &now) == 0 ||
                       stat((run_.log_dir / name).c_str(), &now) == 0;
    if (std::exchange(logs_[name], there) && !there)
      lost += (lost.empty() ? "" : ", ") + name;
  }
  // A journal that is dead has dropped its day itself, and is brought back anyway.
  if (!lost.empty() && session.kill("journal"))
    say_line("ALARM removed while the session runs: " + lost + "; the day's logs are written again");
}

} // namespace sentio
