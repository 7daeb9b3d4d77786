// The bars that the parts are measured on.
#pragma once

#include "core/market/session_reader.hpp"
#include "core/strategy/ranking.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace sentio {

struct part_data {
  std::filesystem::path directory;
  std::filesystem::path file; ///< of the first symbol
  std::vector<std::string> symbols;
  std::vector<market_day> sessions; ///< the first ones

  /// Bars of the first symbol in these sessions.
  std::size_t bars() const;
};

/// Reads at most `sessions` days of the first six symbols of a directory, or of the given ones. Throws
/// data_error.
part_data load_part_data(const std::filesystem::path& directory, std::vector<std::string> symbols,
                         std::size_t sessions);

/// Rounds made of real signals: all symbols of the data, one round per bar of the first. At most `count`,
/// from the last of the sessions, when the learners are warm.
std::vector<ranked_round> make_rounds(const part_data& data, std::size_t count);

} // namespace sentio
