// Tapes for people and for other programs: a line of text or of JSON per record.
#pragma once

#include "core/tape/reader.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sentio {

/// Prints records in the order of the tape: it learns the names of the symbols from the header. Times are
/// UTC, "2025-06-03T13:31:00.000Z". A line of text leaves out the contents of configurations and checkpoints
/// (their sizes stand there); a line of JSON leaves out only checkpoints.
class tape_printer {
public:
  /// One line without its line end; empty when the payload is not one of its kind.
  std::optional<std::string> text_line(const tape_record& record);
  std::optional<std::string> json_line(const tape_record& record);

private:
  bool take(const tape_record& record);

  std::vector<std::string> names_;
  record_payload payload_;
};

/// What `verify` finds out about a whole tape.
struct tape_summary {
  bool good = false;
  tape_fault fault = tape_fault::none; ///< malformed also when a payload is not one of its kind
  std::string error;                   ///< empty when good
  std::uint64_t records = 0;           ///< good ones
  std::uint64_t bytes = 0;             ///< good ones
  std::uint64_t sessions = 0;
  std::map<record_kind, std::uint64_t> kinds; ///< records by kind
  std::string first_session;                  ///< "2025-06-03"; empty without sessions
  std::string last_session;
  std::string chain; ///< after the last good record, hexadecimal: names the tape
};

/// Checks everything: frames, that each payload can be decoded, and the order of the records (record_order).
tape_summary verify_tape(const std::filesystem::path& path);

/// Lines for a person, with their line ends.
std::string summary_text(const tape_summary& summary);
/// One JSON object, without a line end.
std::string summary_json(const tape_summary& summary);

/// "2025-06-03T13:31:00.000Z"
std::string utc_text(time_ms utc);

} // namespace sentio
