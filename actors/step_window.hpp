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

/// Thread-safe. Whoever looks too rarely finds the newest entries of a day only; the writer never waits. A
/// day's beginning stays until it is taken, for without it nobody would know whose steps these are. When a
/// day ends that nobody has looked at yet, days pass faster than anybody looks: it is kept, whole, and
/// nothing of the following ones until it was taken, because keeping every step would cost a replay its
/// speed.
class step_window {
public:
  static constexpr std::size_t limit = 4'096;

  /// The run's last day is kept in any case.
  void expect_last(civil_date date) {
    const std::lock_guard lock(mutex_);
    last_ = date;
  }
  void put(watched_entry entry) {
    std::deque<watched_entry> superseded; // destroyed after the lock is given up
    const std::lock_guard lock(mutex_);
    if (const auto* day = std::get_if<watched_day>(&entry); day && day->hours.date != date_) {
      date_ = day->hours.date;
      keeping_ = taken_ || entries_.empty() || date_ == last_;
      taken_ = false;
      if (keeping_) {
        superseded.swap(entries_);
        superseded_ += superseded.size();
      }
    } else if (keeping_ && entries_.size() == limit) {
      entries_.erase(entries_.begin() + (std::holds_alternative<watched_day>(entries_.front()) ? 1 : 0));
      ++dropped_;
    }
    if (keeping_)
      entries_.push_back(std::move(entry));
    else
      ++superseded_;
  }
  std::vector<watched_entry> take() {
    std::deque<watched_entry> taken;
    {
      const std::lock_guard lock(mutex_);
      taken.swap(entries_);
      taken_ = keeping_;
    }
    return {std::make_move_iterator(taken.begin()), std::make_move_iterator(taken.end())};
  }
  /// Entries of a running day for which there was no room.
  std::uint64_t dropped() const {
    const std::lock_guard lock(mutex_);
    return dropped_;
  }
  /// Entries of days that nobody will see, because they passed too fast.
  std::uint64_t superseded() const {
    const std::lock_guard lock(mutex_);
    return superseded_;
  }

private:
  mutable std::mutex mutex_;
  std::deque<watched_entry> entries_;
  std::optional<civil_date> date_; ///< of the running day
  std::optional<civil_date> last_;
  bool keeping_ = true; ///< the running day
  bool taken_ = false;  ///< something of the running day was taken
  std::uint64_t dropped_ = 0;
  std::uint64_t superseded_ = 0;
};

} // namespace sentio
