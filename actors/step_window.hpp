// What the journal is told, for whoever watches a run from outside of the graph: bounded, and nothing comes
// back.
#pragma once

#include "messages/messages.hpp"

#include <cstdint>
#include <deque>
#include <mutex>
#include <utility>
#include <variant>
#include <vector>

namespace sentio {

/// A day of the journal begins.
struct watched_day {
  session_hours hours;
  money opening_equity;
};
using watched_entry = std::variant<watched_day, portfolio_step_ptr, session_closed>;

/// Thread-safe. Whoever looks too rarely finds the newest entries only; the writer never waits.
class step_window {
public:
  static constexpr std::size_t limit = 4'096;

  void put(watched_entry entry) {
    const std::lock_guard lock(mutex_);
    if (entries_.size() == limit) {
      entries_.pop_front();
      ++dropped_;
    }
    entries_.push_back(std::move(entry));
  }
  std::vector<watched_entry> take() {
    std::deque<watched_entry> taken;
    {
      const std::lock_guard lock(mutex_);
      taken.swap(entries_);
    }
    return {std::make_move_iterator(taken.begin()), std::make_move_iterator(taken.end())};
  }
  std::uint64_t dropped() const {
    const std::lock_guard lock(mutex_);
    return dropped_;
  }

private:
  mutable std::mutex mutex_;
  std::deque<watched_entry> entries_;
  std::uint64_t dropped_ = 0;
};

} // namespace sentio
