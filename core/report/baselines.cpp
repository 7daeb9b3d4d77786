#include "core/report/baselines.hpp"

#include "core/account/fees.hpp"

#include <algorithm>

namespace sentio {

namespace {

time_ms minute_of(time_ms at) {
  return at - at % minute_ms;
}

std::vector<bar>::const_iterator first_from(const std::vector<bar>& bars, time_ms label) {
  return std::lower_bound(bars.begin(), bars.end(), label,
                          [](const bar& b, time_ms at) { return b.label < at; });
}

} // namespace

baseline_runner::baseline_runner(std::vector<instrument> instruments, const cost_parameters& costs)
    : instruments_(std::move(instruments)), costs_(costs), draw_sums_(random_draws, 0) {
  for (std::size_t draw = 0; draw < random_draws; ++draw)
    draws_.emplace_back(random_pick_seed + 1'000'003 * draw);
}

std::optional<baseline_runner::window_return> baseline_runner::return_of(const session_hours& hours,
                                                                         const session_bars& bars,
                                                                         symbol_index symbol,
                                                                         const closed_trip& window) const {
  const std::vector<bar>& own = bars[symbol];
  if (own.empty())
    return std::nullopt;
  const bool next_open = costs_.fill == fill_model::next_open;
  const auto price_at = [&](time_ms at) -> std::optional<double> {
    const auto next = first_from(own, minute_of(at));
    if (next_open && next != own.end())
      return next->open;
    if (next == own.begin())
      return std::nullopt;
    return std::prev(next)->close;
  };
  const time_ms latency = next_open ? costs_.latency_ms : 0;
  const time_ms entry_at = std::max(hours.open, window.entry_at - latency);
  if (next_open && first_from(own, minute_of(entry_at)) == own.end())
    return std::nullopt; // a purchase never fills at a close
  const auto entry = price_at(entry_at);
  const auto exit = price_at(std::min(hours.close, window.exit_at - latency));
  if (!entry || !exit)
    return std::nullopt;
  const money buy = from_dollars(*entry);
  const money sell = from_dollars(*exit);
  const std::int64_t shares = std::max<std::int64_t>(1, window.entry_value.micros / buy.micros);
  const instrument& what = instruments_[symbol];
  const money cost = execution_costs(order_side::buy, shares, buy, what, hours.date, costs_).total() +
                     execution_costs(order_side::sell, shares, sell, what, hours.date, costs_).total();
  const double value = to_dollars(buy * shares);
  const double gross = to_dollars((sell - buy) * shares) / value;
  return window_return{gross, gross - to_dollars(cost) / value};
}

void baseline_runner::take_session(const session_hours& hours, const session_bars& bars,
                                   std::span<const closed_trip* const> trips, money opening_equity) {
  const double equity = to_dollars(opening_equity);
  double equal_hold = 0;
  std::vector<double> drawn(random_draws, 0);
  std::vector<double> nets;
  for (const closed_trip* window : trips) {
    nets.clear();
    double gross_sum = 0;
    double net_sum = 0;
    for (std::size_t s = 0; s < instruments_.size(); ++s)
      if (const auto found = return_of(hours, bars, static_cast<symbol_index>(s), *window)) {
        gross_sum += found->gross;
        net_sum += found->net;
        nets.push_back(found->net);
      }
    if (nets.empty())
      continue;
    const auto count = static_cast<double>(nets.size());
    const double invested = to_dollars(window->entry_value);
    equal_hold += invested * net_sum / count;
    const double own = to_dollars(window->exit_value - window->entry_value) / invested;
    result_.excess_bp.push_back((own - gross_sum / count) * 1e4);
    for (std::size_t draw = 0; draw < random_draws; ++draw)
      drawn[draw] += invested * nets[draws_[draw].below(nets.size())];
    ++result_.windows;
  }
  result_.equal_hold_returns.push_back(equal_hold / equity);
  for (std::size_t draw = 0; draw < random_draws; ++draw)
    draw_sums_[draw] += drawn[draw] / equity;
}

baseline_result baseline_runner::finish() {
  const std::size_t sessions = result_.equal_hold_returns.size();
  if (sessions > 0 && result_.windows > 0) {
    for (const double sum : draw_sums_)
      result_.random_mrd.push_back(sum / static_cast<double>(sessions));
    std::sort(result_.random_mrd.begin(), result_.random_mrd.end());
  }
  return std::move(result_);
}

} // namespace sentio
