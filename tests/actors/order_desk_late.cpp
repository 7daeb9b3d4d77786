// Orders that reach the venue after they were given up.
#define CAF_SUITE order_desk_late
#include "tests/support/desk_bench.hpp"

using namespace sentio;
using namespace sentio::test;

namespace {

/// Looks find nothing until the desk has had enough.
void give_up(desk_bench& bench, const order_intent& order) {
  auto asked = bench.submit(order);
  for (int i = 0; i < 100 && bench.count(venue_event_kind::rejected) == 0; ++i) {
    if (asked.empty())
      bench.wait_for_request(asked);
    const auto request = asked.at(0);
    asked =
        bench.answer(request, request.action == desk_action::post ? desk_answer{0, {}, "timed out", 0}
                                                                  : refusal_of(404, 40410000, "not found"));
  }
}

} // namespace

TEST(an order that is filled after it was given up is an adjustment at its own price and once) {
  desk_bench bench;
  const auto order = intent_of(order_side::buy, 100);
  give_up(bench, order);
  const auto ended = bench.count(venue_event_kind::rejected);
  CHECK_EQUAL(ended, 1u);
  const auto late = shown(order, "filled", 100, 50.25);
  bench.hear(update_of(late, "fill", 100, 50.25));
  const auto adjustments = bench.count(venue_event_kind::adjustment);
  CHECK_EQUAL(adjustments, 1u);
  const auto told = bench.said.events.back();
  CHECK_EQUAL(told.fill.shares, 100);
  CHECK(told.fill.price == from_dollars(50.25));
  CHECK(told.reason.ends_with(order.client_order_id));
  // Heard again by the stream and by the list, and the position fits.
  bench.hear(update_of(late, "fill", 100, 50.25));
  bench.answer({desk_action::list, {}, {}, bench.now.venue}, good_list({late}));
  for (int i = 0; i < 3; ++i) {
    bench.wait(60'000);
    bench.answer({desk_action::positions, {}, {}}, good_positions({{"AAA", 100}, {"BBB", 500}}));
  }
  const auto in_the_end = bench.count(venue_event_kind::adjustment);
  CHECK_EQUAL(in_the_end, 1u);
}

TEST(a desk born after a late fill does not count it again) {
  desk_bench before;
  const auto order = intent_of(order_side::buy, 100);
  give_up(before, order);
  const auto late = shown(order, "filled", 100, 50.25);
  before.hear(update_of(late, "fill", 100, 50.25));
  desk_bench after;
  after.desk.recall(order, after.now);
  for (const auto& event : before.said.events)
    after.desk.recall(event);
  after.desk.resume(after.now);
  after.hear(update_of(late, "fill", 100, 50.25));
  const auto again = after.count(venue_event_kind::adjustment);
  CHECK_EQUAL(again, 0u);
  CHECK_EQUAL(after.desk.held().at(0), 100);
}

TEST(orders are listed since the last list and since those that may still arrive) {
  desk_bench bench;
  const auto first = bench.desk.list_since(bench.now);
  CHECK(first < bench.now.venue - 6 * 60 * minute_ms);
  bench.wait(60'000);
  bench.desk.reconcile(bench.now);
  const auto asked = bench.take();
  bench.answer(asked.at(0), good_list({}));
  bench.wait(60'000);
  const auto later = bench.desk.list_since(bench.now);
  CHECK(later > bench.now.venue - 10 * minute_ms);
  const auto posted = bench.now.venue;
  auto order = intent_of(order_side::buy, 100);
  order.decided_at = posted;
  give_up(bench, order);
  for (int i = 0; i < 30; ++i) {
    bench.wait(60'000);
    bench.desk.reconcile(bench.now);
    bench.answer(bench.take().at(0), good_list({}));
  }
  const auto with_one_given_up = bench.desk.list_since(bench.now);
  CHECK(with_one_given_up <= posted);
}
