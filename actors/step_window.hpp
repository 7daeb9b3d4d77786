// What the journal is told, for whoever watches a run from outside of the graph: bounded, and nothing comes
// back.
#pragma once

#include "messages/messages.hpp"

#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
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

/// Thread-safe. Whoever looks too rarely finds the newest entries only; the writer never waits. A day's
/// beginning stays until it is taken, for without it nobody would know whose steps these are; and it takes
/// the place of everything before it, for a watcher forgets a day when another begins.
class step_window {
public:
  static constexpr std::size_t limit = 4'096;

  void put(watched_entry entry) {
    std::deque<watched_entry> superseded; // destroyed after the lock is given up
    const std::lock_guard lock(mutex_);
    if (const auto* day = std::get_if<watched_day>(&entry); day && day->hours.date != date_) {
      date_ = day->hours.date;
      superseded.swap(entries_);
      superseded_ += superseded.size();
    } else if (entries_.size() == limit) {
      entries_.erase(entries_.begin() + (std::holds_alternative<watched_day>(entries_.front()) ? 1 : 0));
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
  /// Entries of a running day for which there was no room.
  std::uint64_t dropped() const {
    const std::lock_guard lock(mutex_);
    return dropped_;
  }
  /// Entries of a day that was over before anybody looked.
  std::uint64_t superseded() const {
    const std::lock_guard lock(mutex_);
    return superseded_;
  }

private:
  mutable std::mutex mutex_;
  std::deque<watched_entry> entries_;
  std::optional<civil_date> date_;
  std::uint64_t dropped_ = 0;
  std::uint64_t superseded_ = 0;
};

} // namespace sentio
