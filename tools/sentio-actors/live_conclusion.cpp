#include "core/report/latency.hpp"
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

} // namespace

int conclude(session_run& run, money capital) {
  const auto& o = run.options;
  const auto state = run.connection.local ? run.connection.local->state() : nlohmann::json();
  if (!state.is_null())
    write_whole_file(run.log_dir / "exchange_state.json", state.dump(2) + "\n");
  auto description = describe_run(run.setup, run.title(), {run.hours.date});
  description.capital = capital;
  description.session_tag = live_session_tag(run.setup, description.title, run.hours.date, capital);
  *run.products.warmup = run.warmup();
  write_run_files(run.log_dir, description, run.products);
  if (!run.outcome.error.empty())
    throw std::runtime_error(run.outcome.error + "\nthe tape " + run.setup.tape_file +
                             " holds everything up to then; positions may be open at the venue" +
                             (run.connection.local ? "" : ". The same command goes on with the session"));
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
  std::printf("\nround closed to order sent: %llu orders, p50 %.2f ms, p99 %.2f ms, slowest %.2f ms\nlogs:   "
              "%s\ntape:   %s\n"
              "replay it with `sentio-actors replay %s`\n",
              static_cast<unsigned long long>(latency["orders"].get<std::uint64_t>()),
              latency["p50_ms"].get<double>(), latency["p99_ms"].get<double>(),
              latency["slowest_ms"].get<double>(), run.log_dir.c_str(), run.setup.tape_file.c_str(),
              run.setup.tape_file.c_str());
  return run.left_open ? 1 : 0;
}

} // namespace sentio
