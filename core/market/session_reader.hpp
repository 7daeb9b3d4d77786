// All symbols of a directory, one trading day at a time: what the replay feed is made of.
#pragma once

#include "core/market/bar_survey.hpp"
#include "core/market/csv_reader.hpp"
#include "core/market/session_clock.hpp"

#include <memory>

namespace sentio {

struct session_read_options {
  std::optional<civil_date> first; ///< earlier rows are passed over cheaply and unchecked
  std::optional<civil_date> last;  ///< reading stops after this day
  bool strict = false;             ///< the first bad row is an error
  double flagged_move = 0.05;      ///< see bar_sequence
  /// A file without a valid bar of its symbol is no error: for whoever wants to know what it has instead.
  bool empty_allowed = false;
  /// Of the same directory, and of these symbols at least; made by the constructor when there is none.
  std::shared_ptr<const bar_survey> survey = nullptr;
};

/// One trading day of all symbols.
struct market_day {
  session_hours hours;
  /// [symbol]: regular minutes only, strictly ascending labels; empty for a symbol without a bar that day.
  std::vector<std::vector<bar>> bars;
  /// [symbol]: rows with a label seen before and other values, in the order of the file.
  std::vector<std::vector<bar>> revisions;
};

/// What became of the rows of one symbol so far. rows = skipped + bad + closing + outside + kept + duplicates
/// + revisions + idle.
struct symbol_row_counts {
  std::uint64_t rows = 0;
  std::uint64_t skipped = 0; ///< before the first date
  std::uint64_t kept = 0;    ///< handed out, or next to be
  std::uint64_t duplicates = 0;
  std::uint64_t revisions = 0;
  std::uint64_t idle = 0;    ///< minutes without trades, see idle_minutes
  std::uint64_t closing = 0; ///< labelled with the close of the session, or 16:00: the closing auction
  std::uint64_t outside = 0; ///< other labels outside [open, close): extended hours, closed days
  std::uint64_t flagged_moves = 0;
  std::uint64_t reordered = 0; ///< rows in the file that were older than a row before them, and kept
  defect_counts bad;

  std::uint64_t out_of_session() const { return closing + outside; }
};

/// Merges the files of several symbols session by session. A bar belongs where its label says, not where it
/// stands in the file. Memory is one file buffer a symbol and what the caller's market_day holds, whatever
/// the length of the files; only the wanted days of a file whose rows are out of order are in memory, to be
/// sorted. Throws data_error: everything that survey_bars throws; a symbol whose file has no valid row; a
/// file that changes while it is read.
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
  const symbol_survey& survey(symbol_index symbol) const;
  /// The first few bad rows of a symbol's file, as sentences.
  const std::vector<std::string>& messages(symbol_index symbol) const;
  const std::filesystem::path& file(symbol_index symbol) const;

private:
  class stream;

  std::vector<std::string> symbols_;
  std::vector<std::unique_ptr<stream>> streams_;
};

/// survey_bars(directory, symbols).sessions().
std::vector<civil_date> list_sessions(const std::filesystem::path& directory,
                                      const std::vector<std::string>& symbols);

} // namespace sentio
