#define CAF_SUITE venue_bounds
#include "core/account/venue_bounds.hpp"
#include "tests/account/support.hpp"
#include "tests/support/test.hpp"

#include <cmath>
#include <limits>

using namespace sentio;
using namespace sentio::test;

namespace {

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();

execution told(std::int64_t shares, money price, order_side side = order_side::buy) {
  execution fill;
  fill.side = side;
  fill.shares = shares;
  fill.price = price;
  return fill;
}

order_intent ordered(std::int64_t shares, double reference) {
  order_intent order;
  order.shares = shares;
  order.reference_price = from_dollars(reference);
  return order;
}

bool contains(const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
}

} // namespace

TEST(an ordinary fill is possible) {
  const auto order = ordered(100, 50);
  execution_setting known;
  known.order = &order;
  CHECK_EQUAL(why_impossible(told(100, from_dollars(50.25)), known), "");
  CHECK_EQUAL(why_impossible(told(1, from_dollars(499)), known), "");
  CHECK_EQUAL(why_impossible(told(1, from_dollars(5.01)), known), "");
}

TEST(a fill of more shares than its order has is impossible) {
  const auto order = ordered(100, 50);
  execution_setting known;
  known.order = &order;
  known.filled = 60;
  CHECK_EQUAL(why_impossible(told(40, from_dollars(50)), known), "");
  CHECK_EQUAL(why_impossible(told(41, from_dollars(50)), known), "it brings the order to 101 of 100 shares");
}

TEST(a fill ten times off the reference price of its order is impossible) {
  const auto order = ordered(100, 50);
  execution_setting known;
  known.order = &order;
  CHECK_EQUAL(why_impossible(told(1, from_dollars(500)), known), "");
  CHECK_EQUAL(why_impossible(told(1, from_dollars(500.01)), known),
              "its price of 500.01 dollars is more than 10 times off the order's reference price of 50.00");
  CHECK(!why_impossible(told(1, from_dollars(4.99)), known).empty());
}

TEST(a fill of another symbol or side than its order is impossible) {
  const auto order = ordered(100, 50);
  execution_setting known;
  known.order = &order;
  CHECK(
      contains(why_impossible(told(1, from_dollars(50), order_side::sell), known), "another symbol or side"));
  auto elsewhere = told(1, from_dollars(50));
  elsewhere.symbol = 1;
  CHECK(contains(why_impossible(elsewhere, known), "another symbol or side"));
}

TEST(the fill that poisoned a tape is impossible by each of its numbers) {
  const auto nine_billion = from_dollars(9e9);
  execution_setting known;
  CHECK(contains(why_impossible(told(1'000'000, nine_billion), known), "a price of 9000000000.00 dollars"));
  CHECK(contains(why_impossible(told(1'000'000, from_dollars(9e8)), known), "worth more than"));
  known.account = from_dollars(100'000);
  CHECK(contains(why_impossible(told(1'000'000, from_dollars(60)), known),
                 "more than 10 times the account's 100000.00 dollars"));
}

TEST(what others trade may be ten times the account or a million dollars) {
  execution_setting known;
  known.account = from_dollars(5'000);
  CHECK_EQUAL(why_impossible(told(20'000, from_dollars(50)), known), "");
  CHECK(!why_impossible(told(20'001, from_dollars(50)), known).empty());
  known.account = from_dollars(500'000);
  CHECK_EQUAL(why_impossible(told(100'000, from_dollars(50)), known), "");
  CHECK(!why_impossible(told(100'001, from_dollars(50)), known).empty());
  known.price = from_dollars(4);
  CHECK(contains(why_impossible(told(1, from_dollars(50)), known), "off the last price of 4.00"));
}

TEST(shares prices and costs have absolute bounds) {
  const execution_setting known;
  for (const std::int64_t shares : {least, std::int64_t{-1}, std::int64_t{0}, largest_quantity + 1, most})
    CHECK(!why_impossible(told(shares, from_dollars(1)), known).empty());
  for (const std::int64_t price : {least, std::int64_t{-1}, std::int64_t{0}, std::int64_t{99}, most})
    CHECK(!why_impossible(told(1, money{price}), known).empty());
  CHECK_EQUAL(why_impossible(told(1, smallest_price), known), "");
  CHECK_EQUAL(why_impossible(told(1, largest_price), known), "");
  auto dear = told(10, from_dollars(5));
  dear.fees = from_dollars(50);
  CHECK_EQUAL(why_impossible(dear, known), "");
  dear.spread_cost = money{1};
  CHECK(contains(why_impossible(dear, known), "costs of"));
  for (const std::int64_t cost : {least, std::int64_t{-1}, most}) {
    dear.spread_cost = money{cost};
    dear.fees = money{cost};
    CHECK(contains(why_impossible(dear, known), "costs of"));
  }
}

TEST(a position and all executions together stay within what a ledger can add up) {
  execution_setting known;
  known.held = largest_quantity;
  known.price = from_dollars(10);
  CHECK(contains(why_impossible(told(1, from_dollars(10)), known), "with what is held"));
  CHECK_EQUAL(why_impossible(told(1, from_dollars(10), order_side::sell), known), "");
  known.held = 0;
  known.turnover = largest_turnover - from_dollars(100);
  CHECK_EQUAL(why_impossible(told(10, from_dollars(10)), known), "");
  CHECK(contains(why_impossible(told(11, from_dollars(10)), known), "all executions together"));
}

TEST(amounts of an account times and bars have bounds) {
  CHECK_EQUAL(why_impossible_amount("the cash", from_dollars(-5'000)), "");
  CHECK_EQUAL(why_impossible_amount("the cash", from_dollars(2e11)),
              "the cash of 200000000000.00 dollars is beyond 100000000000.00");
  CHECK(!why_impossible_amount("the cash", from_dollars(-2e11)).empty());
  CHECK(!why_impossible_amount("the cash", money{least}).empty());
  CHECK_EQUAL(why_impossible_time(1'748'957'460'000), "");
  for (const time_ms at :
       {time_ms{least}, time_ms{-1}, time_ms{0}, time_ms{253'402'300'799'999}, time_ms{most}})
    CHECK(!why_impossible_time(at).empty());
  CHECK(is_possible_price(0.0001) && is_possible_price(1e9));
  for (const double price :
       {0.0, -1.0, 0.00009, 1.1e9, std::nan(""), std::numeric_limits<double>::infinity()})
    CHECK(!is_possible_price(price));
}
