// Signed commands: made here, on the operator's own computer, and followed until their answer comes.
#pragma once

#include "core/monitor/command.hpp"
#include "tools/sentio-monitor/desk.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace sentio {

/// A line for the person.
struct command_note {
  std::string text;
  look style = look::plain;
};

class command_desk {
public:
  static constexpr std::int64_t answer_patience_ms = 10'000;

  /// `sender`: whom the tape of the instance names.
  command_desk(operator_key signing_key, std::string sender);

  /// The text to send. `now`: real time, `steady_ms`: for the patience. Throws std::runtime_error with a
  /// sentence when a configuration cannot be read or is none, or a field is out of its range.
  std::string make(const desk_wish& wish, time_ms now, std::int64_t steady_ms);
  /// The last one made did not leave this computer.
  void not_sent();
  /// What an answer means for the person; nothing when it belongs to no command of this desk.
  std::optional<command_note> take(const command_answer& answer);
  /// A command whose answer did not come in time, once.
  std::optional<command_note> overdue(std::int64_t steady_ms);

private:
  struct sent {
    std::string words;
    std::int64_t at_ms = 0;
  };

  operator_key key_;
  std::string sender_;
  std::uint64_t last_counter_ = 0;
  std::map<std::uint64_t, sent> open_; ///< by counter
};

/// "ann@desk": the user and the computer, as far as a sender may look like it.
std::string sender_of_this_computer();

} // namespace sentio
