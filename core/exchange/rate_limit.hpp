// A token bucket over venue time: so many requests a minute, all of them at once if need be (spec section 2).
#pragma once

#include "core/market/bar.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace sentio::venue {

class rate_limit {
public:
  explicit rate_limit(int per_minute) : per_minute_(per_minute), left_(per_minute * minute_ms) {}

  /// Uses up one request; false when none is left.
  bool take(time_ms now) {
    if (per_minute_ <= 0)
      return true;
    const time_ms passed = std::clamp<time_ms>(now - last_, 0, minute_ms);
    last_ = std::max(last_, now);
    left_ = std::min(left_ + passed * per_minute_, per_minute_ * minute_ms);
    if (left_ < minute_ms)
      return false;
    left_ -= minute_ms;
    return true;
  }

  /// X-Ratelimit-Limit, -Remaining and -Reset (Unix seconds at which the bucket is full again).
  std::vector<std::pair<std::string, std::string>> headers(time_ms now) const {
    if (per_minute_ <= 0)
      return {};
    const time_ms missing = (per_minute_ * minute_ms - left_) / per_minute_;
    return {{"X-Ratelimit-Limit", std::to_string(per_minute_)},
            {"X-Ratelimit-Remaining", std::to_string(left_ / minute_ms)},
            {"X-Ratelimit-Reset", std::to_string((now + missing + 999) / 1'000)}};
  }

private:
  std::int64_t per_minute_;
  std::int64_t left_; ///< requests times 60,000, so that a millisecond adds a whole number
  time_ms last_ = 0;
};

} // namespace sentio::venue
