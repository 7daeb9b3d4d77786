// Where the exchange's bars come from: files, or the generator.
#pragma once

#include "core/exchange/market_source.hpp"

#include <filesystem>
#include <optional>

namespace sentio {

struct market_choice {
  std::filesystem::path data_dir;   ///< bar files; empty: synthetic bars
  std::vector<std::string> symbols; ///< empty: all files of the directory, or the generator's usual ones
  std::optional<civil_date> first;  ///< older bars are left out
  std::optional<civil_date> last;
  std::uint64_t seed = 1; ///< of synthetic bars
  int days = 30;          ///< trading days of synthetic bars, from `first`
};

struct chosen_market {
  std::unique_ptr<market_source> source;
  std::vector<std::string> symbols; ///< sorted
  std::vector<civil_date> sessions; ///< with bars, ascending
};

/// Reads or makes the bars. Throws data_error with a sentence.
chosen_market choose_market(const market_choice& choice);

} // namespace sentio
