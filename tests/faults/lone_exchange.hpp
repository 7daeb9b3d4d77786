// An exchange in a process of its own, which outlives its traders.
#pragma once

#include "tests/faults/child.hpp"
#include "tests/faults/process_rows.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace sentio::test {

/// The session of 2025-12-01, 09:30 to 10:15; venue time begins at 09:27.
class lone_exchange {
public:
  /// `faults`: a JSON array, from its start on.
  lone_exchange(const run_place& place, const std::filesystem::path& folder,
                const std::string& faults = "[]");

  /// Starts a trader whose logs go to folder/stem, its streams to folder/<streams>.out and .err.
  std::unique_ptr<child> trader(const std::string& stem, const std::string& streams,
                                const std::vector<std::string>& more = {},
                                const std::vector<std::string>& environment = {}) const;
  std::unique_ptr<child> trader(const std::string& stem) const { return trader(stem, stem); }
  nlohmann::json state() const;
  /// From now on these faults, a JSON array, and no others; the session's end stays.
  void cause(const std::string& faults) const;

private:
  run_place place_;
  std::filesystem::path folder_;
  std::unique_ptr<child> process_;
  nlohmann::json about_;
};

/// Until a few orders are filled, and some time more.
void let_it_trade(const lone_exchange& exchange, std::chrono::milliseconds more);

} // namespace sentio::test
