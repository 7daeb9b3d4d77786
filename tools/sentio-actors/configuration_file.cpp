#include "tools/sentio-actors/configuration_file.hpp"

#include "core/numeric/special_file.hpp"
#include "tools/sentio-actors/run_console.hpp"
#include "tools/sentio-actors/run_log_directory.hpp"
#include "tools/sentio-actors/shipped.hpp"
#include "tools/sentio-actors/usage_error.hpp"

#include <filesystem>
#include <fstream>

namespace sentio {

namespace {

std::string text_of(const std::filesystem::path& file) {
  try {
    return read_whole_file(file);
  } catch (const std::exception& problem) {
    throw usage_error(std::string(problem.what()) +
                      "; a configuration is a JSON file, see `sentio-actors config --help`");
  }
}

} // namespace

decoded_configuration load_configuration_file(const std::string& file) {
  const auto path =
      file.empty() ? shipped_path("config/rotation_strategy.json") : std::filesystem::path(file);
  const std::string text = text_of(path);
  auto symbols = path.parent_path() / "symbols.json";
  if (!std::filesystem::exists(symbols))
    symbols = shipped_path("config/symbols.json");
  std::vector<std::string> problems;
  auto rows = decode_instruments(text_of(symbols), symbols.string(), problems);
  auto decoded = decode_configuration(text, path.string(), std::move(rows));
  decoded.problems.insert(decoded.problems.begin(), problems.begin(), problems.end());
  return decoded;
}

configuration require_configuration_file(const std::string& file) {
  auto decoded = load_configuration_file(file);
  if (!decoded.problems.empty()) {
    std::string all = "the configuration is refused:";
    for (const auto& problem : decoded.problems)
      all += "\n  " + problem;
    throw usage_error(all);
  }
  for (const auto& warning : decoded.warnings)
    say_line("note: " + warning);
  return std::move(decoded.value);
}

std::string keep_configuration(const std::filesystem::path& log_dir, const std::string& text) {
  const auto kept = log_dir / next_configuration_name;
  auto aside = kept;
  aside += ".new";
  if (const auto why = why_no_regular_file(aside); !why.empty())
    return "cannot write " + aside.string() + ": " + why;
  std::string all;
  try {
    if (!(std::ofstream(aside, std::ios::binary) << text << std::flush))
      return "cannot write " + aside.string();
    for (const auto& problem : load_configuration_file(aside.string()).problems)
      all += (all.empty() ? "the configuration is refused: " : "; ") + problem;
  } catch (const std::exception& problem) {
    all = problem.what();
  }
  std::error_code failure;
  if (all.empty())
    std::filesystem::rename(aside, kept, failure);
  else
    std::filesystem::remove(aside, failure);
  return failure && all.empty() ? "cannot write " + kept.string() + ": " + failure.message() : all;
}

} // namespace sentio
