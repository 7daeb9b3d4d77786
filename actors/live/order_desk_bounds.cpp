// What the venue says and cannot be true never reaches the book: it becomes an event that halts trading.
#include "actors/live/order_desk.hpp"

#include "core/account/venue_bounds.hpp"

#include <algorithm>
#include <utility>

namespace sentio {

namespace {

constexpr std::uint64_t most_told = 100; ///< different values; the rest is counted
constexpr std::int64_t look_again_ms = 4'000;

/// Somebody else's text, for a line of a log.
std::string printable(std::string text) {
  constexpr std::size_t longest = 64;
  text.resize(std::min(text.size(), longest));
  for (char& letter : text)
    letter = letter >= ' ' && letter <= '~' ? letter : ' ';
  return text;
}

/// Shares and a price, either of which may be absent (0).
std::string why_impossible_pair(std::int64_t shares, money price) {
  if (auto why = shares != 0 ? why_impossible_shares(shares) : std::string(); !why.empty())
    return why;
  if (auto why = price.micros != 0 ? why_impossible_price(price) : std::string(); !why.empty())
    return why;
  return why_impossible_value(shares, price);
}

/// The values of an order by themselves, before anything is computed with them.
std::string why_impossible_values(const alpaca::venue_order& seen, const alpaca::trade_update* update) {
  if (auto why = why_impossible_pair(seen.filled, seen.filled_price); !why.empty())
    return why;
  return update ? why_impossible_pair(update->shares, update->price) : std::string();
}

} // namespace

void order_desk::expect(money account, const std::vector<double>& prices) {
  account_ = account;
  for (std::size_t i = 0; i < prices_.size() && i < prices.size(); ++i)
    if (is_possible_price(prices[i]))
      prices_[i] = from_dollars(prices[i]);
}

std::string order_desk::why_impossible_order(const alpaca::venue_order& seen,
                                             const alpaca::trade_update* update, const tracked& ours) const {
  if (auto why = why_impossible_values(seen, update); !why.empty() || seen.filled <= ours.filled)
    return why;
  execution told;
  told.symbol = ours.intent.symbol;
  told.side = ours.intent.side;
  told.shares = seen.filled - ours.filled;
  told.price = price_of(ours, seen, update, told.shares);
  execution_setting known;
  known.order = &ours.intent;
  known.filled = ours.filled;
  return why_impossible(told, known);
}

std::string order_desk::why_impossible_foreign(const alpaca::venue_order& seen,
                                               const alpaca::trade_update& update, symbol_index symbol,
                                               money price) const {
  if (auto why = why_impossible_values(seen, &update); !why.empty())
    return why;
  execution told;
  told.side = seen.side;
  told.shares = seen.filled;
  told.price = price;
  execution_setting known;
  known.account = account_;
  known.price = prices_[symbol];
  known.held = std::max<std::int64_t>(held_[symbol], 0);
  return why_impossible(told, known);
}

/// It is asked for again. When the venue's own answer to a question ends the order with what cannot be true,
/// the order is over, and its shares are what the positions show.
void order_desk::refuse_order(tracked& order, const alpaca::venue_order& seen, const std::string& why,
                              bool streamed, desk_time now) {
  refuse(order.intent.client_order_id, why, now);
  if (order.done)
    return;
  if (streamed || !alpaca::is_terminal_status(seen.status))
    order.look_at = now.real + look_again_ms;
  else
    end(order, venue_event_kind::canceled, "its end was refused: the positions decide", now);
}

/// What the venue holds and the book does not take is closed there, like everything else after a halt.
bool order_desk::refuse_difference(symbol_index symbol, std::int64_t difference, money price, desk_time now) {
  execution told;
  told.side = difference > 0 ? order_side::buy : order_side::sell;
  told.shares = difference > 0 ? difference : -difference;
  told.price = price;
  execution_setting known;
  known.account = account_;
  known.held = std::max<std::int64_t>(held_[symbol], 0);
  const auto why = why_impossible(told, known);
  if (why.empty())
    return false;
  refuse("the position of " + symbols_[symbol], why, now);
  if (!is_closed(now))
    output_.requests.push_back({desk_action::close_one, {}, symbols_[symbol]});
  return true;
}

void order_desk::refuse(const std::string& what, const std::string& why, desk_time now) {
  ++impossible_;
  const auto text = printable(what) + ": " + why;
  if (!said_.insert("impossible: " + text).second || impossible_told_ == most_told)
    return;
  ++impossible_told_;
  output_.alarms.push_back("refused, since it cannot be true: " + text);
  output_.events.push_back(
      {venue_event_kind::impossible, "impossible-" + std::to_string(impossible_told_), now.venue, {}, text});
  reconcile(now);
}

money order_desk::price_of_position(symbol_index symbol, const alpaca::venue_position& position,
                                    desk_time now) {
  const money known = prices_[symbol];
  for (const money price : {position.current_price, position.average_price}) {
    if (price.micros == 0)
      continue;
    if (const auto why = why_impossible_price(price); !why.empty())
      refuse("the position of " + symbols_[symbol], why, now);
    else if (known.micros <= 0 || !is_far_from(price, known))
      return price;
  }
  return known;
}

void order_desk::adjust(symbol_index symbol, std::int64_t difference, money price, const std::string& why,
                        desk_time now) {
  ++adjustments_;
  venue_event event;
  event.kind = venue_event_kind::adjustment;
  event.client_order_id = "adjustment-" + std::to_string(adjustments_);
  event.at = now.venue;
  event.reason = why;
  event.fill.execution_id = event.client_order_id;
  event.fill.client_order_id = event.client_order_id;
  event.fill.symbol = symbol;
  event.fill.side = difference > 0 ? order_side::buy : order_side::sell;
  event.fill.shares = difference > 0 ? difference : -difference;
  event.fill.price = price;
  event.fill.at = now.venue;
  held_[symbol] += difference;
  changed_at_[symbol] = now.real;
  difference_[symbol] = 0;
  vanished_.erase(symbol);
  output_.alarms.push_back("reconciliation: " + std::to_string(difference) + " " + symbols_[symbol] + ", " +
                           why);
  output_.events.push_back(std::move(event));
}

} // namespace sentio
