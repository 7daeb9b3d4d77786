// What the journal is given, and the run's description that lies beside the logs.
#pragma once

#include "core/market/calendar.hpp"
#include "core/strategy/portfolio.hpp"
#include "core/strategy/ranking.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sentio {

/// Share of the warm-up's ready signals that pass each threshold. Named keys, in a fixed order.
struct threshold_share {
  std::string key;       ///< configuration key, for example "rotation_manager_config.min_strength_to_enter"
  std::uint64_t passed = 0;
  std::uint64_t seen = 0;

  double share() const { return seen ? static_cast<double>(passed) / static_cast<double>(seen) : 0; }
  friend bool operator==(const threshold_share&, const threshold_share&) = default;
};

struct warmup_summary {
  std::uint32_t sessions = 0;
  std::uint64_t bars = 0;
  std::vector<threshold_share> shares;

  friend bool operator==(const warmup_summary&, const warmup_summary&) = default;
};

/// run.json in the log directory: everything `report` needs besides the four logs. No path, clock or machine.
struct run_description {
  std::string title;          ///< "mock" or "paper"
  std::string data_note;      ///< "synthetic data with a planted edge" or empty
  std::string config_json;    ///< canonical
  std::vector<std::string> symbols; ///< sorted
  money capital;
  std::uint64_t seed = 0;
  std::string session_tag;
  bool fresh_daily = false;
  warmup_summary warmup;
  std::vector<civil_date> sessions;

  friend bool operator==(const run_description&, const run_description&) = default;
};

} // namespace sentio
