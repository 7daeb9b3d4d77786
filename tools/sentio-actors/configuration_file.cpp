#include "tools/sentio-actors/configuration_file.hpp"

#include "tools/sentio-actors/run_log_directory.hpp"
#include "tools/sentio-actors/shipped.hpp"
#include "tools/sentio-actors/usage_error.hpp"

#include <cstdio>
#include <filesystem>

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
    std::fprintf(stderr, "note: %s\n", warning.c_str());
  return std::move(decoded.value);
}

} // namespace sentio
