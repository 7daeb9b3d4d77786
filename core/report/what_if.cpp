#include "core/report/what_if.hpp"

#include "core/report/session_replay.hpp"

namespace sentio {

struct what_if_runner::variant {
  what_if_result result;
  std::optional<portfolio> fold;
  std::optional<simulated_venue> venue;
  std::optional<trade_replay> trips;
  std::vector<double> returns;
};

what_if_runner::what_if_runner(const configuration& config, std::vector<instrument> instruments,
                               money capital, bool fresh_daily, std::span<const double> kappas)
    : config_(config), instruments_(std::move(instruments)), capital_(capital), fresh_daily_(fresh_daily) {
  for (const instrument& one : instruments_)
    names_.push_back(one.name);
  for (const double kappa : kappas) {
    variants_.push_back(std::make_unique<variant>());
    variants_.back()->result.kappa = kappa;
    begin_account(*variants_.back());
  }
}

what_if_runner::~what_if_runner() = default;

void what_if_runner::begin_account(variant& one) const {
  configuration changed = config_;
  changed.rotation.kappa = one.result.kappa;
  one.fold.emplace(changed.portfolio, make_strategy(changed), instruments_, capital_, "what-if");
  one.venue.emplace(instruments_, changed.portfolio.costs, capital_);
  if (!one.trips)
    one.trips.emplace(names_, capital_);
  else
    one.trips->restart(capital_);
}

void what_if_runner::take_session(const session_hours& hours, std::span<const ranked_round> rounds,
                                  const session_bars& bars) {
  const auto shared_bars = std::make_shared<const session_bars>(bars);
  for (auto& one : variants_) {
    if (fresh_daily_)
      begin_account(*one);
    replay_session(*one->fold, *one->venue, hours, rounds, shared_bars, [&](const portfolio_output& output) {
      for (const trade& booked : output.trades) {
        fill_record fill;
        fill.at = booked.fill.at;
        fill.symbol = booked.fill.symbol;
        fill.is_exit = booked.is_exit;
        fill.side = booked.fill.side;
        fill.shares = booked.fill.shares;
        fill.price = booked.fill.price;
        fill.spread_cost = booked.fill.spread_cost;
        fill.fees = booked.fill.fees;
        fill.pnl = booked.pnl;
        one->trips->take(fill);
      }
    });
    const session_totals totals = one->fold->totals();
    what_if_result& sum = one->result;
    const money cost = totals.spread_cost + totals.fees;
    const money net = totals.closing_equity - totals.opening_equity;
    sum.entries += totals.entries;
    sum.cost += cost;
    sum.net += net;
    sum.gross += net + cost;
    sum.cost_band_refusals += totals.refused.at(static_cast<std::size_t>(refusal::cost_band));
    if (totals.latches.empty() || totals.fills > 0)
      one->returns.push_back(to_dollars(net) / to_dollars(totals.opening_equity));
  }
}

std::vector<what_if_result> what_if_runner::finish() const {
  std::vector<what_if_result> results;
  for (const auto& one : variants_) {
    what_if_result result = one->result;
    std::uint64_t wins = 0;
    for (const closed_trip& trip : one->trips->trips())
      wins += trip.pnl.micros > 0 ? 1 : 0;
    result.round_trips = one->trips->trips().size();
    result.mrd = mean(one->returns);
    if (result.round_trips > 0)
      result.win_rate = static_cast<double>(wins) / static_cast<double>(result.round_trips);
    results.push_back(result);
  }
  return results;
}

} // namespace sentio
