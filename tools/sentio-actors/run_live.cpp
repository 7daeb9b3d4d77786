#include "tools/sentio-actors/run_live.hpp"

#include "actors/live/awake_processors.hpp"
#include "core/market/session_reader.hpp"
#include "tools/sentio-actors/configuration_file.hpp"
#include "tools/sentio-actors/live_directory.hpp"
#include "tools/sentio-actors/live_operator.hpp"
#include "tools/sentio-actors/monitor_start.hpp"
#include "tools/sentio-actors/run_log_directory.hpp"

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

constexpr time_ms early_start_ms = 5 * minute_ms; ///< before the open the graph is started

/// "10:15", within a session.
bool is_session_end(const std::string& text) {
  int hour = 0, minute = 0, used = 0;
  return text.size() == 5 && std::sscanf(text.c_str(), "%2d:%2d%n", &hour, &minute, &used) == 2 &&
         used == 5 && minute >= 0 && minute <= 59 && hour * 60 + minute > 9 * 60 + 30 &&
         hour * 60 + minute <= 16 * 60;
}

void check(const live_options& o) {
  if (o.paper == o.real)
    throw usage_error("say which account is meant: --paper or --real");
  if (o.venue != "alpaca" && o.venue != "local")
    throw usage_error("--venue " + o.venue + " is unknown; alpaca and local are");
  const bool local = o.venue == "local";
  if (o.real && (local || !o.venue_url.empty()))
    throw usage_error("--real trades at the broker only; leave --venue and --venue-url out");
  if (local && !o.venue_url.empty())
    throw usage_error(
        "--venue local starts an exchange of its own; --venue-url names another one: give one of them");
  if (!local && o.venue_url.empty() && o.speed != 1)
    throw usage_error("--speed needs --venue local: the broker's clock cannot be hastened");
  if (!(o.speed >= 0.1 && o.speed <= 2000))
    throw usage_error("--speed takes a factor from 0.1 to 2000");
  if (!local && (!o.date.empty() || !o.session_end.empty() || !o.faults_file.empty()))
    throw usage_error("--date, --session-end and --faults need --venue local: the broker's day is today");
  if (o.feed != "alpaca" && o.feed != "polygon")
    throw usage_error("--feed " + o.feed + " is unknown; alpaca and polygon are");
  if (o.data_feed != "iex" && o.data_feed != "sip")
    throw usage_error("--data-feed " + o.data_feed + " is unknown; iex and sip are");
  if (!o.on_exit.empty() && o.on_exit != "flatten" && o.on_exit != "keep")
    throw usage_error("--on-exit " + o.on_exit + " is unknown; flatten and keep are");
  if (o.every_session && local)
    throw usage_error("--every-session waits for real days; --venue local has one session");
  if (o.recover_only && local)
    throw usage_error("--recover-only needs a venue that outlives its trader; --venue local ends with it");
  if (o.recover_only && (o.new_session || o.every_session || o.overwrite))
    throw usage_error("--recover-only only looks; leave --new-session, --every-session and --overwrite out");
  if (!o.session_end.empty() && !is_session_end(o.session_end))
    throw usage_error("--session-end takes a New York time from 09:31 to 16:00, as 10:15, not " +
                      o.session_end);
  read_faults(o); // a wrong file is told before anything is learned
}

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

/// Exit code after Ctrl-C before a session.
int nothing_traded() {
  say_line("interrupted before the session: nothing was traded");
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
  // A real account's latch outlives its sessions. One that dies with its exchange, or sends no order, has
  // none to keep.
  const bool lasting = !run.connection.local && !o.dry_run;
  run.halts = std::make_shared<halt_keeper>(lasting ? latch_file(run.connection.lock_name, run.account)
                                                    : run.log_dir / "halted.json",
                                            std::filesystem::absolute(run.log_dir).string(), live.say);
  live.latch = [halts = run.halts](bool on, const std::string& reason) { halts->changed(on, reason); };
  run.setup.tape_file = (run.log_dir / ("session_" + to_string(run.hours.date) + ".tape")).string();
  run.setup.overwrite_tape = o.overwrite;
  run.setup.maintenance_file = run.log_dir / maintenance_file_name;
  // Outlives the monitor, whose thread asks actors: CAF's system waits at its end for every thread that spoke
  // to it.
  auto runtime = make_live_runtime();
  const auto monitor =
      run_monitor::start(o.monitor, run.title(), run.setup.config.symbols, run.log_dir, run.setup.data_note);
  if (monitor)
    run.setup.window = monitor->link().window();
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
      if (!rows[i].empty() && check_bar(rows[i].back()) == bar_defect::none)
        closes[i] = rows[i].back().close;
  } catch (const std::exception& problem) {
    say_line(std::string("the closes of the session before are not known (") + problem.what() +
             "): each symbol's first bar is taken as it comes");
  }
  return closes;
}

