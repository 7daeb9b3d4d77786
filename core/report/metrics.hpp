// Every figure of the report (strategy, section 7). Fractions unless a name says otherwise: 0.01 is 1 %.
#pragma once

#include "core/journal/run_file.hpp"
#include "core/report/equity_track.hpp"
#include "core/report/forecast_quality.hpp"
#include "core/report/round_trips.hpp"
#include "core/report/statistics.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace sentio {

/// One session.
struct day_metrics {
  civil_date date;
  bool half_day = false;
  money opening_equity;
  money closing_equity;
  money cost;
  money traded_value;            ///< both sides
  std::uint64_t round_trips = 0; ///< ended in it
  std::uint64_t wins = 0;
  std::uint64_t rotations = 0;
  /// A latch let it trade nothing at all: its return of zero says nothing about the strategy.
  bool latched_out = false;
  session_track track;
  session_quality quality;

  double daily_return() const { return to_dollars(closing_equity) / to_dollars(opening_equity) - 1; }
  money net() const { return closing_equity - opening_equity; }
  money gross() const { return net() + cost; }
};

/// Averages over round trips.
struct trip_metrics {
  std::uint64_t count = 0;
  std::uint64_t wins = 0; ///< pnl > 0
  money pnl;
  money cost;
  std::optional<double> win_rate;
  std::optional<double> profit_factor; ///< gains / losses; empty without a loss
  std::optional<double> average_win;   ///< dollars
  std::optional<double> average_loss;  ///< dollars, negative
  std::optional<double> average_return;
  std::optional<double> average_hold_bars;
};
trip_metrics trip_metrics_of(std::span<const closed_trip* const> trips);

/// Means, ratios and rates per day are over the sessions that could trade: those without latched_out.
struct run_metrics {
  std::size_t sessions = 0;    ///< all of them
  std::size_t latched_out = 0; ///< among them those in which a latch let nothing be traded
  double mrd = 0;              ///< mean of the sessions' returns, half days included
  std::optional<interval> mrd_interval;
  std::optional<double> mrd_t;
  std::optional<double> annualised_return; ///< like the ratios below: empty with fewer than three sessions
  double total_return = 0;                 ///< compounded over sessions
  money gross;
  money cost;
  money spread_cost;
  money fees;
  money net;
  trip_metrics trips;
  double trips_per_day = 0;
  std::uint64_t fills = 0;
  std::uint64_t rotations = 0;
  std::uint64_t no_print = 0; ///< fills at a last close because no bar followed
  double turnover = 0;        ///< traded value, both sides, over equity, per session
  double exposure = 0;
  double time_in_market = 0;
  double max_drawdown_intraday = 0;
  double max_drawdown_daily = 0;
  std::optional<sharpe_ratio> sharpe;
  std::optional<double> sortino;
  std::optional<double> calmar; ///< annualised return / intraday drawdown
};

/// Days in order, with their round trips already counted; equity: level of the run from equity_track.
run_metrics run_metrics_of(std::span<const day_metrics> days, std::span<const closed_trip> trips,
                           double max_drawdown_intraday, std::uint32_t trials);

/// Holding times in classes for a picture: up to 5, 10, 20, 30, 60, 120, 240 bars and beyond.
struct hold_class {
  std::string label;
  std::uint64_t trips = 0;
  money pnl;
};
std::vector<hold_class> holding_times(std::span<const closed_trip> trips);

} // namespace sentio
