// Rows of the fault matrix that the process or the operator causes: kill -9, a second instance, Ctrl-C,
// commands.
#pragma once

#include "tests/faults/verdict.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace sentio::test {

struct run_place {
  std::filesystem::path program;  ///< sentio-actors
  std::filesystem::path exchange; ///< sentio-exchange
  std::string speed;
};

struct named_run {
  std::string row;
  std::string name;
  std::function<verdict(const run_place&, const std::filesystem::path&)> go;
};

std::vector<named_run> process_runs();

/// A configuration that trades much, written into the folder: every minute may bring orders for a fault to
/// strike.
std::string busy_configuration(const std::filesystem::path& folder);

} // namespace sentio::test
