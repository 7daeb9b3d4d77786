// What waits for a slow or absent reader: bounded, the oldest goes first, and what a newer text says again is
// not kept twice.
#pragma once

#include "core/monitor/frame.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>

namespace sentio {

struct outbox_limits {
  std::size_t bytes = std::size_t{16} << 20;
  std::size_t texts = 4'096;
};

/// Texts on their way up. Thread-safe; nothing ever waits for more than the lock.
class outbox {
public:
  explicit outbox(outbox_limits limits = {}) : limits_(limits) {}

  /// report and answer are appended; a snapshot (which must be whole) takes the place of an older one that
  /// has not left yet; a history takes the place of every report, snapshot and history before it. A text
  /// that is longer than a frame may be is dropped and counted. Throws std::invalid_argument for a kind that
  /// is none of these four.
  void put(uplink_kind kind, std::string text);
  /// The oldest text; nothing when there is none.
  std::optional<uplink_frame> take();
  /// Forgets all but the answers: a reader that begins anew gets a history first.
  void begin_anew();

  bool empty() const;
  std::size_t bytes() const;
  /// Texts that never left because there was no room, or because they were too long. What a newer text
  /// replaced is not among them.
  std::uint64_t dropped() const;
  std::uint64_t replaced() const;
  /// Those of the dropped ones that a history would bring back: a reason to send one.
  std::uint64_t lost() const;

private:
  template <class Which>
  void remove(Which which);

  const outbox_limits limits_;
  mutable std::mutex mutex_;
  std::deque<uplink_frame> texts_;
  std::size_t bytes_ = 0;
  std::uint64_t dropped_ = 0;
  std::uint64_t replaced_ = 0;
  std::uint64_t lost_ = 0;
};

} // namespace sentio
