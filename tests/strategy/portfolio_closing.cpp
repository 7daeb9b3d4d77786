#define CAF_SUITE portfolio_closing
#include "tests/strategy/support.hpp"
#include "tests/support/test.hpp"

#include <algorithm>

using namespace sentio;
using namespace sentio::test;

namespace {

const session_hours the_day = session_of(a_tuesday);

test::rotation_setup plain(std::uint32_t slots) {
  test::rotation_setup p;
  p.book.max_positions = slots;
  p.rotation.correlation_filter = false;
  p.rotation.stop_loss = p.rotation.profit_target = false;
  p.rotation.min_rank_to_hold = 100;
  p.book.cooldown_bars = 0;
  p.rotation.minimum_hold_bars = 0;
  return p;
}

/// Prices of 50, and everybody wants to be bought all day.
struct eager_day : trading_day {
  eager_day(const test::rotation_setup& p, std::size_t symbols)
      : trading_day(p, funds(symbols), the_day, 100'000), edges(symbols, 5) {
    think = [this](symbol_index s, int, symbol_signal& signal) { signal.edge_bp = edges[s]; };
    start(the_day);
  }
  void start(const session_hours& day) {
    hours = day;
    bars = std::make_shared<session_bars>(instruments.size());
    for (auto& list : *bars)
      for (int m = 0; m < 390; ++m)
        list.push_back(bar_of(at(m), 50, 50));
    begin();
  }
  void command(command_kind kind, time_ms when) {
    book.on_command(kind, when);
    forward(when);
  }
  std::size_t buys() const {
    return static_cast<std::size_t>(
        std::count_if(log.orders.begin(), log.orders.end(),
                      [](const order_intent& o) { return o.side == order_side::buy; }));
  }
  std::vector<double> edges;
};

venue_event bought_by_somebody(symbol_index symbol, std::int64_t shares, time_ms when) {
  venue_event event;
  event.kind = venue_event_kind::adjustment;
  event.at = event.fill.at = when;
  event.client_order_id = event.fill.client_order_id = event.fill.execution_id =
      "adjustment-" + std::to_string(when);
  event.fill.symbol = symbol;
  event.fill.side = order_side::buy;
  event.fill.shares = shares;
  event.fill.price = from_dollars(50);
  event.reason = "a late fill";
  return event;
}

} // namespace

