#define CAF_SUITE order_desk_recall
#include "tests/support/desk_bench.hpp"

using namespace sentio;
using namespace sentio::test;

TEST(orders that nobody heard of are posted again in the order in which they were decided) {
  desk_bench bench;
  auto first = intent_of(order_side::sell, 100);
  auto second = first;
  first.client_order_id = "s-zzz";
  second.client_order_id = "s-aaa";
  bench.desk.recall(first, bench.now);
  bench.desk.recall(second, bench.now);
  bench.desk.resume(bench.now);
  const auto wanted = bench.take();
  const auto count = wanted.size();
  CHECK_EQUAL(count, 2u);
  CHECK(wanted.at(0).action == desk_action::post);
  const auto& id = wanted.at(0).client_order_id;
  CHECK_EQUAL(id, "s-zzz");
}

TEST(an entry whose minute is long over is not sent and an exit is) {
  desk_bench bench;
  bench.wait(longest_entry_ms + 1); // the process stood still
  const auto buy = bench.submit(intent_of(order_side::buy, 100));
  CHECK(buy.empty());
  REQUIRE(bench.said.events.size() == 1);
  const auto told = bench.said.events.front();
  CHECK(told.kind == venue_event_kind::canceled);
  CHECK_EQUAL(told.reason, std::string(decided_too_long_ago));
  CHECK_EQUAL(bench.desk.live(), 0u);
  const auto sale = bench.submit(intent_of(order_side::sell, 100, 1));
  CHECK_EQUAL(sale.size(), 1u);
  desk_bench in_time;
  in_time.wait(longest_entry_ms);
  const auto sent = in_time.submit(intent_of(order_side::buy, 100));
  CHECK_EQUAL(sent.size(), 1u);
}

TEST(an entry that was refused for its rate is not tried again when its minute is long over) {
  desk_bench bench;
  const auto asked = bench.submit(intent_of(order_side::buy, 100));
  REQUIRE(asked.size() == 1);
  bench.answer(asked[0], {429, {}, {}, 5});
  bench.wait(longest_entry_ms + 1);
  bench.desk.tick(bench.now);
  CHECK(bench.take().empty());
  const auto ended = bench.count(venue_event_kind::canceled);
  CHECK_EQUAL(ended, 1u);
}

TEST(an entry that may have arrived is looked for and not posted again when its minute is long over) {
  desk_bench bench;
  auto asked = bench.submit(intent_of(order_side::buy, 100));
  REQUIRE(asked.size() == 1);
  bench.answer(asked[0], {0, {}, "timed out", 0});
  bench.wait(longest_entry_ms + 1);
  for (int i = 0; i < 20 && bench.count(venue_event_kind::canceled) == 0; ++i) {
    bench.wait_for_request(asked);
    REQUIRE(asked.size() == 1);
    CHECK(asked[0].action == desk_action::look);
    bench.answer(asked[0], refusal_of(404, 40410000, "not found"));
  }
  const auto posted = bench.asked(desk_action::post);
  CHECK_EQUAL(posted, 1u);
  REQUIRE(bench.count(venue_event_kind::canceled) == 1);
  CHECK_EQUAL(bench.said.events.back().reason, std::string(never_arrived));
}

TEST(after the close nothing is ordered and what is under way is looked for) {
  desk_bench bench;
  const auto under_way = intent_of(order_side::sell, 100, 1);
  bench.desk.recall(under_way, bench.now);
  bench.desk.close_at(bench.now.venue);
  bench.desk.resume(bench.now);
  const auto asked = bench.take();
  REQUIRE(asked.size() == 1);
  CHECK(asked[0].action == desk_action::look);
  const auto sale = bench.submit(intent_of(order_side::sell, 50));
  CHECK(sale.empty());
  REQUIRE(bench.said.events.size() == 1);
  const auto told = bench.said.events.front();
  CHECK(told.kind == venue_event_kind::canceled);
  CHECK_EQUAL(told.reason, std::string(session_closed_by_then));
  bench.desk.close_everything(bench.now); // the venue would keep it for the next open
  CHECK(bench.take().empty());
  // It was filled while nobody was there.
  bench.answer(asked[0], good(shown(under_way, "filled", 100, 50.25)));
  const auto fills = bench.count(venue_event_kind::fill);
  CHECK_EQUAL(fills, 1u);
  CHECK_EQUAL(bench.asked(desk_action::post), 0u);
  desk_bench in_time;
  in_time.desk.close_at(in_time.now.venue + 1);
  const auto sent = in_time.submit(intent_of(order_side::sell, 50));
  CHECK_EQUAL(sent.size(), 1u);
}
