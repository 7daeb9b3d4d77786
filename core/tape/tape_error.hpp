// What can be wrong with a tape file.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace sentio {

/// A tape that cannot be written. what() is a sentence with the path and the system's reason. Nobody may act
/// on a record that is not on the tape: trading halts.
class tape_error : public std::runtime_error {
public:
  explicit tape_error(const std::string& sentence) : std::runtime_error(sentence) {}
};

/// Why a tape is refused.
enum class tape_fault : std::uint8_t {
  none,
  unreadable,    ///< missing, no permission, a read error
  not_a_tape,    ///< the first bytes are those of another file
  wrong_version, ///< written by another version of the format
  truncated,     ///< ends inside a record: a torn write, or the file was cut
  missing_end,   ///< ends between two records, before the end record
  wrong_length,  ///< a record longer than any may be
  checksum,      ///< altered or damaged bytes
  malformed,     ///< correct checksum, but no record of this version
  sequence,      ///< records are missing, repeated or in another order
  chain,         ///< does not follow the records before it
  trailing,      ///< bytes after the end record
};

/// "missing_end", ...
std::string_view to_string(tape_fault fault);

} // namespace sentio
