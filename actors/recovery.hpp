// What a tape says of a session that was cut off: everything that is needed to go on with it.
#pragma once

#include "actors/tape_recorder.hpp"
#include "core/journal/records.hpp"
#include "core/portfolio/portfolio.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace sentio {

struct ranking_state;

/// Hash of an output record: a refold must make the same ones again.
std::uint64_t output_hash(record_kind kind, std::string_view payload);

struct resumed_session {
  std::string tape; ///< its file, for errors
  tape_prefix good; ///< fault: truncated when a torn record was found behind the good ones
  run_description header;
  warmup_summary warmup;
  std::vector<std::string> learners; ///< by symbol, at the session's start
  std::optional<session_hours>
      hours; ///< empty: cut off before the session began, so nothing can be gone on with
  history_ptr past;
  std::vector<std::uint64_t> records; ///< by entry of the past: the number of its record
  std::vector<std::uint64_t> outputs; ///< hashes of the outputs on the record, in order
  time_ms last_at = 0;                ///< the latest time that is not a bar's
  std::uint64_t revisions = 0;
  bool complete = false; ///< the end record is there: the session is over
};

/// Reads and checks a whole tape of one live session. A torn end is no error (good.fault says so). Throws
/// tape_error with file and record when it is damaged, of another version or feature table, has a record that
/// is out of its place (record_order), or holds more than one session.
resumed_session read_session(const tape_place& place);

/// Applies all inputs of a session to its portfolio; what it makes of them is on the tape and thrown away.
/// Throws std::runtime_error naming file and record that cannot be folded, and why.
void fold_session(portfolio& book, const resumed_session& session);

/// The same of its rounds: whether each follows from the signals that are on it.
void fold_rounds(ranking_state& rounds, const resumed_session& session);

} // namespace sentio
