#include "tools/sentio-actors/run_mock.hpp"

#include "core/market/bar_file.hpp"
#include "tools/sentio-actors/bar_check.hpp"
#include "tools/sentio-actors/configuration_file.hpp"
#include "tools/sentio-actors/run_console.hpp"
#include "tools/sentio-actors/shipped.hpp"

namespace sentio {

namespace {

instruction_set parse_isa(const std::string& name) {
  if (name.empty())
    return best_instruction_set();
  for (const auto isa : {instruction_set::sse2, instruction_set::avx2, instruction_set::avx512})
    if (name == to_string(isa)) {
      if (!is_supported(isa))
        throw usage_error("this machine cannot run --isa " + name + "; its best is " +
                          std::string(to_string(best_instruction_set())));
      return isa;
    }
  throw usage_error("--isa " + name + " is unknown; sse2, avx2 and avx512 are");
}

} // namespace

void complete_overridden(configuration& config) {
  if (const auto problems = complete_configuration(config, "command line"); !problems.empty()) {
    std::string all = "the command line does not fit:";
    for (const auto& problem : problems)
      all += "\n  " + problem;
    throw usage_error(all);
  }
}

std::shared_ptr<const bar_survey> look_at_bars(const mock_setup& setup) {
  auto survey = std::make_shared<const bar_survey>(survey_or_refuse(setup.data_dir, setup.config.symbols));
  for (const auto& note : survey->notes())
    say_line("note: " + note);
  return survey;
}

mock_setup make_setup(const mock_options& options) {
  mock_setup setup;
  setup.config = require_configuration_file(options.config_file);
  if (!options.symbols.empty())
    setup.config.symbols = options.symbols;
  if (options.capital) {
    if (!(*options.capital > 0) || *options.capital > 1e9)
      throw usage_error("--capital takes dollars above 0 and up to 1e9");
    setup.config.capital = *options.capital;
  }
  if (options.fill == "close")
    setup.config.portfolio.costs.fill = fill_model::close;
  else if (options.fill == "next_open")
    setup.config.portfolio.costs.fill = fill_model::next_open;
  else if (!options.fill.empty())
    throw usage_error("--fill " + options.fill + " is unknown; next_open and close are");
  if (options.run_ahead < 1 || options.run_ahead > 390)
    throw usage_error("--run-ahead takes 1 to 390 bars");
  complete_overridden(setup.config);
  setup.data_dir =
      options.data_dir.empty() ? shipped_path("data/sample") : std::filesystem::path(options.data_dir);
  setup.data_note = data_note(setup.data_dir);
  setup.strict = options.strict;
  setup.isa = parse_isa(options.isa);
  setup.run_ahead = options.run_ahead;
  setup.seed = options.seed;
  setup.fresh_daily = options.fresh_daily;
  setup.tape_file = options.tape_file;
  setup.overwrite_tape = options.overwrite;
  return setup;
}

} // namespace sentio
