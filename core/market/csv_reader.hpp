// Bars from .csv and .csv.gz files, one at a time, in constant memory.
#pragma once

#include "core/market/bar_file.hpp"
#include "core/market/data_error.hpp"
#include "core/market/line_source.hpp"
#include "core/market/row_text.hpp"
#include "core/market/validation.hpp"

#include <limits>

namespace sentio {

struct csv_options {
  /// In a file with a symbol column only the rows of this symbol count, as the column spells it (spaces and
  /// quotes around it apart); empty takes all rows.
  std::string wanted_symbol;
  /// The first bad row is an error instead of being skipped and counted.
  bool strict = false;
  /// Rows with an older label are passed over without looking at their prices (and so unchecked).
  time_ms skip_before = std::numeric_limits<time_ms>::min();
  std::size_t buffer_bytes = 64 * 1024;
};

/// What a reader met so far. Rows of other symbols and empty lines are not counted at all.
struct csv_counts {
  std::uint64_t rows = 0;    ///< skipped and bad ones included
  std::uint64_t skipped = 0; ///< older than skip_before
  defect_counts bad;
};

/// Reads the rows of one file in their order. The columns are found by the names in the header, in any order
/// and case, which must be those of one of the headers in csv_reader.cpp: a time, open, high, low, close and
/// volume, and perhaps a symbol, a second time and columns that are passed over (bar_id, trade_count, vwap,
/// ...). A time is an epoch in seconds, milliseconds, microseconds or nanoseconds, or ISO-8601 with an offset
/// or Z. Fields may be quoted and have spaces around them. Numbers become the nearest double. Two times in a
/// row must be the same instant; an ISO text without an offset may be UTC or New York time. Throws
/// data_error: no such file, unreadable, empty, another header, a row whose times contradict each other, and
/// with `strict` a bad row.
class csv_bar_reader {
public:
  explicit csv_bar_reader(const std::filesystem::path& file, csv_options options = {});

  /// The next valid bar (admit_bar finds nothing); false at the end of the file.
  bool next(bar& out);
  /// The next timestamp alone (and symbol()), several times faster; such rows are not checked further.
  bool next_label(time_ms& label);

  bool has_symbol_column() const { return symbol_position_ != no_symbol_column; }
  /// The symbol column of the last row without spaces and quotes around it, empty in files without one.
  const std::string& symbol() const { return symbol_; }
  const csv_counts& counts() const { return counts_; }
  /// The first few bad rows: "file:line: what was found; what would be right".
  const std::vector<std::string>& messages() const { return messages_; }
  std::uint64_t line_number() const { return lines_.line_number(); }
  const std::filesystem::path& file() const { return lines_.file(); }

  /// See line_source::rest().
  void rest() { lines_.rest(); }

private:
  enum class column : std::uint8_t { ignored, time, second_time, symbol, open, high, low, close, volume };
  enum class row_kind : std::uint8_t { good, bad, before_start };
  static constexpr std::size_t no_symbol_column = static_cast<std::size_t>(-1);

  void read_header();
  void read_columns(std::string_view header);
  row_kind read_row(std::string_view line, bar& out, bool only_label);
  row_kind read_untidy_row(std::string_view line, bar& out, bool only_label);
  bool read_leading_field(column role, std::string_view text, bar& out);
  bool compare_times(time_ms label);
  row_kind bad_row(bar_defect defect, std::string_view field);
  void refuse();
  bool next_row(bar& out, bool only_label);
  bool is_wanted(std::string_view line) const;

  csv_options options_;
  line_source lines_;
  std::vector<column> columns_;
  std::size_t symbol_position_ = no_symbol_column;
  std::size_t leading_columns_ =
      1; ///< times and symbol: what is read of a row of which only the label counts
  std::string time_name_, second_time_name_;
  timestamp_column time_column_, second_time_column_;
  std::string_view time_text_, second_time_text_; ///< of the row at hand
  bar_defect defect_ = bar_defect::none;          ///< of the row at hand, found in defect_field_
  std::string_view defect_field_;
  std::string tidied_; ///< a row without quotes and spaces
  std::string symbol_;
  csv_counts counts_;
  std::vector<std::string> messages_;
};

} // namespace sentio
