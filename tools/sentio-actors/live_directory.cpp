#include "tools/sentio-actors/live_directory.hpp"

#include "core/tape/reader.hpp"
#include "tools/sentio-actors/run_log_directory.hpp"
#include "tools/sentio-actors/usage_error.hpp"

#include <algorithm>
#include <csignal>
#include <stdexcept>
#include <tuple>
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

/// `held`: the lock on it, when it was taken before.
log_directory live_log_directory(const live_options& o, civil_date date, directory_lock held) {
  if (o.log_dir.empty())
    return next_log_directory(log_root(o), to_string(date), "live");
  return use_log_directory(given_directory(o, date), o.overwrite, "live", std::move(held));
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

std::optional<found_session> look_for_open_session(const live_options& o, const std::string& lock_name) {
  if (o.overwrite || o.new_session)
    return std::nullopt;
  const auto root = o.log_dir.empty() ? log_root(o) : std::filesystem::path(o.log_dir);
  std::optional<session_record> newest;
  std::filesystem::path where;
  const auto consider = [&](const std::filesystem::path& directory) {
    const auto record = read_session_record(directory);
    if (record && record->venue == lock_name && record->title == (o.real ? "real" : "paper") &&
        record->dry_run == o.dry_run &&
        (!newest || std::tie(newest->date, newest->started) < std::tie(record->date, record->started))) {
      newest = record;
      where = directory;
    }
  };
  consider(root);
  std::error_code nothing_there;
  for (const auto& entry : std::filesystem::directory_iterator(root, nothing_there))
    if (!entry.is_symlink() && entry.is_directory())
      consider(entry.path());
  if (!newest)
    return std::nullopt;
  auto found = look_into(where, *newest);
  if (found.state != session_state::interrupted)
    return std::nullopt;
  return found;
}

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
  const bool unfinished =
      found.state == session_state::interrupted || (found.state == session_state::damaged && found.session);
  if (!unfinished || found.session->hours->close > now)
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
    run.closing_by_tape = book.closing();
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
        found.problem + "\nThis session cannot be gone on with, and nothing was traded. The account holds " +
        account_text(run.desk) +
        ".\nThe same command with --new-session starts afresh in a new directory and takes over "
        "what is held in its symbols: it is traded on, and sold at the end of the session.");
  }
}

directory_lock lock_given_directory(const live_options& o, civil_date date) {
  const auto given = given_directory(o, date);
  return std::filesystem::is_directory(given) ? directory_lock(given, "live") : directory_lock();
}

namespace {

/// The record's bytes, and the room for the session's end. A session that is open is gone on with on a full
/// disk too: what it holds has to be sold.
void take_room(session_run& run, const session_record& record) {
  run.reserve = std::make_unique<disk_reserve>(run.log_dir);
  const auto begun = std::max(run.time->now(), run.hours.open);
  const auto minutes = std::max<time_ms>(0, (run.hours.close - begun) / minute_ms) + 1;
  const auto needs = disk_needs_of(run.setup.config.symbols.size(), static_cast<std::uint64_t>(minutes));
  try {
    run.reserve->take(needs);
    write_session_record(run.log_dir, record);
  } catch (const std::exception& problem) {
    if (!run.resumed())
      throw;
    run.reserve->give_way();
    say_line(std::string("ALARM ") + problem.what() +
             ". The session is gone on with all the same, since it may hold shares");
    write_session_record(run.log_dir, record);
  }
}

} // namespace

void settle_in(session_run& run) {
  auto record = record_of(run);
  const bool unbegun = run.found && run.found->state == session_state::unbegun;
  if (run.resumed() || unbegun) {
    if (!run.lock.held())
      run.lock = directory_lock(run.found->log_dir, "live");
    run.log_dir = run.found->log_dir;
    record.starts = run.found->record.starts + 1;
    if (unbegun)
      std::filesystem::remove(run.found->tape); // not even a session's beginning is on it
  } else {
    auto chosen = live_log_directory(run.options, run.hours.date, std::move(run.lock));
    run.log_dir = chosen.path;
    run.lock = std::move(chosen.lock);
  }
  try {
    take_room(run, record);
  } catch (...) {
    run.reserve.reset();
    leave_no_trace(run);
    throw;
  }
}

void mention_damaged_session(const session_run& run) {
  say_line("ALARM " + run.found->problem + "\nThe session of " + to_string(run.hours.date) +
           " is over, and its logs end where they do. The account holds " + account_text(run.desk));
}

void leave_no_trace(const session_run& run) {
  std::error_code problem; // a read-only disk: there is nothing to leave
  if (run.resumed() || std::filesystem::exists(run.setup.tape_file, problem))
    return;
  std::filesystem::remove(run.log_dir / session_record_name, problem);
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
