#include "core/market/validation.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

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
  case bar_arrival::idle:
    return "idle";
  case bar_arrival::out_of_order:
    return "out of order";
  }
  return "unknown";
}

namespace {

// The same bounds as those of a venue's prices (account/venue_bounds.hpp).
constexpr double smallest_bar_price = 0.0001;
constexpr double largest_bar_price = 1e9;
constexpr double largest_volume = 1e15;

} // namespace

bar_defect check_bar(const bar& b) {
  if (!std::isfinite(b.open) || !std::isfinite(b.high) || !std::isfinite(b.low) || !std::isfinite(b.close) ||
      !std::isfinite(b.volume))
    return bar_defect::not_finite;
  if (b.volume > largest_volume)
    return bar_defect::not_finite;
  for (const double price : {b.open, b.high, b.low, b.close}) {
    if (price < smallest_bar_price)
      return bar_defect::price_not_positive;
    if (price > largest_bar_price)
      return bar_defect::not_finite;
  }
  if (b.low > b.open || b.low > b.close || b.open > b.high || b.close > b.high)
    return bar_defect::inconsistent_range;
  if (b.volume < 0)
    return bar_defect::negative_volume;
  if (b.label % minute_ms != 0)
    return bar_defect::not_on_a_minute;
  return bar_defect::none;
}

bar_defect admit_bar(bar& b) {
  const bar_defect defect = check_bar(b);
  if (defect != bar_defect::inconsistent_range)
    return defect;
  bar widened = b;
  widened.low = std::min({b.low, b.open, b.close});
  widened.high = std::max({b.high, b.open, b.close});
  if (b.low - widened.low > price_tolerance * b.low || widened.high - b.high > price_tolerance * widened.high)
    return defect;
  b = widened;
  return check_bar(b);
}

namespace {

bool one_price(double a, double b) {
  return std::fabs(a - b) <= price_tolerance * std::fabs(a);
}

} // namespace

bool idle_minutes::is_idle(const bar& b, time_ms session_open) {
  const bool flat = b.volume == 0 && one_price(b.low, b.high);
  if (b.label < last_.label)
    return flat;
  const bar before = std::exchange(last_, b);
  if (b.volume != 0)
    return false;
  if (before.label < session_open)
    return flat;
  return (flat && one_price(b.close, before.close)) ||
         (one_price(b.open, before.open) && one_price(b.high, before.high) && one_price(b.low, before.low) &&
          one_price(b.close, before.close));
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

bar_arrival bar_sequence::offer(const bar& b, time_ms session_open) {
  // A row without trades says nothing about its minute, whatever another row says of it.
  if (idle_.is_idle(b, session_open) && last_ != b) {
    ++counts_.idle;
    return bar_arrival::idle;
  }
  if (last_ && b.label <= last_->label) {
    if (b.label < last_->label) {
      ++counts_.out_of_order;
      return bar_arrival::out_of_order;
    }
    const bool same = b == *last_;
    ++(same ? counts_.duplicates : counts_.revisions);
    return same ? bar_arrival::duplicate : bar_arrival::revision;
  }
  ++counts_.accepted;
  counts_.flagged_moves += moves_far(b) ? 1u : 0u;
  last_ = b;
  return bar_arrival::accepted;
}

} // namespace sentio
