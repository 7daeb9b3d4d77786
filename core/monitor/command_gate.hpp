// Inside the trading process: which of the commands that arrive are an operator's, for this instance, now and
// for the first time.
#pragma once

#include "core/monitor/command.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sentio {

enum class command_refusal : std::uint8_t {
  malformed,        ///< no command at all, or a field out of its range
  unknown_key,      ///< signed with a key that this instance was not given
  bad_signature,    ///< forged or changed on its way
  foreign_instance, ///< for another instance
  expired,          ///< too old, or valid for longer than 60 s
  replayed,         ///< its counter is not greater than the last one of that key
  unknown_command,  ///< an operator's, but this version does not know it
  unrecorded,       ///< good, but its counter could not be written to disk
  before_start,     ///< signed before this process began
};
inline constexpr std::size_t command_refusals = 9;
/// "bad_signature"
std::string_view to_string(command_refusal refusal);

struct gate_verdict {
  std::optional<remote_command> accepted;
  command_refusal refusal = command_refusal::malformed; ///< when nothing was accepted
  std::string why;                                      ///< a sentence, when nothing was accepted
  std::string key; ///< first 12 digits of the fingerprint; empty unless the signature was good
};

/// Not thread-safe.
class command_gate {
public:
  /// `public_keys`: operator.pub, one or more keys. `counters`: a file of this gate (0600), made with the
  /// first command; it outlives restarts, so that an old command stays refused. `started`: real time, ms
  /// since 1970; as long as a command lives after that, one that was signed before it is refused, even if the
  /// counters were lost or are elsewhere. Throws file_problem.
  command_gate(std::string instance, const std::filesystem::path& public_keys, std::filesystem::path counters,
               time_ms started = 0);

  /// Looks at a text that came from outside. When this returns an accepted command, its counter is on the
  /// disk already. `now`: real time, ms since 1970.
  gate_verdict judge(std::string_view text, time_ms now);

  std::uint64_t accepted() const { return accepted_; }
  std::uint64_t refused(command_refusal refusal) const { return refused_[static_cast<std::size_t>(refusal)]; }

private:
  gate_verdict look(std::string_view text, time_ms now);

  std::string instance_;
  std::vector<operator_public_key> keys_;
  std::filesystem::path counters_file_;
  time_ms started_;
  std::map<std::string, std::uint64_t> counters_; ///< by fingerprint
  std::uint64_t accepted_ = 0;
  std::array<std::uint64_t, command_refusals> refused_{};
};

} // namespace sentio
