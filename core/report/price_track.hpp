// Closing prices of every symbol, thinned for the whole period and by the minute for the last session.
#pragma once

#include "core/strategy/ranking.hpp"

#include <span>
#include <vector>

namespace sentio {

struct price_point {
  double x = 0; ///< sessions since the start; of the last session: minutes since its open
  double price = 0;
};

class price_track {
public:
  price_track(std::size_t symbols, std::size_t points_per_session)
      : points_(points_per_session), whole_(symbols), last_(symbols) {}

  /// Minutes: length of the session.
  void take(std::span<const ranked_round> rounds, time_ms open, int minutes);

  const std::vector<price_point>& whole(symbol_index symbol) const { return whole_[symbol]; }
  const std::vector<price_point>& last_session(symbol_index symbol) const { return last_[symbol]; }

private:
  std::size_t points_;
  std::size_t sessions_ = 0;
  std::vector<std::vector<price_point>> whole_;
  std::vector<std::vector<price_point>> last_;
};

} // namespace sentio
