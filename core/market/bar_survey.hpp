// A first look at bar files, at their times alone: which sessions they hold and whether their rows are in
// order.
#pragma once

#include "core/market/calendar.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace sentio {

/// The rows of one symbol that lie in regular sessions. A row is misplaced when it is older than a row before
/// it.
struct symbol_survey {
  std::string symbol;
  std::filesystem::path file;
  /// How the file's symbol column writes the symbol; empty in files without one.
  std::string spelling;
  std::uint64_t rows = 0;           ///< with a readable time, regular or not
  std::vector<civil_date> sessions; ///< ascending
  std::uint64_t misplaced_rows = 0;
  std::uint64_t misplaced_sessions = 0; ///< with a row after one of a later session
  std::uint64_t first_misplaced_line = 0;
  time_ms first_misplaced = 0; ///< its label
  time_ms newest_before = 0;   ///< the newest label before that line

  bool in_order() const { return misplaced_rows == 0; }
};

struct bar_survey {
  std::vector<symbol_survey> files; ///< by symbol, sorted by its name

  /// The trading days on which any of the symbols has a row in regular hours, ascending. A day may be listed
  /// whose rows all prove to be bad.
  std::vector<civil_date> sessions() const;
  /// What a user has to know about how these files are read, as sentences with the file; empty when nothing.
  std::vector<std::string> notes() const;
};

struct survey_options {
  /// A symbol whose file has no row with a readable time gets an empty survey instead of an error.
  bool empty_allowed = false;
};

/// Reads the times of every file once, a file of several symbols too. A symbol column may write a symbol in
/// another case: that is taken when it is the only way in which the file writes it (BRKpA and BRKPA are two
/// symbols). Throws data_error: everything csv_bar_reader throws; a symbol without a file, without a row in
/// it, or written in several ways.
bar_survey survey_bars(const std::filesystem::path& directory, std::vector<std::string> symbols,
                       survey_options options = {});

/// The symbols of one file: those of its symbol column, sorted, or the one that its name tells ("TQQQ" of
/// TQQQ_RTH_NH.csv.gz). Throws like csv_bar_reader.
std::vector<std::string> symbols_of_file(const std::filesystem::path& file);

/// "A.csv: no valid bar of TQQQ in the whole file; ..." with what is there instead.
[[noreturn]] void throw_no_rows(const std::filesystem::path& file, const std::string& symbol,
                                const std::string& first_bad_row);

} // namespace sentio
