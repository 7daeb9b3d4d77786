#include "tools/sentio-actors/run_live.hpp"

#include "actors/live/awake_processors.hpp"
#include "actors/live/start_policy.hpp"
#include "core/market/validation.hpp"
#include "tools/sentio-actors/account_state.hpp"
#include "tools/sentio-actors/bar_check.hpp"
#include "tools/sentio-actors/close_without_tape.hpp"
#include "tools/sentio-actors/configuration_file.hpp"
#include "tools/sentio-actors/left_shares.hpp"
#include "tools/sentio-actors/live_directory.hpp"
#include "tools/sentio-actors/live_operator.hpp"
#include "tools/sentio-actors/monitor_start.hpp"
#include "tools/sentio-actors/process_room.hpp"
#include "tools/sentio-actors/run_log_directory.hpp"
#include "tools/sentio-actors/venue_clock.hpp"
#include "tools/sentio-actors/venue_patience.hpp"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>

namespace sentio {

namespace {

using steady = std::chrono::steady_clock;

/// Of a process that ends itself.
constexpr std::chrono::milliseconds last_words_patience{500};

constexpr time_ms early_start_ms = 5 * minute_ms; ///< before the open the graph is started

/// The second of the two switches for real money; the first is the flag.
void check_real_permission(const alpaca::venue_account& account) {
  const char* allowed = std::getenv("SENTIO_ALLOW_REAL");
  if (!allowed || account.number != allowed)
    throw usage_error("--real trades real money on account " + account.number +
                      "; to allow it set SENTIO_ALLOW_REAL to that account number");
}

mock_setup setup_of(const live_options& o) {
  mock_options like;
  like.data_dir = o.data_dir;
  like.symbols = o.symbols;
  like.config_file = o.config_file;
  like.isa = o.isa;
  like.seed = o.seed;
  auto setup = make_setup(like);
  if (o.venue != "local" && o.data_dir.empty())
    setup.data_note.clear(); // nothing of the bundled sample is used
  std::sort(setup.config.symbols.begin(), setup.config.symbols.end());
  return setup;
}

/// This computer's time, ms since the epoch.
time_ms computer_time() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

/// Exit code after Ctrl-C before a session.
int nothing_traded() {
  say_line("interrupted before the session: nothing was traded");
  return 1;
}

/// The same; what an earlier session left is named last.
int nothing_traded(const session_run& run) {
  nothing_traded();
  if (const auto left = left_between_sessions(run); !left.empty())
    say_line(left);
  return 1;
}

/// Sleeps until venue time reaches an instant, or Ctrl-C.
void wait_until(const venue_time& time, time_ms instant, const std::string& what) {
  auto told = steady::now() - std::chrono::hours(1);
  while (!interrupted() && time.now() < instant) {
    if (steady::now() - told > std::chrono::minutes(30)) {
      told = steady::now();
      say_line("waiting for " + what + ", " + to_string(new_york_date(instant)) + " " +
               new_york_clock(instant) + " New York");
    }
    std::this_thread::sleep_for(
        std::min<std::chrono::nanoseconds>(time.until(instant), std::chrono::milliseconds(200)));
  }
}

void trade(session_run& run, live_config live, money capital) {
  const auto& o = run.options;
  live.say = [&run](const std::string& text) { say_line(new_york_clock(run.time->now()) + " " + text); };
  live.close_without_tape = [&run] { return close_without_tape(run); };
  live.last_words = [] { drain_console(last_words_patience); };
  // A real account's latch outlives its sessions. One that dies with its exchange, or sends no order, has
  // none to keep.
  const bool lasting = !run.connection.local && !o.dry_run;
  run.halts =
      std::make_shared<halt_keeper>(lasting ? latch_file(run.state_dir, run.connection.lock_name, run.account)
                                            : run.log_dir / "halted.json",
                                    std::filesystem::absolute(run.log_dir).string(), live.say);
  live.latch = [halts = run.halts](bool on, const std::string& reason) { halts->changed(on, reason); };
  run.setup.tape_file = (run.log_dir / ("session_" + to_string(run.hours.date) + ".tape")).string();
  run.setup.overwrite_tape = o.overwrite;
  run.setup.maintenance_file = run.log_dir / maintenance_file_name;
  // Outlives the monitor, whose thread asks actors: CAF's system waits at its end for every thread that spoke
  // to it.
  auto runtime = make_live_runtime();
  const auto whose = run.connection.local ? "local" : run.connection.lock_name + "-" + run.account;
  const auto monitor = run_monitor::start(o.monitor, run.title(), run.setup.config.symbols,
                                          {o.state_dir, whose}, run.setup.data_note);
  if (monitor) {
    run.setup.window = monitor->link().window();
    // Whoever watches from afar hears every alarm as the console does.
    live.say = [say = live.say, time = run.time, alarms = monitor->link().alarms()](const std::string& text) {
      say(text);
      alarms->hear(time->now(), text);
    };
  }
  auto graph = live_graph(run.setup, run.title(), std::move(live), capital, make_file_sink(run.log_dir),
                          run.products, run.resumed());
  std::optional<awake_processors> awake;
  if (o.keep_awake)
    awake.emplace();
  session_operator desk(run, monitor ? &monitor->link() : nullptr);
  run.outcome = run_live(*runtime, graph, [&](live_session& session) { desk.turn(session); });
  if (monitor)
    monitor->link().forget(); // the actors are gone
  desk.conclude();
  if (monitor) // whoever watches from afar hears of it as the console does
    if (const auto left = look_for_left_shares(run); !left.none())
      monitor->link().alarms()->hear(run.time->now(), left.sentence);
}

/// The account when the session begins, or as its tape has it. Returns the capital.
money open_book(session_run& run, live_config& live) {
  if (const auto resumed = run.resumed())
    return resumed->header
        .capital; // what is held is on the tape, and compared with the venue's by the gateway
  auto book = adopt_positions(run.desk, run.desk.any_account(), run.setup.config.symbols);
  live.adopted = std::move(book.adopted);
  return book.capital;
}

/// By symbol, the last close of the session before, with the splits since; 0 where the venue has none.
std::vector<double> closes_before(const session_run& run) {
  const auto& symbols = run.setup.config.symbols;
  std::vector<double> closes(symbols.size(), 0);
  const auto before = session_on(previous_session(run.hours.date)).value();
  try {
    const auto rows = run.desk.bars(symbols, before.close - 60 * minute_ms, before.close, "split");
    for (std::size_t i = 0; i < rows.size(); ++i)
      if (!rows[i].empty())
        closes[i] = rows[i].back().close;
  } catch (const std::exception& problem) {
    say_line(std::string("the closes of the session before are not known (") + problem.what() +
             "): each symbol's first bar is taken as it comes");
  }
  return closes;
}

/// Today's bars until now. Without them an open session is gone on with all the same: what it holds has to be
/// looked after, and the feed learns them later.
std::vector<std::vector<bar>> bars_so_far(const session_run& run, time_ms now) {
  const auto& symbols = run.setup.config.symbols;
  try {
    return run.desk.bars(symbols, run.hours.open, std::min(now, run.hours.close + minute_ms), "raw");
  } catch (const std::exception& problem) {
    if (!run.resumed())
      throw;
    say_line(std::string("ALARM the missing minutes cannot be fetched (") + problem.what() +
             "): going on without them, so that what is held is looked after");
    return {};
  }
}

/// From a connected venue to the session's report.
int run_session(session_run& run) {
  const auto& o = run.options;
  const auto resumed = run.resumed();
  if (!o.dry_run && !resumed)
    run.desk.cancel_own_orders(std::chrono::seconds(5));
  if (resumed) {
    run.hours = *resumed->hours;
    run.setup.data_warnings = resumed->header.data_warnings;
  }
  wait_until(*run.time, run.hours.open - early_start_ms, "the session");
  if (interrupted())
    return nothing_traded(run);
  live_config live;
  const auto capital = open_book(run, live);
  live.time = run.time;
  live.hours = run.hours;
  live.symbols = run.setup.config.symbols;
  live.bar_window = std::max(live.bar_window, static_cast<std::uint32_t>(64 * live.symbols.size()));
  live.venue = run.connection.endpoints;
  live.dry_run = o.dry_run;
  live.latency = run.latency;
  live.joined_at = run.time->now();
  if (live.joined_at > run.hours.open + minute_ms) {
    if (!resumed)
      say_line("the session is under way: catching up with its bars first");
    live.back_fill = bars_so_far(run, live.joined_at);
  }
  live.back_fill.resize(live.symbols.size());
  live.closes_before = closes_before(run);
  settle_in(run);
  say_line((live.only_finishes() ? "finishing " : "trading ") + to_string(run.hours.date) + ", " +
           new_york_clock(run.hours.open) + " to " + new_york_clock(run.hours.close) + " New York, account " +
           run.account + ", $" + to_string(capital) + (o.dry_run ? ", without orders" : "") + "; logs in " +
           run.log_dir.string());
  try {
    trade(run, std::move(live), capital);
  } catch (const std::invalid_argument& mismatch) {
    if (resumed)
      throw usage_error(std::string(mismatch.what()) +
                        ", or start afresh in a new directory with --new-session");
    leave_no_trace(run);
    throw;
  } catch (...) {
    leave_no_trace(run);
    throw;
  }
  return conclude(run, capital);
}

/// The day of --date, or the data's last.
civil_date local_date(const live_options& o, const mock_setup& setup) {
  const auto available = survey_or_refuse(setup.data_dir, setup.config.symbols).sessions();
  if (o.date.empty())
    return available.back();
  const auto asked = parse_date(o.date);
  if (!asked)
    throw usage_error("--date takes a day as 2025-06-03, not " + o.date);
  if (std::find(available.begin(), available.end(), *asked) == available.end())
    throw usage_error("the data has no session on " + o.date + "; it covers " + to_string(available.front()) +
                      " to " + to_string(available.back()));
  return *asked;
}

int run_local(const live_options& o) {
  auto setup = setup_of(o);
  const auto date = local_date(o, setup);
  auto held = lock_given_directory(o, date);
  mention_lost_local_session(o, date);
  setup.checkpoint = learn_before(o, setup, date, nullptr);
  if (interrupted())
    return nothing_traded();
  auto connection = start_local_venue(o, setup, date);
  venue_desk desk(connection.endpoints);
  alpaca::venue_clock said;
  auto time = clock_of(desk, connection.speed, said);
  std::vector<std::string> notes;
  const auto hours = desk.session(date, notes);
  if (!hours)
    throw std::runtime_error("the venue has no session on " + to_string(date));
  if (o.session_end.empty())
    for (const auto& note : notes)
      say_line(note);
  session_run run{o, std::move(setup), connection, std::move(desk), time, *hours};
  run.lock = std::move(held);
  run.account = run.desk.account(true).number;
  return run_session(run);
}

/// Whether the account holds nothing of the session's symbols.
bool holds_nothing(const session_run& run) {
  const auto& symbols = run.setup.config.symbols;
  const auto held = run.desk.positions();
  return std::none_of(held.begin(), held.end(), [&](const auto& position) {
    return position.shares != 0 &&
           std::find(symbols.begin(), symbols.end(), position.symbol) != symbols.end();
  });
}

/// One trading day at a broker: the account is ours alone while it lasts.
struct broker_day {
  const live_options& options;
  const mock_setup& setup;
  venue_connection& connection;
  venue_patience& patience;
  bool over = false;                ///< nothing more is to be done today
  std::string next_configuration{}; ///< a file that an operator gave for the next session; empty: none

