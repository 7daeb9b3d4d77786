// Finished sessions of a log directory as the page shows them: the logs folded by session_view.
#pragma once

#include "core/journal/log_reader.hpp"

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace sentio {

/// "2025-12-01", ...: days that have a positions log, ascending. Empty when the directory cannot be read.
std::vector<std::string> finished_dates(const std::filesystem::path& log_directory);

/// The document of contract.md, "A finished session". What the logs do not have (actors, leverage, bounds of
/// P, latency) is empty or null. `date`: one of finished_dates; `now`: real time, of its hello. Throws
/// log_error naming the file, and its line, that cannot be read.
nlohmann::json finished_document(const std::filesystem::path& log_directory, const std::string& date,
                                 time_ms now, const std::string& version);

} // namespace sentio
