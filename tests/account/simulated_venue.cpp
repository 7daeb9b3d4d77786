#define CAF_SUITE simulated_venue
#include "core/account/simulated_venue.hpp"
#include "tests/account/support.hpp"
#include "tests/support/test.hpp"

using namespace sentio;
using namespace sentio::test;

namespace {

const session_hours hours = session_of(a_tuesday);

time_ms minute(int number) {
  return hours.open + number * minute_ms;
}

/// A: bars in minutes 0, 1, 2, then a hole until 5. B: minutes 0 ... 4. C: never.
std::shared_ptr<const session_bars> three_symbols() {
  auto bars = std::make_shared<session_bars>(3);
  for (int m : {0, 1, 2, 5})
    (*bars)[0].push_back(bar_of(minute(m), 50 + m, 50.5 + m));
  for (int m = 0; m < 5; ++m)
    (*bars)[1].push_back(bar_of(minute(m), 20 + m, 20.25 + m));
  return bars;
}

simulated_venue venue_with(const cost_parameters& costs, double cash = 100'000) {
  simulated_venue venue({fund("A", 1), fund("B", 2), fund("C", 3)}, costs, from_dollars(cash));
  venue.begin_session(hours, three_symbols());
  return venue;
}

order_intent buy(const char* id, symbol_index symbol, std::int64_t shares, time_ms when) {
  return order(id, symbol, order_side::buy, shares, 50, when);
}
order_intent sell(const char* id, symbol_index symbol, std::int64_t shares, time_ms when) {
  return order(id, symbol, order_side::sell, shares, 50, when);
}

} // namespace

TEST(an order fills at the open of the next bar after the latency with costs) {
  simulated_venue venue = venue_with({});
  venue.submit(buy("b", 0, 100, minute(1)), minute(1));
  CHECK(venue.next_time() == minute(1));
  auto events = venue.advance(minute(1));
  REQUIRE(events.size() == 1);
  CHECK(events[0].kind == venue_event_kind::accepted);
  CHECK(venue.next_time() == minute(1) + 100);
  CHECK(venue.advance(minute(1) + 99).empty());
  events = venue.advance(minute(1) + 100);
  REQUIRE(events.size() == 1);
  const execution& fill = events[0].fill;
  CHECK_EQUAL(fill.execution_id, "b-1");
  CHECK_EQUAL(to_string(fill.price), "51.00");
  CHECK_EQUAL(fill.shares, 100);
  CHECK_EQUAL(to_string(fill.spread_cost), "0.51"); // 1 bp of 5,100
  CHECK_EQUAL(fill.at, minute(1) + 100);
  CHECK_EQUAL(to_string(venue.cash()), "94899.49");
  CHECK(!venue.next_time());
}

TEST(a hole moves the fill to the next bar there is) {
  simulated_venue venue = venue_with({});
  venue.submit(buy("b", 0, 1, minute(3)), minute(3));
  const auto events = venue.advance(hours.close);
  REQUIRE(events.size() == 2);
  CHECK_EQUAL(events[1].at, minute(5) + 100);
  CHECK_EQUAL(to_string(events[1].fill.price), "55.00");
}

TEST(an order released by a fill fills in the same minute and not before its release) {
  cost_parameters costs;
  costs.latency_ms = 250;
  simulated_venue venue = venue_with(costs);
  order_intent released = buy("b", 1, 1, minute(2));
  released.released_at = minute(2) + 250;
  venue.submit(released, released.released_at);
  const auto events = venue.advance(minute(2) + 250);
  REQUIRE(events.size() == 2);
  CHECK_EQUAL(to_string(events[1].fill.price), "22.00");
  CHECK_EQUAL(events[1].at, minute(2) + 250);
}

TEST(an exit without a further bar fills at the last close when the session closes) {
  simulated_venue venue = venue_with({});
  venue.submit(buy("b", 1, 10, minute(0)), minute(0));
  venue.advance(minute(1));
  venue.submit(sell("s", 1, 10, minute(9)), minute(9));
  const auto events = venue.advance(hours.close);
  REQUIRE(events.size() == 2);
  CHECK(events[1].fill.no_print);
  CHECK_EQUAL(events[1].at, hours.close);
  CHECK_EQUAL(to_string(events[1].fill.price), "24.25");
  CHECK_EQUAL(venue.shares(1), 0);
}

TEST(an entry without a further bar expires when the session closes) {
  simulated_venue venue = venue_with({});
  venue.submit(buy("b", 1, 10, minute(9)), minute(9));
  const auto events = venue.advance(hours.close);
  REQUIRE(events.size() == 2);
  CHECK(events[1].kind == venue_event_kind::expired);
  CHECK_EQUAL(events[1].at, hours.close);
}

TEST(an exit on a day without a bar fills at the last known close) {
  simulated_venue venue = venue_with({});
  venue.submit(buy("b", 1, 10, minute(0)), minute(0));
  venue.advance(hours.close);
  const session_hours next = session_of({2025, 6, 4});
  venue.begin_session(next, std::make_shared<session_bars>(3));
  venue.submit(sell("s", 1, 10, next.liquidation), next.liquidation);
  const auto events = venue.advance(next.close);
  REQUIRE(events.size() == 2);
  CHECK(events[1].fill.no_print);
  CHECK_EQUAL(to_string(events[1].fill.price), "24.25");
}

