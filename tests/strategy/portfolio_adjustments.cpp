#define CAF_SUITE portfolio_adjustments
#include "tests/strategy/support.hpp"
#include "tests/support/test.hpp"

#include <utility>

using namespace sentio;
using namespace sentio::test;

namespace {

const session_hours the_day = session_of(a_tuesday);

/// Constant prices of 50, opinions that a test sets, and a venue that fills whatever is open at each minute:
/// the simulated one would refuse to sell what only an adjustment brought.
struct quiet_day : trading_day {
  explicit quiet_day(std::size_t symbols, std::uint32_t slots = 2, double capital = 100'000)
      : trading_day(plain(slots), funds(symbols), the_day, capital), edges(symbols, -1.0) {
    for (std::size_t s = 0; s < symbols; ++s)
      for (int m = 0; m < 390; ++m)
        (*bars)[s].push_back(bar_of(at(m), 50, 50));
    think = [this](symbol_index s, int, symbol_signal& signal) { signal.edge_bp = edges[s]; };
    begin();
  }
  static test::rotation_setup plain(std::uint32_t slots) {
    test::rotation_setup p;
    p.book.max_positions = slots;
    p.rotation.correlation_filter = false;
    return p;
  }
  /// Keeps outputs, and the orders as open.
  void forward() {
    book.check_invariants();
    portfolio_output out = book.take();
    open.insert(open.end(), out.orders.begin(), out.orders.end());
    append(log.decisions, out.decisions);
    append(log.orders, out.orders);
    append(log.trades, out.trades);
    append(log.alerts, out.alerts);
  }
  void minute(int number) {
    for (auto due = std::exchange(open, {}); const order_intent& one : due) {
      book.on_venue(says(fill_of(one, 1, one.shares, 50, at(number))));
      forward();
    }
    if (at(number) == hours.liquidation)
      book.on_phase(session_phase::liquidation, at(number));
    if (at(number) == hours.close)
      book.on_phase(session_phase::close, at(number));
    book.on_cut_off(at(number));
    book.on_round(round_of(number));
    forward();
  }
  void run(int from, int to) {
    for (int m = from; m <= to; ++m)
      minute(m);
  }
  /// The venue's word that the account holds other shares than the book.
  void adjust(order_side side, std::int64_t shares, double price, int minute, symbol_index symbol = 0) {
    venue_event event;
    event.kind = venue_event_kind::adjustment;
    event.client_order_id = "adjustment-" + std::to_string(++adjustments);
    event.at = at(minute) + 500;
    event.reason = "the venue says so";
    event.fill.execution_id = event.fill.client_order_id = event.client_order_id;
    event.fill.symbol = symbol;
    event.fill.side = side;
    event.fill.shares = shares;
    event.fill.price = from_dollars(price);
    event.fill.at = event.at;
    book.on_venue(event);
    forward();
  }
  bool alerted(const std::string& part) const {
    for (const std::string& text : log.alerts)
      if (text.find(part) != std::string::npos)
        return true;
    return false;
  }
  std::vector<double> edges;
  std::vector<order_intent> open;
  int adjustments = 0;
};

} // namespace

TEST(an adjustment buys at its price and is a trade with its reason) {
  quiet_day day(2);
  day.run(1, 3);
  const money cash = day.book.cash();
  day.adjust(order_side::buy, 100, 49.5, 3);
  CHECK_EQUAL(day.book.shares(0), 100);
  CHECK(day.book.cash() == cash - from_dollars(4'950));
  CHECK(day.book.equity() == cash + from_dollars(50)); // marked at the last close
  REQUIRE(day.log.trades.size() == 1u);
  const trade& line = day.log.trades[0];
  CHECK_EQUAL(line.reason, "adjustment: the venue says so");
  CHECK(!line.is_exit);
  CHECK(line.kind == decision_kind::enter);
  CHECK_EQUAL(line.fill.shares, 100);
  CHECK(day.alerted("adjustment BUY 100 AA at 49.50"));
}

TEST(an adjustment sells at its price with a profit after its basis) {
  quiet_day day(2);
  day.run(1, 3);
  day.adjust(order_side::buy, 100, 49, 3);
  day.adjust(order_side::sell, 40, 51, 3);
  CHECK_EQUAL(day.book.shares(0), 60);
  day.adjust(order_side::sell, 60, 48, 3);
  CHECK_EQUAL(day.book.shares(0), 0);
  CHECK(day.book.flat());
  REQUIRE(day.log.trades.size() == 3u);
  CHECK(day.log.trades[1].is_exit);
  CHECK(day.log.trades[1].kind == decision_kind::exit);
  CHECK(day.log.trades[1].pnl == from_dollars(80));
  CHECK(day.log.trades[2].pnl == from_dollars(-60));
  CHECK(day.book.cash() == from_dollars(100'020));
  const auto totals = day.book.totals();
  CHECK_EQUAL(totals.entries, 1u);
  CHECK_EQUAL(totals.exits, 1u);
  CHECK_EQUAL(totals.wins, 1u);
}

TEST(an adjusted position is held and left like any other) {
  quiet_day day(2);
  day.edges = {9, -1};
  day.adjust(order_side::buy, 100, 50, 0);
  day.run(1, 3);
  CHECK_EQUAL(day.book.shares(0), 100); // kept, and not bought once more
  CHECK(day.log.orders.empty());
  day.edges = {-9, -1};
  day.run(4, 8);
  CHECK(day.book.flat());
  REQUIRE(day.log.orders.size() == 1u);
  CHECK(day.log.orders[0].side == order_side::sell);
  CHECK_EQUAL(day.log.orders[0].shares, 100);
}

TEST(an adjustment that sells more than is held is refused with a critical alert) {
  quiet_day day(2);
  day.run(1, 2);
  const money cash = day.book.cash();
  day.adjust(order_side::sell, 1, 50, 2);
  CHECK(day.alerted("CRITICAL adjustment SELL 1 AA"));
  CHECK(day.log.trades.empty());
  day.adjust(order_side::buy, 10, 50, 2);
  day.adjust(order_side::sell, 11, 50, 2);
  CHECK(day.alerted("CRITICAL adjustment SELL 11 AA"));
  CHECK_EQUAL(day.book.shares(0), 10);
  CHECK(day.book.cash() == cash - from_dollars(500));
}

TEST(an adjustment of no symbol no shares or no price is refused and halts) {
  const auto refused = [](symbol_index symbol, std::int64_t shares, double price) {
    quiet_day day(2);
    day.adjust(order_side::buy, shares, price, 1, symbol);
    return day.book.impossible() == 1 && day.book.halted() && day.book.flat();
  };
  CHECK(refused(2, 10, 50));
  CHECK(refused(0, 0, 50));
  CHECK(refused(0, 10, 0));
  CHECK(!refused(1, 10, 50));
}

TEST(an adjustment may fill the book beyond its slots and then no entry is made) {
  quiet_day day(3, 1);
  day.edges = {9, -1, -1};
  day.run(1, 3);
  REQUIRE(day.book.shares(0) > 0);
  day.adjust(order_side::buy, 10, 50, 3, 1);
  CHECK_EQUAL(day.book.shares(1), 10);
  day.edges = {9, 8, 7};
  day.run(4, 8);
  CHECK_EQUAL(day.book.shares(2), 0);
  day.edges = {-9, -9, -9};
  day.run(9, 14);
  CHECK(day.book.flat());
  day.edges = {9, 8, 7};
  day.run(15, 17);
  CHECK(day.book.shares(2) > 0); // the limit is one again
  CHECK_EQUAL(day.book.book().holdings().size(), 1u);
}

TEST(an adjustment during an exit takes shares that are being sold) {
  quiet_day day(2);
  day.adjust(order_side::buy, 100, 50, 0);
  day.edges = {9, -1};
  day.run(1, 4);
  day.edges = {-9, -1};
  day.minute(5); // the exit is on its way
  REQUIRE(day.book.live_orders() == 1u);
  day.adjust(order_side::sell, 30, 50, 5);
  CHECK_EQUAL(day.book.shares(0), 70);
  // The venue can sell no more than what is there.
  const auto exit = day.open.at(0);
  day.open.clear();
  day.book.on_venue(says(fill_of(exit, 1, 70, 50, day.at(6))));
  day.book.on_venue(says(venue_event_kind::canceled, exit.client_order_id, day.at(6)));
  CHECK(day.book.flat());
}

TEST(an adjustment that overdraws is booked and stops entries) {
  quiet_day day(2, 2, 1'000);
  day.run(1, 2);
  day.adjust(order_side::buy, 30, 50, 2);
  CHECK(day.alerted("CRITICAL overdrawn"));
  CHECK(day.book.cash() == from_dollars(-500));
  day.edges = {9, 9};
  day.run(3, 6);
  CHECK_EQUAL(day.book.shares(1), 0);
}

TEST(what an adjustment buys after liquidation time is sold at once) {
  quiet_day day(2);
  day.run(1, 388);
  day.adjust(order_side::buy, 20, 50, 388);
  REQUIRE(day.log.orders.size() == 1u);
  CHECK(day.log.orders[0].side == order_side::sell);
  CHECK_EQUAL(day.log.orders[0].shares, 20);
  day.run(389, 390);
  CHECK(day.book.flat());
}

TEST(what an adjustment buys after the close is a critical residual) {
  quiet_day day(2);
  day.run(1, 390);
  day.adjust(order_side::buy, 20, 50, 390);
  CHECK(day.log.orders.empty());
  CHECK(day.alerted("CRITICAL residual position: AA"));
}

TEST(two hundred seeds of adjustments keep every invariant) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    random_source random(seed);
    quiet_day day(4, static_cast<std::uint32_t>(1 + random.below(3)), 50'000);
    day.think = wandering(seed, 4);
    for (int minute = 1; minute <= 120; ++minute) {
      day.minute(minute); // throws when an identity does not hold
      if (random.below(4) == 0)
        day.adjust(random.below(2) ? order_side::buy : order_side::sell,
                   1 + static_cast<std::int64_t>(random.below(200)),
                   45 + static_cast<double>(random.below(10)), minute,
                   static_cast<symbol_index>(random.below(4)));
    }
    money cash = from_dollars(50'000);
    for (const trade& line : day.log.trades) {
      const money value = line.fill.price * line.fill.shares;
      cash += line.is_exit ? value : -value;
    }
    CHECK(cash == day.book.cash());
  }
}

TEST(a halted symbol is not entered until it is traded again) {
  quiet_day day(2);
  day.edges = {9, -1};
  day.book.on_halt(0, true);
  day.run(1, 5);
  CHECK(day.log.orders.empty());
  CHECK(day.alerted("AA is halted by the venue"));
  CHECK(day.refused(refusal::risk_gateway) > 0u);
  day.book.on_halt(0, false);
  CHECK(day.book.take().alerts.size() == 1u);
  day.run(6, 8);
  CHECK(day.book.shares(0) > 0);
}

TEST(a repeated halt is said once and another symbol takes the slot) {
  quiet_day day(2, 1);
  day.edges = {9, 5};
  day.book.on_halt(0, true);
  day.book.on_halt(0, true);
  CHECK_EQUAL(day.book.take().alerts.size(), 1u);
  day.run(1, 3);
  CHECK_EQUAL(day.book.shares(0), 0);
  CHECK(day.book.shares(1) > 0);
}

TEST(the exit of a halted symbol is still sent) {
  quiet_day day(2);
  day.edges = {9, -1};
  day.run(1, 4);
  REQUIRE(day.book.shares(0) > 0);
  day.book.on_halt(0, true);
  day.edges = {-9, -1};
  day.run(5, 12);
  REQUIRE(day.log.orders.size() == 2u);
  CHECK(day.log.orders[1].side == order_side::sell);
}

TEST(a halted symbol is no reason to rotate somebody out) {
  quiet_day day(2, 1);
  day.edges = {5, -1};
  day.run(1, 12);
  REQUIRE(day.book.shares(0) > 0);
  day.book.on_halt(1, true);
  day.edges = {5, 90};
  day.run(13, 30);
  CHECK(day.book.shares(0) > 0);
  CHECK_EQUAL(day.book.totals().rotations, 0u);
}
