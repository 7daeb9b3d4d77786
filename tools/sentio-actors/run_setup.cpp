#include "tools/sentio-actors/run_mock.hpp"

#include "core/config/instruments.hpp"
#include "core/market/bar_file.hpp"
#include "tools/sentio-actors/run_log_directory.hpp"
#include "tools/sentio-actors/shipped.hpp"

#include <algorithm>
#include <cstdio>

namespace sentio {

namespace {

configuration load_configuration(const std::string& file) {
  const auto path = file.empty() ? shipped_path("config/rotation_strategy.json").string() : file;
  std::string text;
  try {
    text = read_whole_file(path);
  } catch (const std::exception& problem) {
    throw usage_error(std::string(problem.what()) +
                      "; --config takes a JSON file, see `sentio-actors config --print`");
  }
  auto decoded = decode_configuration(text, path);
  if (!decoded.problems.empty()) {
    std::string all = "the configuration is refused:";
    for (const auto& problem : decoded.problems)
      all += "\n  " + problem;
    throw usage_error(all);
  }
  for (const auto& warning : decoded.warnings)
    std::fprintf(stderr, "note: %s\n", warning.c_str());
  return std::move(decoded.value);
}

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

void add_synthetic_instruments(configuration& config) {
  for (const auto& symbol : config.symbols)
    if (is_synthetic(symbol))
      add_synthetic(config.instruments, symbol);
}

mock_setup make_setup(const mock_options& options) {
  mock_setup setup;
  setup.config = load_configuration(options.config_file);
  if (!options.symbols.empty())
    setup.config.symbols = options.symbols;
  auto sorted = setup.config.symbols;
  std::sort(sorted.begin(), sorted.end());
  if (const auto twice = std::adjacent_find(sorted.begin(), sorted.end()); twice != sorted.end())
    throw usage_error("symbol " + *twice + " is named twice");
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
  add_synthetic_instruments(setup.config);
  try {
    active_instruments(setup.config);
  } catch (const std::invalid_argument& problem) {
    throw usage_error(problem.what());
  }
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
