#include "core/account/venue_bounds.hpp"

#include "core/account/sentence.hpp"
#include "core/market/calendar.hpp"

#include <algorithm>

namespace sentio {

namespace {

__extension__ using wide = __int128;

constexpr time_ms day_ms = 24 * 60 * minute_ms;

std::string of_order(const execution& told, const execution_setting& known) {
  const order_intent& order = *known.order;
  sentence why;
  if (told.symbol != order.symbol || told.side != order.side)
    return (why << "another symbol or side than its order's").take();
  if (told.shares > order.shares - known.filled)
    return (why << "it brings the order to " << known.filled + told.shares << " of " << order.shares
                << " shares")
        .take();
  if (order.reference_price.micros > 0 && is_far_from(told.price, order.reference_price))
    return (why << "its price of " << to_string(told.price) << " dollars is more than " << widest_price_ratio
                << " times off the order's reference price of " << to_string(order.reference_price))
        .take();
  return {};
}

/// What others did, or what the positions say.
std::string of_account(const execution& told, const execution_setting& known) {
  sentence why;
  if (known.price.micros > 0 && is_far_from(told.price, known.price))
    return (why << "its price of " << to_string(told.price) << " dollars is more than " << widest_price_ratio
                << " times off the last price of " << to_string(known.price))
        .take();
  const wide value = wide{told.price.micros} * told.shares;
  const wide most =
      std::max(wide{known.account.micros} * widest_account_ratio, wide{always_possible_value.micros});
  if (known.account.micros > 0 && value > most)
    return (why << told.shares << " shares at " << to_string(told.price) << " dollars are more than "
                << widest_account_ratio << " times the account's " << to_string(known.account) << " dollars")
        .take();
  return {};
}

} // namespace

bool is_far_from(money price, money reference) {
  return wide{price.micros} > wide{reference.micros} * widest_price_ratio ||
         wide{price.micros} * widest_price_ratio < wide{reference.micros};
}

bool is_possible_price(double dollars) {
  return dollars >= to_dollars(smallest_price) && dollars <= to_dollars(largest_price); // false for NaN
}

std::string why_impossible_price(money price) {
  if (price >= smallest_price && price <= largest_price)
    return {};
  sentence why;
  return (why << "a price of " << to_string(price) << " dollars is not between " << to_string(smallest_price)
              << " and " << to_string(largest_price))
      .take();
}

std::string why_impossible_shares(std::int64_t shares) {
  if (shares > 0 && shares <= largest_quantity)
    return {};
  sentence why;
  return (why << shares << " shares are not between 1 and " << largest_quantity).take();
}

std::string why_impossible_amount(std::string_view name, money amount) {
  if (amount <= largest_amount && amount >= -largest_amount)
    return {};
  sentence why;
  return (why << name << " of " << to_string(amount) << " dollars is beyond " << to_string(largest_amount))
      .take();
}

std::string why_impossible_value(std::int64_t shares, money price) {
  if (wide{price.micros} * shares <= wide{largest_value.micros})
    return {};
  sentence why;
  return (why << shares << " shares at " << to_string(price) << " dollars are worth more than "
              << to_string(largest_value) << " dollars")
      .take();
}

std::string why_impossible_time(time_ms at) {
  static const time_ms first = days_since_epoch({1990, 1, 1}) * day_ms;
  static const time_ms last = days_since_epoch({2200, 1, 1}) * day_ms;
  if (at >= first && at < last)
    return {};
  sentence why;
  return (why << "a time of " << at << " ms is not between the years 1990 and 2199").take();
}

std::string why_impossible(const execution& told, const execution_setting& known) {
  if (auto why = why_impossible_shares(told.shares); !why.empty())
    return why;
  if (auto why = why_impossible_price(told.price); !why.empty())
    return why;
  if (auto why = why_impossible_value(told.shares, told.price); !why.empty())
    return why;
  if (auto why = known.order ? of_order(told, known) : of_account(told, known); !why.empty())
    return why;
  const money value = told.price * told.shares;
  sentence why;
  // Each of the two is compared alone first: their sum may not fit.
  if (told.spread_cost.micros < 0 || told.fees.micros < 0 || told.spread_cost > value ||
      told.fees > value - told.spread_cost)
    return (why << "costs of " << to_string(told.spread_cost) << " and " << to_string(told.fees)
                << " dollars on an execution of " << to_string(value))
        .take();
  if (told.side == order_side::buy)
    if (auto much = why_impossible_value(known.held + told.shares, std::max(told.price, known.price));
        !much.empty())
      return "with what is held " + much;
  if (value > largest_turnover - known.turnover)
    return (why << "all executions together are worth more than " << to_string(largest_turnover)
                << " dollars")
        .take();
  return {};
}

} // namespace sentio
