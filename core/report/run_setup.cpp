#include "core/report/run_setup.hpp"

#include "core/journal/log_reader.hpp"
#include "core/journal/run_file.hpp"

#include <algorithm>

namespace sentio {

configuration run_configuration(const run_description& run) {
  const std::string file(run_file_name);
  decoded_configuration decoded = decode_configuration(run.config_json, file);
  if (!decoded.problems.empty())
    throw log_error(file + ": the configuration inside is refused: " + decoded.problems.front());
  return std::move(decoded.value);
}

std::vector<instrument> run_instruments(const configuration& config, const run_description& run) {
  std::vector<instrument> chosen;
  for (const std::string& name : run.symbols) {
    const auto found = std::find_if(config.instruments.begin(), config.instruments.end(),
                                    [&](const instrument& one) { return one.name == name; });
    if (found == config.instruments.end())
      throw log_error(std::string(run_file_name) + ": symbol " + name +
                      " has no instrument in the configuration inside");
    chosen.push_back(*found);
  }
  return chosen;
}

} // namespace sentio
