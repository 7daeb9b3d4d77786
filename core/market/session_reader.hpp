// All symbols of a directory, one trading day at a time: what the replay feed is made of.
#pragma once

#include "core/market/csv_reader.hpp"
#include "core/market/session_clock.hpp"

#include <memory>

namespace sentio {

struct session_read_options {
  std::optional<civil_date> first; ///< earlier rows are passed over cheaply and unchecked
  std::optional<civil_date> last;  ///< reading stops after this day
  bool strict = false;             ///< the first bad row is an error
  double flagged_move = 0.05;      ///< see bar_sequence
};

/// One trading day of all symbols.
struct market_day {
  session_hours hours;
  /// [symbol]: regular minutes only, strictly ascending labels; empty for a symbol without a bar that day.
  std::vector<std::vector<bar>> bars;
  /// [symbol]: rows with an equal or older label and other values, in the order of the file. Their labels may
  /// belong to earlier days.
  std::vector<std::vector<bar>> revisions;
};

/// What became of the rows of one symbol so far. rows = skipped + bad + out_of_session + kept + duplicates +
/// revisions.
struct symbol_row_counts {
  std::uint64_t rows = 0;
  std::uint64_t skipped = 0; ///< before the first date
  std::uint64_t kept = 0;    ///< handed out, or next to be
  std::uint64_t duplicates = 0;
  std::uint64_t revisions = 0;
  std::uint64_t out_of_session = 0; ///< labels outside [open, close): 16:00 rows, extended hours, closed days
  std::uint64_t flagged_moves = 0;
  defect_counts bad;
};

/// Merges the files of several symbols session by session. Memory is one file buffer a symbol and what the
/// caller's market_day holds, whatever the length of the files.
/// Throws data_error: everything csv_bar_reader throws; a symbol without a file, or whose file has no valid
/// row.
class session_bar_source {
public:
  /// The symbols in any order, each once; they are sorted by name.
  session_bar_source(const std::filesystem::path& directory, std::vector<std::string> symbols,
                     const session_read_options& options = {});
  ~session_bar_source();
  session_bar_source(session_bar_source&&) noexcept;
  session_bar_source& operator=(session_bar_source&&) noexcept;

  /// The next trading day on which any symbol has a regular bar; false after the last. Reuses out's capacity.
  bool next(market_day& out);

  const std::vector<std::string>& symbols() const { return symbols_; }
  symbol_row_counts counts(symbol_index symbol) const;
  /// The first few bad rows of a symbol's file, as sentences.
  const std::vector<std::string>& messages(symbol_index symbol) const;
  const std::filesystem::path& file(symbol_index symbol) const;

private:
  class stream;

  std::vector<std::string> symbols_;
  std::vector<std::unique_ptr<stream>> streams_;
};

/// The trading days on which any of the symbols has a row in regular hours, ascending. Reads timestamps only,
/// so a day may be listed whose rows all prove to be bad. Throws like session_bar_source.
std::vector<civil_date> list_sessions(const std::filesystem::path& directory,
                                      const std::vector<std::string>& symbols);

} // namespace sentio
