#include "core/account/ledger.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace sentio {

namespace {

/// amount * part / whole, half away from zero, exact in 128 bits. amount >= 0, 0 <= part <= whole.
money share_of(money amount, std::int64_t part, std::int64_t whole) {
  __extension__ using wide = __int128;
  const wide doubled = 2 * static_cast<wide>(amount.micros) * part + whole;
  return {static_cast<std::int64_t>(doubled / (2 * static_cast<wide>(whole)))};
}

[[noreturn]] void broken(const std::string& identity, money left, money right) {
  throw std::logic_error("ledger: " + identity + " does not hold: " + to_string(left) + " against " +
                         to_string(right));
}

} // namespace

money holding::average_price() const {
  return share_of(basis, 1, shares);
}

ledger::ledger(money capital, std::size_t symbols) : cash_(capital), initial_(capital), fills_(symbols, 0) {}

std::vector<holding>::iterator ledger::position_of(symbol_index symbol) {
  return std::find_if(holdings_.begin(), holdings_.end(),
                      [&](const holding& h) { return h.symbol >= symbol; });
}

const holding* ledger::find(symbol_index symbol) const {
  for (const holding& h : holdings_)
    if (h.symbol == symbol)
      return &h;
  return nullptr;
}

money ledger::market_value() const {
  money sum;
  for (const holding& h : holdings_)
    sum += h.value();
  return sum;
}

money ledger::equity() const {
  return cash_ + market_value();
}

money ledger::unrealized() const {
  money sum;
  for (const holding& h : holdings_)
    sum += h.unrealized();
  return sum;
}

void ledger::mark(symbol_index symbol, money price) {
  for (holding& h : holdings_)
    if (h.symbol == symbol)
      h.mark = price;
}

void ledger::buy(const execution& fill, fill_origin origin, booking& result) {
  const money value = fill.price * fill.shares;
  const money cost = fill.spread_cost + fill.fees;
  auto at = position_of(fill.symbol);
  if (at == holdings_.end() || at->symbol != fill.symbol) {
    holding fresh;
    fresh.symbol = fill.symbol;
    fresh.mark = fill.price;
    fresh.opened_at = fill.at;
    at = holdings_.insert(at, fresh);
    result.opened = true;
  }
  at->shares += fill.shares;
  at->bought += fill.shares;
  at->basis += value;
  at->entry_costs += cost;
  at->costs += cost;
  at->adjusted = at->adjusted || origin != fill_origin::order;
  if (origin == fill_origin::opening) {
    opened_value_ += value + cost;
    initial_ += value + cost;
  } else {
    cash_ -= value + cost;
    bought_value_ += value;
    costs_ += cost;
  }
  fills_[fill.symbol] += fill.shares;
  net_shares_ += fill.shares;
}

void ledger::sell(const execution& fill, fill_origin origin, booking& result) {
  const auto at = position_of(fill.symbol);
  const bool held = at != holdings_.end() && at->symbol == fill.symbol;
  if (!held || at->shares < fill.shares)
    throw std::logic_error("ledger: fill " + fill.execution_id + " sells " + std::to_string(fill.shares) +
                           " of " + std::to_string(held ? at->shares : 0) + " shares held");
  const money value = fill.price * fill.shares;
  const money cost = fill.spread_cost + fill.fees;
  // The last sale takes all that is left, so that roundings of partial ones never add up.
  const money basis = share_of(at->basis, fill.shares, at->shares);
  const money entry_costs = share_of(at->entry_costs, fill.shares, at->shares);
  result.pnl = value - basis - entry_costs - cost;
  result.pnl_pct = to_dollars(result.pnl) / to_dollars(basis + entry_costs);
  cash_ += value - cost;
  sold_value_ += value;
  costs_ += cost;
  realised_ += result.pnl;
  at->shares -= fill.shares;
  at->basis -= basis;
  at->entry_costs -= entry_costs;
  at->costs += cost;
  at->realised += result.pnl;
  at->adjusted = at->adjusted || origin != fill_origin::order;
  fills_[fill.symbol] -= fill.shares;
  net_shares_ -= fill.shares;
  if (at->shares == 0) {
    round_trips_.push_back(
        {at->symbol, at->opened_at, fill.at, at->bought, at->realised, at->costs, at->adjusted});
    holdings_.erase(at);
    result.closed = true;
  }
}

booking ledger::book(const execution& fill, fill_origin origin) {
  if (fill.symbol >= fills_.size())
    throw std::logic_error("ledger: fill " + fill.execution_id + " has no such symbol");
  if (fill.shares <= 0 || fill.price.micros <= 0 || fill.spread_cost.micros < 0 || fill.fees.micros < 0)
    throw std::logic_error("ledger: fill " + fill.execution_id +
                           " needs shares and price above 0, costs of 0 or more");
  // At one price a trade changes equity by its cost and by nothing else.
  const holding* held = find(fill.symbol);
  const money before = cash_ + fill.price * (held ? held->shares : 0);
  booking result;
  if (fill.side == order_side::buy)
    buy(fill, origin, result);
  else
    sell(fill, origin, result);
  held = find(fill.symbol);
  const money after = cash_ + fill.price * (held ? held->shares : 0);
  if (origin != fill_origin::opening && before - after != fill.spread_cost + fill.fees)
    broken("equity before - equity after = cost, at the fill's price,", before - after,
           fill.spread_cost + fill.fees);
  overdrawn_ = cash_.micros < 0 && (overdrawn_ || fill.side == order_side::buy);
  return result;
}

void ledger::check() const {
  money invested;
  std::int64_t held_shares = 0;
  for (const holding& h : holdings_) {
    if (h.shares <= 0)
      throw std::logic_error("ledger: a position has " + std::to_string(h.shares) + " shares");
    if (h.shares != fills_[h.symbol])
      throw std::logic_error("ledger: position = sum of fills does not hold: " + std::to_string(h.shares) +
                             " against " + std::to_string(fills_[h.symbol]) + " shares");
    invested += h.basis + h.entry_costs;
    held_shares += h.shares;
  }
  if (held_shares != net_shares_)
    throw std::logic_error(
        "ledger: all positions = sum of all fills does not hold: " + std::to_string(held_shares) +
        " against " + std::to_string(net_shares_) + " shares");
  if (cash_.micros < 0 && !overdrawn_)
    broken("cash >= 0", cash_, money{});
  if (cash_ + invested != initial_ + realised_)
    broken("cash + cost of what is held = initial + realised", cash_ + invested, initial_ + realised_);
  const money by_fills = initial_ - opened_value_ - bought_value_ + sold_value_ - costs_;
  if (cash_ != by_fills)
    broken("cash = initial - bought + sold - costs", cash_, by_fills);
  if (holdings_.empty() && realised_ != cash_ - initial_)
    broken("flat: realised = cash - initial", realised_, cash_ - initial_);
}

} // namespace sentio
