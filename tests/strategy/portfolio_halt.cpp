#define CAF_SUITE portfolio_halt
#include "tests/strategy/broken_strategy.hpp"
#include "tests/strategy/support.hpp"
#include "tests/support/test.hpp"

#include <algorithm>

using namespace sentio;
using namespace sentio::test;

namespace {

const session_hours the_day = session_of(a_tuesday);

test::rotation_setup plain(std::uint32_t slots = 3) {
  test::rotation_setup p;
  p.book.max_positions = slots;
  p.rotation.correlation_filter = false;
  p.rotation.stop_loss = false;
  p.rotation.min_rank_to_hold = 100;
  return p;
}

/// Prices of 50 until `falls_at`, then `after`; edges may be changed between minutes.
struct halting_day : trading_day {
  halting_day(const test::rotation_setup& p, std::size_t symbols, int falls_at = 1'000, double after = 50)
      : trading_day(p, funds(symbols), the_day, 100'000), edges(symbols, 1.0) {
    fill_bars(falls_at, after);
    think = [this](symbol_index s, int, symbol_signal& signal) { signal.edge_bp = edges[s]; };
    begin();
  }
  void fill_bars(int falls_at, double after) {
    bars = std::make_shared<session_bars>(instruments.size());
    for (auto& list : *bars)
      for (int m = 0; m < 390; ++m)
        list.push_back(bar_of(at(m), m < falls_at ? 50 : after, m < falls_at ? 50 : after));
  }
  void next_day() {
    hours = session_of({2025, 6, 4});
    fill_bars(1'000, 50);
    begin();
  }
  bool alerted(const std::string& part) const {
    return std::any_of(log.alerts.begin(), log.alerts.end(),
                       [&](const std::string& text) { return text.find(part) != std::string::npos; });
  }
  std::size_t count(order_side side) const {
    return static_cast<std::size_t>(std::count_if(log.orders.begin(), log.orders.end(),
                                                  [&](const order_intent& o) { return o.side == side; }));
  }
  std::vector<double> edges;
};

std::size_t buys_in(const portfolio_output& out) {
  return static_cast<std::size_t>(
      std::count_if(out.orders.begin(), out.orders.end(),
                    [](const order_intent& order) { return order.side == order_side::buy; }));
}

} // namespace

TEST(a strategy that asks for a thousand orders is stopped within ten and its book is sold) {
  halting_day day(plain(3), 20);
  day.edges.assign(20, -1);
  day.edges[0] = day.edges[1] = 5;
  day.run(1, 3);
  REQUIRE(day.book.shares(0) > 0);
  REQUIRE(day.book.shares(1) > 0);
  const time_ms when = day.at(3) + 1'000;
  std::size_t left = 0;
  for (int i = 0; i < 1'000; ++i)
    left +=
        portfolio_probe::ask(day.book, static_cast<symbol_index>(i % 20), order_side::buy, 10, 50, when + i)
            ? 1u
            : 0u;
  portfolio_probe::end_of_input(day.book, when + 1'000);
  CHECK_EQUAL(left, 3u); // for the third slot, and more of what is held
  CHECK(day.book.halted());
  CHECK_EQUAL(day.book.halt_reason(), "more than 10 orders were asked for in one minute: a runaway");
  CHECK_EQUAL(day.book.gateway().refused(risk_rule::runaway), 990u);
  const portfolio_output out = day.book.take();
  CHECK(out.latch_changed);
  CHECK_EQUAL(buys_in(out), 3u);
  CHECK_EQUAL(out.cancels.size(), 3u);
  REQUIRE(out.orders.size() == 5u);
  for (std::size_t i = 3; i < 5; ++i) {
    CHECK(out.orders[i].side == order_side::sell);
    CHECK_EQUAL(out.orders[i].shares, day.book.shares(out.orders[i].symbol));
  }
  CHECK(out.alerts.size() < 15u); // not one for each of a thousand
}

TEST(with slots and cash for more still no eleventh order leaves) {
  test::rotation_setup p = plain(3);
  p.risk.max_positions = 1'000;
  halting_day day(p, 20);
  day.edges.assign(20, -1);
  day.run(1, 1);
  std::size_t left = 0;
  for (int i = 0; i < 1'000; ++i)
    left += portfolio_probe::ask(day.book, static_cast<symbol_index>(i % 20), order_side::buy, 1, 50,
                                 day.at(1) + 1)
                ? 1u
                : 0u;
  CHECK_EQUAL(left, 10u);
  // The book's own identity notices it too: this gateway was told to allow more than the slots.
  CHECK(breaks_an_identity([&] { portfolio_probe::end_of_input(day.book, day.at(1) + 2); }));
  CHECK(day.book.halted());
  const portfolio_output out = day.book.take();
  CHECK_EQUAL(out.cancels.size(), 10u);
}

TEST(a runaway inside a round stops the round and the latch holds until rearmed) {
  test::rotation_setup p = plain(3);
  p.risk.max_orders_per_round = 2;
  halting_day day(p, 5);
  day.run(1, 1);
  CHECK_EQUAL(day.log.orders.size(), 2u); // the third entry was one too many
  CHECK_EQUAL(day.log.cancels.size(), 2u);
  CHECK(day.book.halted());
  CHECK(day.alerted("CRITICAL halted: more than 2 orders"));
  CHECK(day.alerted("; everything is sold, and nothing bought until rearmed"));
  day.run(2, 10); // the venue was faster than the cancels
  CHECK(day.book.flat());
  CHECK_EQUAL(day.count(order_side::buy), 2u);
  day.run(11, day.hours.minutes());
  day.next_day();
  day.run(1, 10);
  CHECK(day.book.halted());
  CHECK_EQUAL(day.count(order_side::buy), 2u);
  day.parameters.risk.max_orders_per_round = 0;
  day.book.replace(day.parameters, day.parameters.rules());
  day.book.on_command(command_kind::rearm, day.at(10) + 1);
  CHECK(!day.book.halted());
  CHECK(day.book.halt_reason().empty());
  CHECK(day.book.take().latch_changed);
  day.run(11, 12);
  CHECK_EQUAL(day.count(order_side::buy), 5u);
}

TEST(a runaway in a round decides each position once more and says why it is sold) {
  test::rotation_setup p = plain(3);
  p.rotation.rotation_delta = 0;
  halting_day day(p, 8);
  day.edges = {5, 4, -1, -1, -1, -1, -1, -1};
  day.run(1, 7);
  p.risk.max_orders_per_round = 1;
  day.book.replace(p, p.rules());
  day.edges = {-5, 4, 7, 6, 5, -1, -1, -1}; // one exit, and an entry at once
  day.minute(8);
  CHECK(day.book.halted());
  CHECK_EQUAL(day.decided(8, 1)->reason,
              "halted: more than 1 orders were asked for in one minute: a runaway");
  std::size_t lines = 0;
  for (const decision& line : day.log.decisions)
    lines += line.at == day.at(8) && line.symbol == 1 ? 1u : 0u;
  CHECK_EQUAL(lines, 1u);
  day.run(9, 10);
  CHECK(day.book.flat());
}

TEST(a loss at the limit halts and sells and just below does not ) {
  // 95 % invested: a fall of 10.5 % costs 9.97 %, one of 10.6 % 10.07 %.
  for (const double price : {44.75, 44.70}) {
    test::rotation_setup p = plain(3);
    halting_day day(p, 3, 20, price);
    day.edges.assign(3, 5);
    day.run(1, 30);
    const bool limit = price < 44.75;
    CHECK_EQUAL(day.book.halted(), limit);
    CHECK_EQUAL(day.alerted("CRITICAL halted: loss of the session"), limit);
    CHECK(day.alerted("circuit breaker"));
    CHECK_EQUAL(day.book.flat(), limit);
    if (limit)
      CHECK(day.decided(21, 0)->reason.starts_with("halted: loss of the session 100"));
  }
}

TEST(without a loss limit a loss does not halt) {
  test::rotation_setup p = plain(3);
  p.risk.halt_loss_pct = 0;
  halting_day day(p, 3, 20, 30);
  day.run(1, 30);
  CHECK(!day.book.halted());
  CHECK(!day.book.flat());
}

TEST(a loss that goes on latches again after a rearm) {
  halting_day day(plain(3), 3, 20, 40);
  day.run(1, 30);
  CHECK(day.book.halted());
  day.book.on_command(command_kind::rearm, day.at(30) + 1);
  CHECK(!day.book.halted());
  day.minute(31);
  CHECK(day.book.halted());
  CHECK_EQUAL(day.count(order_side::buy), 3u);
}

TEST(a halt by command keeps positions and a flatten during it sells them) {
  halting_day day(plain(2), 4);
  day.run(1, 3);
  day.book.on_command(command_kind::halt, day.at(3) + 1);
  CHECK(day.book.halted());
  CHECK_EQUAL(day.book.halt_reason(), "halt command");
  CHECK(day.book.take().latch_changed);
  day.run(4, 6);
  CHECK(day.book.shares(0) > 0);
  day.book.on_command(command_kind::flatten, day.at(6) + 1);
  day.forward(day.at(6) + 1);
  day.run(7, 20);
  CHECK(day.book.flat());
  CHECK(day.book.halted());
  CHECK_EQUAL(day.count(order_side::buy), 2u);
}

TEST(a runaway overtakes a halt by command and not the other way round) {
  halting_day day(plain(2), 4);
  day.run(1, 3);
  day.book.on_command(command_kind::halt, day.at(3) + 1);
  for (int i = 0; i < 12; ++i)
    CHECK(!portfolio_probe::ask(day.book, 3, order_side::buy, 1, 50, day.at(3) + 2));
  portfolio_probe::end_of_input(day.book, day.at(3) + 3);
  CHECK(day.book.halt_reason().ends_with("a runaway"));
  day.forward(day.at(3) + 3);
  CHECK_EQUAL(day.count(order_side::sell), 2u);
  day.book.on_command(command_kind::halt, day.at(3) + 4);
  CHECK(day.book.halt_reason().ends_with("a runaway"));
}

TEST(what fills after the latch is sold at once) {
  halting_day day(plain(1), 3);
  day.book.on_round(day.round_of(1));
  portfolio_output out = day.book.take();
  REQUIRE(out.orders.size() == 1u);
  const order_intent entry = out.orders[0];
  for (int i = 0; i < 20; ++i)
    portfolio_probe::ask(day.book, 1, order_side::buy, 1, 50, day.at(1) + 1);
  portfolio_probe::end_of_input(day.book, day.at(1) + 2);
  out = day.book.take();
  CHECK_EQUAL(out.cancels.size(), 1u);
  // In three parts within the minute, each sold by an order of its own: no runaway of sells.
  for (int part = 1; part <= 3; ++part) {
    day.book.on_venue(says(fill_of(entry, part, 7, 50, day.at(1) + 10 + part)));
    out = day.book.take();
    REQUIRE(out.orders.size() == 1u);
    CHECK(out.orders[0].side == order_side::sell);
    CHECK_EQUAL(out.orders[0].shares, 7);
  }
  CHECK_EQUAL(day.book.open_orders().size(), 4u);
  CHECK(day.book.open_orders()[0]->intent == entry);
}

TEST(a symbol that is down is sold at once and again each round and not entered until it is up) {
  halting_day day(plain(1), 2);
  day.edges = {5, -1};
  day.run(1, 3);
  REQUIRE(day.book.shares(0) > 0);
  day.book.on_symbol(0, false, day.at(3) + 1);
  portfolio_output out = day.book.take();
  REQUIRE(out.orders.size() == 1u);
  REQUIRE(out.decisions.size() == 1u);
  CHECK(out.decisions[0].kind == decision_kind::exit);
  CHECK_EQUAL(out.decisions[0].reason, "symbol is down");
  CHECK_EQUAL(out.alerts.at(0), "CRITICAL AA is down: no entry, and its position is sold");
  day.book.on_symbol(0, false, day.at(3) + 2);
  CHECK(day.book.take().empty());
  day.book.on_venue(says(venue_event_kind::rejected, out.orders[0].client_order_id, day.at(3) + 3, "no"));
  day.minute(4);
  CHECK_EQUAL(day.decided(4, 0)->reason, "symbol is down");
  day.run(5, 30);
  CHECK(day.book.flat());
  CHECK_EQUAL(day.count(order_side::buy), 1u);
  day.book.on_symbol(0, true, day.at(30) + 1);
  day.run(31, 32);
  CHECK(day.book.shares(0) > 0);
  CHECK(day.alerted("AA is up again"));
}

TEST(the open entry of a symbol that goes down is canceled and what fills is sold) {
  halting_day day(plain(1), 2);
  day.edges = {5, -1};
  day.book.on_round(day.round_of(1));
  const order_intent entry = day.book.take().orders.at(0);
  day.book.on_symbol(0, false, day.at(1) + 1);
  portfolio_output out = day.book.take();
  REQUIRE(out.cancels.size() == 1u);
  CHECK(out.orders.empty());
  day.book.on_venue(says(fill_of(entry, 1, 9, 50, day.at(1) + 2)));
  out = day.book.take();
  REQUIRE(out.orders.size() == 1u);
  CHECK_EQUAL(out.orders[0].shares, 9);
}

TEST(no dependent entry is released during maintenance or for a halted symbol) {
  for (const bool maintenance : {true, false}) {
    test::rotation_setup p = plain(1);
    halting_day day(p, 2);
    day.edges = {5, -1};
    day.run(1, 7);
    day.edges = {-5, 5};
    day.minute(8);
    if (maintenance)
      day.book.on_command(command_kind::maintenance_on, day.at(8) + 1);
    else
      day.book.on_halt(1, true);
    day.venue_until(day.at(8) + 30'000);
    CHECK(day.book.flat());
    CHECK_EQUAL(day.count(order_side::buy), 1u);
    CHECK(day.alerted(maintenance ? "not active: maintenance" : "AB is halted by the venue"));
  }
}

TEST(a residual is alerted with the reason) {
  halting_day day(plain(2), 2);
  day.run(1, 3);
  day.book.on_phase(session_phase::liquidation, the_day.liquidation);
  const portfolio_output out = day.book.take();
  REQUIRE(out.orders.size() == 2u);
  day.book.on_venue(
      says(venue_event_kind::rejected, out.orders[0].client_order_id, the_day.liquidation + 1, "mood"));
  day.book.on_venue(says(venue_event_kind::accepted, out.orders[1].client_order_id, the_day.liquidation + 1));
  day.book.on_phase(session_phase::close, the_day.close);
  day.forward(the_day.close);
  CHECK(day.alerted(" AA; its last exit ended: s-test-20250603-1558-AA-S-1 rejected with 0 of"));
  CHECK(day.alerted(" AB; its exit s-test-20250603-1558-AB-S-1 is accepted with 0 of"));
}