  int trade() {
    const auto& o = options;
    venue_desk desk(connection.endpoints);
    alpaca::venue_clock said;
    const auto time = clock_of(desk, connection.speed, said);
    if (o.venue_url.empty()) // an exchange elsewhere may have a time of its own
      if (const auto why = why_clocks_disagree(said.at, computer_time()); !why.empty())
        throw venue_outage(why);
    if (!o.venue_url.empty() && o.speed == 1) // whoever names a speed has thought of it
      check_speed(desk, connection.speed);
    const auto account = desk.account(!o.real); // wrong keys are told before anybody waits for a session
    patience.over();
    if (o.real)
      check_real_permission(account);
    std::vector<std::string> notes;
    const auto hours = desk.session(new_york_date(time->now()), notes);
    const state_folder state(state_directory(o.state_dir));
    const account_lock lock(state, connection.lock_name, account.number);
    if (!o.dry_run && !o.recover_only)
      learn_account(state, {connection.lock_name, account.number}, desk);
    session_run run{o, setup, connection, std::move(desk), time, hours.value_or(session_hours{})};
    run.account = account.number;
    run.state_dir = state.path();
    int code = 0;
    if (auto unfinished = look_for_unfinished(run, time->now())) {
      code = finish(account.number, time, std::move(*unfinished));
      over = o.recover_only || interrupted();
      if (over)
        return code;
    }
    if (!hours || time->now() >= hours->close)
      return wait_for_next(run, said, code);
    for (const auto& note : notes)
      say_line(note);
    return trade_today(run);
  }

