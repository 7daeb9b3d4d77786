// What a session's artefacts say, compared with what the exchange says.
#pragma once

#include "tests/faults/rows.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace sentio::test {

struct verdict {
  std::vector<std::string> faults; ///< empty: all is well
  std::uint64_t checks = 0;
  std::uint64_t executions = 0; ///< at the venue
  std::uint64_t entries = 0;
  std::uint64_t kills = 0; ///< kill -9 that were given

  void require(bool holds, const std::string& what) {
    ++checks;
    if (!holds)
      faults.push_back(what);
  }
};

/// Position = the exchange's, every fill once, cash to the cent, no entry on stale data.
void compare_with_exchange(verdict& result, const nlohmann::json& exchange,
                           const std::filesystem::path& log_dir, ending expected);
/// For a process that adopted positions: what it bought, adopted and sold fits the exchange's executions
/// since then.
void compare_after_restart(verdict& result, const nlohmann::json& exchange,
                           const std::filesystem::path& log_dir);
/// The tape replays with 0 differing decisions.
void compare_with_replay(verdict& result, const std::filesystem::path& program,
                         const std::filesystem::path& log_dir);

} // namespace sentio::test
