#include "core/journal/run_file.hpp"
#include "core/report/latency.hpp"
#include "tools/sentio-actors/left_shares.hpp"
#include "tools/sentio-actors/live_session_run.hpp"
#include "tools/sentio-actors/run_log_directory.hpp"
#include "tools/sentio-actors/run_report.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <stdexcept>

namespace sentio {

namespace {

using json = nlohmann::ordered_json;

json latency_json(const session_run& run) {
  std::vector<double> all;
  std::string lines;
  for (const auto& sample : run.latency->samples()) {
    all.push_back(sample.milliseconds);
    lines += json{{"round_ms", sample.round}, {"order_ms", sample.milliseconds}}.dump() + "\n";
  }
  write_whole_file(run.log_dir / ("latency_" + to_string(run.hours.date) + ".jsonl"), lines);
  std::sort(all.begin(), all.end());
  return {{"orders", all.size()},
          {"p50_ms", nearest_rank(all, 0.5)},
          {"p99_ms", nearest_rank(all, 0.99)},
          {"slowest_ms", nearest_rank(all, 1)}};
}

json console_json() {
  const auto console = console_state();
  return {{"texts_dropped", console.dropped}, {"texts_waiting", console.waiting}};
}

std::string latency_text(const json& latency) {
  char text[200];
  std::snprintf(text, sizeof text,
                "\nround closed to order sent: %llu orders, p50 %.2f ms, p99 %.2f ms, slowest %.2f ms\n",
                static_cast<unsigned long long>(latency["orders"].get<std::uint64_t>()),
                latency["p50_ms"].get<double>(), latency["p99_ms"].get<double>(),
                latency["slowest_ms"].get<double>());
  return text;
}

/// The symbols whose bars did not come, by the session's own counters.
std::vector<std::string> missing_bars(const session_run& run) {
  std::vector<std::string> warnings;
  for (const auto& [date, line] : run.products.table->lines)
    for (const auto& summary : read_session_summaries(line, std::string(sessions_file_name)))
      for (const auto& [name, minutes] : summary.counters)
        if (name.starts_with(missing_counter))
          warnings.push_back(name.substr(missing_counter.size()) + ": no bar came in " +
                             std::to_string(minutes) + " of the " + std::to_string(summary.totals.rounds) +
                             " minutes of the session of " + to_string(date));
  return warnings;
}

void save_learners(const session_run& run) {
  const auto& states = *run.products.learners;
  if (states.size() != run.setup.config.symbols.size())
    return;
  const auto file = run.log_dir / ("learned_" + to_string(run.hours.date) + ".checkpoint");
  const auto learned = make_checkpoint(run.setup.config.learner, run.warmup(), run.hours.date,
                                       run.setup.config.symbols, states);
  if (const auto problem = write_checkpoint(file, learned); !problem.empty())
    throw std::runtime_error(problem);
}

/// run.json, the sessions' totals, and the bundled exchange's state. Returns what could not be written, as a
/// sentence; empty: everything was.
std::string write_what_it_was(session_run& run, money capital) {
  auto description = describe_run(run.setup, run.title(), {run.hours.date});
  description.capital = capital;
  description.session_tag = live_session_tag(run.setup, description.title, run.hours.date, capital);
  *run.products.warmup = run.warmup();
  try {
    write_run_files(run.log_dir, description, run.products);
    const auto state = run.connection.local ? run.connection.local->state() : nlohmann::json();
    if (!state.is_null())
      write_whole_file(run.log_dir / "exchange_state.json", state.dump(2) + "\n");
  } catch (const std::exception& problem) {
    return problem.what();
  }
  return {};
}

/// For a session whose files cannot be written: its totals must not be lost.
std::string what_it_came_to(const session_run& run) {
  std::string text;
  for (const auto& [date, line] : run.products.table->lines)
    text += "\nthe session's totals: " + line;
  return text;
}

/// Says what makes the session a failed one, behind report and paths: what is left comes last of all.
int exit_code_of(const session_run& run, const left_shares& left) {
  if (!run.outcome.tape_problem.empty())
    say_line("the session was HALTED: " + run.outcome.tape_problem);
  if (!run.disk_problem.empty())
    say_line("the session was HALTED: " + run.disk_problem);
  if (!left.none())
    say_line(left.sentence);
  return left.none() && run.outcome.tape_problem.empty() && run.disk_problem.empty() ? 0 : 1;
}

} // namespace

int conclude(session_run& run, money capital) {
  const auto& o = run.options;
  for (auto& warning : missing_bars(run)) {
    say_line("warning: " + warning);
    run.setup.data_warnings.push_back(std::move(warning));
  }
  const auto left = look_for_left_shares(run);
  run.reserve->release();
  const auto unwritten = write_what_it_was(run, capital);
  if (!run.outcome.error.empty())
    throw std::runtime_error(run.outcome.error + "\nthe tape " + run.setup.tape_file +
                             " holds everything up to then; positions may be open at the venue" +
                             (run.connection.local ? "" : ". The same command goes on with the session") +
                             (unwritten.empty() ? "" : "\n" + unwritten) +
                             (left.none() ? "" : "\n" + left.sentence));
  if (!unwritten.empty())
    throw std::runtime_error(unwritten + what_it_came_to(run) + (left.none() ? "" : "\n" + left.sentence));
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
             {"left_open", run.left_open || !left.none()},
             {"left_shares", left.shares},
             {"data_warnings", run.setup.data_warnings},
             {"latency", latency},
             {"console", console_json()}};
    for (const auto& actor : run.outcome.actors) {
      auto& entry = out["actors"][actor.name];
      entry["messages"] = actor.messages;
      for (const auto& [name, value] : actor.counts)
        entry[name] = value;
    }
    if (!report.json.empty())
      out["report"] = json::parse(report.json);
    if (!run.disk_problem.empty())
      out["disk_problem"] = run.disk_problem;
    if (!run.outcome.tape_problem.empty())
      out["tape_problem"] = run.outcome.tape_problem;
    print_text(out.dump(2, ' ', false, json::error_handler_t::replace) + "\n");
    return exit_code_of(run, left);
  }
  print_text(report.text + latency_text(latency) + "logs:   " + run.log_dir.string() + "\ntape:   " +
             run.setup.tape_file + "\nreplay it with `sentio-actors replay " + run.setup.tape_file + "`\n");
  return exit_code_of(run, left);
}

} // namespace sentio
