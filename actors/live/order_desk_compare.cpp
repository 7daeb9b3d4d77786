// The order desk and what the account holds: comparison with the book, and the close of what is left over.
#include "actors/live/order_desk.hpp"

#include "core/account/venue_bounds.hpp"

#include <algorithm>
#include <utility>

namespace sentio {

void order_desk::tell_unreadable(const std::string& what, const alpaca::unreadable_row& row) {
  unreadable_ += alarm_once(what + (row.name.empty() ? "" : " of " + row.name) + " cannot be read (" +
                            row.problem + "): it is left alone, everything else is compared")
                     ? 1U
                     : 0U;
}

void order_desk::heard(const alpaca::trading_unreadable& update) {
  tell_unreadable("an order event", {update.name, update.problem});
}

std::vector<std::optional<std::int64_t>>
order_desk::holdings_of(const alpaca::parsed_list<alpaca::venue_position>& answer, std::vector<money>& prices,
                        desk_time now) {
  // A row without a name may be of any symbol that is not named elsewhere.
  const bool all_named = std::none_of(answer.unreadable.begin(), answer.unreadable.end(),
                                      [](const auto& row) { return row.name.empty(); });
  std::vector<std::optional<std::int64_t>> at_venue(
      symbols_.size(), all_named ? std::optional<std::int64_t>(0) : std::nullopt);
  for (const auto& row : answer.unreadable) {
    tell_unreadable("a position", row);
    if (const auto symbol = index_of(row.name))
      at_venue[*symbol].reset();
  }
  for (const auto& position : *answer.value) {
    const auto symbol = index_of(position.symbol);
    if (!symbol) {
      // Its quantity may change all day; that it is there is said once.
      const auto amount = position.fractional.empty() ? std::to_string(position.shares) : position.fractional;
      if (said_.insert("foreign " + position.symbol).second)
        output_.alarms.push_back("the account holds " + amount + " " + position.symbol +
                                 ", which is none of our symbols: left alone");
      continue;
    }
    if (!position.fractional.empty() && said_.insert("fraction of " + position.symbol).second)
      output_.alarms.push_back("the account holds " + position.fractional + " " + position.symbol +
                               ": its whole shares are compared, the fraction is left alone");
    at_venue[*symbol] = std::clamp(position.shares, -largest_quantity - 1, largest_quantity + 1);
    prices[*symbol] = price_of_position(*symbol, position, now);
  }
  return at_venue;
}

/// Positions in symbols that are not ours are left alone, in the last seconds too, and so is what cannot be
/// read.
void order_desk::close_left_over(const alpaca::parsed_list<alpaca::venue_position>& answer) {
  std::vector<desk_request> ours;
  std::vector<bool> shown(symbols_.size());
  bool others = !answer.unreadable.empty();
  for (const auto& position : *answer.value) {
    const bool whole = position.fractional.empty();
    others = others || !whole || !index_of(position.symbol);
    if (const auto symbol = index_of(position.symbol))
      shown[*symbol] = true;
    if (index_of(position.symbol) && position.shares != 0)
      ours.push_back({desk_action::close_one, {}, position.symbol, 0, whole ? 0 : position.shares});
  }
  const auto may_be_unreadable = [&](std::optional<symbol_index> symbol) {
    return std::any_of(answer.unreadable.begin(), answer.unreadable.end(), [&](const auto& row) {
      return row.name.empty() || (symbol ? row.name == symbols_[*symbol] : index_of(row.name).has_value());
    });
  };
  // What is not shown and was sold by nobody may be there all the same, and so may be what is not ours.
  for (symbol_index symbol = 0; symbol < symbols_.size(); ++symbol)
    if (held_[symbol] > 0 && !shown[symbol] && !may_be_unreadable(symbol) &&
        !is_told_by_fills(symbol, -held_[symbol])) {
      ours.push_back({desk_action::close_one, {}, symbols_[symbol]});
      others = true;
    }
  nothing_left_ = ours.empty() && !may_be_unreadable(std::nullopt);
  if (!others && !ours.empty())
    output_.requests.push_back({desk_action::close_all, {}, {}});
  else
    for (auto& one : ours)
      output_.requests.push_back(std::move(one));
}

void order_desk::compare(const alpaca::parsed_list<alpaca::venue_position>& answer, desk_time now) {
  std::vector<money> prices(symbols_.size());
  const auto at_venue = holdings_of(answer, prices, now);
  ++comparisons_;
  bool ask = false;
  for (symbol_index symbol = 0; symbol < symbols_.size(); ++symbol) {
    const auto difference = at_venue[symbol] ? *at_venue[symbol] - held_[symbol] : 0;
    const bool moving = changed_at_[symbol] >= positions_asked_at_ ||
                        std::any_of(orders_.begin(), orders_.end(), [&](const auto& one) {
                          return !one.second.done && one.second.intent.symbol == symbol;
                        });
    if (difference == 0 || moving) {
      difference_[symbol] = 0;
      if (difference == 0 && at_venue[symbol] && !moving)
        agrees(symbol, now);
      continue;
    }
    // Once may be a fill that is on its way.
    const bool again = std::exchange(difference_[symbol], difference) == difference;
    if (held_[symbol] > 0 && *at_venue[symbol] >= 0 && difference < 0 &&
        !is_told_by_fills(symbol, difference)) {
      ask = true;
      if (again)
        doubt(symbol, *at_venue[symbol]);
      continue;
    }
    if (!again)
      continue;
    const auto price = std::max(prices[symbol].micros > 0 ? prices[symbol] : prices_[symbol], smallest_price);
    if (refuse_difference(symbol, difference, price, now))
      continue;
    adjust(symbol, difference, price, "the venue holds " + std::to_string(*at_venue[symbol]), now);
    book_told_fills(symbol);
  }
  if (ask)
    ask_for_fills(now);
}

} // namespace sentio
