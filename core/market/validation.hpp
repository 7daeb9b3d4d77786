// What makes a bar acceptable: alone, and after the bars of its symbol that came before.
#pragma once

#include "core/market/bar.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace sentio {

/// Why a bar or its text is refused. The first three come only from readers of text.
enum class bar_defect : std::uint8_t {
  none,
  wrong_field_count,   ///< a row with more or fewer fields than the header
  malformed_timestamp, ///< not epoch seconds or milliseconds, nor ISO-8601 with an offset
  malformed_number,    ///< a price or volume that is not a decimal number
  not_finite,          ///< NaN, infinity, or beyond any market: a price above 1e9 or a volume above 1e15
  price_not_positive,  ///< a price of zero or less, or below 0.0001, the smallest tick
  inconsistent_range,  ///< not low <= open, close <= high
  negative_volume,     ///< volume below zero
  not_on_a_minute,     ///< a label that is not a whole minute
};
inline constexpr std::size_t bar_defect_count = 9;

/// "price not positive", ...; "none" for none.
std::string_view to_string(bar_defect defect);

/// The first defect of a bar by itself: finite and 0.0001 <= prices <= 1e9, so that a price in micro-dollars is never
/// 0 and always fits; low <= open, close <= high,
/// volume >= 0, label on a whole minute (strategy, section 1). A large move is not a defect.
bar_defect check_bar(const bar& b);

/// Prices that differ by less than this fraction are one price: adjusted prices differ in their last bits.
inline constexpr double price_tolerance = 1e-9;

/// Where open or close lie outside [low, high] by no more than the tolerance, low and high become the
/// extremes of the four; then check_bar. Every reader of bars calls this and not check_bar.
bar_defect admit_bar(bar& b);

/// Refusals by reason.
class defect_counts {
public:
  void add(bar_defect defect) { ++counts_[static_cast<std::size_t>(defect)]; }
  std::uint64_t of(bar_defect defect) const { return counts_[static_cast<std::size_t>(defect)]; }
  std::uint64_t total() const;

private:
  std::array<std::uint64_t, bar_defect_count> counts_{};
};

/// Finds bars that say "nothing was traded in this minute", as vendors fill the minutes of a halt. They have
/// volume 0, and one price, which is the close of the row before, or they repeat that row's four prices.
/// The first row of a session with volume 0 and one price is such a bar at any price: it has no row before it
/// in its session, the close of the day before may be on another basis (splits, dividends), and a price that
/// was filled in backwards comes from the future.
/// A bar of volume 0 whose price moves is not one: some sources have prices and no volumes.
class idle_minutes {
public:
  /// For the bars of one symbol in ascending order, idle ones included. `session_open` is that of b's
  /// session.
  bool is_idle(const bar& b, time_ms session_open);

private:
  bar last_;
};

enum class bar_arrival : std::uint8_t {
  accepted,     ///< newer than everything before
  duplicate,    ///< a label seen before, equal values: dropped
  revision,     ///< a label seen before, other values: kept for reports, never learned from
  idle,         ///< without trades (idle_minutes): as if it were not there
  out_of_order, ///< an older label than the last one; a caller that sorts its bars never sees it
};

std::string_view to_string(bar_arrival arrival);

struct sequence_counts {
  std::uint64_t accepted = 0;
  std::uint64_t duplicates = 0;
  std::uint64_t revisions = 0;
  std::uint64_t idle = 0;
  std::uint64_t out_of_order = 0;
  std::uint64_t flagged_moves = 0; ///< accepted bars with a move of at least the flag's size
};

/// Places each valid bar of one symbol against the last accepted one. Only accepted bars
/// change the state. Real one-minute moves of 5 to 16 % exist (April 2025), so a large move is
/// counted and never refused.
class bar_sequence {
public:
  /// A move is flagged when it reaches this fraction, from open to close, or from the last close
  /// if that is at most five minutes old (an overnight gap is no one-minute move). > 0.
  explicit bar_sequence(double flagged_move = 0.05) : flagged_move_(flagged_move) {}

  /// `session_open` is that of b's session: see idle_minutes.
  bar_arrival offer(const bar& b, time_ms session_open);
  const std::optional<bar>& last() const { return last_; }
  const sequence_counts& counts() const { return counts_; }

private:
  bool moves_far(const bar& b) const;

  double flagged_move_;
  std::optional<bar> last_;
  idle_minutes idle_;
  sequence_counts counts_;
};

} // namespace sentio
