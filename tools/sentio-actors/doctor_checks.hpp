// What `sentio-actors doctor` looks at. Each check adds one line or a few: good, or what to do.
#pragma once

#include "tools/sentio-actors/live_start.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace sentio {

/// One line of the doctor.
struct finding {
  std::string check; ///< "clock", "splits", ...
  bool good = false;
  std::string text; ///< when good, what was found; else what is wrong and what to do
};

class findings {
public:
  void good(const std::string& check, const std::string& text) { lines_.push_back({check, true, text}); }
  void wrong(const std::string& check, const std::string& text) { lines_.push_back({check, false, text}); }
  /// Runs a check; what it throws is its finding.
  void look(const std::string& check, const std::function<void()>& action);
  const std::vector<finding>& lines() const { return lines_; }
  bool all_good() const;

private:
  std::vector<finding> lines_;
};

// ---- this computer

/// Whether the keys are there, from where, and that nobody else may read their file.
void check_keys(findings& out, const live_options& options);
/// Whether the log directory, or the one that it would be made in, takes files. Leaves nothing behind.
void check_log_directory(findings& out, const std::filesystem::path& directory);
/// Where HALTED is kept, and whether it can be.
void check_state_directory(findings& out, const live_options& options);
/// At least 1 GiB free where the logs go.
void check_disk(findings& out, const std::filesystem::path& directory);

// ---- the venue

/// Whether the account answers at all, and may trade as asked. False when nothing else can be asked either.
bool check_account(findings& out, const live_options& options, const venue_connection& connection,
                   const venue_desk& desk);
/// Offset of the venue's clock. Returns venue time, in milliseconds since 1970.
time_ms check_clock(findings& out, const live_options& options, const venue_connection& connection,
                    const venue_desk& desk);
/// Today and the next session, against the calendar's rule.
void check_calendar(findings& out, const venue_desk& desk);
void check_assets(findings& out, const venue_desk& desk, const std::vector<std::string>& symbols);

// ---- bars

/// The last regular session that was over at an instant.
civil_date last_closed_session(time_ms now);
/// Age of the newest bar of the files, and that each symbol has bars.
void check_bar_files(findings& out, const mock_setup& setup, time_ms now);
/// The same for the venue's own history, which a warm-up takes when no folder is given.
void check_venue_bars(findings& out, const venue_desk& desk, const std::vector<std::string>& symbols,
                      time_ms now);
/// Splits since the newest closed session of the files (without files: of the venue), told apart from moves
/// of the market.
void check_splits(findings& out, const venue_desk& desk, const mock_setup& setup, bool from_files,
                  time_ms now);

} // namespace sentio
