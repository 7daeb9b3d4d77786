// What a venue can truly say. Values beyond these bounds are refused where they enter, so that no sum and no
// product in the order book, the ledger or the portfolio leaves 64 bits of micro-dollars.
#pragma once

#include "core/account/order.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace sentio {

/// No market reaches these. A fund's prices from before several reverse splits, in today's scale, are above a
/// million dollars; the smallest tick is a hundredth of a cent.
inline constexpr money smallest_price{100};                     ///< 0.0001 dollars
inline constexpr money largest_price{1'000'000'000'000'000};    ///< 1e9 dollars
inline constexpr std::int64_t largest_quantity = 1'000'000'000; ///< shares
inline constexpr money largest_value{10'000'000'000'000'000}; ///< 1e10 dollars: of an execution or a position
inline constexpr money largest_amount{100'000'000'000'000'000}; ///< 1e11 dollars: an account's cash or equity
inline constexpr money largest_turnover{4'000'000'000'000'000'000}; ///< 4e12 dollars: all that a ledger books
/// An execution is at most so many times off the price it is measured against: more is a slipped decimal
/// point.
inline constexpr int widest_price_ratio = 10;
/// What others trade in one order on the account is at most so many times its value, and a million dollars
/// may always be: the account may have been paid into.
inline constexpr int widest_account_ratio = 10;
inline constexpr money always_possible_value{1'000'000'000'000};

/// What is known when an execution is told.
struct execution_setting {
  const order_intent* order = nullptr; ///< ours; null: another's order, or a difference of positions
  std::int64_t filled = 0;             ///< shares of that order before
  money account;                       ///< its value; 0: unknown, and then not compared
  money price;                         ///< the symbol's last one; 0: unknown
  std::int64_t held = 0;               ///< shares of the symbol
  money turnover;                      ///< booked before
};

/// Why an execution cannot be true, as a sentence with what was found and the bound; empty: it can.
std::string why_impossible(const execution& told, const execution_setting& known);

/// The same of single values.
std::string why_impossible_price(money price);
std::string why_impossible_shares(std::int64_t shares);
/// Of an account's cash, equity or buying power; may be negative.
std::string why_impossible_amount(std::string_view name, money amount);
/// Of shares at a price, both possible by themselves: of one execution or one position.
std::string why_impossible_value(std::int64_t shares, money price);
/// From 1990 to 2199.
std::string why_impossible_time(time_ms at);

/// Whether two prices of one symbol are so far apart that one of them is wrong. Both above 0.
bool is_far_from(money price, money reference);
/// A price of a bar or a quote in dollars: finite and within the bounds.
bool is_possible_price(double dollars);

} // namespace sentio
