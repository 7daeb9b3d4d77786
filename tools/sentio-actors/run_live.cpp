#include "tools/sentio-actors/run_live.hpp"

#include "core/market/session_reader.hpp"
#include "core/report/latency.hpp"
#include "core/tape/reader.hpp"
#include "tools/sentio-actors/live_control.hpp"
#include "tools/sentio-actors/live_start.hpp"
#include "tools/sentio-actors/run_console.hpp"
#include "tools/sentio-actors/run_log_directory.hpp"
#include "tools/sentio-actors/run_report.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <sys/resource.h>
#include <thread>

namespace sentio {

namespace {

using steady = std::chrono::steady_clock;
using json = nlohmann::ordered_json;

constexpr std::chrono::seconds flatten_patience{20}; ///< real time, after Ctrl-C
constexpr time_ms early_start_ms = 5 * minute_ms;    ///< before the open the graph is started

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

/// One session at a venue: all that lives while it is traded.
struct session_run {
  const live_options& options;
  mock_setup setup;
  venue_connection& connection;
  venue_desk desk;
  std::shared_ptr<venue_time> time;
  session_hours hours;
  std::filesystem::path log_dir{};
  live_outcome outcome{};
  run_products products{};
  std::shared_ptr<latency_book> latency = std::make_shared<latency_book>();
  bool stopped_early = false;
  bool left_open = false; ///< everything was to be closed, and was not
};

json status_json(live_session& session, const session_run& run) {
  json out;
  out["venue_time"] = to_string(new_york_date(session.now())) + " " + new_york_clock(session.now());
  out["session"] = to_string(run.hours.date);
  out["closes"] = new_york_clock(run.hours.close);
  out["log_dir"] = run.log_dir.string();
  out["rounds"] = session.progress().rounds.load();
  for (const auto& actor : session.status()) {
    auto& entry = out["actors"][actor.name];
    entry["messages"] = actor.messages;
    for (const auto& [name, value] : actor.counts)
      entry[name] = value;
  }
  return out;
}

/// Ends a session before its time: flat when that is asked for, reconciled in any case.
class stopper {
public:
  void request(live_session& session, bool flatten, const std::string& who) {
    if (asked_)
      return;
    asked_ = steady::now();
    flatten_ = flatten;
    if (flatten)
      session.command(command_kind::flatten, who);
    else
      session.command(command_kind::halt, who);
    say_line(flatten ? "stopping: closing every position first (Ctrl-C again ends at once)"
                     : "stopping: positions are kept, as asked");
  }
  void turn(live_session& session, bool at_once) {
    if (!asked_ || ended_)
      return;
    const auto waited = steady::now() - *asked_;
    if (at_once || waited > flatten_patience ||
        (waited > std::chrono::milliseconds(200) && (!flatten_ || session.flat()))) {
      left_open_ = flatten_ && !session.flat();
      if (left_open_)
        say_line("CRITICAL not everything is closed: see the positions at the broker");
      session.end("stopped by the operator");
      ended_ = true;
    }
  }
  bool asked() const { return asked_.has_value(); }
  bool left_open() const { return left_open_; }

private:
  std::optional<steady::time_point> asked_;
  bool flatten_ = true;
  bool ended_ = false;
  bool left_open_ = false;
};

void trade(session_run& run, live_config live, money capital) {
  const auto& o = run.options;
  live.say = [&run](const std::string& text) { say_line(new_york_clock(run.time->now()) + " " + text); };
  run.setup.tape_file = (run.log_dir / ("session_" + to_string(run.hours.date) + ".tape")).string();
  run.setup.overwrite_tape = o.overwrite;
  const auto maintenance = run.log_dir / ".maintenance_mode";
  run.setup.maintenance_file = maintenance;
  auto graph = live_graph(run.setup, o.real ? "real" : "paper", std::move(live), capital,
                          make_file_sink(run.log_dir), run.products);
  control_socket control(run.log_dir / "control.sock");
  auto runtime = make_live_runtime();
  stopper stop;
  bool paused = std::filesystem::exists(maintenance);
  int interrupts = 0;
  const bool flatten_on_exit = o.on_exit.empty() ? o.paper : o.on_exit == "flatten";
  progress_bar bar("trading", static_cast<std::uint64_t>(run.hours.minutes()), !o.json);
  auto looked = steady::now();
  run.outcome = run_live(*runtime, graph, [&](live_session& session) {
    control.poll([&](const std::string& command) -> std::string {
      if (command == "status")
        return status_json(session, run).dump(-1, ' ', false, json::error_handler_t::replace);
      if (command == "maintenance on" || command == "maintenance off") {
        session.command(command == "maintenance on" ? command_kind::maintenance_on
                                                    : command_kind::maintenance_off,
                        "control socket");
        return R"({"done": ")" + command + "\"}";
      }
      if (command == "flatten") {
        stop.request(session, true, "control socket");
        return R"({"done": "flatten: everything is being closed, then the session ends"})";
      }
      return R"({"error": "unknown command; status, maintenance on, maintenance off and flatten are"})";
    });
    if (steady::now() - looked > std::chrono::milliseconds(500)) {
      looked = steady::now();
      if (const bool wanted = std::filesystem::exists(maintenance); wanted != paused) {
        paused = wanted;
        session.command(wanted ? command_kind::maintenance_on : command_kind::maintenance_off,
                        "maintenance file");
      }
    }
    bar.show(session.progress().rounds, new_york_clock(session.now()));
    if (interrupted() && interrupts == 0) {
      interrupts = 1;
      stop.request(session, flatten_on_exit, "Ctrl-C");
      forget_interrupts();
    }
    stop.turn(session, interrupts == 1 && interrupted());
  });
  bar.clear();
  run.stopped_early = stop.asked();
  run.left_open = stop.left_open();
}

json latency_json(const session_run& run) {
  std::vector<double> all;
  std::string lines;
  for (const auto& sample : run.latency->samples()) {
    all.push_back(sample.milliseconds);
    lines += json{{"round_ms", sample.round}, {"order_ms", sample.milliseconds}}.dump() + "\n";
  }
  write_whole_file(run.log_dir / ("latency_" + to_string(run.hours.date) + ".jsonl"), lines);
  std::sort(all.begin(), all.end());
  return {{"orders", all.size()}, {"p50_ms", nearest_rank(all, 0.5)}, {"p99_ms", nearest_rank(all, 0.99)}};
}

void save_learners(const session_run& run) {
  const auto& states = *run.products.learners;
  if (states.size() != run.setup.config.symbols.size())
    return;
  const auto file = run.log_dir / ("learned_" + to_string(run.hours.date) + ".checkpoint");
  const auto learned = make_checkpoint(run.setup.config.learner, warmup_of(*run.setup.checkpoint),
                                       run.hours.date, run.setup.config.symbols, states);
  if (const auto problem = write_checkpoint(file, learned); !problem.empty())
    throw std::runtime_error(problem);
}

int conclude(session_run& run, money capital) {
  const auto& o = run.options;
  const auto state = run.connection.local ? run.connection.local->state() : nlohmann::json();
  if (!state.is_null())
    write_whole_file(run.log_dir / "exchange_state.json", state.dump(2) + "\n");
  auto description = describe_run(run.setup, o.real ? "real" : "paper", {run.hours.date});
  description.capital = capital;
  description.session_tag = live_session_tag(run.setup, description.title, run.hours.date, capital);
  *run.products.warmup = warmup_of(*run.setup.checkpoint);
  write_run_files(run.log_dir, description, run.products);
  if (!run.outcome.error.empty())
    throw std::runtime_error(run.outcome.error + "\nthe tape " + run.setup.tape_file +
                             " holds everything up to then; positions may be open at the venue");
  save_learners(run);
  const auto latency = latency_json(run);
  made_report report;
  if (!o.no_report)
    report = make_report(run.log_dir, o.json);
  if (o.json) {
    json out{{"log_dir", run.log_dir.string()},
             {"tape", run.setup.tape_file},
             {"session", to_string(run.hours.date)},
             {"rounds", run.products.progress->rounds.load()},
             {"stopped_early", run.stopped_early},
             {"left_open", run.left_open},
             {"latency", latency}};
    for (const auto& actor : run.outcome.actors) {
      auto& entry = out["actors"][actor.name];
      entry["messages"] = actor.messages;
      for (const auto& [name, value] : actor.counts)
        entry[name] = value;
    }
    if (!report.json.empty())
      out["report"] = json::parse(report.json);
    std::printf("%s\n", out.dump(2, ' ', false, json::error_handler_t::replace).c_str());
    return run.left_open ? 1 : 0;
  }
  std::fputs(report.text.c_str(), stdout);
  std::printf("\nround closed to order sent: %llu orders, p50 %.2f ms, p99 %.2f ms\nlogs:   %s\ntape:   %s\n"
              "replay it with `sentio-actors replay %s`\n",
              static_cast<unsigned long long>(latency["orders"].get<std::uint64_t>()),
              latency["p50_ms"].get<double>(), latency["p99_ms"].get<double>(), run.log_dir.c_str(),
              run.setup.tape_file.c_str(), run.setup.tape_file.c_str());
  return run.left_open ? 1 : 0;
}

std::filesystem::path live_log_directory(const live_options& o, civil_date date) {
  if (o.log_dir.empty())
    return next_log_directory(o.real ? "logs/real_trading" : "logs/paper_trading", to_string(date));
  auto chosen = use_log_directory(o.every_session ? std::filesystem::path(o.log_dir) / to_string(date)
                                                  : std::filesystem::path(o.log_dir),
                                  o.overwrite);
  if (!chosen.problem.empty())
    throw usage_error(chosen.problem);
  return chosen.path;
}

/// From a connected venue to the session's report.
int run_session(session_run& run) {
  const auto& o = run.options;
  const auto account = run.desk.account(!o.real);
  if (o.real)
    check_real_permission(account);
  std::optional<account_lock> lock;
  if (!run.connection.local) // nobody else knows of an exchange in this process
    lock.emplace(run.connection.lock_name, account.number);
  if (!o.dry_run)
    run.desk.cancel_own_orders(std::chrono::seconds(5));
  wait_until(*run.time, run.hours.open - early_start_ms, "the session");
  if (interrupted())
    return nothing_traded();
  auto book = adopt_positions(run.desk, run.desk.any_account(), run.setup.config.symbols);
  live_config live;
  live.time = run.time;
  live.hours = run.hours;
  live.symbols = run.setup.config.symbols;
  live.venue = run.connection.endpoints;
  live.dry_run = o.dry_run;
  live.latency = run.latency;
  live.adopted = std::move(book.adopted);
  live.joined_at = run.time->now();
  if (live.joined_at > run.hours.open + minute_ms) {
    say_line("the session is under way: catching up with its bars first");
    live.back_fill = run.desk.bars(live.symbols, run.hours.open, live.joined_at, "raw");
  }
  live.back_fill.resize(live.symbols.size());
  run.log_dir = live_log_directory(o, run.hours.date);
  say_line("trading " + to_string(run.hours.date) + ", " + new_york_clock(run.hours.open) + " to " +
           new_york_clock(run.hours.close) + " New York, account " + account.number + ", $" +
           to_string(book.capital) + (o.dry_run ? ", without orders" : "") + "; logs in " +
           run.log_dir.string());
  try {
    trade(run, std::move(live), book.capital);
  } catch (...) {
    remove_if_empty(run.log_dir);
    throw;
  }
  return conclude(run, book.capital);
}

std::shared_ptr<venue_time> clock_of(const venue_desk& desk, double speed, alpaca::venue_clock& said) {
  const auto [clock, at] = desk.clock();
  said = clock;
  return std::make_shared<venue_time>(speed, clock.at, at);
}

int run_local(const live_options& o) {
  auto setup = setup_of(o);
  const auto available = list_sessions(setup.data_dir, setup.config.symbols);
  auto date = available.back();
  if (!o.date.empty()) {
    const auto asked = parse_date(o.date);
    if (!asked)
      throw usage_error("--date takes a day as 2025-06-03, not " + o.date);
    if (std::find(available.begin(), available.end(), *asked) == available.end())
      throw usage_error("the data has no session on " + o.date + "; it covers " +
                        to_string(available.front()) + " to " + to_string(available.back()));
    date = *asked;
  }
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
  return run_session(run);
}

int run_at_broker(const live_options& o) {
  auto setup = setup_of(o);
  auto connection = connect_alpaca(o);
  for (;;) {
    venue_desk desk(connection.endpoints);
    alpaca::venue_clock said;
    auto time = clock_of(desk, connection.speed, said);
    desk.account(!o.real); // wrong keys are told before anybody waits for a session
    std::vector<std::string> notes;
    auto date = new_york_date(time->now());
    auto hours = desk.session(date, notes);
    if (!hours || time->now() >= hours->close) {
      const auto next = new_york_date(said.next_open);
      if (!o.every_session) {
        say_line("no session is open or to come today; the next one opens " + to_string(next) + " " +
                 new_york_clock(said.next_open) + " New York. --every-session waits for it.");
        return 0;
      }
      wait_until(*time, said.next_open - 30 * minute_ms, "the next session");
      if (interrupted())
        return nothing_traded();
      continue;
    }
    for (const auto& note : notes)
      say_line(note);
    auto today = setup;
    today.checkpoint = learn_before(o, today, date, &desk);
    if (interrupted())
      return nothing_traded();
    session_run run{o, std::move(today), connection, std::move(desk), time, *hours};
    const int code = run_session(run);
    if (!o.every_session || code != 0 || interrupted() || run.stopped_early)
      return code;
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
  return options.venue == "local" ? run_local(options) : run_at_broker(options);
}

} // namespace sentio
