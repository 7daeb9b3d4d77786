// What can be said about a directory of bars before anybody trades on it: the substance of `verify-data`.
#pragma once

#include "core/market/calendar.hpp"
#include "core/market/split_detection.hpp"
#include "core/market/validation.hpp"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace sentio {

/// A run of neighbouring bars or minutes of one symbol, within one session.
struct bar_stretch {
  time_ms begin = 0; ///< label of the first
  int length = 0;    ///< bars, or minutes of a hole

  friend bool operator==(const bar_stretch&, const bar_stretch&) = default;
};

/// Findings about the file of one symbol. Minutes and stretches are those of regular sessions.
struct file_audit {
  std::string symbol;
  std::string file; ///< empty when none was found
  std::uint64_t rows = 0;
  std::uint64_t regular_bars = 0; ///< valid, new and in a regular minute
  int sessions = 0;               ///< days with a regular bar
  int half_days = 0;              ///< of these
  int absent_sessions = 0;        ///< trading days between the first and the last without any bar
  std::optional<civil_date> first_date;
  std::optional<civil_date> last_date;
  std::uint64_t session_minutes = 0; ///< regular minutes of the sessions counted
  std::uint64_t missing_minutes = 0; ///< session_minutes - regular_bars
  std::uint64_t duplicates = 0;
  std::uint64_t revisions = 0;          ///< a label seen before, other values
  std::uint64_t idle_rows = 0;          ///< minutes without trades (idle_minutes): among the missing ones
  std::uint64_t out_of_order = 0;       ///< rows older than a row before them: read where their label says
  std::uint64_t misplaced_sessions = 0; ///< with a row after one of a later session
  defect_counts invalid;
  std::uint64_t closing_rows = 0;  ///< labelled with the close of the session (16:00): the closing auction
  std::uint64_t outside_rows = 0;  ///< other labels outside regular minutes
  std::uint64_t flagged_moves = 0; ///< of 5 % and more in a minute: looked at, never dropped
  bar_stretch widest_hole;
  /// At least `suspicious_bars` bars in a row with one price for open, high, low and close, or with one
  /// volume.
  std::vector<bar_stretch> constant_price;
  std::vector<bar_stretch> constant_volume;
  std::vector<std::string> notes;    ///< what is unusual in how the file is read (bar_survey::notes)
  std::vector<std::string> messages; ///< the first few bad rows, as sentences
  std::vector<std::string> reasons;  ///< why the file cannot be traded; empty when it can
  std::vector<overnight_jump> jumps; ///< probable splits, and days on another scale
  /// Sessions with less than half of their minutes or without any, from the first session of any file to the
  /// last one of any; the jumps above: as sentences. A file with warnings can be traded.
  std::vector<std::string> warnings;
  std::vector<std::pair<civil_date, int>> session_bars; ///< regular minutes with a bar, by session

  bool tradable() const { return reasons.empty(); }
};

inline constexpr int suspicious_bars = 30;
/// A file with a larger share of invalid rows, or of missing minutes, is not tradable.
inline constexpr double most_invalid_share = 0.01;
inline constexpr double most_missing_share = 0.5;

/// Reads every file once. Never throws for what a file holds: a file that cannot be read is a finding.
/// Not tradable: no file, unreadable, wrong header, no bar in a regular session, more than half the minutes
/// of its sessions missing, more than 1 % of its rows invalid. An empty list of symbols means all files of
/// the directory, or all symbols of a file. Throws data_error when that list cannot be read.
std::vector<file_audit> audit_directory(const std::filesystem::path& directory,
                                        std::vector<std::string> symbols = {});

/// The findings as a table with a line per file, and the places worth a look below it.
std::string audit_table(const std::vector<file_audit>& files);
/// The same as one JSON object: {"tradable": true, "files": [{"symbol": "TQQQ", ...}]}.
std::string audit_json(const std::vector<file_audit>& files);

} // namespace sentio