  /// A service manager may start the program again on that day.
  bool was_ended_by_command(const session_run& run) const {
    return options.every_session && run.found && run.found->state == session_state::complete &&
           folded_book(*run.found->session).closing();
  }

  int trade_today(session_run& run) {
    const auto& o = options;
    if (!o.recover_only)
      run.lock = lock_given_directory(o, run.hours.date);
    run.found = look_for_session(run);
    if (o.recover_only) {
      look(run);
      over = true;
      return run.found && run.found->state == session_state::damaged ? 1 : 0;
    }
    if (was_ended_by_command(run)) {
      const std::string today = "the session of " + to_string(run.hours.date) + " was ended by command";
      if (holds_nothing(run)) {
        say_line(today + ": nothing is traded any more on that day");
        wait_until(*run.time, run.hours.close, "the end of that session");
        return interrupted() ? nothing_traded() : 0;
      }
      say_line(today + ", and the account still holds shares: they are sold, and nothing is bought");
      run.closing_by_tape = true;
    }
    if (run.found) {
      if (!run.lock.held())
        run.lock = directory_lock(run.found->log_dir, "live");
      judge_found(run);
    }
    if (!run.resumed()) // the learners of an interrupted session are on its tape
      run.setup.checkpoint = learn_before(o, run.setup, run.hours.date, &run.desk);
    if (interrupted())
      return nothing_traded();
    const int code = run_session(run);
    over = !o.every_session || run.stopped_early;
    if (!run.next_configuration.empty())
      next_configuration = (run.log_dir / next_configuration_name).string();
    return code;
  }

