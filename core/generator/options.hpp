// What a generated market is made from.
#pragma once

#include "core/market/calendar.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace sentio {

struct generator_options {
  std::filesystem::path output; ///< directory; only write_generated needs it
  std::uint64_t seed = 1;
  int days = 30; ///< trading days, 1 ... 5000
  std::optional<civil_date>
      start; ///< first day, or the next trading day; default 2025-01-02, or the first base day
  /// Any names of letters, digits, '.' and '-'. See fund_profile for what is known of them.
  std::vector<std::string> symbols{"TQQQ", "SQQQ", "UPRO", "SDS", "UVXY", "SVIX"};
  /// Rank correlation, over time, of the planted expectation with the return that follows it; 0 ... 0.2.
  /// 0 is white noise in every return. See planted_momentum.
  double edge = 0;
  bool gzip = false;
  bool overwrite = false;
  /// Real index bars instead of synthetic paths: files named SPY... (needed) and QQQ... (else derived from
  /// SPY).
  std::vector<std::filesystem::path> from_base;
};

/// Throws data_error with a sentence when a value is out of its range.
void validate(const generator_options& options);

/// The line that generated directories carry in their file NOTE: "synthetic data with a planted edge, seed
/// 7".
std::string note_of(const generator_options& options);

} // namespace sentio
