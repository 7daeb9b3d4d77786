// A bar file that grows day by day and survives an interruption. Private to this room.
#pragma once

#include "core/alpaca/bar_download.hpp"

#include <optional>

namespace sentio::alpaca {

/// One row of a SYMBOL_RTH_NH.csv file, as `verify-data` and `mock` read it: local time, epoch seconds,
/// prices.
std::string bar_row(const bar& b);

/// The files of one symbol. Every function throws data_error when the disk fails.
class bar_file_writer {
public:
  bar_file_writer(const download_request& request, symbol_download& symbol, civil_date last);

  /// Looks at what is on disk; sets resumed_after, the counts so far, and kept when nothing is left to do.
  /// Throws data_error when files of other choices are in the way and may not be replaced.
  void open();
  /// The sure rows of the last day that has any, in their order.
  std::vector<bar> last_day() const;
  /// Forgets what is stored: the file begins anew with the next rows. A finished file stays until then.
  void restart();
  /// Adds the rows of whole sessions; after it they are sure.
  void append(const std::string& rows);
  /// Gives the file its final name.
  void finish();
  /// Removes a part in which there is no bar at all.
  void discard();

private:
  std::string note_text(bool complete) const;
  bool take_note(bool finished);
  void write_note(bool complete) const;

  const download_request& request_;
  symbol_download& symbol_;
  civil_date last_;
  std::filesystem::path part_;
  std::filesystem::path note_;
  std::uint64_t bytes_ = 0; ///< of the part that are sure
  bool reopen_ = false;     ///< a finished file becomes a part again
};

} // namespace sentio::alpaca
