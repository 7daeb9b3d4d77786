#include "tools/sentio-actors/run_mock.hpp"

#include "core/journal/run_file.hpp"
#include "core/tape/reader.hpp"
#include "tools/sentio-actors/bar_check.hpp"
#include "tools/sentio-actors/configuration_file.hpp"
#include "tools/sentio-actors/monitor_start.hpp"
#include "tools/sentio-actors/run_console.hpp"
#include "tools/sentio-actors/run_log_directory.hpp"
#include "tools/sentio-actors/run_report.hpp"
#include "tools/sentio-actors/shipped.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <sys/resource.h>
#include <thread>

namespace sentio {

namespace {

using steady = std::chrono::steady_clock;

double seconds_since(steady::time_point start) {
  return std::chrono::duration<double>(steady::now() - start).count();
}

/// What a run, or all the days of one, came to.
struct run_result {
  std::uint64_t symbol_bars = 0;
  std::uint64_t rounds = 0;
  std::uint64_t sessions = 0;        ///< traded
  std::uint64_t warmup_sessions = 0; ///< learned before the first of them
  std::uint64_t differing_outputs = 0;
  double seconds = 0;
  bool interrupted = false;
  std::string error;
  std::vector<std::string> data_warnings; ///< see run_description
  std::vector<actor_status> actors;

  void add(const replay_outcome& outcome, const run_progress& progress) {
    symbol_bars += progress.symbol_bars;
    rounds += progress.rounds;
    differing_outputs += progress.differing_outputs;
    interrupted = interrupted || outcome.interrupted;
    if (error.empty())
      error = outcome.error;
    actors = outcome.actors;
  }
};

/// Sleeps so that venue time passes `speed` times as fast as real time; never across a night.
class pace {
public:
  explicit pace(double speed) : speed_(speed) {}

