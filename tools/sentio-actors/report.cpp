// `sentio-actors report` and `analyze-mrd`: figures recomputed from the logs alone.
#include "core/report/report.hpp"

#include "core/numeric/plain_text.hpp"
#include "tools/sentio-actors/commands.hpp"
#include "tools/sentio-actors/run_console.hpp"
#include "tools/sentio-actors/run_log_directory.hpp"
#include "tools/sentio-actors/usage_error.hpp"

#include <cstdio>
#include <memory>
#include <string>

namespace sentio {

namespace {

struct report_command {
  std::string log_dir = default_log_directory;
  report_options options;
  bool json = false;
};

int write_report(const report_command& command) {
  const std::filesystem::path directory = command.log_dir;
  directory_lock lock; // a directory that is not there is named by whoever reads it
  if (std::filesystem::is_directory(directory))
    lock = directory_lock(directory, "report");
  const auto data = load_report(directory, command.options);
  const std::string text = plain_text(report_text(data), line_ends::kept);
  write_whole_file(directory / "analysis_report.txt", text);
  write_whole_file(directory / "report.html", report_html(data));
  if (command.json) {
    print("%s\n", report_json(data).c_str());
  } else {
    print_text(text);
    print("\nreport: %s\n", (directory / "report.html").c_str());
  }
  for (const auto& problem : data.problems)
    print_error("sentio-actors: the logs contradict themselves: %s\n", problem.c_str());
  return data.problems.empty() ? 0 : 1;
}

struct analysis_command {
  std::string log_dir = default_log_directory;
  bool day = false;
  bool week = false;
  bool month = false;
  bool json = false;
};

int analyze(const analysis_command& command, analysis_period period) {
  report_options options;
  options.what_if = false;
  const auto data = load_report(command.log_dir, options);
  if (command.json)
    print("%s\n", analysis_json(data, period).c_str());
  else
    print_text(analysis_table(data, period));
  return 0;
}

} // namespace

void add_report(CLI::App& app, exit_code& code) {
  auto options = std::make_shared<report_command>();
  auto* command = app.add_subcommand("report", "Recompute every figure from the logs; write report.html");
  command->add_option("--log-dir", options->log_dir, "Directory of logs")
      ->type_name("DIR")
      ->capture_default_str();
  command
      ->add_option("--trials", options->options.trials,
                   "Configurations tried before, for the deflated Sharpe ratio")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  command->add_flag("--json", options->json, "Print JSON");
  command->footer("Writes analysis_report.txt and report.html into the directory.\n\nExamples:\n"
                  "  sentio-actors report\n"
                  "  sentio-actors report --log-dir logs/mock_trading/latest --json");
  command->callback([=, &code] { code.value = write_report(*options); });
}

void add_analyze_mrd(CLI::App& app, exit_code& code) {
  auto options = std::make_shared<analysis_command>();
  auto* command = app.add_subcommand("analyze-mrd", "Mean return per day, by day, week or month");
  command->add_option("--log-dir", options->log_dir, "Directory of logs")
      ->type_name("DIR")
      ->capture_default_str();
  command->add_flag("--date", options->day, "A line per day (default)");
  command->add_flag("--week", options->week, "A line per week");
  command->add_flag("--month", options->month, "A line per month");
  command->add_flag("--json", options->json, "Print JSON");
  command->footer("Examples:\n"
                  "  sentio-actors analyze-mrd\n"
                  "  sentio-actors analyze-mrd --log-dir logs/mock_trading/latest --month");
  command->callback([=, &code] {
    if (options->day + options->week + options->month > 1)
      throw usage_error("analyze-mrd takes one of --date, --week and --month");
    const auto period = options->month  ? analysis_period::month
                        : options->week ? analysis_period::week
                                        : analysis_period::day;
    code.value = analyze(*options, period);
  });
}

} // namespace sentio
