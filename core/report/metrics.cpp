#include "core/report/metrics.hpp"

#include <array>

namespace sentio {

namespace {
constexpr std::uint64_t bootstrap_seed = 252;
}

trip_metrics trip_metrics_of(std::span<const closed_trip* const> trips) {
  trip_metrics sum;
  money gains;
  money losses;
  std::uint64_t lost = 0;
  double returns = 0;
  double bars = 0;
  for (const closed_trip* trip : trips) {
    ++sum.count;
    sum.pnl += trip->pnl;
    sum.cost += trip->cost();
    returns += trip->return_pct;
    bars += trip->bars_held;
    if (trip->pnl.micros > 0) {
      ++sum.wins;
      gains += trip->pnl;
    } else if (trip->pnl.micros < 0) {
      ++lost;
      losses += trip->pnl;
    }
  }
  if (sum.count == 0)
    return sum;
  const auto count = static_cast<double>(sum.count);
  sum.win_rate = static_cast<double>(sum.wins) / count;
  sum.average_return = returns / count;
  sum.average_hold_bars = bars / count;
  if (lost > 0) {
    sum.profit_factor = to_dollars(gains) / -to_dollars(losses);
    sum.average_loss = to_dollars(losses) / static_cast<double>(lost);
  }
  if (sum.wins > 0)
    sum.average_win = to_dollars(gains) / static_cast<double>(sum.wins);
  return sum;
}

run_metrics run_metrics_of(std::span<const day_metrics> days, std::span<const closed_trip> trips,
                           double max_drawdown_intraday, std::uint32_t trials) {
  run_metrics run;
  run.sessions = days.size();
  std::vector<double> returns;
  std::vector<double> levels;
  double level = 1;
  double rounds = 0;
  for (const day_metrics& day : days) {
    level *= 1 + day.daily_return();
    levels.push_back(level);
    if (day.latched_out) {
      ++run.latched_out;
      continue;
    }
    returns.push_back(day.daily_return());
    run.net += day.net();
    run.cost += day.cost;
    run.gross += day.gross();
    run.rotations += day.rotations;
    run.turnover += to_dollars(day.traded_value) / to_dollars(day.opening_equity);
    const auto weight = static_cast<double>(day.track.rounds);
    run.exposure += day.track.exposure * weight;
    run.time_in_market += day.track.time_in_market * weight;
    rounds += weight;
  }
  if (rounds > 0) {
    run.exposure /= rounds;
    run.time_in_market /= rounds;
  }
  std::vector<const closed_trip*> all;
  for (const closed_trip& trip : trips)
    all.push_back(&trip);
  run.trips = trip_metrics_of(all);
  run.mrd = mean(returns);
  run.mrd_interval = bootstrap_mean_interval(returns, bootstrap_seed);
  run.mrd_t = t_statistic(returns);
  // A year made of one or two days is a number without a meaning.
  if (returns.size() >= least_returns)
    run.annualised_return = annualised(run.mrd);
  run.total_return = level - 1;
  run.max_drawdown_intraday = max_drawdown_intraday;
  run.max_drawdown_daily = max_drawdown(1, levels);
  run.sharpe = sharpe(returns, trials);
  run.sortino = sortino(returns);
  if (run.annualised_return && max_drawdown_intraday > 0)
    run.calmar = *run.annualised_return / max_drawdown_intraday;
  if (!returns.empty()) {
    const auto count = static_cast<double>(returns.size());
    run.turnover /= count;
    run.trips_per_day = static_cast<double>(run.trips.count) / count;
  }
  return run;
}

std::vector<hold_class> holding_times(std::span<const closed_trip> trips) {
  static constexpr std::array<std::int32_t, 7> limits{5, 10, 20, 30, 60, 120, 240};
  std::vector<hold_class> classes;
  std::int32_t from = 0;
  for (const std::int32_t limit : limits) {
    classes.push_back({std::to_string(from) + "-" + std::to_string(limit), 0, {}});
    from = limit + 1;
  }
  classes.push_back({"> 240", 0, {}});
  for (const closed_trip& trip : trips) {
    std::size_t at = 0;
    while (at < limits.size() && trip.bars_held > limits[at])
      ++at;
    ++classes[at].trips;
    classes[at].pnl += trip.pnl;
  }
  return classes;
}

} // namespace sentio