  void keep(time_ms venue_time) {
    const auto passed = venue_time - last_;
    last_ = venue_time;
    if (speed_ <= 0 || passed <= 0 || passed > 10 * minute_ms)
      return;
    due_ = std::max(due_, steady::now() - std::chrono::seconds(1)) +
           std::chrono::duration_cast<steady::duration>(
               std::chrono::duration<double, std::milli>(static_cast<double>(passed) / speed_));
    while (!interrupted() && steady::now() < due_)
      std::this_thread::sleep_until(std::min(due_, steady::now() + std::chrono::milliseconds(50)));
  }

private:
  double speed_;
  time_ms last_ = 0;
  steady::time_point due_ = steady::now();
};

std::optional<civil_date> date_option(const std::string& text, const char* option) {
  if (text.empty())
    return std::nullopt;
  const auto date = parse_date(text);
  if (!date)
    throw usage_error(std::string(option) + " takes a day as 2025-06-03, not " + text);
  return date;
}

date_range range_of(const mock_options& options) {
  if (!options.date.empty() && (!options.start_date.empty() || !options.end_date.empty()))
    throw usage_error("give --date, or --start-date and --end-date, not both");
  if (!options.date.empty()) {
    const auto day = date_option(options.date, "--date");
    return {day, day};
  }
  return {date_option(options.start_date, "--start-date"), date_option(options.end_date, "--end-date")};
}

/// Shows a replay to its monitor and carries operators' commands out, between steps.
void attend(replay_session& session, monitor_link& monitor) {
  if (monitor.wants_state())
    monitor.show({session.status(), session.progress().venue_time, false, {}});
  for (const auto& command : monitor.take_commands()) {
    const auto& asked = command.what.command;
    const std::map<std::string, command_kind> known{{"pause", command_kind::maintenance_on},
                                                    {"resume", command_kind::maintenance_off},
                                                    {"flatten", command_kind::close_session},
                                                    {"halt", command_kind::halt},
                                                    {"rearm", command_kind::rearm}};
    const auto kind = known.find(asked);
    if (kind == known.end()) {
      monitor.answer(command, false, "a mock run knows pause, resume, flatten, halt and rearm only");
      continue;
    }
    session.command(kind->second, command.sender);
    monitor.answer(command, true, asked + ": done at the run's virtual time");
  }
}

/// One graph over the whole plan.
run_result run_carried(mock_setup setup, const session_plan& plan, const std::filesystem::path& log_dir,
                       const mock_options& options, const run_products& products, progress_bar& bar) {
  const auto monitor =
      run_monitor::start(options.monitor, "mock", setup.config.symbols, {"", "mock"}, setup.data_note);
  watch_replay watch;
  if (monitor) {
    setup.window = monitor->link().window();
    if (!plan.traded.empty())
      setup.window->expect_last(plan.traded.back());
    watch = [&](replay_session& session) { attend(session, monitor->link()); };
  }
  auto graph = mock_graph(setup, plan, make_file_sink(log_dir), products);
  graph->tape.maintenance_file = log_dir / ".maintenance_mode";
  pace speed(options.speed);
  auto runtime = make_stepwise_engine();
  run_result result;
  const auto outcome = run_replay(
      *runtime, std::move(graph),
      [&](const run_progress& progress) {
        speed.keep(progress.venue_time);
        bar.show(progress.sessions, to_string(new_york_date(progress.venue_time)));
        return !interrupted();
      },
      watch);
  result.add(outcome, *products.progress);
  return result;
}

/// Each day in a graph of its own, warmed up afresh: days are independent, so they may run side by side.
run_result run_days(const mock_setup& setup, const std::vector<civil_date>& available,
                    const session_plan& plan, const std::filesystem::path& log_dir,
                    const mock_options& options, const run_products& products, progress_bar& bar) {
  run_result result;
  std::mutex mutex;
  std::size_t next = 0;
  std::uint64_t done = 0;
  const auto work = [&] {
    for (;;) {
      civil_date day;
      {
        const std::lock_guard lock(mutex);
        if (next == plan.traded.size() || interrupted() || !result.error.empty())
          return;
        day = plan.traded[next++];
      }
      run_products own;
      own.table = products.table;
      replay_outcome outcome;
      try {
        const auto day_plan = plan_sessions(available, {day, day}, setup.checkpoint ? 0 : options.warmup_days,
                                            options.min_warmup_days);
        auto graph = mock_graph(setup, day_plan, make_file_sink(log_dir), own);
        graph->tape.maintenance_file = log_dir / ".maintenance_mode";
        auto runtime = make_stepwise_engine();
        outcome = run_replay(*runtime, std::move(graph), [](const run_progress&) { return !interrupted(); });
      } catch (const std::exception& problem) {
        outcome.error = problem.what();
      }
      const std::lock_guard lock(mutex);
      result.add(outcome, *own.progress);
      // Which day ends first is chance: the run tells the warm-up of its first day.
      if (day == plan.traded.front())
        *products.warmup = *own.warmup;
      bar.show(++done, to_string(day));
    }
  };
  std::vector<std::thread> workers;
  for (unsigned i = 1; i < options.jobs; ++i)
    workers.emplace_back(work);
  work();
  for (auto& worker : workers)
    worker.join();
  return result;
}

run_result run_setup(const mock_setup& setup, const mock_options& options, const date_range& range,
                     const std::filesystem::path& log_dir, const std::vector<civil_date>& available,
                     const char* label) {
  const auto warmup = setup.checkpoint ? 0U : options.warmup_days;
  const auto plan = plan_sessions(available, range, warmup, options.min_warmup_days);
  if (!setup.checkpoint && plan.warmup_sessions < options.warmup_days)
    print_error("note: warming up on %u sessions, not %u: the data begins on %s\n", plan.warmup_sessions,
                options.warmup_days, to_string(available.front()).c_str());
  run_products products;
  const auto total = setup.fresh_daily ? plan.traded.size() : plan.traded.size() + plan.warmup_sessions;
  progress_bar bar(label, total, !options.json);
  const auto start = steady::now();
  auto result = setup.fresh_daily ? run_days(setup, available, plan, log_dir, options, products, bar)
                                  : run_carried(setup, plan, log_dir, options, products, bar);
  result.seconds = seconds_since(start);
  result.data_warnings = setup.data_warnings;
  result.sessions = products.table->lines.size();
  result.warmup_sessions = products.warmup->sessions;
  bar.clear();
  write_run_files(log_dir, describe_run(setup, "mock", {}), products);
  return result;
}

run_result run_from_tape(const mock_options& options, const tape_preamble& preamble, instruction_set isa,
                         const std::filesystem::path& log_dir) {
  run_products products;
  auto graph = recorded_graph(options.from_tape, preamble, isa, make_file_sink(log_dir), products);
  progress_bar bar("replaying", preamble.header.sessions.size(), !options.json);
  auto runtime = make_stepwise_engine();
  run_result result;
  pace speed(options.speed);
  const auto start = steady::now();
  const auto outcome = run_replay(*runtime, std::move(graph), [&](const run_progress& progress) {
    speed.keep(progress.venue_time);
    bar.show(progress.sessions, to_string(new_york_date(progress.venue_time)));
    return !interrupted();
  });
  result.add(outcome, *products.progress);
  result.error = replay_error(options.from_tape, *products.progress, result.error);
  result.seconds = seconds_since(start);
  bar.clear();
  *products.warmup = preamble.warmup;
  result.data_warnings = preamble.header.data_warnings;
  result.sessions = products.table->lines.size();
  result.warmup_sessions = preamble.warmup.sessions;
  write_run_files(log_dir, preamble.header, products);
  return result;
}

/// The legacy model on the same bars, rounds, fills and costs.
void run_baseline(const mock_setup& setup, const mock_options& options, const date_range& range,
                  const std::filesystem::path& log_dir, const std::vector<civil_date>& available) {
  auto legacy = setup;
  legacy.config = require_configuration_file(shipped_path("config/legacy.json").string());
  legacy.config.symbols = setup.config.symbols;
  legacy.config.capital = setup.config.capital;
  legacy.config.portfolio.costs = setup.config.portfolio.costs;
  complete_overridden(legacy.config);
  legacy.tape_file.clear();
  legacy.checkpoint.reset(); // a checkpoint of another learner
  const auto directory = use_log_directory(log_dir / "baseline_legacy", true, "mock --baseline legacy");
  const auto result = run_setup(legacy, options, range, directory.path, available, "legacy baseline");
  if (!result.error.empty())
    throw std::runtime_error("the legacy baseline failed: " + result.error);
}

double peak_memory_mb() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024.0;
}

void print_json(const run_result& result, const std::filesystem::path& log_dir, double report_seconds,
                const std::string& report, const std::vector<std::string>& data_notes) {
  nlohmann::ordered_json out;
  out["log_dir"] = log_dir.string();
  out["data_warnings"] = result.data_warnings;
  out["sessions"] = result.sessions;
  out["warmup_sessions"] = result.warmup_sessions;
  out["rounds"] = result.rounds;
  out["symbol_bars"] = result.symbol_bars;
  out["seconds"] = result.seconds;
  out["report_seconds"] = report_seconds;
  out["peak_rss_mb"] = peak_memory_mb();
  out["interrupted"] = result.interrupted;
  out["differing_outputs"] = result.differing_outputs;
  out["data_notes"] = data_notes;
  for (const auto& actor : result.actors) {
    auto& entry = out["actors"][actor.name];
    entry["messages"] = actor.messages;
    for (const auto& [name, value] : actor.counts)
      entry[name] = value;
  }
  if (!report.empty())
    out["report"] = nlohmann::ordered_json::parse(report);
  print("%s\n", out.dump(2).c_str());
}

void tell_interrupted(const mock_options& options, const std::filesystem::path& log_dir) {
  print_error("interrupted: the logs in %s are closed and valid up to that point; ", log_dir.c_str());
  const auto table = log_dir / std::string(sessions_file_name);
  if (std::filesystem::exists(table) && std::filesystem::file_size(table) > 0)
    print_error("make a report of the finished sessions with `sentio-actors report --log-dir %s`\n",
                log_dir.c_str());
  else
    print_error("no session was finished, so there is nothing to report\n");
  if (!options.tape_file.empty())
    print_error("the tape %s ends there too, without its end record: it cannot be replayed\n",
                options.tape_file.c_str());
}

int finish(const run_result& result, const mock_options& options, const std::filesystem::path& log_dir,
           const std::vector<std::string>& data_notes) {
  if (!result.error.empty())
    throw std::runtime_error(result.error);
  std::string json;
  std::string text;
  const auto start = steady::now();
  if (!options.no_report && !result.interrupted) {
    auto made = make_report(log_dir, options.json);
    text = std::move(made.text);
    json = std::move(made.json);
  }
  const auto report_seconds = seconds_since(start);
  if (options.json) {
    print_json(result, log_dir, report_seconds, json, data_notes);
  } else {
    print_text(text);
    print("\n%llu symbol-bars in %.2f s (%.0f a second); report in %.2f s\n",
          static_cast<unsigned long long>(result.symbol_bars), result.seconds,
          static_cast<double>(result.symbol_bars) / std::max(result.seconds, 1e-9), report_seconds);
    if (!options.quiet_logs)
      print("logs:   %s\n", log_dir.c_str());
    if (!text.empty())
      print("report: %s\n", (log_dir / "report.html").c_str());
  }
  if (!options.from_tape.empty()) {
    print_error("replayed from the tape: %llu outputs differ from the record\n",
                static_cast<unsigned long long>(result.differing_outputs));
    if (result.differing_outputs > 0)
      return 1;
  }
  if (result.interrupted) {
    tell_interrupted(options, log_dir);
    return 1;
  }
  return 0;
}

/// `command`: of the lock.
log_directory choose_log_directory(const mock_options& options, civil_date first, civil_date last,
                                   const char* command) {
  if (options.log_dir.empty())
    return next_log_directory("logs/mock_trading", to_string(first) + "_" + to_string(last), command);
  return use_log_directory(options.log_dir, options.overwrite, command);
}

/// The tape may be put into a directory that somebody else writes to: not while they do.
directory_lock lock_tape_directory(const mock_options& options) {
  if (options.tape_file.empty())
    return {};
  const auto folder = std::filesystem::weakly_canonical(options.tape_file).parent_path();
  std::error_code not_there;
  if (!options.log_dir.empty() && std::filesystem::equivalent(folder, options.log_dir, not_there))
    return {}; // the run's own, locked as such
  return {folder, "mock --tape", directory_lock::mode::guest};
}

/// The last learned bar must be strictly earlier than the first traded one.
void check_checkpoint_date(civil_date learned, civil_date first_traded) {
  if (learned >= first_traded)
    throw usage_error("the checkpoint has learned up to " + to_string(learned) +
                      ", so trading may begin on " + to_string(next_session(add_days(learned, 1))) +
                      " at the earliest, not on " + to_string(first_traded));
}

void check_checkpoint_symbols(const checkpoint_file& checkpoint, const std::vector<std::string>& symbols) {
  for (const auto& symbol : symbols)
    if (!find_state(checkpoint, symbol))
      throw std::runtime_error("the checkpoint has no state of " + symbol +
                               "; make one with `sentio-actors warmup --symbols ...` that names it");
}

/// Before anything is touched: can the tape be made where the user wants it?
void check_tape_file(const mock_options& options) {
  const std::filesystem::path file = options.tape_file;
  if (file.empty())
    return;
  if (file.has_parent_path() && !std::filesystem::is_directory(file.parent_path()))
    throw std::runtime_error("cannot make the tape " + file.string() +
                             ": No such file or directory; make its folder first");
  if (!std::filesystem::exists(file))
    return;
  if (!options.overwrite)
    throw usage_error("the tape " + file.string() + " exists; choose another name, or give --overwrite");
  tape_reader reader(file);
  tape_record record;
  if (std::filesystem::is_regular_file(file) && reader.next(record) == read_status::error &&
      reader.fault() == tape_fault::not_a_tape)
    throw std::runtime_error(file.string() +
                             " is no tape: --overwrite replaces tapes only; choose another name");
}

void check_combination(const mock_options& options) {
  if (!options.tape_file.empty() && !options.from_tape.empty())
    throw usage_error("give --tape to write a tape or --from-tape to read one, not both");
  if (options.fresh_daily && !options.tape_file.empty() && options.date.empty())
    throw usage_error("--fresh-daily runs each day on its own: with --tape give one --date");
  if (options.jobs > 1 && !options.fresh_daily)
    throw usage_error("--jobs needs --fresh-daily: otherwise each day's learning needs the day before");
  if (options.jobs < 1 || options.jobs > 256)
    throw usage_error("--jobs takes 1 to 256");
  if (options.speed != 0 && !(options.speed >= 0.01 && options.speed <= 1e9))
    throw usage_error("--speed takes 0 (as fast as possible) or a factor from 0.01 to 1e9");
  if (options.monitor.wanted() && (options.fresh_daily || !options.from_tape.empty()))
    throw usage_error(
        "--monitor and --dashboard watch one run over bars: not with --fresh-daily or --from-tape");
  if (options.speed > 0 && options.fresh_daily)
    throw usage_error("--speed paces one run: it cannot be combined with --fresh-daily");
  if (!options.baseline.empty() && options.baseline != "legacy")
    throw usage_error("--baseline " + options.baseline + " is unknown; legacy is");
  if (options.warmup_days < options.min_warmup_days)
    throw usage_error("--warmup-days must not be below --min-warmup-days");
}

} // namespace

