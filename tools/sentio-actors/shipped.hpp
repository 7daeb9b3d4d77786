// Files that come with the program: configurations and the bundled sample.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>

namespace sentio {

/// Where shipped_path looks, best first: beside an installed program, then in the source tree around a build
/// folder.
inline std::filesystem::path shipped_candidate(bool installed, const std::string& name) {
  const auto folder = std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path();
  return installed ? folder / "share" / "sentio-actors" / name : folder / name;
}

/// shipped_path("config/legacy.json"). Throws std::runtime_error naming both places when it is in neither.
inline std::filesystem::path shipped_path(const std::string& name) {
  for (const bool installed : {true, false})
    if (const auto place = shipped_candidate(installed, name); std::filesystem::exists(place))
      return place;
  throw std::runtime_error(
      name + " is neither at " + shipped_candidate(true, name).string() + " nor at " +
      shipped_candidate(false, name).string() +
      "; install the program whole, or run it from a build folder inside its source tree");
}

} // namespace sentio
