#include "tools/sentio-actors/live_operator.hpp"

#include "tools/sentio-actors/configuration_file.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

namespace sentio {

namespace {

using json = nlohmann::ordered_json;

/// After the command that ends a session: three minutes of the venue's time, in which every exit that was
/// refused is tried again several times, and in real time at least what a busy machine needs.
constexpr std::chrono::seconds flatten_patience{20};
constexpr std::chrono::minutes flatten_venue_patience{3};
/// Between two attempts to sell what is left; a round comes only once a minute.
constexpr std::chrono::seconds close_again_interval{1}; ///< real time, at least
constexpr std::chrono::seconds close_again_venue_interval{10};
/// For orders that are being canceled, when positions are kept.
constexpr std::chrono::seconds keep_patience{5};
constexpr std::chrono::milliseconds look_interval{500};
/// For the session to take a re-arm, and the disk to lose the latch.
constexpr std::chrono::seconds rearm_patience{5};
constexpr std::chrono::seconds latch_patience{2}; // the watchdog is looked after by the same thread

std::string line(const json& answer) {
  return answer.dump(-1, ' ', false, json::error_handler_t::replace);
}
std::string done(const std::string& what) {
  return line({{"done", what}});
}
std::string refused(const std::string& why) {
  return line({{"error", why}});
}

/// Everybody whom status names and kill knows.
std::vector<std::string> actor_names(const session_run& run) {
  std::vector<std::string> names{"feed", "clock", "tape", "gateway", "ranking", "portfolio", "journal"};
  names.insert(names.end(), run.setup.config.symbols.begin(), run.setup.config.symbols.end());
  return names;
}

/// Restarts, the last time to recover and what was folded belong to the actor that they are about.
void add_restarts(json& actors, const actor_status& supervisor) {
  const auto place = [&](std::string_view name, std::string_view stem) -> json* {
    if (!name.starts_with(stem))
      return nullptr;
    return &actors[std::string(name.substr(stem.size()))];
  };
  for (const auto& [name, value] : supervisor.counts) {
    if (auto* restarted = place(name, "restarts "))
      (*restarted)["restarts"] = value;
    else if (auto* recovered = place(name, "recovery_us "))
      (*recovered)["recovery_ms"] = static_cast<double>(value) / 1000;
    else if (auto* folded = place(name, "folded "))
      (*folded)["folded"] = value;
    else
      actors["supervisor"][name] = value;
  }
}

/// So much of the venue's time, in real time.
std::chrono::steady_clock::duration real_time(std::chrono::milliseconds of_venue, const session_run& run) {
  return std::chrono::duration_cast<std::chrono::steady_clock::duration>(of_venue / run.time->speed());
}

json status_json(live_session& session, const session_run& run, const monitor_link* monitor) {
  json out;
  out["venue_time"] = to_string(new_york_date(session.now())) + " " + new_york_clock(session.now());
  out["session"] = to_string(run.hours.date);
  out["closes"] = new_york_clock(run.hours.close);
  out["log_dir"] = run.log_dir.string();
  out["state_dir"] = run.state_dir.empty() ? json() : json(run.state_dir.string());
  out["rounds"] = session.progress().rounds.load();
  const auto halt = run.halts->state();
  out["halted"] = halt ? json{{"since", halt->since}, {"reason", halt->reason}} : json();
  out["entries_stopped"] = nullptr;
  const auto console = console_state();
  out["console"] = {{"texts_dropped", console.dropped}, {"texts_waiting", console.waiting}};
  if (monitor)
    out["monitor"] = monitor->state_text();
  auto& actors = out["actors"];
  std::optional<actor_status> supervisor;
  for (const auto& actor : session.status()) {
    if (!actor.entries_stopped.empty())
      out["entries_stopped"] = actor.entries_stopped;
    auto& entry = actors[actor.name];
    entry["messages"] = actor.messages;
    if (actor.name == "supervisor") {
      supervisor = actor;
      continue;
    }
    for (const auto& [name, value] : actor.counts)
      if (name.starts_with(silent_counter))
        actors[name.substr(silent_counter.size())]["silent_minutes"] = value;
      else
        entry[name] = value;
  }
  for (const auto& name : actor_names(run))
    if (!actors.contains(name))
      actors[name]["answering"] = 0;
  if (supervisor)
    add_restarts(actors, *supervisor);
  return out;
}

bool is_halted(live_session& session) {
  for (const auto& actor : session.status())
    if (actor.name == "portfolio")
      for (const auto& [name, value] : actor.counts)
        if (name == "halted")
          return value != 0;
  return false;
}

} // namespace

session_operator::session_operator(session_run& run, monitor_link* monitor)
    : run_(run), monitor_(monitor), control_(run.log_dir / "control.sock"),
      bar_("trading", static_cast<std::uint64_t>(run.hours.minutes()), !run.options.json),
      paused_(std::filesystem::exists(run.log_dir / maintenance_file_name)), looked_(steady::now()),
      files_(run) {}

void session_operator::turn(live_session& session) {
  if (!std::exchange(begun_, true))
    begin(session);
  control_.poll([&](const std::string& command) { return answer(session, command); });
  files_.look_at_disk(session);
  if (steady::now() - looked_ > look_interval) {
    looked_ = steady::now();
    look_at_files(session);
    files_.look(session, control_);
  }
  bar_.show(session.progress().rounds, new_york_clock(session.now()));
  if (monitor_)
    look_at_monitor(session);
  look_at_signals(session);
}

/// The first words of all: what holds from before is not traded through.
void session_operator::begin(live_session& session) {
  const auto& found = run_.halts->found();
  const bool rearmed = found && !found->rearmed.empty();
  const bool halted = !run_.halted_by_tape.empty();
  if (rearmed) {
    say_line("the account was re-armed " + found->rearmed + ", while no session ran");
    if (halted)
      tell(session, command_kind::rearm,
           "latch: re-armed " + found->rearmed); // and its file goes with that
    else
      run_.halts->changed(false, "");
  } else if (found && !halted) {
    tell(session, command_kind::halt, "latch: " + found->reason);
  }
  if (!rearmed && (found || halted))
    say_line((found ? latch_text(*found) : "HALTED: " + run_.halted_by_tape) +
             "; positions are looked after, and nothing is bought until `sentio-actors rearm --log-dir " +
             run_.log_dir.string() + "`");
  look_at_files(session);
  if (!run_.closing_by_tape || run_.time->now() >= run_.hours.close)
    return;
  stop_asked_ = told_to_close_ = steady::now();
  tell(session, command_kind::close_session, "recovery");
  say_line(
      "the session is being closed by an earlier command: going on with that; nothing is bought, and it ends "
      "when everything is sold");
}

/// A word is on the tape when this returns, or the person hears that it is not yet.
void session_operator::tell(live_session& session, command_kind kind, const std::string& who) {
  if (!session.command(kind, who))
    say_line("ALARM the tape has not taken the word of " + who +
             " yet; it is told until it does, and status shows when it has");
}

void session_operator::look_at_files(live_session& session) {
  const bool paused = std::filesystem::exists(run_.log_dir / maintenance_file_name);
  if (paused != paused_) {
    paused_ = paused;
    tell(session, paused ? command_kind::maintenance_on : command_kind::maintenance_off, "maintenance file");
  }
  const bool wanted = std::filesystem::exists(run_.log_dir / halt_file_name);
  if (wanted && !halt_file_seen_)
    halt(session, "halt file");
  halt_file_seen_ = wanted;
}

void session_operator::look_at_signals(live_session& session) {
  if (kill_switch_pulled())
    halt(session, "SIGUSR1");
  if (interrupted() && interrupts_ == 0) {
    interrupts_ = 1;
    const auto& o = run_.options;
    stop(session, o.on_exit.empty() ? o.paper : o.on_exit == "flatten", interrupt_name());
    forget_interrupts();
  }
  go_on_stopping(session, interrupts_ == 1 && interrupted());
}

void session_operator::stop(live_session& session, bool flatten, const std::string& who) {
  if (stop_asked_ && (stop_flat_ || !flatten || ended_))
    return;
  stop_asked_ = told_to_close_ = steady::now();
  stop_flat_ = flatten;
  if (!flatten)
    run_.halts->ignore_from_now(); // it is this session's end, and no alarm
  tell(session, flatten ? command_kind::close_session : command_kind::halt, who);
  say_line(flatten ? "stopping: closing every position first (Ctrl-C again ends at once)"
                   : "stopping: positions are kept, as asked");
}

void session_operator::go_on_stopping(live_session& session, bool at_once) {
  if (!stop_asked_)
    return;
  if (ended_) { // a tape that died before it took that word has a successor
    if (steady::now() - *ended_ > std::chrono::seconds(2))
      end(session);
    return;
  }
  const auto waited = steady::now() - *stop_asked_;
  const auto book = waited > std::chrono::milliseconds(200) || at_once ? session.book() : std::nullopt;
  const bool done = book && book->live_orders == 0 && (!stop_flat_ || book->positions == 0);
  if (at_once || done || waited > patience()) {
    left_open_ = stop_flat_ && !done;
    if (left_open_)
      say_line("CRITICAL not everything is closed: see the positions at the broker");
    end(session);
    return;
  }
  const auto again =
      std::max<steady::duration>(close_again_interval, real_time(close_again_venue_interval, run_));
  if (stop_flat_ && steady::now() - told_to_close_ > again) {
    told_to_close_ = steady::now();
    tell(session, command_kind::close_session, "still closing");
  }
}

std::chrono::steady_clock::duration session_operator::patience() const {
  if (!stop_flat_)
    return keep_patience;
  return std::max<steady::duration>(flatten_patience, real_time(flatten_venue_patience, run_));
}

void session_operator::end(live_session& session) {
  session.end("stopped by the operator");
  ended_ = steady::now();
}

void session_operator::conclude() {
  bar_.clear();
  run_.stopped_early = stop_asked_.has_value();
  run_.left_open = left_open_;
  run_.kept = stop_asked_ && !stop_flat_;
}

std::string session_operator::answer(live_session& session, const std::string& command) {
  if (command == "status") {
    auto status = status_json(session, run_, monitor_);
    status["closing"] = stop_asked_ && stop_flat_;
    status["control"] = {{"malformed", control_.malformed()}, {"unknown", unknown_commands_}};
    return line(status);
  }
  if (command == "maintenance on" || command == "maintenance off") {
    tell(session, command == "maintenance on" ? command_kind::maintenance_on : command_kind::maintenance_off,
         "control socket");
    return done(command);
  }
  if (command == "flatten") {
    stop(session, true, "control socket");
    return done("flatten: everything is being closed, then the session ends");
  }
  if (command == "halt")
    return halt(session, "control socket");
  if (command == "rearm")
    return rearm(session, "control socket");
  constexpr std::string_view killing = "kill ";
  if (command.starts_with(killing))
    return kill(session, command.substr(killing.size()), "control socket");
  ++unknown_commands_;
  return refused(
      "unknown command; status, maintenance on, maintenance off, flatten, halt, rearm and kill ACTOR are");
}

std::string session_operator::halt(live_session& session, const std::string& who) {
  run_.halts->expect("kill switch (" + who + ")");
  tell(session, command_kind::halt, who);
  tell(session, command_kind::flatten, who);
  // Not waited for until here: selling goes first, and a disk may be slow.
  const auto problem = run_.halts->keep(latch_patience);
  if (!problem.empty()) {
    const auto why =
        "HALTED, and everything is being closed, but a later session would buy again: " + problem +
        "; make room or mend its rights, then `sentio-actors halt` again";
    say_line("ALARM " + why);
    return refused(why);
  }
  const std::string what =
      "everything is being closed, and nothing is bought until `sentio-actors rearm --log-dir " +
      run_.log_dir.string() + "`";
  say_line("HALTED by kill switch (" + who + "): " + what);
  return done("HALTED: " + what);
}

std::string session_operator::rearm(live_session& session, const std::string& who) {
  const auto file = run_.log_dir / halt_file_name;
  if (std::filesystem::exists(file))
    return refused("the file " + file.string() + " says halt; remove it first");
  const bool halted = is_halted(session);
  if (!halted && !run_.halts->state())
    return done("the session was not HALTED: nothing to re-arm");
  if (halted)
    tell(session, command_kind::rearm, who); // the latch goes when it is on the tape
  else
    run_.halts->changed(false, "");
  if (const auto problem = run_.halts->wait_until_rearmed(rearm_patience); !problem.empty())
    return refused("not re-armed for later sessions: " + problem);
  if (!halted)
    return done("re-armed: the session itself was not HALTED");
  if (stop_asked_)
    return done("re-armed; this session is being ended all the same, and buys nothing more");
  say_line("re-armed by an operator: entries are allowed again");
  return done("re-armed: entries are allowed from the next round on");
}

void session_operator::look_at_monitor(live_session& session) {
  if (!std::exchange(shown_, true))
    monitor_->observe([observed = session, latency = run_.latency]() mutable {
      watched_state state;
      state.actors = observed.status();
      state.venue_time = observed.now();
      for (const auto& actor : state.actors)
        for (const auto& [name, value] : actor.counts)
          state.paused = state.paused || (actor.name == "tape" && name == "paused" && value != 0);
      for (const auto& sample : latency->samples())
        state.latencies_ms.push_back(sample.milliseconds);
      return state;
    });
  for (const auto& command : monitor_->take_commands()) {
    const auto [good, text] = carry_out(session, command);
    say_line(command.sender + " asked for " + command.what.command + ": " + text);
    monitor_->answer(command, good, text);
  }
}

std::pair<bool, std::string> session_operator::carry_out(live_session& session,
                                                         const admitted_command& command) {
  const auto& asked = command.what.command;
  const auto& who = command.sender;
  const auto result = [](const std::string& answer) {
    const auto parsed = json::parse(answer);
    return parsed.contains("done") ? std::pair{true, parsed["done"].get<std::string>()}
                                   : std::pair{false, parsed["error"].get<std::string>()};
  };
  if (asked == "pause" || asked == "resume") {
    tell(session, asked == "pause" ? command_kind::maintenance_on : command_kind::maintenance_off, who);
    return {true, asked == "pause" ? "entries are paused" : "entries are allowed again"};
  }
  if (asked == "flatten") {
    stop(session, true, who);
    return {true, "everything is being closed, then the session ends"};
  }
  if (asked == "halt")
    return result(halt(session, who));
  if (asked == "rearm")
    return result(rearm(session, who));
  if (asked == "kill")
    return result(kill(session, command.what.argument, who));
  if (asked == "configure") {
    const auto problem = keep_configuration(run_.log_dir, command.what.argument);
    if (!problem.empty())
      return {false, problem};
    tell(session, command_kind::configure, who);
    run_.next_configuration = command.what.argument;
    return {true,
            "taken for the next session, and kept in " + (run_.log_dir / next_configuration_name).string()};
  }
  return {false, "this version does not know " + asked};
}

std::string session_operator::kill(live_session& session, const std::string& actor, const std::string& who) {
  if (!run_.options.allow_kill)
    return refused("this session was started without --allow-kill, so no actor of it can be killed");
  const auto names = actor_names(run_);
  if (std::find(names.begin(), names.end(), actor) == names.end()) {
    std::string list;
    for (const auto& name : names)
      list += (list.empty() ? "" : ", ") + name;
    return refused(actor + " is no actor; actors are: " + list);
  }
  tell(session, command_kind::kill, who + ": " + actor); // on the record before it is done
  if (!session.kill(actor))
    return refused(actor + " is dead already, and being brought back");
  return done("killed " + actor + "; `sentio-actors status` shows when it is back");
}

} // namespace sentio
