// Compares the bars that a run needs with those that came, per symbol and session. A symbol without bars must
// never be absent in silence.
#pragma once

#include "core/market/bar_survey.hpp"
#include "core/market/calendar.hpp"
#include "core/market/split_detection.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace sentio {

/// The sessions that a run learns from and trades.
struct bar_plan {
  std::vector<session_hours> sessions; ///< ascending; those of the warm-up come first
  std::size_t traded_from = 0;         ///< the first that is traded; sessions.size(): all are only learned

  /// Every trading day of the exchange from `first` to `last`, whether anybody has bars of it or not.
  static bar_plan of_days(civil_date first, civil_date first_traded, civil_date last);
};

/// What came of one symbol.
struct symbol_coverage {
  std::string symbol;
  std::string file;         ///< empty: the bars are not from a file
  std::vector<int> minutes; ///< by planned session: regular minutes with a bar
  std::string refused;      ///< what became of its other rows, as a clause; empty: nothing to tell
  std::string nothing;      ///< why there is no bar at all, as a clause; empty: there are bars
  std::vector<overnight_jump> jumps;
};

/// Reads what a run over the plan would read. Never throws for what a file holds. The files are read one
/// after the other, once; of the bars nothing is kept. The survey is of the same directory and of these
/// symbols at least; each file is surveyed here when there is none.
std::vector<symbol_coverage> read_coverage(const std::filesystem::path& directory,
                                           const std::vector<std::string>& symbols, const bar_plan& plan,
                                           std::shared_ptr<const bar_survey> survey = nullptr);

/// What a person must know before such bars are used.
struct coverage_findings {
  std::vector<std::string>
      refusals; ///< symbols without a single bar in what is traded (or learned), with the reason
  std::vector<std::string>
      warnings; ///< less than half of a session's minutes, missing sessions, late beginnings, splits
  std::vector<std::string> without; ///< the symbols of the refusals, sorted
};

/// Refused: a symbol without a bar in all sessions that are traded; when nothing is traded, in all sessions.
/// Warned of: a session with less than half of its minutes, a session without a bar (after the first one that
/// has some: a symbol may be listed later, which is told once), days without bars of any symbol, probable
/// splits. A day on which every symbol is short is told once. Half days count with their own minutes.
coverage_findings judge_coverage(const bar_plan& plan, const std::vector<symbol_coverage>& coverage);

/// The way out of refusals: "leave SQQQ out: --symbols SDS,SSO,TQQQ". `all` are the symbols of the run.
std::string way_without(const std::vector<std::string>& all, const std::vector<std::string>& without);

} // namespace sentio
