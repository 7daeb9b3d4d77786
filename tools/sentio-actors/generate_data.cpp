// `sentio-actors generate-data`: synthetic one-minute bars.
#include "core/generator/writer.hpp"
#include "tools/sentio-actors/commands.hpp"
#include "tools/sentio-actors/run_console.hpp"
#include "tools/sentio-actors/usage_error.hpp"

#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

namespace sentio {

namespace {

struct generate_options {
  generator_options market;
  std::string start;
  bool json = false;
};

int generate(generate_options& options) {
  if (!options.start.empty()) {
    options.market.start = parse_date(options.start);
    if (!options.market.start)
      throw usage_error("--start takes a day as 2025-06-03, not " + options.start);
  }
  const auto files = write_generated(options.market);
  if (options.json) {
    nlohmann::ordered_json out{{"output", options.market.output.string()},
                               {"note", note_of(options.market)},
                               {"files", nlohmann::ordered_json::array()}};
    for (const auto& file : files)
      out["files"].push_back(file.filename().string());
    print("%s\n", out.dump(2).c_str());
  } else {
    print("%s: %zu files in %s\n", note_of(options.market).c_str(), files.size(),
          options.market.output.c_str());
  }
  return 0;
}

} // namespace

void add_generate_data(CLI::App& app, exit_code& code) {
  auto options = std::make_shared<generate_options>();
  auto& market = options->market;
  auto* command =
      app.add_subcommand("generate-data", "Write synthetic one-minute bars that look like a market");
  command->add_option("--output", market.output, "Directory to write to")->type_name("DIR")->required();
  command->add_option("--seed", market.seed, "Same seed, same bytes")->capture_default_str();
  command->add_option("--days", market.days, "Trading days")->capture_default_str();
  command->add_option("--start", options->start, "First day (default 2025-01-02, or the first base day)")
      ->type_name("DATE");
  command
      ->add_option("--symbols", market.symbols,
                   "Symbols, A,B,...; SYN000 to SYN999 have returns of their own")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("LIST")
      ->capture_default_str();
  command
      ->add_option("--edge", market.edge,
                   "Planted predictability: rank correlation of the best forecast, 0 to 0.2")
      ->capture_default_str();
  command
      ->add_option("--from-base", market.from_base,
                   "Real index bars instead of synthetic ones: SPY.csv,QQQ.csv")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("LIST");
  command->add_flag("--gzip", market.gzip, "Write .csv.gz");
  command->add_flag("--overwrite", market.overwrite, "Replace files that are there");
  command->add_flag("--json", options->json, "Print JSON");
  command->footer(
      "Examples:\n"
      "  sentio-actors generate-data --output bars --seed 7 --days 40\n"
      "  sentio-actors generate-data --output bars --seed 7 --days 40 --edge 0.1 --symbols TQQQ,SQQQ,UVXY\n"
      "  sentio-actors generate-data --output bars --from-base SPY.csv,QQQ.csv");
  command->callback([=, &code] { code.value = generate(*options); });
}

} // namespace sentio
