#include "core/report/equity_track.hpp"

#include <algorithm>

namespace sentio {

void equity_track::begin_session(money opening_equity, std::size_t expected_rounds) {
  opening_ = to_dollars(opening_equity);
  expected_ = std::max<std::size_t>(1, expected_rounds);
  session_peak_ = base_;
  kept_ = 0;
  exposure_sum_ = 0;
  invested_ = 0;
  track_ = {};
}

void equity_track::observe(double level) {
  peak_ = std::max(peak_, level);
  session_peak_ = std::max(session_peak_, level);
  drawdown_ = 1 - level / peak_;
  worst_ = std::max(worst_, drawdown_);
  track_.max_drawdown = std::max(track_.max_drawdown, 1 - level / session_peak_);
}

void equity_track::take(const position_row& row) {
  const double level = base_ * to_dollars(row.equity) / opening_;
  observe(level);
  money market;
  for (const position_row::item& held : row.positions)
    market += held.mark * held.shares;
  exposure_sum_ += to_dollars(market) / to_dollars(row.equity);
  invested_ += row.positions.empty() ? 0U : 1U;
  ++track_.rounds;
  // The last point of a session is its close, added when it ends.
  if (track_.rounds * points_ >= (kept_ + 1) * expected_ && kept_ + 1 < points_) {
    const double share = static_cast<double>(track_.rounds) / static_cast<double>(expected_);
    curve_.push_back({static_cast<double>(sessions_) + std::min(share, 1.0), level, drawdown_});
    ++kept_;
  }
}

session_track equity_track::end_session(money closing_equity) {
  base_ *= to_dollars(closing_equity) / opening_;
  observe(base_);
  ++sessions_;
  curve_.push_back({static_cast<double>(sessions_), base_, drawdown_});
  if (track_.rounds > 0) {
    track_.exposure = exposure_sum_ / static_cast<double>(track_.rounds);
    track_.time_in_market = static_cast<double>(invested_) / static_cast<double>(track_.rounds);
  }
  return track_;
}

} // namespace sentio