  void look(const session_run& run) const {
    print_recovery(run.found.value_or(found_session{}), run.desk, run.time->now(),
                   options.dry_run ? std::nullopt
                                   : find_latch(run.state_dir, {connection.lock_name, run.account}, run.desk),
                   options.json);
  }

  /// A session that was cut off and has closed since: its orders' fates are asked for, and its logs are
  /// ended.
  int finish(const std::string& account, const std::shared_ptr<venue_time>& time, found_session found) {
    session_run run{
        options, setup, connection, venue_desk(connection.endpoints), time, *found.session->hours};
    run.account = account;
    run.state_dir = state_directory(options.state_dir);
    run.found = std::move(found);
    if (run.found->state == session_state::damaged) {
      options.recover_only ? look(run) : mention_damaged_session(run);
      return 1;
    }
    if (!options.recover_only)
      judge_found(run);
    say_line("the session of " + to_string(run.hours.date) + " closed at " + new_york_clock(run.hours.close) +
             ": nothing is ordered any more; the venue is asked what became of its orders, and its logs are "
             "ended");
    if (options.recover_only) {
      look(run);
      return 0;
    }
    try {
      return run_session(run);
    } catch (const keys_refused&) {
      throw; // the venue's word, which is waited through
    } catch (const usage_error& mismatch) {
      say_line(std::string(mismatch.what()) + ". Its logs end where its tape does");
    }
    const auto left = look_for_left_shares(run);
    if (!left.none())
      say_line(left.sentence);
    return left.none() ? 0 : 1;
  }

  int wait_for_next(const session_run& run, const alpaca::venue_clock& said, int code) {
    const auto left = options.recover_only ? std::string() : left_between_sessions(run);
    if (options.recover_only || !options.every_session) {
      say_line("no session is open or to come today; the next one opens " +
               to_string(new_york_date(said.next_open)) + " " + new_york_clock(said.next_open) +
               " New York. --every-session waits for it.");
      if (!left.empty())
        say_line(left);
      over = true;
      return left.empty() ? code : 1;
    }
    if (!left.empty())
      say_line(left);
    wait_until(*run.time, said.next_open - 30 * minute_ms, "the next session");
    return interrupted() ? nothing_traded(run) : 0;
  }
};

/// A day whose venue may be away before the session begins.
int trade_patiently(broker_day& day) {
  for (;;) {
    try {
      return day.trade();
    } catch (const venue_outage& away) {
      if (!day.patience.wait(start_refusal::outage, away.what()))
        throw;
    } catch (const keys_refused& refused) {
      if (!day.patience.wait(start_refusal::wrong_keys, refused.what()))
        throw;
    }
    if (interrupted())
      return day.patience.give_up();
  }
}

int run_at_broker(const live_options& asked) {
  auto o = asked;
  auto setup = setup_of(o);
  auto connection = connect_alpaca(o);
  for (;;) {
    venue_patience patience(o, setup.config.symbols, connection.lock_name);
    broker_day day{o, setup, connection, patience};
    const int code = trade_patiently(day);
    if (day.over || code != 0 || interrupted())
      return code;
    if (!day.next_configuration.empty()) {
      o.config_file = day.next_configuration;
      setup = setup_of(o);
      say_line("the next session uses " + o.config_file);
    }
  }
}

} // namespace

int run_live_command(const live_options& options) {
  check_usage(options);
  if (!options.recover_only) { // what may hold shares waits for no reader and minds no stray signal
    require_room_for_session();
    speak_without_waiting();
    ignore_other_signals();
  }
  // A core file would hold the keys.
  const rlimit no_core{0, 0};
  if (setrlimit(RLIMIT_CORE, &no_core) != 0)
    throw std::runtime_error("core files cannot be switched off; they would hold the keys");
  watch_for_interrupts();
  watch_for_kill_switch();
  return options.venue == "local" ? run_local(options) : run_at_broker(options);
}

} // namespace sentio
