#include "tools/sentio-actors/run_warmup.hpp"

#include "actors/csv_source.hpp"
#include "actors/schedule_trials.hpp"
#include "tools/sentio-actors/bar_check.hpp"
#include "tools/sentio-actors/directory_lock.hpp"
#include "tools/sentio-actors/run_console.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>

namespace sentio {

namespace {

/// The sessions to learn: the last `days` (0 = all) of those in the range.
std::vector<civil_date> choose_sessions(const std::vector<civil_date>& available,
                                        const warmup_options& options) {
  const auto bound = [](const std::string& text, const char* option) -> std::optional<civil_date> {
    if (text.empty())
      return std::nullopt;
    const auto date = parse_date(text);
    if (!date)
      throw usage_error(std::string(option) + " takes a day as 2025-06-03, not " + text);
    return date;
  };
  const auto first = bound(options.start_date, "--start-date");
  const auto last = bound(options.end_date, "--end-date");
  if (first && last && *last < *first)
    throw usage_error("--end-date is before --start-date");
  std::vector<civil_date> chosen;
  std::copy_if(available.begin(), available.end(), std::back_inserter(chosen),
               [&](civil_date date) { return (!first || date >= *first) && (!last || date <= *last); });
  if (chosen.empty())
    throw std::runtime_error("the data has no session in that range; it covers " +
                             to_string(available.front()) + " to " + to_string(available.back()));
  if (options.days > 0 && chosen.size() > options.days)
    chosen.erase(chosen.begin(), chosen.end() - static_cast<std::ptrdiff_t>(options.days));
  return chosen;
}

/// A checkpoint may be put where others put theirs, but not into a running session's directory. A folder that
/// is not there is named when the checkpoint is written.
directory_lock lock_folder_of(const std::string& output) {
  const auto folder = std::filesystem::weakly_canonical(output).parent_path();
  if (!std::filesystem::is_directory(folder))
    return {};
  return {folder, "warmup", directory_lock::mode::guest};
}

} // namespace

int run_warmup(const warmup_options& options) {
  watch_for_interrupts();
  mock_options shared;
  shared.data_dir = options.data_dir;
  shared.symbols = options.symbols;
  shared.config_file = options.config_file;
  shared.isa = options.isa;
  shared.strict = options.strict;
  auto setup = make_setup(shared);
  std::vector<std::string> symbols;
  for (const auto& active : active_instruments(setup.config))
    symbols.push_back(active.name);
  setup.config.symbols = symbols;
  setup.survey = look_at_bars(setup);
  const auto available = setup.survey->sessions();
  const auto chosen = choose_sessions(available, options);
  const auto lock = lock_folder_of(options.output);
  const auto after = add_days(chosen.back(), 1);
  setup.data_warnings = check_bars(setup, bar_plan::of_days(chosen.front(), after, chosen.back()));
  auto source = make_csv_source(
      {setup.data_dir, symbols, chosen.front(), after, chosen.back(), setup.strict, setup.survey});
  progress_bar bar("learning", chosen.size(), !options.json);
  const auto file =
      learn_warmup(setup, symbols, std::move(source), chosen.back(), [&](const run_progress& progress) {
        bar.show(progress.sessions, to_string(new_york_date(progress.venue_time)));
        return !interrupted();
      });
  bar.clear();
  if (const auto problem = write_checkpoint(options.output, file); !problem.empty())
    throw std::runtime_error(problem);
  const auto summary = warmup_of(file);
  if (options.json) {
    const nlohmann::ordered_json out{{"output", options.output},
                                     {"sessions", summary.sessions},
                                     {"symbol_bars", summary.bars},
                                     {"last_session", to_string(chosen.back())},
                                     {"data_notes", setup.survey->notes()},
                                     {"data_warnings", setup.data_warnings}};
    print("%s\n", out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace).c_str());
  } else {
    print("learned %u sessions (%s to %s), %llu symbol-bars; checkpoint: %s\n", summary.sessions,
          to_string(chosen.front()).c_str(), to_string(chosen.back()).c_str(),
          static_cast<unsigned long long>(summary.bars), options.output.c_str());
  }
  return 0;
}

} // namespace sentio
