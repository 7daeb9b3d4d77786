#include "tools/sentio-actors/live_directory.hpp"

#include "core/tape/reader.hpp"
#include "tools/sentio-actors/run_log_directory.hpp"
#include "tools/sentio-actors/usage_error.hpp"

#include <csignal>
#include <stdexcept>
#include <unistd.h>

namespace sentio {

namespace {

std::filesystem::path log_root(const live_options& o) {
  return o.real ? "logs/real_trading" : "logs/paper_trading";
}

/// The directory that --log-dir means for a day; empty when none was given.
std::filesystem::path given_directory(const live_options& o, civil_date date) {
  const std::filesystem::path given = o.log_dir;
  return o.log_dir.empty() || !o.every_session ? given : given / to_string(date);
}

std::filesystem::path live_log_directory(const live_options& o, civil_date date, bool overwrite) {
  if (o.log_dir.empty())
    return next_log_directory(log_root(o), to_string(date));
  auto chosen = use_log_directory(given_directory(o, date), overwrite);
  if (!chosen.problem.empty())
    throw usage_error(chosen.problem);
  return chosen.path;
}

session_record record_of(const session_run& run) {
  return {run.account,
          run.connection.local ? "local" : run.connection.lock_name,
          run.title(),
          to_string(run.hours.date),
          run.options.dry_run,
          static_cast<int>(getpid()),
          1,
          utc_now()};
}

} // namespace

std::optional<found_session> look_for_session(const session_run& run) {
  const auto& o = run.options;
  if (o.overwrite || o.new_session)
    return std::nullopt;
  const auto wanted = record_of(run);
  auto found = o.log_dir.empty() ? look_below(log_root(o), wanted)
                                 : look_into(given_directory(o, run.hours.date), wanted);
  if (found.state == session_state::none)
    return std::nullopt;
  return found;
}

std::optional<found_session> look_for_unfinished(const session_run& run, time_ms now) {
  const auto& o = run.options;
  if (o.overwrite || o.new_session)
    return std::nullopt;
  auto wanted = record_of(run);
  wanted.date = to_string(new_york_date(now));
  found_session found;
  if (o.log_dir.empty() || o.every_session) {
    found = look_back(o.log_dir.empty() ? log_root(o) : std::filesystem::path(o.log_dir), wanted);
  } else if (const auto record = read_session_record(o.log_dir); record && record->date <= wanted.date) {
    wanted.date = record->date;
    found = look_into(o.log_dir, wanted);
  }
  if (found.state != session_state::interrupted || found.session->hours->close > now)
    return std::nullopt;
  return found;
}

void judge_found(session_run& run) {
  const auto& found = *run.found;
  switch (found.state) {
  case session_state::none:
    break;
  case session_state::unbegun:
    say_line("the start in " + found.log_dir.string() +
             " ended before its first input, so nothing was ordered: starting again there");
    break;
  case session_state::interrupted: {
    const auto book = folded_book(*found.session);
    run.halted_by_tape = book.halt_reason();
    say_line(recovery_text(found, book));
    break;
  }
  case session_state::complete:
    if (!run.options.log_dir.empty())
      throw usage_error(
          "the session in " + found.log_dir.string() +
          " was ended in good order; to trade what is left of the day choose another --log-dir, or "
          "--overwrite it. If its logs are not whole: sentio-actors replay " +
          found.tape.string() + " --log-dir DIR");
    say_line("the session in " + found.log_dir.string() + " was ended in good order: starting a new one");
    break;
  case session_state::damaged:
    throw std::runtime_error(
        found.problem + "\nThis session cannot be gone on with, and nothing was traded. Look at the account; "
                        "--new-session then starts afresh in a new directory and takes over what is held.");
  }
}

void settle_in(session_run& run) {
  auto record = record_of(run);
  const bool unbegun = run.found && run.found->state == session_state::unbegun;
  if (run.resumed() || unbegun) {
    run.log_dir = run.found->log_dir;
    record.starts = run.found->record.starts + 1;
    if (unbegun)
      std::filesystem::remove(run.found->tape); // not even a session's beginning is on it
  } else {
    run.log_dir = live_log_directory(run.options, run.hours.date, run.options.overwrite);
  }
  write_session_record(run.log_dir, record);
}

void leave_no_trace(const session_run& run) {
  if (std::filesystem::exists(run.setup.tape_file))
    return;
  std::filesystem::remove(run.log_dir / session_record_name);
  remove_if_empty(run.log_dir);
}

void mention_lost_local_session(const live_options& o, civil_date date) {
  if (o.overwrite || o.new_session)
    return;
  const auto& directory = o.log_dir.empty() ? (log_root(o) / "latest").string() : o.log_dir;
  const auto record = read_session_record(directory);
  if (!record || record->venue != "local" || kill(record->process, 0) == 0)
    return;
  const auto tape = std::filesystem::path(directory) / ("session_" + record->date + ".tape");
  if (!std::filesystem::exists(tape) || check_prefix(tape).fault == tape_fault::none)
    return;
  const auto what = "the session of " + record->date + " in " + directory +
                    " was interrupted, and its exchange ended with it: it cannot be gone on with";
  if (!o.log_dir.empty())
    throw usage_error(what + "; choose another --log-dir, or give --overwrite to replace it");
  if (record->date == to_string(date))
    say_line(what + ". Starting a new one.");
}

} // namespace sentio
