#define CAF_SUITE hand_computed_session
#include "tests/strategy/support.hpp"
#include "tests/support/test.hpp"

using namespace sentio;
using namespace sentio::test;

namespace {

constexpr symbol_index a = 0;
constexpr symbol_index b = 1;
constexpr symbol_index c = 2;

/// A session of twelve minutes: liquidation after ten, no entries from the seventh on. The day still has an
/// SEC fee.
session_hours short_session() {
  session_hours hours;
  hours.date = {2025, 5, 13};
  hours.open = new_york_to_utc(hours.date, 9, 30);
  hours.close = hours.open + 12 * minute_ms;
  hours.liquidation = hours.close - 2 * minute_ms;
  return hours;
}

test::rotation_setup two_slots() {
  test::rotation_setup p;
  p.book.max_positions = 2;
  p.rotation.minimum_hold_bars = 2;
  p.book.cooldown_bars = 3;
  p.book.entry_cutoff_minutes = 3;
  return p;
}

// Opens and closes by minute; AAA pays 1 bp per side, BBB 2, CCC 4. BBB has no bar in minute 3.
constexpr double a_open[] = {49.9, 50.1, 50.2, 50.3, 50.4, 50.5, 50.6, 50.6, 50.6, 50.6, 50.6, 50.6};
constexpr double a_close[] = {50.0, 50.2, 50.3, 50.4, 50.5, 50.6, 50.6, 50.6, 50.6, 50.6, 50.6, 50.6};
constexpr double b_open[] = {20.0, 20.04, 20.0, 0, 19.9, 19.9, 19.9, 19.9, 19.9, 19.9, 19.9, 19.9};
constexpr double b_close[] = {20.0, 20.0, 19.95, 0, 19.9, 19.9, 19.9, 19.9, 19.9, 19.9, 19.9, 19.9};
constexpr double c_open[] = {9.9, 9.9, 9.95, 10.0, 10.02, 10.03, 10.04, 10.05, 10.06, 10.07, 10.11, 10.12};
constexpr double c_close[] = {9.9, 9.95, 10.0, 10.0, 10.03, 10.04, 10.05, 10.06, 10.07, 10.08, 10.12, 10.13};

trading_day played() {
  trading_day day(two_slots(), {fund("AAA", 1), fund("BBB", 2), fund("CCC", 4)}, short_session(), 10'000);
  for (int m = 0; m < 12; ++m) {
    (*day.bars)[a].push_back(bar_of(day.at(m), a_open[m], a_close[m]));
    if (m != 3)
      (*day.bars)[b].push_back(bar_of(day.at(m), b_open[m], b_close[m]));
    (*day.bars)[c].push_back(bar_of(day.at(m), c_open[m], c_close[m]));
  }
  day.think = [](symbol_index s, int minute, symbol_signal& signal) {
    if (s == a)
      signal.edge_bp = minute < 6 ? 3 : -2;
    if (s == b)
      signal.edge_bp = 2;
    if (s == c)
      signal.edge_bp = minute < 2 ? -1 : 5;
  };
  day.whole_day();
  return day;
}

} // namespace

TEST(three symbols are traded to the cent) {
  const trading_day day = played();
  const std::vector<trade>& t = day.log.trades;
  REQUIRE(t.size() == 6);

  // Minute 1: target .95 * 10,000 / 2 = 4,750. AAA 4,750 / 50.00 = 95 shares, BBB 4,750 / 20.00 = 237.
  // AAA: 95 * 50.10 = 4,759.50, half spread 1 bp = 0.47595.
  CHECK_EQUAL(t[0].fill.symbol, a);
  CHECK_EQUAL(t[0].fill.shares, 95);
  CHECK_EQUAL(to_string(t[0].fill.price), "50.10");
  CHECK_EQUAL(to_string(t[0].fill.spread_cost), "0.47595");
  CHECK_EQUAL(to_string(t[0].fill.fees), "0.00");
  CHECK_EQUAL(t[0].fill.at, day.at(1) + 100);
  // BBB: 237 * 20.04 = 4,749.48, 2 bp = 0.949896.
  CHECK_EQUAL(t[1].fill.symbol, b);
  CHECK_EQUAL(t[1].fill.shares, 237);
  CHECK_EQUAL(to_string(t[1].fill.spread_cost), "0.949896");

  // Minute 3: CCC 5 - BBB 2 >= 1 and BBB was held for two bars, so BBB is rotated out. It has no bar in
  // minute 3: the exit fills at the open of minute 4, 237 * 19.90 = 4,716.30. Half spread 0.94326, SEC
  // 4,716.30 * 27.80 / 1e6 = 0.131113, TAF 237 * 0.000166 = 0.039342.
  CHECK_EQUAL(t[2].fill.symbol, b);
  CHECK(t[2].kind == decision_kind::rotate_out);
  CHECK_EQUAL(t[2].fill.at, day.at(4) + 100);
  CHECK_EQUAL(to_string(t[2].fill.spread_cost), "0.94326");
  CHECK_EQUAL(to_string(t[2].fill.fees), "0.170455");
  // 4,716.30 - 4,749.48 - 0.949896 - 0.94326 - 0.170455
  CHECK_EQUAL(to_string(t[2].pnl), "-35.243611");
  CHECK_EQUAL(t[2].bars_held, 3);

  // CCC waits for that fill. Its equity of minute 4: cash 489.594154 + 95 * 50.40 + 237 * 19.95 =
  // 10,005.744154; .95 / 2 of it / 10.00 = 475 shares, filled in the minute of the exit at 10.02: 4,759.50, 4
  // bp = 1.9038.
  CHECK_EQUAL(t[3].fill.symbol, c);
  CHECK_EQUAL(t[3].fill.shares, 475);
  CHECK_EQUAL(to_string(t[3].fill.price), "10.02");
  CHECK_EQUAL(to_string(t[3].fill.spread_cost), "1.9038");
  CHECK_EQUAL(t[3].fill.at, day.at(4) + 100);

  // Minute 6: AAA's edge is -2 < -0.5. 95 * 50.60 = 4,807.00; 0.4807; SEC 0.133635 + TAF 0.01577.
  CHECK_EQUAL(t[4].fill.symbol, a);
  CHECK(t[4].kind == decision_kind::exit);
  CHECK_EQUAL(to_string(t[4].fill.fees), "0.149405");
  // 4,807.00 - 4,759.50 - 0.47595 - 0.4807 - 0.149405
  CHECK_EQUAL(to_string(t[4].pnl), "46.393945");

  // Minute 10, liquidation: CCC 475 * 10.11 = 4,802.25; 1.9209; SEC 0.133503 + TAF 0.07885.
  CHECK(t[5].kind == decision_kind::eod_exit);
  CHECK_EQUAL(to_string(t[5].fill.price), "10.11");
  CHECK_EQUAL(to_string(t[5].fill.fees), "0.212353");
  // 4,802.25 - 4,759.50 - 1.9038 - 1.9209 - 0.212353
  CHECK_EQUAL(to_string(t[5].pnl), "38.712947");

  // 10,000 - 35.243611 + 46.393945 + 38.712947
  CHECK_EQUAL(to_string(day.book.cash()), "10049.863281");
  CHECK(day.book.flat());
  CHECK(day.venue.cash() == day.book.cash());
}

TEST(the same session shows its book before every round) {
  const trading_day day = played();
  REQUIRE(day.log.snapshots.size() == 12);
  CHECK(day.log.snapshots[0].positions.empty());
  // After minute 1: 10,000 - 4,759.50 - 0.47595 - 4,749.48 - 0.949896 = 489.594154 in cash;
  // plus 95 * 50.20 + 237 * 20.00.
  const book_snapshot& second = day.log.snapshots[1];
  CHECK_EQUAL(to_string(second.cash), "489.594154");
  CHECK_EQUAL(to_string(second.equity), "9998.594154");
  REQUIRE(second.positions.size() == 2);
  CHECK_EQUAL(to_string(second.positions[0].entry_price), "50.10");
  CHECK_EQUAL(to_string(second.positions[0].unrealized), "9.50");
  CHECK_EQUAL(second.positions[0].bars_held, 1);
  CHECK_EQUAL(second.positions[1].rank, 3); // CCC 5, AAA 3, BBB 2
}

TEST(the same session names the rule of each decision) {
  const trading_day day = played();
  const auto reason = [&](int minute, symbol_index s) {
    const decision* d = day.decided(minute, s);
    return d ? std::string(to_string(d->kind)) + ": " + d->reason : std::string("nothing");
  };
  CHECK_EQUAL(reason(1, a), "ENTER: rank 1, strength 3.00 >= enter 0.00");
  CHECK_EQUAL(reason(1, c), "nothing");
  CHECK_EQUAL(reason(2, a), "HOLD: held 1 of 2 minimum bars");
  CHECK_EQUAL(reason(3, a), "HOLD: strength 3.00 >= exit -0.50, rank 2 <= 5");
  CHECK_EQUAL(reason(3, b), "ROTATE_OUT: outsider CCC 5.00 - weakest 2.00 >= delta 1.00");
  CHECK_EQUAL(reason(3, c), "ENTER: rank 1, strength 5.00 >= enter 0.00, after the exit of BBB");
  CHECK_EQUAL(reason(4, b), "HOLD: exit order open");
  CHECK_EQUAL(reason(4, c), "ENTER: rank 1, strength 5.00 >= enter 0.00, after the exit of BBB");
  CHECK_EQUAL(reason(6, a), "EXIT: strength -2.00 < exit -0.50");
  CHECK_EQUAL(reason(10, c), "EOD_EXIT: liquidation time reached");
}

TEST(the same session counts rotations dropped dependents and refusals) {
  const trading_day day = played();
  const session_totals totals = day.book.totals();
  CHECK_EQUAL(totals.rotations, 1u);
  CHECK_EQUAL(totals.dropped_dependents, 1u); // the one of minute 3: its exit met the hole
  CHECK_EQUAL(totals.entries, 3u);
  CHECK_EQUAL(totals.exits, 3u);
  CHECK_EQUAL(totals.wins, 2u);
  CHECK_EQUAL(day.refused(refusal::threshold), 1u);    // CCC in minute 1
  CHECK_EQUAL(day.refused(refusal::minimum_hold), 1u); // CCC in minute 2: BBB held for one bar
  CHECK_EQUAL(day.refused(refusal::cooldown), 2u);     // BBB in minutes 5 and 6, three bars after its exit
  CHECK_EQUAL(totals.spread_cost == from_dollars(0.47595 + 0.949896 + 0.94326 + 1.9038 + 0.4807 + 1.9209),
              true);
}

TEST(the ids of the orders say session minute symbol side and attempt) {
  const trading_day day = played();
  REQUIRE(day.log.orders.size() == 6);
  CHECK_EQUAL(day.log.orders[0].client_order_id, "s-test-20250513-0931-AAA-B-1");
  CHECK_EQUAL(day.log.orders[2].client_order_id, "s-test-20250513-0933-BBB-S-1");
  CHECK_EQUAL(day.log.orders[3].client_order_id, "s-test-20250513-0934-CCC-B-1");
  CHECK_EQUAL(day.log.orders[3].decided_at, day.at(4));
  CHECK_EQUAL(day.log.orders[3].released_at, day.at(4) + 100);
  CHECK_EQUAL(day.log.orders[5].client_order_id, "s-test-20250513-0940-CCC-S-1");
}
