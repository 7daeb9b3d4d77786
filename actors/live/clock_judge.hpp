// Whether to go by what the venue says about the time: a value without clocks. One answer of /v2/clock may be
// wrong by hours, and whoever went by it would end a session, or never close it.
#pragma once

#include "core/market/bar.hpp"

#include <cstdint>

namespace sentio {

/// One answer, beside our own clocks. All in ms of real time.
struct clock_sample {
  std::int64_t off = 0;       ///< the venue's clock minus ours: positive when we are behind
  std::int64_t read_at = 0;   ///< on the steady clock
  std::int64_t wall_lead = 0; ///< the machine's wall clock minus its steady clock, from any origin
};

class clock_judge {
public:
  /// Up to this a sample is an ordinary error, and one is enough.
  static constexpr std::int64_t ordinary_ms = 2'000;
  /// So many samples in a row must name the same step, over at least so long.
  static constexpr int least_samples = 3;
  static constexpr std::int64_t least_span_ms = 4'000;
  /// Further than this the venue is only believed when the machine's wall clock made the same step, as after
  /// the machine was suspended, during which its steady clock stands still.
  static constexpr std::int64_t farthest_ms = 10'000;
  /// So soon the time is to be asked for again while it is in doubt.
  static constexpr std::int64_t retry_ms = 2'000;

  /// True: go by this sample from now on. False: it may be wrong, keep to our own clock.
  bool believes(const clock_sample& sample);
  /// The last sample was too far off to be believed alone, and the next one has not said that all is well.
  bool in_doubt() const { return in_doubt_; }

private:
  bool has_wall_ = false;
  std::int64_t wall_ = 0;       ///< wall_lead that is accounted for
  std::int64_t claimed_ = 0;    ///< off of the samples that agree
  std::int64_t claimed_at_ = 0; ///< read_at of the first of them
  int agreeing_ = 0;
  bool in_doubt_ = false;
};

} // namespace sentio