/// From a connected venue to the session's report.
int run_session(session_run& run) {
  const auto& o = run.options;
  const auto resumed = run.resumed();
  if (!o.dry_run && !resumed)
    run.desk.cancel_own_orders(std::chrono::seconds(5));
  if (resumed)
    run.hours = *resumed->hours;
  wait_until(*run.time, run.hours.open - early_start_ms, "the session");
  if (interrupted())
    return nothing_traded();
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
    live.back_fill = run.desk.bars(live.symbols, run.hours.open,
                                   std::min(live.joined_at, run.hours.close + minute_ms), "raw");
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

std::shared_ptr<venue_time> clock_of(const venue_desk& desk, double speed, alpaca::venue_clock& said) {
  const auto [clock, at] = desk.clock();
  said = clock;
  return std::make_shared<venue_time>(speed, clock.at, at);
}

/// The day of --date, or the data's last.
civil_date local_date(const live_options& o, const mock_setup& setup) {
  const auto available = list_sessions(setup.data_dir, setup.config.symbols);
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
  run.account = run.desk.account(true).number;
  return run_session(run);
}

/// Of a session that is over: what is still held is a person's business until the next one. True: nothing is.
bool is_flat(const session_run& run) {
  const auto& symbols = run.resumed()->header.symbols;
  std::string held;
  for (const auto& position : run.desk.positions())
    if (position.shares != 0 && std::binary_search(symbols.begin(), symbols.end(), position.symbol))
      held += (held.empty() ? "" : ", ") + std::to_string(position.shares) + " " + position.symbol;
  if (!held.empty())
    say_line("CRITICAL the account still holds " + held +
             ": close it at the broker, or the next session takes it over");
  return held.empty();
}

/// One trading day at a broker: the account is ours alone while it lasts.
struct broker_day {
  const live_options& options;
  const mock_setup& setup;
  venue_connection& connection;
  bool over = false;                ///< nothing more is to be done today
  std::string next_configuration{}; ///< a file that an operator gave for the next session; empty: none

  int trade() {
    const auto& o = options;
    venue_desk desk(connection.endpoints);
    alpaca::venue_clock said;
    const auto time = clock_of(desk, connection.speed, said);
    const auto account = desk.account(!o.real); // wrong keys are told before anybody waits for a session
    if (o.real)
      check_real_permission(account);
    std::vector<std::string> notes;
    const auto hours = desk.session(new_york_date(time->now()), notes);
    const account_lock lock(connection.lock_name, account.number);
    session_run run{o, setup, connection, std::move(desk), time, hours.value_or(session_hours{})};
    run.account = account.number;
    int code = 0;
    if (auto unfinished = look_for_unfinished(run, time->now())) {
      code = finish(account.number, time, std::move(*unfinished));
      over = o.recover_only || interrupted();
      if (over)
        return code;
    }
    if (!hours || time->now() >= hours->close)
      return wait_for_next(*time, said, code);
    for (const auto& note : notes)
      say_line(note);
    return trade_today(run);
  }

  int trade_today(session_run& run) {
    const auto& o = options;
    run.found = look_for_session(run);
    if (o.recover_only) {
      look(run);
      over = true;
      return run.found && run.found->state == session_state::damaged ? 1 : 0;
    }
    if (run.found)
      judge_found(run);
    if (!run.resumed()) // the learners of an interrupted session are on its tape
      run.setup.checkpoint = learn_before(o, setup, run.hours.date, &run.desk);
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
                   options.dry_run ? std::nullopt : read_latch(latch_file(connection.lock_name, run.account)),
                   options.json);
  }

  /// A session that was cut off and has closed since: its orders' fates are asked for, and its logs are
  /// ended.
  int finish(const std::string& account, const std::shared_ptr<venue_time>& time, found_session found) {
    session_run run{
        options, setup, connection, venue_desk(connection.endpoints), time, *found.session->hours};
    run.account = account;
    run.found = std::move(found);
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
      if (run_session(run) != 0)
        return 1;
    } catch (const usage_error& mismatch) {
      say_line(std::string(mismatch.what()) + ". Its logs end where its tape does");
    }
    return is_flat(run) ? 0 : 1;
  }

  int wait_for_next(const venue_time& time, const alpaca::venue_clock& said, int code) {
    if (options.recover_only || !options.every_session) {
      say_line("no session is open or to come today; the next one opens " +
               to_string(new_york_date(said.next_open)) + " " + new_york_clock(said.next_open) +
               " New York. --every-session waits for it.");
      over = true;
      return code;
    }
    wait_until(time, said.next_open - 30 * minute_ms, "the next session");
    return interrupted() ? nothing_traded() : 0;
  }
};

int run_at_broker(const live_options& asked) {
  auto o = asked;
  auto setup = setup_of(o);
  auto connection = connect_alpaca(o);
  for (;;) {
    broker_day day{o, setup, connection};
    const int code = day.trade();
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
  check(options);
  // A core file would hold the keys.
  const rlimit no_core{0, 0};
  if (setrlimit(RLIMIT_CORE, &no_core) != 0)
    throw std::runtime_error("core files cannot be switched off; they would hold the keys");
  watch_for_interrupts();
  watch_for_kill_switch();
  return options.venue == "local" ? run_local(options) : run_at_broker(options);
}

} // namespace sentio
