// How long orders of a live session took to leave the process.
#pragma once

#include "core/market/calendar.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace sentio {

/// Milliseconds of real time from the event that closed a round to the last byte of each of its orders,
/// ascending: latency_<date>.jsonl of the sessions, where there is one (a replay has none). Throws
/// report_error naming file and line.
std::vector<double> load_latencies(const std::filesystem::path& log_directory,
                                   const std::vector<civil_date>& sessions);

/// The smallest value that at least so many of the values do not exceed (nearest rank); 0 when there are
/// none.
double nearest_rank(const std::vector<double>& ascending, double share);

/// "78 orders, p50 0.57 ms, p99 2.56 ms"; empty when there are none.
std::string latency_text(const std::vector<double>& ascending);

} // namespace sentio
