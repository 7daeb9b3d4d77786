// sentio-uplink as the trading process sees it: a child that may die, hang, babble or be stopped, and never
// keeps anybody waiting.
#pragma once

#include "core/monitor/observation.hpp"
#include "core/monitor/outbox.hpp"
#include "tools/sentio-actors/child_process.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace sentio {

struct uplink_options {
  std::string hub;                    ///< HOST:PORT
  std::filesystem::path certificates; ///< the instance's folder, which has passed check_certificates
  instance_identity who;
  std::filesystem::path program; ///< empty: sentio-uplink beside this program
  outbox_limits limits{};
};

/// For `status` and the log.
struct uplink_status {
  bool running = false;
  bool connected = false;          ///< to the hub
  std::string why;                 ///< why not connected, or not running
  std::int64_t process = -1;       ///< of sentio-uplink
  std::uint64_t restarts = 0;      ///< starts after the first one
  std::uint64_t malformed = 0;     ///< times that the child's bytes were no frames
  std::uint64_t frozen = 0;        ///< times that it was killed because it was silent
  std::uint64_t sent = 0;          ///< texts handed to the child
  std::uint64_t dropped = 0;       ///< texts for which there was no room
  std::uint64_t commands = 0;      ///< that the child relayed
  std::uint64_t commands_lost = 0; ///< of those, too many at once
};

/// One thread calls turn, take_commands, whole_wanted and finish, and lives as long as the child (the kernel
/// ends the child with the thread that started it). offer and status may be called from any thread.
class uplink_process {
public:
  /// Starts nothing yet; turn() does. Hides this process's memory from its children (hide_memory).
  explicit uplink_process(uplink_options options);
  ~uplink_process();
  uplink_process(const uplink_process&) = delete;
  uplink_process& operator=(const uplink_process&) = delete;

  /// A text of the contract: report, snapshot (whole), history or answer. Never waits.
  void offer(uplink_kind kind, std::string text) { texts_.put(kind, std::move(text)); }
  /// Starts or restarts the child, writes and reads, for at most `patience` when nothing is to be done.
  void turn(std::chrono::milliseconds patience);
  /// Texts from outside that say they are commands, oldest first, at most 64: for command_gate.
  std::vector<std::string> take_commands();
  /// True once for each time that a history and a whole snapshot shall be offered; at most every 2 s.
  bool whole_wanted();
  uplink_status status() const;
  /// At the end of a session: sends what waits and lets the child end, for at most `patience`.
  void finish(std::chrono::milliseconds patience);

private:
  using steady = std::chrono::steady_clock;

  void start();
  void write();
  void read();
  void take(uplink_frame& frame);
  void take_state(const std::string& text);
  void look_after_child();
  void give_up(const std::string& why);
  void hang_up();
  void set_why(const std::string& why);

  const uplink_options options_;
  outbox texts_;
  child_process child_;
  int socket_ = -1;
  uplink_reader reader_{uplink_way::down};
  std::string out_; ///< the frame that is being written
  std::size_t written_ = 0;
  std::vector<std::string> commands_;
  bool whole_ = false;
  bool ending_ = false; ///< killed or hung up; not waited for yet
  std::uint64_t lost_texts_ = 0;
  steady::time_point started_{};
  steady::time_point start_at_{};
  steady::time_point heard_{};
  steady::time_point beaten_{};
  steady::time_point whole_said_{};
  std::optional<steady::time_point> hung_up_; ///< the child did, at that time
  std::chrono::seconds wait_{1};

  mutable std::mutex mutex_; // guards the status
  uplink_status status_;
};

} // namespace sentio
