#define CAF_SUITE ledger
#include "core/account/ledger.hpp"
#include "core/numeric/random.hpp"
#include "tests/account/support.hpp"
#include "tests/support/test.hpp"

using namespace sentio;
using namespace sentio::test;

namespace {

execution trade_of(order_side side, symbol_index symbol, std::int64_t shares, double price, double spread = 0,
                   double fees = 0, time_ms at = 0) {
  return fill_of(order("o", symbol, side, shares, price, at), 1, shares, price, at, spread, fees);
}

} // namespace

TEST(a buy changes equity by its cost alone) {
  ledger account(from_dollars(10'000), 2);
  const booking done = account.book(trade_of(order_side::buy, 1, 100, 30, 0.9));
  CHECK(done.opened);
  CHECK_EQUAL(to_string(account.cash()), "6999.10");
  CHECK_EQUAL(to_string(account.equity()), "9999.10");
  account.mark(1, from_dollars(31));
  CHECK_EQUAL(to_string(account.equity()), "10099.10");
  CHECK_EQUAL(to_string(account.unrealized()), "100.00");
  account.check();
}

TEST(exit proceeds are the stored shares at the fill price) {
  ledger account(from_dollars(10'000), 1);
  account.book(trade_of(order_side::buy, 0, 100, 30, 0.9));
  const booking done = account.book(trade_of(order_side::sell, 0, 100, 31, 0.93, 0.0166));
  CHECK(done.closed);
  // 3100 - 3000 - 0.90 - 0.93 - 0.0166
  CHECK_EQUAL(to_string(done.pnl), "98.1534");
  CHECK(close_to(done.pnl_pct, 98.1534 / 3000.9, 1e-12));
  CHECK_EQUAL(to_string(account.cash()), "10098.1534");
  CHECK_EQUAL(to_string(account.realised()), "98.1534");
  CHECK(account.flat());
}

TEST(profit has the sign of the price move because all is long) {
  for (const double exit_price : {29.0, 31.0}) {
    ledger account(from_dollars(10'000), 1);
    account.book(trade_of(order_side::buy, 0, 10, 30));
    const booking done = account.book(trade_of(order_side::sell, 0, 10, exit_price));
    CHECK_EQUAL(done.pnl > money{}, exit_price > 30);
    CHECK_EQUAL(account.equity() > from_dollars(10'000), exit_price > 30);
  }
}

TEST(a sell of more than is held is refused) {
  ledger account(from_dollars(10'000), 1);
  CHECK(breaks_an_identity([&] { account.book(trade_of(order_side::sell, 0, 1, 30)); }));
  account.book(trade_of(order_side::buy, 0, 10, 30));
  CHECK(breaks_an_identity([&] { account.book(trade_of(order_side::sell, 0, 11, 30)); }));
  account.check();
}

TEST(partial closes share out the basis to the last millionth) {
  ledger account(from_dollars(1'000), 1);
  account.book(trade_of(order_side::buy, 0, 3, 33.333333, 0.000001));
  money sum;
  for (int i = 0; i < 3; ++i) {
    sum += account.book(trade_of(order_side::sell, 0, 1, 33.333334)).pnl;
    account.check();
  }
  CHECK_EQUAL(sum.micros, 3 - 1); // three millionths of gain, one of cost
  CHECK(account.cash() - from_dollars(1'000) == sum);
}

TEST(a round trip runs from flat to flat) {
  ledger account(from_dollars(10'000), 2);
  account.book(trade_of(order_side::buy, 0, 10, 30, 0.1, 0, 5));
  account.book(trade_of(order_side::buy, 0, 10, 32, 0.1, 0, 6));
  account.book(trade_of(order_side::sell, 0, 15, 33, 0.1, 0.01, 7));
  CHECK(account.round_trips().empty());
  account.book(trade_of(order_side::sell, 0, 5, 30, 0.1, 0.01, 8));
  REQUIRE(account.round_trips().size() == 1);
  const round_trip& trip = account.round_trips().front();
  CHECK_EQUAL(trip.opened_at, 5);
  CHECK_EQUAL(trip.closed_at, 8);
  CHECK_EQUAL(trip.shares, 20);
  // 15 * 33 + 5 * 30 - 10 * 30 - 10 * 32 - 0.42
  CHECK_EQUAL(to_string(trip.pnl), "24.58");
  CHECK_EQUAL(to_string(trip.costs), "0.42");
  CHECK(!trip.adjusted);
  account.begin_session();
  CHECK(account.round_trips().empty());
}

TEST(opening fills bring equity and adjustment fills are marked) {
  ledger account(from_dollars(1'000), 2);
  account.book(trade_of(order_side::buy, 0, 10, 30), fill_origin::opening);
  CHECK_EQUAL(to_string(account.cash()), "1000.00");
  CHECK_EQUAL(to_string(account.initial()), "1300.00");
  CHECK(account.holdings().front().adjusted);
  account.check();
  account.book(trade_of(order_side::sell, 0, 4, 31), fill_origin::adjustment);
  account.check();
  account.book(trade_of(order_side::sell, 0, 6, 31));
  account.check();
  CHECK_EQUAL(to_string(account.realised()), "10.00");
  CHECK_EQUAL(to_string(account.equity()), "1310.00");
  CHECK(account.round_trips().front().adjusted);
}

TEST(an overdrawing fill is booked and remembered until cash is back) {
  ledger account(from_dollars(100), 1);
  account.book(trade_of(order_side::buy, 0, 4, 30));
  CHECK(account.overdrawn());
  account.check();
  account.book(trade_of(order_side::sell, 0, 1, 30));
  CHECK(!account.overdrawn());
  CHECK_EQUAL(to_string(account.cash()), "10.00");
  account.check();
}

TEST(malformed fills are refused) {
  ledger account(from_dollars(100), 1);
  CHECK(breaks_an_identity([&] { account.book(trade_of(order_side::buy, 7, 1, 30)); }));
  CHECK(breaks_an_identity([&] { account.book(trade_of(order_side::buy, 0, 0, 30)); }));
  CHECK(breaks_an_identity([&] { account.book(trade_of(order_side::buy, 0, 1, 0)); }));
  CHECK(breaks_an_identity([&] { account.book(trade_of(order_side::buy, 0, 1, 30, -1)); }));
  CHECK(account.flat());
}

TEST(random trading keeps every identity and a second account in plain sums agrees) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    random_source random(seed);
    ledger account(from_dollars(100'000), 4);
    money cash = from_dollars(100'000);
    std::array<std::int64_t, 4> shares{};
    std::array<money, 4> marks{};
    for (int step = 0; step < 300; ++step) {
      const auto s = static_cast<symbol_index>(random.below(4));
      const money price{static_cast<std::int64_t>(1'000'000 + random.below(90'000'000))};
      const bool sells = random.below(2) == 0 && shares[s] > 0;
      const std::int64_t most = sells ? shares[s] : cash.micros / 2 / price.micros;
      if (most <= 0)
        continue;
      const auto count = static_cast<std::int64_t>(1 + random.below(static_cast<std::uint64_t>(most)));
      execution fill = trade_of(sells ? order_side::sell : order_side::buy, s, count, 1);
      fill.price = price;
      fill.spread_cost = {static_cast<std::int64_t>(random.below(1'000'000))};
      fill.fees = {static_cast<std::int64_t>(random.below(1'000))};
      account.book(fill);
      account.mark(s, price);
      marks[s] = price;
      shares[s] += sells ? -count : count;
      cash += (sells ? price * count : -(price * count)) - fill.spread_cost - fill.fees;
      account.check();
      money equity = cash;
      for (std::size_t i = 0; i < 4; ++i)
        equity += marks[i] * shares[i];
      REQUIRE(account.cash() == cash);
      REQUIRE(account.equity() == equity);
    }
    for (symbol_index s = 0; s < 4; ++s)
      if (shares[s] > 0)
        account.book(trade_of(order_side::sell, s, shares[s], 20));
    account.check();
    CHECK(account.flat());
    CHECK(account.realised() == account.cash() - account.initial());
  }
}
