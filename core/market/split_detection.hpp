// Splits that a file of bars does not adjust for: jumps over night that no market makes.
#pragma once

#include "core/market/calendar.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sentio {

/// A jump from one session's last close to the next one's first open that is near a split's ratio.
struct overnight_jump {
  civil_date before;  ///< the session of the close
  civil_date after;   ///< the session of the open
  double ratio = 1;   ///< open / close
  int new_shares = 1; ///< of the split it looks like, `new_shares` for `old_shares`: 2:1 halves the price
  int old_shares = 1;
  /// The jump back, when there is one within 20 sessions: then the days between are on another scale, and no
  /// split happened.
  std::optional<civil_date> undone;

  /// The ratio of an exact split: old_shares / new_shares.
  double exact() const { return static_cast<double>(old_shares) / new_shares; }
  friend bool operator==(const overnight_jump&, const overnight_jump&) = default;
};

/// How far a jump may lie from the exact ratio of a split, as a ratio: the night's own move comes on top of
/// the split, and 5 % is a usual night of a leveraged fund. For 3:2 only 3 % are allowed, because a market
/// makes moves by a third by itself; a split by 3:2 in a wilder night is missed.
inline constexpr double split_tolerance = 1.05;
inline constexpr double three_for_two_tolerance = 1.03;

/// Finds jumps near n:1 or 1:n (n = 2, 3, 4, 5, 8, 10, 20) and 3:2 or 2:3 among the sessions of one symbol.
class split_detector {
public:
  /// Sessions in ascending order. Prices > 0. Nights that are longer than a week are no nights: between them
  /// a price may have gone anywhere.
  void offer(civil_date date, double first_open, double last_close);
  /// All jumps so far, in their order; of two that undo each other only the first, with `undone`.
  std::vector<overnight_jump> jumps() const;

private:
  struct seen_jump {
    overnight_jump jump;
    std::size_t session = 0; ///< how many came before
  };
  std::optional<civil_date> last_date_;
  double last_close_ = 0;
  std::size_t sessions_ = 0;
  std::vector<seen_jump> seen_;
};

/// "TQQQ: a probable 2-for-1 split between 2025-06-09 and 2025-06-10 (the open is 0.502 of the close before)
/// ...; what to do".
std::string split_sentence(std::string_view symbol, const overnight_jump& jump);

} // namespace sentio