TEST(rows outside the session are never prices) {
  auto bars = std::make_shared<session_bars>(1);
  (*bars)[0] = {bar_of(hours.open - minute_ms, 10, 10), bar_of(hours.close - minute_ms, 20, 21),
                bar_of(hours.close, 99, 99)};
  simulated_venue venue({fund("A")}, {}, from_dollars(1'000));
  venue.begin_session(hours, bars);
  venue.submit(buy("b", 0, 1, hours.open), hours.open);
  auto events = venue.advance(hours.close - minute_ms + 100);
  REQUIRE(events.size() == 2);
  CHECK_EQUAL(to_string(events[1].fill.price), "20.00");
  order_intent late = sell("s", 0, 1, hours.close - 1'000);
  late.released_at = hours.close - 1'000;
  venue.submit(late, late.released_at);
  events = venue.advance(hours.close);
  CHECK_EQUAL(to_string(events.back().fill.price),
              "20.00"); // the 15:59 bar's own open is not yet past its minute
}

TEST(the close model fills at once at the deciding close without cost) {
  cost_parameters costs;
  costs.fill = fill_model::close;
  simulated_venue venue = venue_with(costs);
  venue.submit(buy("b", 0, 10, minute(2)), minute(2));
  const auto events = venue.advance(minute(2));
  REQUIRE(events.size() == 2);
  CHECK_EQUAL(to_string(events[1].fill.price), "51.50"); // close of minute 1
  CHECK_EQUAL(to_string(events[1].fill.spread_cost), "0.00");
  CHECK_EQUAL(events[1].at, minute(2));
}

TEST(a cancel before the fill wins and one after it is too late) {
  simulated_venue venue = venue_with({});
  venue.submit(buy("b", 0, 1, minute(1)), minute(1));
  venue.cancel({"b", minute(1)}, minute(1) + 50);
  auto events = venue.advance(hours.close);
  REQUIRE(events.size() == 2);
  CHECK(events[1].kind == venue_event_kind::canceled);
  CHECK_EQUAL(events[1].at, minute(1) + 50);
  venue.submit(buy("c", 0, 1, minute(1)), minute(1));
  venue.cancel({"c", minute(1)}, minute(1) + 100);
  events = venue.advance(hours.close);
  REQUIRE(events.size() == 2);
  CHECK(events[1].kind == venue_event_kind::fill);
}

TEST(a buy that would overdraw is cut to what cash pays costs included) {
  simulated_venue venue = venue_with({}, 1'020.10);
  venue.submit(buy("b", 0, 100, minute(1)), minute(1));
  auto events = venue.advance(hours.close);
  REQUIRE(events.size() == 3);
  // 20 * 51.00 = 1,020.00 and 1 bp of it 0.102 = 1,020.102 > 1,020.10, so 19
  CHECK_EQUAL(events[1].fill.shares, 19);
  CHECK(events[2].kind == venue_event_kind::canceled);
  CHECK_EQUAL(events[2].reason, "cut to cash: 19 of 100 shares");
  CHECK(venue.cash() >= money{});
  venue.submit(buy("d", 0, 5, minute(1)), minute(1));
  events = venue.advance(hours.close);
  REQUIRE(events.size() == 2); // nothing to pay with: accepted, canceled
  CHECK(events[1].reason.starts_with(cut_to_cash_reason));
}

TEST(impossible orders are rejected) {
  simulated_venue venue = venue_with({});
  venue.submit(sell("short", 0, 1, minute(1)), minute(1));
  venue.submit(buy("symbol", 9, 1, minute(1)), minute(1));
  venue.submit(buy("none", 0, 0, minute(1)), minute(1));
  venue.submit(buy("late", 0, 1, hours.close), hours.close);
  const auto events = venue.advance(hours.close);
  REQUIRE(events.size() == 4);
  for (const venue_event& event : events) {
    CHECK(event.kind == venue_event_kind::rejected);
    CHECK(!event.reason.empty());
  }
}

TEST(events at one time come in the order of their ids and each once) {
  simulated_venue venue = venue_with({});
  venue.submit(buy("z", 0, 1, minute(0)), minute(0));
  venue.submit(buy("a", 1, 1, minute(0)), minute(0));
  venue.submit(buy("a", 1, 1, minute(0)), minute(0)); // sent again after a lost connection
  const auto events = venue.advance(hours.close);
  REQUIRE(events.size() == 4);
  CHECK_EQUAL(events[0].client_order_id, "a");
  CHECK_EQUAL(events[1].client_order_id, "z");
  CHECK_EQUAL(events[2].client_order_id, "a");
  CHECK_EQUAL(events[3].client_order_id, "z");
}

TEST(a session cannot begin while orders are open) {
  simulated_venue venue = venue_with({});
  venue.submit(buy("b", 0, 1, minute(1)), minute(1));
  const session_hours next = session_of({2025, 6, 4});
  CHECK(breaks_an_identity([&] { venue.begin_session(next, std::make_shared<session_bars>(3)); }));
  venue.advance(hours.close);
  CHECK(breaks_an_identity([&] { venue.begin_session(next, std::make_shared<session_bars>(2)); }));
  venue.begin_session(next, std::make_shared<session_bars>(3));
  CHECK(!venue.next_time());
}
