#include "core/report/round_trips.hpp"

#include <cstdlib>

namespace sentio {

namespace {
constexpr std::int64_t one_cent = 10'000;
}

fill_record record_of(const trade_row& row, symbol_index symbol) {
  return {row.at,
          row.decided_at,
          symbol,
          row.is_exit,
          row.side,
          row.shares,
          row.price,
          row.spread_cost,
          row.fees,
          row.kind,
          std::string(row.reason),
          row.no_print,
          row.pnl,
          row.bars_held};
}

trade_replay::trade_replay(std::span<const std::string> names, money capital)
    : names_(names), cash_(capital) {}

void trade_replay::restart(money cash) {
  cash_ = cash;
  open_.clear();
}

std::int64_t trade_replay::shares(symbol_index symbol) const {
  const auto found = open_.find(symbol);
  return found == open_.end() ? 0 : found->second.held;
}

std::string trade_replay::take(const fill_record& fill) {
  const std::string& name = names_[fill.symbol];
  open_trip& open = open_[fill.symbol];
  closed_trip& trip = open.trip;
  ++trip.fills;
  if (fill.side == order_side::buy) {
    if (open.held == 0) {
      trip.symbol = fill.symbol;
      trip.entry_at = fill.at;
      trip.entry_decided_at = fill.decided_at;
      trip.entry_reason = fill.reason;
    }
    open.held += fill.shares;
    trip.shares += fill.shares;
    trip.entry_value += fill.value();
    trip.entry_cost += fill.cost();
    cash_ = cash_ - fill.value() - fill.cost();
    return fill.is_exit ? "a purchase of " + name + " is marked as an exit" : std::string();
  }
  cash_ = cash_ + fill.value() - fill.cost();
  if (fill.shares > open.held) {
    const std::int64_t held = open.held;
    open_.erase(fill.symbol);
    return "sells " + std::to_string(fill.shares) + " " + name + ", but only " + std::to_string(held) +
           " are held";
  }
  open.held -= fill.shares;
  open.logged_pnl += fill.pnl;
  trip.exit_value += fill.value();
  trip.exit_cost += fill.cost();
  trip.no_print = trip.no_print || fill.no_print;
  if (open.held > 0)
    return {};
  trip.exit_at = fill.at;
  trip.exit_decided_at = fill.decided_at;
  trip.exit_kind = fill.kind;
  trip.exit_reason = fill.reason;
  trip.bars_held = fill.bars_held;
  trip.session = session_;
  trip.pnl = trip.exit_value - trip.entry_value - trip.cost();
  trip.return_pct = to_dollars(trip.pnl) / to_dollars(trip.entry_value + trip.entry_cost);
  const money difference = trip.pnl - open.logged_pnl;
  std::string problem;
  if (std::llabs(difference.micros) >= one_cent)
    problem = "the P&L of " + name + " is logged as " + to_string(open.logged_pnl) + ", its fills give " +
              to_string(trip.pnl);
  trips_.push_back(std::move(trip));
  open_.erase(fill.symbol);
  return problem;
}

} // namespace sentio
