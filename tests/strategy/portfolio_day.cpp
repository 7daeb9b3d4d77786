#define CAF_SUITE portfolio_day
#include "tests/strategy/support.hpp"
#include "tests/support/test.hpp"

#include <algorithm>

using namespace sentio;
using namespace sentio::test;

namespace {

const session_hours full_day = session_of(a_tuesday);
const session_hours half_day = session_of({2025, 7, 3}, true);

test::rotation_setup lively() {
  test::rotation_setup p;
  p.rotation.correlation_filter = false;
  return p;
}

trading_day random_day(std::uint64_t seed, const session_hours& hours = full_day,
                       const test::rotation_setup& parameters = lively()) {
  trading_day day(parameters, funds(8), hours, 100'000);
  random_bars(day, seed);
  day.think = wandering(seed, 8);
  day.whole_day();
  return day;
}

/// Plain sums over the trades log.
money cash_from_trades(money capital, const std::vector<trade>& trades) {
  for (const trade& t : trades) {
    const money value = t.fill.price * t.fill.shares;
    capital += (t.is_exit ? value : -value) - t.fill.spread_cost - t.fill.fees;
  }
  return capital;
}

} // namespace

TEST(a random day trades rotates and ends flat with every share accounted for) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const trading_day day = random_day(seed);
    const session_totals totals = day.book.totals();
    REQUIRE(day.log.trades.size() > 20);
    CHECK(totals.rotations > 0);
    CHECK(day.book.flat());
    CHECK_EQUAL(totals.entries, totals.exits); // opened = closed
    CHECK(day.book.cash() == cash_from_trades(from_dollars(100'000), day.log.trades));
    CHECK(day.book.cash() == day.venue.cash());
    CHECK_EQUAL(totals.rounds, 390u);
    CHECK_EQUAL(day.log.snapshots.size(), 390u);
    money pnl;
    std::uint64_t wins = 0;
    for (const trade& t : day.log.trades)
      pnl += t.pnl;
    for (const round_trip& trip : day.book.book().round_trips())
      wins += trip.pnl.micros > 0 ? 1u : 0u;
    CHECK(pnl == day.book.cash() - from_dollars(100'000)); // sum of realised = final - initial
    CHECK_EQUAL(totals.wins, wins);
    CHECK_EQUAL(day.book.book().round_trips().size(), totals.exits);
  }
}

TEST(every symbol that is not held is entered or refused once a round) {
  const trading_day day = random_day(3);
  std::uint64_t refused = 0;
  for (std::uint64_t count : day.book.totals().refused)
    refused += count;
  const std::uint64_t entered = day.decisions_of(decision_kind::enter).size();
  std::uint64_t held = 0;
  for (const book_snapshot& s : day.log.snapshots)
    held += s.positions.size();
  CHECK_EQUAL(refused + entered + held, 390u * 8u);
}

TEST(equity is cash and positions at their marks in every snapshot) {
  const trading_day day = random_day(4);
  for (const book_snapshot& s : day.log.snapshots) {
    money equity = s.cash;
    for (const book_position& p : s.positions)
      equity += p.mark * p.shares;
    CHECK(equity == s.equity);
    CHECK(s.cash >= money{});
    CHECK(s.positions.size() <= 3);
    CHECK(s.drawdown >= 0);
  }
}

TEST(orders of one round never cost more than the cash and never have zero shares) {
  test::rotation_setup greedy = lively();
  greedy.sizing.invested_fraction =
      1.5; // wants more than there is: later orders of a minute must see earlier ones
  greedy.risk.max_gross_exposure = 0;
  const trading_day day = random_day(5, full_day, greedy);
  REQUIRE(!day.log.orders.empty());
  bool bound = false;
  for (const book_snapshot& s : day.log.snapshots) {
    money cost;
    for (const order_intent& o : day.log.orders)
      if (o.side == order_side::buy && o.decided_at == s.at && o.released_at == s.at)
        cost += o.reference_price * o.shares;
    CHECK(cost <= s.cash);
    bound = bound || cost > s.cash - from_dollars(5'000);
  }
  CHECK(bound);
  for (const order_intent& o : day.log.orders)
    CHECK(o.shares > 0);
  CHECK(day.book.totals().cut_to_cash > 0);
  CHECK(day.book.flat());
}

TEST(exits leave by several rules and after different times) {
  std::vector<std::int32_t> holds;
  std::vector<decision_kind> kinds;
  test::rotation_setup p = lively();
  p.rotation.stop_loss_pct = 0.004;
  p.rotation.profit_target_pct = 0.004;
  const trading_day day = random_day(6, full_day, p);
  for (const trade& t : day.log.trades)
    if (t.is_exit) {
      holds.push_back(t.bars_held);
      kinds.push_back(t.kind);
      CHECK(!t.reason.empty());
      if (t.kind == decision_kind::exit || t.kind == decision_kind::rotate_out)
        CHECK(t.bars_held >= 5);
    }
  for (decision_kind kind : {decision_kind::exit, decision_kind::rotate_out, decision_kind::stop_loss,
                             decision_kind::profit_target})
    CHECK(std::count(kinds.begin(), kinds.end(), kind) > 0);
  std::sort(holds.begin(), holds.end());
  holds.erase(std::unique(holds.begin(), holds.end()), holds.end());
  CHECK(holds.size() > 5);
}

TEST(the book is flat at the close of full and half days) {
  for (const session_hours& hours : {full_day, half_day, session_of({2025, 1, 7})}) {
    test::rotation_setup p = lively();
    p.rotation.exit_threshold = -100; // so that positions are left for the liquidation
    p.rotation.min_rank_to_hold = 8;
    const trading_day day = random_day(7, hours, p);
    CHECK(day.book.flat());
    CHECK(day.book.totals().flat);
    const auto exits = day.decisions_of(decision_kind::eod_exit);
    REQUIRE(!exits.empty());
    for (const decision& d : exits)
      CHECK_EQUAL(new_york_clock(d.at), hours.half_day ? "12:58" : "15:58");
    for (const decision& d : day.decisions_of(decision_kind::enter))
      CHECK(d.at < hours.liquidation - 30 * minute_ms);
    for (const std::string& text : day.log.alerts)
      CHECK(text.find("CRITICAL") == std::string::npos);
  }
}

TEST(a symbol without a bar after liquidation leaves at its last close) {
  trading_day day(lively(), funds(1), full_day, 100'000);
  for (int m = 0; m < 388; ++m)
    (*day.bars)[0].push_back(bar_of(day.at(m), 50, 50.5));
  day.think = [](symbol_index, int, symbol_signal& s) { s.edge_bp = 1; };
  day.whole_day();
  CHECK(day.book.flat());
  REQUIRE(day.log.trades.size() == 2);
  CHECK(day.log.trades[1].fill.no_print);
  CHECK_EQUAL(to_string(day.log.trades[1].fill.price), "50.50");
  CHECK_EQUAL(day.book.totals().no_prints, 1u);
}

TEST(two runs of a day are identical) {
  CHECK(random_day(8).log == random_day(8).log);
}

TEST(the second of two days is the same as that day alone with its opening capital) {
  trading_day two = random_day(9);
  const money between = two.book.cash();
  two.log = {};
  two.hours = session_of({2025, 6, 4});
  random_bars(two, 10);
  two.think = wandering(10, 8);
  two.whole_day();
  trading_day one(lively(), funds(8), session_of({2025, 6, 4}), to_dollars(between));
  random_bars(one, 10);
  one.think = wandering(10, 8);
  one.whole_day();
  CHECK(two.book.flat());
  REQUIRE(one.log.trades.size() > 20);
  CHECK(two.log == one.log);
}

TEST(a thousand symbols keep every identity) {
  std::vector<instrument> many;
  for (int i = 0; i < 1'000; ++i)
    many.push_back(fund("S" + std::to_string(1'000 + i)));
  trading_day day(lively(), many, full_day, 100'000);
  random_bars(day, 11, 0.2);
  day.think = wandering(11, 1'000);
  day.begin();
  day.run(1, 60);
  CHECK(day.book.totals().entries >= 3u);
  std::uint64_t counted = day.decisions_of(decision_kind::enter).size();
  for (std::uint64_t count : day.book.totals().refused)
    counted += count;
  for (const book_snapshot& s : day.log.snapshots)
    counted += s.positions.size();
  CHECK_EQUAL(counted, 60'000u);
}
