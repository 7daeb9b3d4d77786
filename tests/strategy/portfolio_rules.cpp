#define CAF_SUITE portfolio_rules
#include "tests/strategy/support.hpp"
#include "tests/support/test.hpp"

using namespace sentio;
using namespace sentio::test;

namespace {

const session_hours the_day = session_of(a_tuesday);

test::rotation_setup plain(std::uint32_t slots = 2) {
  test::rotation_setup p;
  p.book.max_positions = slots;
  p.rotation.correlation_filter = false;
  return p;
}

/// Constant prices, so that only opinions matter; edges[symbol] may be changed between minutes.
struct quiet_day : trading_day {
  quiet_day(const test::rotation_setup& p, std::size_t symbols, double capital = 100'000)
      : trading_day(p, funds(symbols), the_day, capital), edges(symbols, -1.0) {
    for (std::size_t s = 0; s < symbols; ++s)
      for (int m = 0; m < 390; ++m)
        (*bars)[s].push_back(bar_of(at(m), 50, 50));
    think = [this](symbol_index s, int, symbol_signal& signal) { signal.edge_bp = edges[s]; };
  }
  void hole(symbol_index symbol, int minute) {
    std::erase_if((*bars)[symbol], [&](const bar& b) { return b.label == at(minute); });
  }
  std::string reason(int minute, symbol_index s) const {
    const decision* d = decided(minute, s);
    return d ? d->reason : std::string();
  }
  std::vector<double> edges;
};

bool alerted(const portfolio_output& log, const std::string& part) {
  for (const std::string& text : log.alerts)
    if (text.find(part) != std::string::npos)
      return true;
  return false;
}

} // namespace

TEST(no order leaves before the session begins or opens) {
  quiet_day day(plain(), 2);
  day.next_bar.assign(2, 0);
  day.edges = {9, 8};
  day.book.on_round(day.round_of(1));
  portfolio_output out = day.book.take();
  CHECK(out.orders.empty());
  CHECK(alerted(out, "before the first session"));
  day.book.begin_session(the_day);
  day.book.on_round(day.round_of(2));
  out = day.book.take();
  CHECK(out.orders.empty());
  CHECK_EQUAL(out.snapshots.size(), 1u);
  CHECK_EQUAL(day.refused(refusal::exits_only), 2u);
  CHECK_EQUAL(to_string(day.book.cash()), "100000.00");
}

TEST(a minute is decided once) {
  quiet_day day(plain(), 2);
  day.edges = {9, 8};
  day.begin();
  day.minute(1);
  const std::size_t orders = day.log.orders.size();
  day.book.on_round(day.round_of(1));
  day.forward(day.at(1));
  CHECK_EQUAL(day.log.orders.size(), orders);
  CHECK(alerted(day.log, "ignored"));
  CHECK_EQUAL(day.book.totals().rounds, 1u);
}

TEST(a full book and a stronger outsider make exactly one rotation) {
  quiet_day day(plain(2), 4);
  day.edges = {3, 2, -1, -1};
  day.begin();
  day.run(1, 6);
  day.edges = {3, 2, 9, 8}; // two outsiders are stronger
  day.run(7, 7);
  CHECK_EQUAL(day.decisions_of(decision_kind::rotate_out).size(), 1u);
  CHECK_EQUAL(day.book.totals().rotations, 1u);
  CHECK(day.decided(7, 1)->kind == decision_kind::rotate_out); // the weakest
  CHECK(day.decided(7, 2)->kind == decision_kind::enter);
  CHECK(day.decided(7, 3) == nullptr);
  CHECK_EQUAL(day.refused(refusal::book_full), 1u);
  day.venue_until(day.at(7) + 100);
  CHECK_EQUAL(day.book.shares(1), 0);
  CHECK(day.book.shares(2) > 0); // exit and dependent entry fill in the same minute
}

TEST(an entry in place of an ordinary exit waits for its last fill too) {
  quiet_day day(plain(2), 3);
  day.edges = {3, 2, -1};
  day.begin();
  day.run(1, 6);
  day.edges = {3, -2, 1};
  day.minute(7);
  CHECK_EQUAL(day.reason(7, 1), "strength -2.00 < exit -0.50");
  CHECK_EQUAL(day.reason(7, 2), "rank 2, strength 1.00 >= enter 0.00, after the exit of AB");
  const std::size_t sent = day.log.orders.size();
  CHECK(day.log.orders.back().side == order_side::sell);
  day.venue_until(day.at(7) + 100);
  REQUIRE(day.log.orders.size() == sent + 1);
  CHECK_EQUAL(day.log.orders.back().released_at, day.at(7) + 100);
  CHECK_EQUAL(day.book.totals().rotations, 0u);
}

TEST(a cooling symbol may come back after its bars) {
  test::rotation_setup p = plain(1);
  p.book.cooldown_bars = 4;
  quiet_day day(p, 1);
  day.edges = {1};
  day.begin();
  day.run(1, 6);
  day.edges = {-2};
  day.minute(7); // exit, filled before round 8
  day.edges = {1};
  day.run(8, 12);
  CHECK(day.decided(8, 0) == nullptr);
  CHECK(day.decided(10, 0) == nullptr);
  REQUIRE(day.decided(11, 0) != nullptr);
  CHECK(day.decided(11, 0)->kind == decision_kind::enter);
  CHECK_EQUAL(day.refused(refusal::cooldown), 3u);
}

TEST(the cost band asks for more edge from dearer symbols) {
  test::rotation_setup p = plain(2);
  p.rotation.kappa = 1;
  trading_day day(p, {fund("A", 1), fund("B", 3)}, the_day, 100'000);
  for (symbol_index s = 0; s < 2; ++s)
    for (int m = 0; m < 10; ++m)
      (*day.bars)[s].push_back(bar_of(day.at(m), 50, 50));
  day.think = [](symbol_index, int, symbol_signal& signal) { signal.edge_bp = 4; };
  day.begin();
  day.minute(1);
  // A pays 2.0332 bp for a round trip, B 6.0332 (TAF .000166 / 50 = .0332 bp)
  CHECK_EQUAL(day.decided(1, 0)->reason, "rank 1, strength 4.00 >= enter 0.00 + cost band 2.03");
  CHECK(day.decided(1, 1) == nullptr);
  CHECK_EQUAL(day.refused(refusal::cost_band), 1u);
}

TEST(symbols that move together are not held together) {
  test::rotation_setup p = plain(3);
  p.rotation.correlation_filter = true;
  trading_day day(p, funds(3), the_day, 100'000);
  random_source random(5);
  double twin = 50;
  double other = 30;
  for (int m = 0; m < 60; ++m) {
    twin *= 1 + 0.002 * (random.uniform() - 0.5);
    other *= 1 + 0.002 * (random.uniform() - 0.5);
    (*day.bars)[0].push_back(bar_of(day.at(m), twin, twin));
    (*day.bars)[1].push_back(bar_of(day.at(m), 5'000 / twin, 5'000 / twin)); // the opposite
    (*day.bars)[2].push_back(bar_of(day.at(m), other, other));
  }
  day.think = [](symbol_index s, int minute, symbol_signal& signal) {
    signal.edge_bp = minute < 40 ? -1.0 : 3.0 - s;
  };
  day.begin();
  day.run(1, 42);
  CHECK(day.book.shares(0) > 0);
  CHECK_EQUAL(day.book.shares(1), 0);
  CHECK(day.book.shares(2) > 0);
  CHECK(day.refused(refusal::correlation) > 0u);
}

TEST(the breaker latches exits only for the session) {
  test::rotation_setup p = plain(1);
  p.rotation.stop_loss = false;
  p.rotation.exit_threshold = -100;
  trading_day day(p, funds(2), the_day, 100'000);
  for (int m = 0; m < 60; ++m) {
    (*day.bars)[0].push_back(
        bar_of(day.at(m), m < 10 ? 50.0 : 46.0, m < 10 ? 50.0 : 46.0)); // 95 % * -8 % = -7.6 %
    (*day.bars)[1].push_back(bar_of(day.at(m), 50, 50));
  }
  day.think = [](symbol_index s, int minute, symbol_signal& signal) {
    signal.edge_bp = s == 0 && minute < 20 ? 2 : s == 0 ? -200 : 1;
  };
  day.begin();
  day.run(1, 10);
  CHECK(!alerted(day.log, "circuit breaker"));
  day.run(11, 40);
  CHECK(alerted(day.log, "circuit breaker: drawdown 7."));
  CHECK_EQUAL(day.book.shares(0), 0); // its exit still worked
  CHECK_EQUAL(day.book.shares(1), 0);
  CHECK(day.refused(refusal::exits_only) > 20u);
}

TEST(equity under the floor of the starting capital trips the breaker) {
  test::rotation_setup p = plain(1);
  p.rotation.stop_loss = false;
  p.book.breaker_drawdown_pct = 0;
  p.book.breaker_equity_floor = 0.97;
  trading_day day(p, funds(1), the_day, 100'000);
  for (int m = 0; m < 30; ++m)
    (*day.bars)[0].push_back(bar_of(day.at(m), m < 10 ? 50.0 : 48.0, m < 10 ? 50.0 : 48.0));
  day.think = [](symbol_index, int, symbol_signal& signal) { signal.edge_bp = 2; };
  day.begin();
  day.run(1, 20);
  CHECK(alerted(day.log, "< 97.00% of the starting capital"));
}

TEST(maintenance halt and flatten do what they say) {
  quiet_day day(plain(1), 2);
  day.edges = {2, -1};
  day.begin();
  day.book.on_command(command_kind::maintenance_on, day.at(0));
  day.run(1, 3);
  CHECK(day.log.orders.empty());
  day.book.on_command(command_kind::maintenance_off, day.at(3));
  day.run(4, 6);
  CHECK(day.book.shares(0) > 0);
  day.book.on_command(command_kind::flatten, day.at(6) + 5'000);
  day.forward(day.at(6) + 5'000);
  CHECK_EQUAL(day.log.orders.back().client_order_id, "s-test-20250603-0936-AA-S-1");
  day.run(7, 7);
  CHECK_EQUAL(day.book.shares(0), 0);
  day.book.on_command(command_kind::halt, day.at(7) + 1);
  day.edges = {-1, 5};
  day.run(8, 12);
  CHECK_EQUAL(day.book.shares(1), 0);
  day.book.on_command(command_kind::rearm, day.at(12) + 1);
  day.run(13, 14);
  CHECK(day.book.shares(1) > 0);
  CHECK(alerted(day.log, "halted by command"));
}

TEST(entries end at the cut off and in an incomplete round) {
  test::rotation_setup p = plain(1);
  p.book.entry_cutoff_minutes = 380; // liquidation is minute 388: the last entry is possible in minute 7
  quiet_day day(p, 1);
  day.begin();
  day.run(1, 7);
  day.edges = {2};
  day.run(8, 10);
  CHECK(day.log.orders.empty());
  CHECK_EQUAL(day.refused(refusal::entry_cutoff), 3u);
  quiet_day holes(plain(1), 2);
  holes.edges = {2, 2};
  holes.hole(1, 0);
  holes.begin();
  holes.minute(1); // one of two is missing: 12 > 10
  CHECK(holes.log.orders.empty());
  CHECK_EQUAL(holes.refused(refusal::round_incomplete), 2u);
}

TEST(an entry that fills after liquidation is exited at once) {
  quiet_day day(plain(1), 1);
  day.edges = {2};
  day.begin();
  day.book.on_round(day.round_of(1));
  portfolio_output out = day.book.take();
  REQUIRE(out.orders.size() == 1);
  const order_intent entry = out.orders[0];
  day.book.on_phase(session_phase::liquidation, the_day.liquidation);
  out = day.book.take();
  REQUIRE(out.cancels.size() == 1);
  CHECK_EQUAL(out.cancels[0].client_order_id, entry.client_order_id);
  CHECK(out.orders.empty());
  day.book.on_venue(
      says(fill_of(entry, 1, 10, 50, the_day.liquidation + 30'000))); // part of it, before the cancel
  out = day.book.take();
  REQUIRE(out.orders.size() == 1);
  CHECK(out.orders[0].reason == decision_kind::eod_exit);
  CHECK_EQUAL(out.orders[0].shares, 10);
  CHECK_EQUAL(out.orders[0].client_order_id, "s-test-20250603-1558-AA-S-1");
  day.book.on_venue(says(fill_of(entry, 2, 5, 50, the_day.liquidation + 31'000)));
  out = day.book.take();
  REQUIRE(out.orders.size() == 1);
  CHECK_EQUAL(out.orders[0].shares, 5);
  CHECK_EQUAL(out.orders[0].client_order_id, "s-test-20250603-1558-AA-S-2"); // no id twice in a minute
}

TEST(an exit is sent again with the next attempt only after a known failure) {
  quiet_day day(plain(1), 1);
  day.edges = {2};
  day.begin();
  day.run(1, 6);
  day.edges = {-5};
  day.book.on_cut_off(day.at(7));
  day.venue_until(day.at(7));
  day.book.on_round(day.round_of(7));
  portfolio_output out = day.book.take(); // kept from the venue
  REQUIRE(out.orders.size() == 1);
  const order_intent first = out.orders[0];
  day.book.on_round(day.round_of(8)); // unknown outcome: wait
  out = day.book.take();
  CHECK(out.orders.empty());
  day.book.on_venue(says(venue_event_kind::rejected, first.client_order_id, day.at(8) + 1, "busy"));
  out = day.book.take();
  CHECK(out.orders.empty()); // not at once: a venue that always refuses must not be flooded
  CHECK(alerted(out, "rejected with 0 of"));
  day.book.on_round(day.round_of(9));
  out = day.book.take();
  REQUIRE(out.orders.size() == 1);
  CHECK(out.orders[0].client_order_id.ends_with("-0939-AA-S-2"));
}

TEST(a residual at the close is critical) {
  quiet_day day(plain(1), 1);
  day.edges = {2};
  day.begin();
  day.run(1, 3);
  day.book.on_phase(session_phase::liquidation, the_day.liquidation); // the venue never hears of it
  day.book.on_phase(session_phase::close, the_day.close);
  const portfolio_output out = day.book.take();
  CHECK(alerted(out, "CRITICAL residual position at the close 16:00"));
  CHECK(alerted(out, "CRITICAL residual order"));
  CHECK(!day.book.totals().flat);
}

TEST(positions stay over night only when the configuration says so) {
  test::rotation_setup p = plain(1);
  p.book.eod_liquidation = false;
  quiet_day day(p, 1);
  day.edges = {2};
  day.whole_day();
  CHECK(day.book.shares(0) > 0);
  CHECK(day.decisions_of(decision_kind::eod_exit).empty());
  CHECK(!alerted(day.log, "CRITICAL"));
  const money evening = day.book.equity();
  day.hours = session_of({2025, 6, 4});
  day.bars = std::make_shared<session_bars>(1); // not a bar the next morning
  day.begin();
  day.run(1, 7);
  CHECK(day.book.totals().opening_equity == evening);
  CHECK_EQUAL(day.reason(6, 0), "stale: no bar for 6 minutes");
  CHECK_EQUAL(day.decided(6, 0)->bars_held, 395); // rounds count on
}

TEST(late and unknown fills are not booked and are critical) {
  quiet_day day(plain(1), 1);
  day.edges = {2};
  day.begin();
  day.book.on_round(day.round_of(1));
  const order_intent entry = day.book.take().orders.at(0);
  day.book.on_venue(says(venue_event_kind::canceled, entry.client_order_id, day.at(1) + 1));
  day.book.on_venue(says(fill_of(entry, 1, 10, 50, day.at(1) + 2)));
  order_intent stranger = entry;
  stranger.client_order_id = "x";
  day.book.on_venue(says(fill_of(stranger, 1, 10, 50, day.at(1) + 3)));
  const portfolio_output out = day.book.take();
  CHECK(alerted(out, "came after its order was canceled"));
  CHECK(alerted(out, "came for an unknown order"));
  CHECK(out.trades.empty());
  CHECK_EQUAL(day.book.shares(0), 0);
  CHECK_EQUAL(day.book.venue_counts().late_events, 1u);
  CHECK_EQUAL(day.book.venue_counts().unknown_orders, 1u);
}

TEST(an overdrawing fill is booked alerted and stops entries) {
  quiet_day day(plain(1), 1, 1'000);
  day.edges = {2};
  day.begin();
  day.book.on_round(day.round_of(1));
  const order_intent entry = day.book.take().orders.at(0);
  day.book.on_venue(says(fill_of(entry, 1, entry.shares, 60, day.at(1) + 100)));
  CHECK(alerted(day.book.take(), "CRITICAL overdrawn"));
  day.book.check_invariants();
  day.book.on_round(day.round_of(2));
  CHECK_EQUAL(day.refused(refusal::exits_only), 0u); // the only symbol is held
  CHECK(day.book.cash() < money{});
}

TEST(a gap up beyond the cash is cut at the venue and counted) {
  test::rotation_setup p = plain(1);
  p.sizing.invested_fraction = 0.99;
  trading_day day(p, funds(1), the_day, 10'000);
  (*day.bars)[0] = {bar_of(day.at(0), 50, 50), bar_of(day.at(1), 55, 55), bar_of(day.at(2), 55, 55)};
  day.think = [](symbol_index, int, symbol_signal& signal) { signal.edge_bp = 2; };
  day.begin();
  day.run(1, 3);
  CHECK_EQUAL(day.book.shares(0), 181); // 181 * 55.00 * 1.0001 <= 10,000 < 182 * 55.00; 198 were wanted
  CHECK_EQUAL(day.book.totals().cut_to_cash, 1u);
  CHECK(day.book.cash() >= money{});
  CHECK(day.book.cash() == day.venue.cash());
}

TEST(a share dearer than its slot is no order) {
  quiet_day day(plain(2), 1, 100);
  day.edges = {2};
  day.begin();
  day.minute(1);
  CHECK(day.log.orders.empty());
  CHECK_EQUAL(day.refused(refusal::zero_shares), 1u);
}

TEST(the risk gateway has the last word and the report says so) {
  test::rotation_setup p = plain(2);
  p.risk.restricted = {"AA"};
  quiet_day day(p, 2);
  day.edges = {3, 2};
  day.begin();
  day.minute(1);
  CHECK_EQUAL(day.log.orders.size(), 1u);
  CHECK_EQUAL(day.refused(refusal::risk_gateway), 1u);
  CHECK(alerted(day.log, "AA is on the restricted list"));
  CHECK_EQUAL(day.book.gateway().refused(risk_rule::restricted), 1u);
}

TEST(a new configuration takes hold at the next round) {
  quiet_day day(plain(3), 3);
  day.edges = {3, 2, 1};
  day.begin();
  day.run(1, 2);
  CHECK_EQUAL(day.log.snapshots.back().positions.size(), 3u);
  day.book.replace(plain(1),
                   plain(1).rules()); // fewer slots than positions: nobody is thrown out, nobody comes in
  day.run(3, 6);
  CHECK_EQUAL(day.log.snapshots.back().positions.size(), 3u);
  day.edges = {3, -2, -2};
  day.run(7, 8);
  CHECK_EQUAL(day.log.snapshots.back().positions.size(), 1u);
  day.edges = {3, 2, 2};
  day.run(9, 30);
  CHECK_EQUAL(day.log.snapshots.back().positions.size(), 1u);
}

TEST(sessions ascend) {
  quiet_day day(plain(1), 1);
  day.begin();
  CHECK(breaks_an_identity([&] { day.book.begin_session(the_day); }));
}
