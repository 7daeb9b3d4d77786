// One session's rounds, rebuilt from its signals log: everything that looks at signals works on these, a
// session at a time, so that memory stays flat in the number of sessions.
#pragma once

#include "core/account/fill_models.hpp"
#include "core/strategy/ranking.hpp"

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace sentio {

/// Rounds ascending in time, each with every symbol by index. Values have the nine digits of the log.
/// Throws log_error when a round lacks a symbol or names an unknown one.
std::vector<ranked_round> read_rounds(const std::filesystem::path& signals_file,
                                      std::span<const std::string> names);

/// The session's bars as far as the log has them: open, close and volume of every fresh bar; high and low are
/// the larger and smaller of open and close.
session_bars bars_of(std::span<const ranked_round> rounds, std::size_t symbols);

/// Position of a name in the sorted list. Throws log_error naming `place` when it is not there.
symbol_index index_of(std::string_view name, std::span<const std::string> names, const std::string& place);

} // namespace sentio
