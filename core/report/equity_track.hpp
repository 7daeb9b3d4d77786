// The positions log folded: drawdown by the minute, exposure, and a thinned equity curve for the picture.
// The level is 1 at the start of the run and compounds session returns, so that runs whose sessions each
// start with the same capital draw the same kind of curve as runs that carry their equity on.
#pragma once

#include "core/journal/log_reader.hpp"

#include <cstdint>
#include <vector>

namespace sentio {

struct curve_point {
  double x = 0;        ///< sessions since the start: 2.5 = the middle of the third
  double level = 1;    ///< equity as a multiple of the start
  double drawdown = 0; ///< from the highest level so far, fraction
};

struct session_track {
  double max_drawdown = 0;   ///< within the session, from its highest level
  double exposure = 0;       ///< mean of market value / equity
  double time_in_market = 0; ///< share of rounds with a position
  std::uint64_t rounds = 0;
};

class equity_track {
public:
  /// points_per_session: how many points of each session the curve keeps, at least 1.
  explicit equity_track(std::size_t points_per_session) : points_(points_per_session) {}

  void begin_session(money opening_equity, std::size_t expected_rounds);
  void take(const position_row& row);
  session_track end_session(money closing_equity);

  double max_drawdown() const { return worst_; }
  const std::vector<curve_point>& curve() const { return curve_; }

private:
  void observe(double level);

  std::size_t points_;
  std::vector<curve_point> curve_{curve_point{}};
  double base_ = 1;    // level at the session's start
  double opening_ = 1; // dollars
  double peak_ = 1;
  double worst_ = 0;
  double session_peak_ = 1;
  double drawdown_ = 0;
  std::size_t expected_ = 1;
  std::size_t sessions_ = 0;
  std::size_t kept_ = 0;
  double exposure_sum_ = 0;
  std::uint64_t invested_ = 0;
  session_track track_;
};

} // namespace sentio
