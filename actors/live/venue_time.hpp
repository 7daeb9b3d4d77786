// Venue time: what every trading timer and timestamp of the live runtime goes by. An affine map of the steady
// clock, corrected by what the venue says its time is. Transport timers never use it.
#pragma once

#include "core/market/bar.hpp"

#include <chrono>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>

namespace sentio {

class venue_time {
public:
  using steady = std::chrono::steady_clock;

  using steady_source = std::function<steady::time_point()>;

  /// The venue's time was `at` at the steady instant `then` and runs `speed` times as fast as ours. The
  /// machine's steady clock is read from `source`; it must be thread-safe. Throws std::invalid_argument
  /// unless 0 < speed <= 100'000.
  venue_time(double speed, time_ms at, steady::time_point then, steady_source source = steady::now)
      : source_(std::move(source)), speed_(speed), at_(static_cast<double>(at)), then_(then) {
    if (!(speed > 0 && speed <= 100'000))
      throw std::invalid_argument("the venue's clock cannot run " + std::to_string(speed) +
                                  " times as fast as ours");
  }

  double speed() const { return speed_; }
  time_ms now() const { return at(steady_now()); }
  /// The machine's steady clock, or what a simulation has in its place.
  steady::time_point steady_now() const { return source_(); }
  time_ms at(steady::time_point instant) const {
    const std::lock_guard lock(mutex_);
    return static_cast<time_ms>(at_ +
                                speed_ * std::chrono::duration<double, std::milli>(instant - then_).count());
  }
  /// Real time from now to a venue instant; 0 when it is past.
  std::chrono::nanoseconds until(time_ms instant) const {
    const double wait_ms = static_cast<double>(instant - now()) / speed_;
    return std::chrono::nanoseconds(wait_ms > 0 ? static_cast<std::int64_t>(wait_ms * 1e6) : 0);
  }
  /// Real length of a span of venue time.
  std::chrono::nanoseconds real(time_ms span) const {
    return std::chrono::nanoseconds(static_cast<std::int64_t>(static_cast<double>(span) / speed_ * 1e6));
  }
  /// The venue's clock said `venue` at the steady instant `then`. Returns by how much we were off, in ms of
  /// venue time (positive: we were behind), and goes by the venue from now on.
  time_ms correct(time_ms venue, steady::time_point then) {
    const time_ms residual = venue - at(then);
    const std::lock_guard lock(mutex_);
    at_ += static_cast<double>(residual);
    return residual;
  }

private:
  mutable std::mutex mutex_;
  const steady_source source_;
  const double speed_;
  double at_;
  const steady::time_point then_;
};

} // namespace sentio
