// The uplink's end of the socketpair with the trading process. One thread; never blocks.
#pragma once

#include "core/monitor/frame.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sentio {

class parent_link {
public:
  /// Takes a connected stream socket over and makes it non-blocking. Throws std::runtime_error when the
  /// descriptor is none.
  explicit parent_link(int descriptor);
  ~parent_link();
  parent_link(const parent_link&) = delete;
  parent_link& operator=(const parent_link&) = delete;

  /// Queues a frame; drops it when the parent has not read for long.
  void send(uplink_kind kind, std::string_view payload);
  /// Waits for the parent, for `wake_descriptor` to become readable, or for the time to pass; writes and
  /// reads what there is. Returns the frames that arrived.
  std::vector<uplink_frame> turn(std::chrono::milliseconds patience, int wake_descriptor);

  /// The parent hung up.
  bool ended() const { return ended_; }
  /// What was wrong with its bytes, or "".
  const std::string& problem() const { return reader_.problem(); }

private:
  void read(std::vector<uplink_frame>& out);
  void write();

  int descriptor_;
  uplink_reader reader_{uplink_way::up};
  std::string out_;
  std::size_t written_ = 0;
  bool ended_ = false;
};

} // namespace sentio
