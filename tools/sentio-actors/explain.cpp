// `sentio-actors explain`: the rule behind every decision of one minute.
#include "core/report/explain.hpp"

#include "core/numeric/plain_text.hpp"
#include "tools/sentio-actors/commands.hpp"
#include "tools/sentio-actors/run_console.hpp"
#include "tools/sentio-actors/usage_error.hpp"

#include <cstdio>
#include <memory>
#include <string>

namespace sentio {

namespace {

struct explain_options {
  std::string log_dir = default_log_directory;
  std::string date;
  std::string time;
  std::string symbol;
  bool json = false;
};

bool is_clock(const std::string& text) {
  const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
  return text.size() == 5 && text[2] == ':' && digit(0) && digit(1) && digit(3) && digit(4) &&
         text < "24:00" && text[3] < '6';
}

int print_explanation(const explain_options& options) {
  const auto date = parse_date(options.date);
  if (!date)
    throw usage_error("--date takes a day as 2025-06-03, not " + options.date);
  if (!is_clock(options.time))
    throw usage_error("--time takes a New York time as 10:31, not " + options.time);
  const auto found = explain(options.log_dir, *date, options.time, options.symbol);
  if (options.json)
    print("%s\n", explanation_json(found).c_str());
  else
    print_text(explanation_text(found));
  return 0;
}

} // namespace

void add_explain(CLI::App& app, exit_code& code) {
  auto options = std::make_shared<explain_options>();
  auto* command =
      app.add_subcommand("explain", "Why each symbol was bought, held, sold or left in one minute");
  command->add_option("--log-dir", options->log_dir, "Directory of logs")
      ->type_name("DIR")
      ->capture_default_str();
  command->add_option("--date", options->date, "Trading day")->type_name("DATE")->required();
  command
      ->add_option("--time", options->time, "New York time of the decision, one minute after the bar's label")
      ->type_name("HH:MM")
      ->required();
  command->add_option("--symbol", options->symbol, "Only this one");
  command->add_flag("--json", options->json, "Print JSON");
  command->footer("Examples:\n"
                  "  sentio-actors explain --date 2025-06-03 --time 10:31\n"
                  "  sentio-actors explain --date 2025-06-03 --time 10:31 --symbol TQQQ --json");
  command->callback([=, &code] { code.value = print_explanation(*options); });
}

} // namespace sentio
