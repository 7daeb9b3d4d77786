#include "core/market/validation.hpp"

#include <cmath>
#include <numeric>

namespace sentio {

std::string_view to_string(bar_defect defect) {
  switch (defect) {
  case bar_defect::none:
    return "none";
  case bar_defect::wrong_field_count:
    return "wrong field count";
  case bar_defect::malformed_timestamp:
    return "malformed timestamp";
  case bar_defect::malformed_number:
    return "malformed number";
  case bar_defect::not_finite:
    return "not finite";
  case bar_defect::price_not_positive:
    return "price not positive";
  case bar_defect::inconsistent_range:
    return "inconsistent range";
  case bar_defect::negative_volume:
    return "negative volume";
  case bar_defect::not_on_a_minute:
    return "not on a minute";
  }
  return "unknown";
}

std::string_view to_string(bar_arrival arrival) {
  switch (arrival) {
  case bar_arrival::accepted:
    return "accepted";
  case bar_arrival::duplicate:
    return "duplicate";
  case bar_arrival::revision:
    return "revision";
  }
  return "unknown";
}

bar_defect check_bar(const bar& b) {
  if (!std::isfinite(b.open) || !std::isfinite(b.high) || !std::isfinite(b.low) || !std::isfinite(b.close) ||
      !std::isfinite(b.volume))
    return bar_defect::not_finite;
  if (b.open <= 0 || b.high <= 0 || b.low <= 0 || b.close <= 0)
    return bar_defect::price_not_positive;
  if (b.low > b.open || b.low > b.close || b.open > b.high || b.close > b.high)
    return bar_defect::inconsistent_range;
  if (b.volume < 0)
    return bar_defect::negative_volume;
  if (b.label % minute_ms != 0)
    return bar_defect::not_on_a_minute;
  return bar_defect::none;
}

std::uint64_t defect_counts::total() const {
  return std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0});
}

bool bar_sequence::moves_far(const bar& b) const {
  if (std::fabs(b.close / b.open - 1) >= flagged_move_)
    return true;
  return last_ && b.label - last_->label <= 5 * minute_ms &&
         std::fabs(b.close / last_->close - 1) >= flagged_move_;
}

bar_arrival bar_sequence::offer(const bar& b) {
  if (last_ && b.label <= last_->label) {
    if (b == *last_) {
      ++counts_.duplicates;
      return bar_arrival::duplicate;
    }
    ++counts_.revisions;
    counts_.out_of_order += b.label < last_->label ? 1u : 0u;
    return bar_arrival::revision;
  }
  ++counts_.accepted;
  counts_.flagged_moves += moves_far(b) ? 1u : 0u;
  last_ = b;
  return bar_arrival::accepted;
}

} // namespace sentio
