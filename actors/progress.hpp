// What the driver of a run sees of it: shared counters, written by the actors, read between steps.
#pragma once

#include "messages/messages.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace sentio {

/// One per run. Thread-safe, since the multi-threaded engine writes from its workers.
struct run_progress {
  std::atomic<bool> finished{false}; ///< nothing is left to admit
  std::atomic<bool> failed{false};
  std::atomic<std::uint64_t> steps{0};       ///< instants admitted; a step that adds none is a stall
  std::atomic<std::uint64_t> sessions{0};    ///< begun, warm-up included
  std::atomic<std::uint64_t> symbol_bars{0}; ///< admitted, warm-up included
  std::atomic<std::uint64_t> rounds{0};
  std::atomic<int> tape_descriptor{-1};      ///< of the tape's file, for fdatasync; -1 without one
  std::atomic<std::int64_t> venue_time{0}; ///< of the last admitted instant, ms
  // Of a replay from a tape.
  std::atomic<std::uint64_t> differing_outputs{0}; ///< outputs that differ from the record
  std::atomic<std::uint64_t> tape_record{0};       ///< number of the last admitted one

  void fail(const std::string& text) {
    const std::lock_guard lock(mutex_);
    if (!failed.exchange(true))
      error_ = text;
  }
  std::string error() const {
    const std::lock_guard lock(mutex_);
    return error_;
  }

private:
  mutable std::mutex mutex_;
  std::string error_;
};
using run_progress_ptr = std::shared_ptr<run_progress>;

} // namespace sentio
