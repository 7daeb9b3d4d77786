// What every run leaves beside its logs: run.json, sessions.jsonl and the report.
#pragma once

#include "actors/mock_run.hpp"

#include <filesystem>
#include <string>

namespace sentio {

/// run.json and sessions.jsonl: written last, so that they never speak of days that are not there.
void write_run_files(const std::filesystem::path& log_dir, run_description run, const run_products& products);

struct made_report {
  std::string text;
  std::string json; ///< empty unless asked for
};
/// analysis_report.txt and report.html in the log directory, from its logs.
made_report make_report(const std::filesystem::path& log_dir, bool with_json);

} // namespace sentio
