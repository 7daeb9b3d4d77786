// What a warm-up saw, for the session log and the report.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sentio {

/// Share of the warm-up's ready signals that pass each threshold. Named keys, in a fixed order.
struct threshold_share {
  std::string key; ///< configuration key, for example "rotation_manager_config.min_strength_to_enter"
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

} // namespace sentio
