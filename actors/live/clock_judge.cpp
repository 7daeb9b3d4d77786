#include "actors/live/clock_judge.hpp"

#include <cstdlib>

namespace sentio {

namespace {

constexpr std::int64_t agreement_ms =
    1'000; ///< between samples of one step: their ways there and back differ

} // namespace

bool clock_judge::believes(const clock_sample& sample) {
  if (!has_wall_) {
    has_wall_ = true;
    wall_ = sample.wall_lead;
  }
  if (std::abs(sample.off) < ordinary_ms) {
    in_doubt_ = false;
    agreeing_ = 0;
    wall_ = sample.wall_lead;
    return true;
  }
  in_doubt_ = true;
  if (agreeing_ == 0 || std::abs(sample.off - claimed_) > agreement_ms) {
    agreeing_ = 0;
    claimed_ = sample.off;
    claimed_at_ = sample.read_at;
  }
  ++agreeing_;
  if (agreeing_ < least_samples || sample.read_at - claimed_at_ < least_span_ms)
    return false;
  const bool wall_agrees = std::abs(sample.off - (sample.wall_lead - wall_)) < ordinary_ms;
  if (std::abs(sample.off) > farthest_ms && !wall_agrees)
    return false;
  agreeing_ = 0;
  wall_ = sample.wall_lead;
  return true;
}

} // namespace sentio
