// Short ways to write orders, fills and bars in the tests of this room and of the strategy.
#pragma once

#include "core/account/order.hpp"
#include "core/market/calendar.hpp"
#include "core/market/instrument.hpp"

#include <stdexcept>
#include <string>
#include <vector>

namespace sentio::test {

inline constexpr civil_date a_tuesday{2025, 6, 3};

/// The regular session of a day, made by hand so that a test shows its hours.
inline session_hours session_of(civil_date date, bool half_day = false) {
  session_hours hours;
  hours.date = date;
  hours.open = new_york_to_utc(date, 9, 30);
  hours.close = new_york_to_utc(date, half_day ? 13 : 16, 0);
  hours.liquidation = hours.close - 2 * minute_ms;
  hours.half_day = half_day;
  return hours;
}

inline instrument fund(std::string name, double half_spread_bp = 1) {
  instrument i;
  i.name = std::move(name);
  i.half_spread_bp = half_spread_bp;
  return i;
}

inline order_intent order(std::string id, symbol_index symbol, order_side side, std::int64_t shares,
                          double price, time_ms at) {
  return {std::move(id), symbol, side, shares, from_dollars(price), at, at, decision_kind::enter};
}

inline execution fill_of(const order_intent& order, int number, std::int64_t shares, double price, time_ms at,
                         double spread_cost = 0, double fees = 0) {
  execution fill;
  fill.execution_id = order.client_order_id + "-" + std::to_string(number);
  fill.client_order_id = order.client_order_id;
  fill.symbol = order.symbol;
  fill.side = order.side;
  fill.shares = shares;
  fill.price = from_dollars(price);
  fill.spread_cost = from_dollars(spread_cost);
  fill.fees = from_dollars(fees);
  fill.at = at;
  return fill;
}

inline venue_event says(venue_event_kind kind, const std::string& id, time_ms at, std::string reason = {}) {
  return {kind, id, at, {}, std::move(reason)};
}

inline venue_event says(const execution& fill) {
  return {venue_event_kind::fill, fill.client_order_id, fill.at, fill, {}};
}

/// A bar whose four prices lie between open and close.
inline bar bar_of(time_ms label, double open, double close, double volume = 1'000) {
  return {label, open, open > close ? open : close, open < close ? open : close, close, volume};
}

template <class Action>
bool breaks_an_identity(Action action) {
  try {
    action();
  } catch (const std::logic_error&) {
    return true;
  }
  return false;
}

} // namespace sentio::test
