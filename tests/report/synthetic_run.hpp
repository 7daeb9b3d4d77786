// Logs of a small run, made by trading random bars with the real portfolio, venue and log lines.
#pragma once

#include "core/config/configuration.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace sentio::test {

struct synthetic_run {
  std::vector<std::string> symbols{"SDS", "SQQQ", "SVIX", "TQQQ", "UPRO", "UVXY"};
  std::uint32_t sessions = 3;
  std::uint64_t seed = 1;
  double skill = 0.04; ///< how much of the next bars' return the edge knows
  double kappa = 0;
  double equity_floor = 0.6; ///< of the capital: below it nothing is entered any more
  std::string data_note = "synthetic data with a planted edge";
  bool fresh_daily = false;
  bool venue_fills = false;    ///< fills cost nothing beyond their price, as those of a live venue
  bool contrary = false;       ///< the probability lies on the other side of one half than the edge
  bool without_warmup = false; ///< no signal was seen before the first session
};

/// Writes run.json, sessions.jsonl and the logs of every session into the folder.
void write_synthetic_run(const std::filesystem::path& folder, const synthetic_run& what);

void write_text(const std::filesystem::path& file, const std::string& text);

} // namespace sentio::test
