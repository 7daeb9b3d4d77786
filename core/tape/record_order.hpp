// Which record may follow which. Checksums and the hash chain say that nobody altered a tape, not that what
// lies on it is a session: whoever folds one relies on its order and on every index in it.
#pragma once

#include "core/tape/record.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace sentio {

/// Takes the records of one tape from the first on. A tape is: its header, what the warm-up learned, any
/// number of sessions, the end. A session begins with its hours, and data_counts closes it: inputs lie inside
/// a session, and outputs inside or behind one.
class record_order {
public:
  /// Decodes the record into `payload`. Empty when it is in its place after those before it, its symbols are
  /// among the header's, its lists are sorted and its bars and times can be true; else what is wrong, as half
  /// a sentence. Nothing may be taken after that.
  std::string take(const tape_record& record, record_payload& payload);

private:
  struct judge;

  std::string misplaced(record_kind kind) const;

  bool begun_ = false;
  bool in_session_ = false;
  std::size_t symbols_ = 0;   ///< that the header names
  std::vector<bool> learned_; ///< by symbol
  session_hours hours_;       ///< of the last session; close 0: none yet
  time_ms last_cut_off_ = 0;
  std::vector<time_ms> last_label_; ///< by symbol, in the running session
};

} // namespace sentio