TEST(from the command that closes the session nothing is bought until the next one begins) {
  eager_day day(plain(3), 6);
  day.run(1, 10);
  REQUIRE(day.buys() == 3u);
  day.command(command_kind::close_session, day.at(10) + 5'000);
  CHECK(day.book.closing());
  day.run(11, 12);
  CHECK(day.book.flat());
  // Not flatness, nor whatever an operator says, opens it again.
  day.command(command_kind::maintenance_on, day.at(12) + 1);
  day.command(command_kind::maintenance_off, day.at(12) + 2);
  day.command(command_kind::halt, day.at(12) + 3);
  day.command(command_kind::rearm, day.at(12) + 4);
  day.command(command_kind::flatten, day.at(12) + 5);
  day.parameters.book.max_positions = 2;
  day.book.replace(day.parameters, day.parameters.rules());
  day.run(13, day.hours.minutes());
  CHECK(day.book.closing());
  CHECK_EQUAL(day.buys(), 3u);
  CHECK(day.book.flat());
  CHECK_EQUAL(day.refused(refusal::exits_only), 6u * 380);
  day.start(session_of({2025, 6, 4}));
  CHECK(!day.book.closing());
  day.run(1, 3);
  CHECK_EQUAL(day.buys(), 5u);
}

TEST(what fills after the command is sold again and an exit that is refused is tried again) {
  eager_day day(plain(1), 2);
  day.book.on_round(day.round_of(1));
  const order_intent entry = day.book.take().orders.at(0);
  day.book.on_command(command_kind::close_session, day.at(1) + 1);
  portfolio_output out = day.book.take();
  REQUIRE(out.cancels.size() == 1u);
  CHECK_EQUAL(out.cancels[0].client_order_id, entry.client_order_id);
  CHECK(out.orders.empty());
  // The venue was faster than the cancel.
  day.book.on_venue(says(fill_of(entry, 1, 9, 50, day.at(1) + 2)));
  out = day.book.take();
  REQUIRE(out.orders.size() == 1u);
  CHECK(out.orders[0].side == order_side::sell);
  CHECK_EQUAL(out.orders[0].shares, 9);
  day.book.on_venue(says(venue_event_kind::canceled, entry.client_order_id, day.at(1) + 3));
  day.book.on_venue(says(venue_event_kind::rejected, out.orders[0].client_order_id, day.at(1) + 4, "mood"));
  CHECK(day.book.take().orders.empty());
  // The same command again does not wait for the next round.
  day.book.on_command(command_kind::close_session, day.at(1) + 5'000);
  out = day.book.take();
  REQUIRE(out.orders.size() == 1u);
  CHECK_EQUAL(out.orders[0].shares, 9);
  CHECK(out.alerts.empty()); // said once
  day.book.on_venue(says(fill_of(out.orders[0], 2, 9, 50, day.at(1) + 6'000)));
  CHECK(day.book.flat());
  // Known to nobody, after the book was flat.
  day.book.on_venue(bought_by_somebody(1, 40, day.at(1) + 7'000));
  out = day.book.take();
  REQUIRE(out.orders.size() == 1u);
  CHECK(out.orders[0].side == order_side::sell);
  CHECK_EQUAL(out.orders[0].shares, 40);
}

TEST(an entry that waits for an exit is dropped when the session is closed) {
  eager_day day(plain(1), 2);
  day.edges = {5, -1};
  day.run(1, 7);
  day.edges = {-5, 5};
  day.minute(8); // AA leaves, AB waits for it
  day.command(command_kind::close_session, day.at(8) + 1);
  day.run(9, 20);
  CHECK(day.book.flat());
  CHECK_EQUAL(day.buys(), 1u);
}

TEST(a session that is closed before it opens sells what it was given at the open) {
  test::rotation_setup p = plain(2);
  p.book.eod_liquidation = false;
  eager_day day(p, 3);
  day.run(1, day.hours.minutes());
  REQUIRE(day.book.shares(0) > 0); // held over night
  const auto bought = day.buys();
  day.hours = session_of({2025, 6, 4});
  day.book.begin_session(day.hours);
  day.book.take();
  day.book.on_command(command_kind::close_session, day.hours.open - 60'000);
  CHECK(day.book.take().orders.empty());
  day.book.on_phase(session_phase::open, day.hours.open);
  const portfolio_output out = day.book.take();
  REQUIRE(out.orders.size() == 2u);
  for (const order_intent& order : out.orders)
    CHECK(order.side == order_side::sell);
  CHECK_EQUAL(day.buys(), bought);
}

TEST(what fills late while HALTED is sold when everything was to be sold) {
  for (const bool flatten : {true, false}) {
    eager_day day(plain(1), 2);
    day.run(1, 3);
    day.command(command_kind::halt, day.at(3) + 1);
    if (flatten)
      day.command(command_kind::flatten, day.at(3) + 2);
    day.run(4, 5);
    CHECK_EQUAL(day.book.flat(), flatten);
    day.book.on_venue(bought_by_somebody(1, 40, day.at(5) + 1));
    const portfolio_output out = day.book.take();
    CHECK_EQUAL(out.orders.size(), flatten ? 1u : 0u);
    if (!flatten)
      continue;
    CHECK(out.orders[0].side == order_side::sell);
    CHECK_EQUAL(out.orders[0].shares, 40);
    day.book.on_venue(says(fill_of(out.orders[0], 1, 40, 50, day.at(5) + 2)));
    day.run(6, 8);
    day.command(command_kind::rearm, day.at(8) + 1);
    day.run(9, 12);
    CHECK_EQUAL(day.buys(), 2u); // trading goes on
  }
}

TEST(a flatten that an adjustment completes does not stop later entries) {
  eager_day day(plain(1), 2);
  day.edges = {5, -1};
  day.run(1, 3);
  day.book.on_command(command_kind::flatten, day.at(3) + 1);
  const portfolio_output out = day.book.take();
  REQUIRE(out.orders.size() == 1u);
  day.book.on_venue(says(venue_event_kind::rejected, out.orders[0].client_order_id, day.at(3) + 2, "mood"));
  venue_event sold = bought_by_somebody(0, day.book.shares(0), day.at(3) + 3);
  sold.fill.side = order_side::sell;
  day.book.on_venue(sold);
  CHECK(day.book.flat());
  day.book.take();
  day.book.on_round(day.round_of(4));
  CHECK_EQUAL(day.book.take().orders.size(), 1u);
}

TEST(sizes by inverse volatility differ by the ratio among those who are bought in a round) {
  test::rotation_setup p = plain(3);
  p.sizing.kind = sizing_kind::inverse_volatility;
  p.sizing.volatility_low = 0.01;
  p.sizing.volatility_high = 10;
  eager_day day(p, 4);
  day.think = [](symbol_index s, int, symbol_signal& signal) {
    signal.edge_bp = s < 2 ? 5 : -1;
    signal.sigma = s == 0 ? 0.0005 : s == 1 ? 0.0011 : 0.02; // those who are not chosen do not count
  };
  day.run(1, 2);
  // .95 * 100,000 / 3 * 11 / 8 and * 5 / 8, in shares of 50 dollars.
  CHECK_EQUAL(day.book.shares(0), 870);
  CHECK_EQUAL(day.book.shares(1), 395);
  CHECK_EQUAL(day.book.shares(2), 0);
  // A third one is weighed against the two that are held.
  day.think = [](symbol_index s, int, symbol_signal& signal) {
    signal.edge_bp = s < 3 ? 5 : -1;
    signal.sigma = s == 0 ? 0.0005 : s == 1 ? 0.0011 : 0.001;
  };
  day.run(3, 4);
  const double third = 3 / (1 / 0.0005 + 1 / 0.0011 + 1 / 0.001) / 0.001;
  const auto wanted = static_cast<std::int64_t>(to_dollars(day.book.equity()) * 0.95 / 3 * third / 50);
  CHECK(day.book.shares(2) > 0 && std::abs(day.book.shares(2) - wanted) <= 1);
}

TEST(latches are in the totals of every session in which they hold with the time when they began) {
  test::rotation_setup p = plain(1);
  p.book.breaker_drawdown_pct = 0;
  p.book.breaker_equity_floor = 1.001; // below it from the start
  eager_day day(p, 2);
  day.run(1, day.hours.minutes());
  auto latches = day.book.totals().latches;
  REQUIRE(latches.size() == 1u);
  CHECK(latches[0].rule == latch_rule::equity_floor);
  CHECK(latches[0].reason.find("of the starting capital") != std::string::npos);
  CHECK_EQUAL(latches[0].at, day.at(1));
  CHECK_EQUAL(latches[0].since, day.at(1));
  const time_ms first = latches[0].since;
  day.start(session_of({2025, 6, 4}));
  day.run(1, 2);
  latches = day.book.totals().latches;
  REQUIRE(latches.size() == 1u);
  CHECK_EQUAL(latches[0].at, day.at(1));
  CHECK_EQUAL(latches[0].since, first);
  const time_ms halted_at = day.at(2) + 7;
  day.command(command_kind::halt, halted_at);
  day.run(3, day.hours.minutes());
  CHECK_EQUAL(day.book.totals().latches.size(), 2u);
  CHECK_EQUAL(day.buys(), 0u);
  day.parameters.book.breaker_equity_floor = 0.6;
  day.book.replace(day.parameters, day.parameters.rules());
  day.start(session_of({2025, 6, 5}));
  day.run(1, 3);
  latches = day.book.totals().latches;
  REQUIRE(latches.size() == 1u);
  CHECK(latches[0].rule == latch_rule::halted);
  CHECK_EQUAL(latches[0].reason, "halt command");
  CHECK_EQUAL(latches[0].at, day.hours.open);
  CHECK_EQUAL(latches[0].since, halted_at);
  CHECK_EQUAL(latches[0].until, 0);
  day.command(command_kind::rearm, day.at(3) + 1);
  CHECK_EQUAL(day.book.totals().latches[0].until, day.at(3) + 1);
  day.run(4, day.hours.minutes());
  CHECK_EQUAL(day.buys(), 1u);
  day.start(session_of({2025, 6, 6}));
  CHECK(day.book.totals().latches.empty());
}