int run_mock(const mock_options& options) {
  check_combination(options);
  watch_for_interrupts();
  auto setup = make_setup(options);
  if (!options.from_tape.empty()) {
    const auto preamble = read_preamble(options.from_tape);
    const auto& sessions = preamble.header.sessions;
    const auto chosen = choose_log_directory(options, sessions.front(), sessions.back(), "replay");
    const auto& log_dir = chosen.path;
    try {
      return finish(run_from_tape(options, preamble, setup.isa, log_dir), options, log_dir, {});
    } catch (...) {
      remove_if_empty(log_dir);
      throw;
    }
  }
  if (!options.warmup_state.empty())
    setup.checkpoint = load_checkpoint(options.warmup_state, setup.config.learner);
  const auto range = range_of(options);
  setup.survey = look_at_bars(setup);
  const auto available = setup.survey->sessions();
  session_plan plan;
  try {
    plan =
        plan_sessions(available, range, setup.checkpoint ? 0U : options.warmup_days, options.min_warmup_days);
  } catch (const std::invalid_argument& problem) {
    throw usage_error(problem.what());
  }
  if (setup.checkpoint) {
    check_checkpoint_date(setup.checkpoint->last_session, plan.first_traded);
    check_checkpoint_symbols(*setup.checkpoint, setup.config.symbols);
  }
  check_tape_file(options);
  setup.data_warnings = check_bars(setup, bar_plan::of_days(plan.first_read, plan.first_traded, plan.last));
  const auto tape_lock = lock_tape_directory(options);
  const auto chosen = choose_log_directory(options, plan.traded.front(), plan.traded.back(), "mock");
  const auto& log_dir = chosen.path;
  try {
    const auto result = run_setup(setup, options, range, log_dir, available, "trading");
    if (result.error.empty() && !result.interrupted && options.baseline == "legacy")
      run_baseline(setup, options, range, log_dir, available);
    return finish(result, options, log_dir, setup.survey->notes());
  } catch (...) {
    remove_if_empty(log_dir);
    throw;
  }
}

} // namespace sentio
