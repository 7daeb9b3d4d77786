// What the journal is given, and the run's description that lies beside the logs.
#pragma once

#include "core/market/calendar.hpp"
#include "core/portfolio/output.hpp"
#include "core/strategy/ranking.hpp"
#include "core/strategy/warmup_summary.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sentio {

/// run.json in the log directory: everything `report` needs besides the four logs. No path, clock or machine.
struct run_description {
  std::string title;                ///< "mock" or "paper"
  std::string data_note;            ///< "synthetic data with a planted edge" or empty
  std::string config_json;          ///< canonical
  std::vector<std::string> symbols; ///< sorted
  money capital;
  std::uint64_t seed = 0;
  std::string session_tag;
  bool fresh_daily = false;
  warmup_summary warmup;
  std::vector<civil_date> sessions;
  /// What is wrong with the bars of the run, a sentence each: missing sessions, probable splits. See
  /// core/market/bar_coverage.hpp. Not part of the session tag.
  std::vector<std::string> data_warnings;

  friend bool operator==(const run_description&, const run_description&) = default;
};

} // namespace sentio
