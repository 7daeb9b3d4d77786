// Lines of session_<date>.log for a person: what happened, in New York time of the market, never of the
// machine. Every function gives whole lines with their line ends.
#pragma once

#include "core/journal/records.hpp"
#include "core/journal/run_file.hpp"

#include <span>
#include <string>
#include <string_view>

namespace sentio {

/// "session_2025-06-03.log"
std::string session_log_name(std::string_view session);

std::string session_start_text(const session_hours& hours, std::span<const std::string> names, money equity,
                               std::string_view data_note);
/// A line for each of the first 20 warnings, and one that counts the rest. Empty without a warning.
std::string data_warnings_text(std::span<const std::string> warnings);
/// A threshold passed by under 0.1 % or over 99.9 % of the warm-up's signals gets a warning that names its
/// key.
std::string warmup_text(const warmup_summary& warmup);
std::string decision_text(const decision& made, std::span<const std::string> names);
std::string trade_text(const trade& booked, std::span<const std::string> names);
std::string alert_text(time_ms at, std::string_view alert);
std::string session_end_text(const session_summary& summary);

/// The keys warned about, for programs that print them elsewhere.
std::vector<std::string> unreachable_thresholds(const warmup_summary& warmup);

} // namespace sentio
