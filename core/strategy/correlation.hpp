// One-minute returns of all symbols on a common minute grid, and the correlation of two of them on demand.
#pragma once

#include "core/strategy/ranking.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace sentio {

/// A return exists in a minute when the symbol has fresh bars in it and in the minute before: no return spans
/// a hole or a night. Kept for the last `capacity` rounds, across sessions.
class return_grid {
public:
  static constexpr std::size_t capacity = 512;

  explicit return_grid(std::size_t symbols);

  /// Adds the round's column. Rounds ascend in time.
  void observe(const ranked_round& round);
  /// Pearson correlation over the last `window` minutes in which both have a return, looking back at most
  /// 4 * window rounds. Empty with fewer than `minimum` of them, or when one of the two never moved.
  std::optional<double> correlation(symbol_index a, symbol_index b, std::size_t window,
                                    std::size_t minimum) const;

private:
  struct last_bar {
    time_ms label = 0;
    double close = 0;
  };
  std::size_t symbols_;
  std::size_t columns_ = 0;     // observed so far
  std::vector<double> returns_; // column after column; NaN where there is no return
  std::vector<last_bar> last_;
};

} // namespace sentio
