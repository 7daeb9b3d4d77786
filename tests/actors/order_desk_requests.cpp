// What the desk asks of the venue, and when.
#define CAF_SUITE order_desk_requests
#include "tests/support/desk_bench.hpp"

using namespace sentio;
using namespace sentio::test;

namespace {

const order_intent buys = intent_of(order_side::buy, 100);
const order_intent sells = intent_of(order_side::sell, 100, 1);
const desk_answer missing = refusal_of(404, 40'410'000, "order not found");
const desk_answer nothing{0, {}, "timed out", 0};

desk_request post_of(const order_intent& order) {
  return {desk_action::post, order.client_order_id, {}};
}
desk_request look_of(const order_intent& order) {
  return {desk_action::look, order.client_order_id, {}};
}
desk_request cancel_of(const order_intent& order) {
  return {desk_action::cancel, order.client_order_id, "venue-" + order.client_order_id};
}

/// Answers looks with 404 until something else is asked for; returns the waits before each look.
std::vector<std::int64_t> miss(desk_bench& bench, std::vector<desk_request>& last) {
  std::vector<std::int64_t> waits;
  for (;;) {
    waits.push_back(bench.wait_for_request(last, 20'000));
    if (last.empty() || last[0].action != desk_action::look)
      return waits;
    last = bench.answer(last[0], missing);
    if (!last.empty() || bench.desk.live() == 0)
      return waits;
  }
}

} // namespace

TEST(an intent is posted once however often it is submitted) {
  desk_bench bench;
  CHECK_EQUAL(bench.submit(buys).size(), 1u);
  CHECK(bench.submit(buys).empty());
}

TEST(a post of unknown outcome is looked up with growing waits and posted again after four misses) {
  for (const int status : {0, 408, 500, 502, 503, 504}) {
    desk_bench bench;
    bench.submit(buys);
    CHECK(bench.answer(post_of(buys), {status, "<html>", {}, 0}).empty());
    std::vector<desk_request> last;
    const auto waits = miss(bench, last);
    const std::vector<std::int64_t> expected{250, 500, 1'000, 2'000};
    CHECK_EQUAL(waits, expected);
    REQUIRE(last.size() == 1u);
    CHECK(last[0].action == desk_action::post);
    CHECK_EQUAL(last[0].client_order_id, buys.client_order_id);
    CHECK(bench.said.events.empty());
  }
}

TEST(a good answer that cannot be read is looked up) {
  desk_bench bench;
  bench.submit(buys);
  CHECK(bench.answer(post_of(buys), {200, "{", {}, 0}).empty());
  std::vector<desk_request> next;
  CHECK_EQUAL(bench.wait_for_request(next), 250);
  CHECK(next[0].action == desk_action::look);
}

TEST(an id is posted three times at most and is rejected then) {
  desk_bench bench;
  bench.submit(buys);
  for (int posts = 1; posts <= 3; ++posts) {
    CHECK(bench.answer(post_of(buys), nothing).empty());
    std::vector<desk_request> last;
    miss(bench, last);
    CHECK_EQUAL(last.size(), posts < 3 ? 1u : 0u);
  }
  CHECK_EQUAL(bench.asked(desk_action::post), 3u);
  CHECK_EQUAL(bench.asked(desk_action::look), 12u);
  CHECK_EQUAL(bench.desk.reposted(), 2u);
  REQUIRE(bench.said.events.size() == 1u);
  CHECK(bench.said.events[0].kind == venue_event_kind::rejected);
  CHECK_EQUAL(bench.desk.live(), 0u);
}

TEST(a look up that fails itself is no miss) {
  desk_bench bench;
  bench.submit(buys);
  bench.answer(post_of(buys), nothing);
  for (int looks = 1; looks <= 8; ++looks) {
    std::vector<desk_request> next;
    bench.wait_for_request(next);
    REQUIRE(next.size() == 1u);
    REQUIRE(next[0].action == desk_action::look);
    bench.answer(next[0], looks < 8 ? (looks % 2 ? nothing : desk_answer{429, {}, {}, 1}) : missing);
  }
  CHECK_EQUAL(bench.asked(desk_action::post), 1u);
}

TEST(an order that a look up finds is adopted) {
  desk_bench bench;
  bench.submit(buys);
  bench.answer(post_of(buys), nothing);
  std::vector<desk_request> next;
  bench.wait_for_request(next);
  bench.answer(next.at(0), missing);
  bench.wait_for_request(next);
  bench.answer(next.at(0), good(shown(buys, "partially_filled", 30, 50)));
  CHECK_EQUAL(bench.count(venue_event_kind::accepted), 1u);
  CHECK_EQUAL(bench.filled(buys.client_order_id), 30);
  bench.wait_for_request(next, 9'000);
  CHECK(next.empty());
}

TEST(a duplicate id is looked up and adopted) {
  for (const auto& there :
       {refusal_of(422, 40'010'001, "client_order_id must be unique"), refusal_of(409, 0, "conflict"),
        refusal_of(422, 0, "client_order_id must be unique")}) {
    desk_bench bench;
    bench.submit(buys);
    CHECK(bench.answer(post_of(buys), there).empty());
    CHECK(bench.said.events.empty());
    std::vector<desk_request> next;
    bench.wait_for_request(next);
    REQUIRE(next.size() == 1u);
    CHECK(next[0].action == desk_action::look);
    bench.answer(next[0], good(shown(buys, "filled", 100, 50)));
    CHECK_EQUAL(bench.filled(buys.client_order_id), 100);
    CHECK_EQUAL(bench.asked(desk_action::post), 1u);
  }
}

TEST(a duplicate id of another order halts) {
  desk_bench bench;
  bench.submit(buys);
  bench.answer(post_of(buys), refusal_of(422, 40'010'001, "client_order_id must be unique"));
  auto other = shown(buys, "filled", 60, 50);
  other.shares = 60;
  bench.answer(look_of(buys), good(other));
  CHECK(bench.said.halt);
  CHECK_EQUAL(bench.filled(buys.client_order_id), 0);
}

TEST(shares held by other orders are freed and the sell is posted again three times at most) {
  desk_bench bench;
  bench.submit(sells);
  for (int refusals = 1; refusals <= 3; ++refusals) {
    const auto requests = bench.answer(
        post_of(sells), refusal_of(403, 40'310'000, "insufficient qty available for order", {"x-1", "x-2"}));
    REQUIRE(requests.size() == 2u);
    CHECK(requests[0].action == desk_action::cancel);
    CHECK_EQUAL(requests[0].venue_id, "x-1");
    CHECK_EQUAL(requests[1].venue_id, "x-2");
    std::vector<desk_request> next;
    CHECK_EQUAL(bench.wait_for_request(next), 250 * refusals);
    REQUIRE(next.size() == 1u);
    CHECK(next[0].action == desk_action::post);
    CHECK_EQUAL(next[0].client_order_id, sells.client_order_id);
  }
  CHECK(bench.said.events.empty());
  CHECK(bench.answer(post_of(sells), refusal_of(403, 40'310'000, "insufficient qty", {"x-1"})).empty());
  REQUIRE(bench.said.events.size() == 1u);
  CHECK(bench.said.events[0].kind == venue_event_kind::rejected);
}

TEST(a wash trade names the order in the way which is canceled) {
  desk_bench bench;
  bench.submit(sells);
  const auto requests = bench.answer(
      post_of(sells),
      {403,
       R"({"code":40310000,"message":"potential wash trade detected","existing_order_id":"x-9"})",
       {},
       0});
  REQUIRE(requests.size() == 1u);
  CHECK_EQUAL(requests[0].venue_id, "x-9");
  CHECK(bench.said.events.empty());
}

TEST(a buy that other orders stop is rejected and cancels nothing) {
  desk_bench bench;
  bench.submit(buys);
  CHECK(bench.answer(post_of(buys), refusal_of(403, 40'310'000, "potential wash trade detected", {"x"}))
            .empty());
  CHECK_EQUAL(bench.count(venue_event_kind::rejected), 1u);
}

TEST(too little buying power rejects at once) {
  desk_bench bench;
  bench.submit(buys);
  CHECK(bench.answer(post_of(buys), refusal_of(403, 40'310'000, "insufficient buying power")).empty());
  REQUIRE(bench.said.events.size() == 1u);
  CHECK(bench.said.events[0].kind == venue_event_kind::rejected);
  CHECK_EQUAL(bench.last_reason(), "HTTP 403: insufficient buying power");
  CHECK(!bench.said.stop_entries);
  CHECK_EQUAL(bench.desk.live(), 0u);
}

TEST(a blocked account stops entries) {
  desk_bench bench;
  bench.submit(buys);
  bench.answer(post_of(buys), refusal_of(403, 40'310'000, "account is blocked from trading"));
  CHECK(bench.said.stop_entries);
  CHECK_EQUAL(bench.said.alarms.size(), 1u);
  CHECK_EQUAL(bench.count(venue_event_kind::rejected), 1u);
}

TEST(too many requests waits as long as the venue says and counts as no post) {
  desk_bench bench;
  bench.submit(buys);
  for (int i = 0; i < 5; ++i) {
    bench.answer(post_of(buys), {429, {}, {}, 7});
    std::vector<desk_request> next;
    CHECK_EQUAL(bench.wait_for_request(next), 7'000);
    REQUIRE(next.size() == 1u);
    CHECK(next[0].action == desk_action::post);
  }
  CHECK(bench.said.events.empty());
  CHECK_EQUAL(bench.desk.reposted(), 0u);
  bench.answer(post_of(buys), {429, {}, {}, 0}); // says nothing: a second
  std::vector<desk_request> next;
  CHECK_EQUAL(bench.wait_for_request(next), 1'000);
}

TEST(an order that stays pending is looked up after ten seconds and canceled after thirty) {
  desk_bench bench;
  bench.submit(buys);
  bench.answer(post_of(buys), good(shown(buys, "pending_new")));
  std::vector<std::int64_t> looks;
  std::int64_t canceled_at = 0;
  for (std::int64_t waited = 0; waited <= 31'000 && canceled_at == 0; waited += 10) {
    for (const auto& request : bench.take()) {
      if (request.action == desk_action::look) {
        looks.push_back(waited);
        bench.desk.answered(request, good(shown(buys, "pending_new")), bench.now);
      } else if (request.action == desk_action::cancel) {
        canceled_at = waited;
        CHECK_EQUAL(request.venue_id, "venue-" + buys.client_order_id);
      }
    }
    bench.wait(10);
    bench.desk.tick(bench.now);
  }
  REQUIRE(!looks.empty());
  CHECK_EQUAL(looks[0], 10'000);
  CHECK(canceled_at >= 30'000);
  CHECK(canceled_at <= 34'000); // a look that is due goes first
  CHECK(looks.size() <= 12u);
}

TEST(an acknowledged buy without fills is canceled after thirty seconds and a sell stays) {
  desk_bench bench;
  bench.submit(buys);
  bench.answer(post_of(buys), good(shown(buys, "new")));
  std::vector<desk_request> next;
  CHECK_EQUAL(bench.wait_for_request(next), 30'000);
  CHECK(next[0].action == desk_action::cancel);
  desk_bench other;
  other.submit(sells);
  other.answer(post_of(sells), good(shown(sells, "new")));
  other.wait_for_request(next, 200'000);
  CHECK(next.empty());
}

TEST(venue time may run fast but the network is given its real time) {
  desk_bench bench;
  bench.submit(buys);
  bench.answer(post_of(buys), good(shown(buys, "pending_new")));
  bench.now.venue += 60'000;
  bench.now.real += 290;
  bench.desk.tick(bench.now);
  CHECK(bench.take().empty());
  bench.now.real += 10;
  bench.desk.tick(bench.now);
  CHECK_EQUAL(bench.take().size(), 1u);
}

TEST(a cancel before the order is known at the venue is sent as soon as it is) {
  desk_bench bench;
  bench.submit(buys);
  bench.desk.cancel(buys.client_order_id, bench.now);
  CHECK(bench.take().empty());
  const auto requests = bench.answer(post_of(buys), good(shown(buys, "new")));
  REQUIRE(requests.size() == 1u);
  CHECK(requests[0].action == desk_action::cancel);
  CHECK_EQUAL(requests[0].venue_id, "venue-" + buys.client_order_id);
  CHECK(bench.hear(update_of(shown(buys, "new"), "new")).empty()); // asked once
}

TEST(a canceled entry that never arrived is not posted again) {
  desk_bench bench;
  bench.submit(buys);
  bench.answer(post_of(buys), nothing);
  bench.desk.cancel(buys.client_order_id, bench.now);
  std::vector<desk_request> last;
  miss(bench, last);
  CHECK_EQUAL(bench.asked(desk_action::post), 1u);
  REQUIRE(bench.said.events.size() == 1u);
  CHECK(bench.said.events[0].kind == venue_event_kind::canceled);
}

TEST(a canceled entry that waits for the venue to take it is not posted at all) {
  desk_bench bench;
  bench.submit(buys);
  bench.answer(post_of(buys), {429, {}, {}, 7});
  bench.desk.cancel(buys.client_order_id, bench.now);
  std::vector<desk_request> next;
  bench.wait_for_request(next, 10'000);
  CHECK(next.empty());
  CHECK_EQUAL(bench.count(venue_event_kind::canceled), 1u);
  CHECK_EQUAL(bench.desk.live(), 0u);
}

TEST(a cancel that the venue refuses leads to a look up) {
  for (const int status : {422, 404, 500, 0}) {
    desk_bench bench;
    bench.submit(sells);
    bench.answer(post_of(sells), good(shown(sells, "new")));
    bench.desk.cancel(sells.client_order_id, bench.now);
    bench.take();
    CHECK(bench.answer(cancel_of(sells), {status, {}, {}, 0}).empty());
    std::vector<desk_request> next;
    CHECK_EQUAL(bench.wait_for_request(next), 250);
    CHECK(next[0].action == desk_action::look);
    bench.answer(next[0], good(shown(sells, "filled", 100, 50)));
    CHECK_EQUAL(bench.filled(sells.client_order_id), 100);
    CHECK_EQUAL(bench.desk.live(), 0u);
  }
}

TEST(a cancel that stays pending for minutes is asked for again) {
  desk_bench bench;
  bench.submit(sells);
  bench.answer(post_of(sells), good(shown(sells, "new")));
  bench.desk.cancel(sells.client_order_id, bench.now);
  bench.answer(cancel_of(sells), {204, {}, {}, 0});
  for (int ms = 0; ms < 180'000; ms += 50) {
    bench.wait(50);
    bench.desk.tick(bench.now);
    for (const auto& request : bench.take())
      bench.desk.answered(request,
                          request.action == desk_action::look ? good(shown(sells, "pending_cancel"))
                                                              : desk_answer{204, {}, {}, 0},
                          bench.now);
  }
  CHECK(bench.asked(desk_action::cancel) >= 10u);
  CHECK(bench.asked(desk_action::cancel) <= 50u);
  CHECK_EQUAL(bench.desk.live(), 1u);
  bench.hear(update_of(shown(sells, "canceled"), "canceled"));
  CHECK_EQUAL(bench.desk.live(), 0u);
}

TEST(an order that the venue forgets is an alarm and is not posted again) {
  desk_bench bench;
  bench.submit(buys);
  bench.answer(post_of(buys), good(shown(buys, "new")));
  for (int i = 0; i < 6; ++i)
    bench.answer(look_of(buys), missing);
  CHECK_EQUAL(bench.asked(desk_action::post), 1u);
  CHECK_EQUAL(bench.said.alarms.size(), 1u);
  CHECK_EQUAL(bench.desk.live(), 1u);
}

TEST(a refusal of a repeated post does not end an order that is known at the venue) {
  desk_bench bench;
  bench.submit(buys);
  bench.answer(post_of(buys), nothing);
  std::vector<desk_request> last;
  miss(bench, last);
  REQUIRE(last.size() == 1u);
  bench.hear(update_of(shown(buys, "new"), "new")); // the first post arrived after all
  bench.answer(last[0], refusal_of(403, 40'310'000, "insufficient buying power"));
  CHECK_EQUAL(bench.count(venue_event_kind::rejected), 0u);
  bench.hear(update_of(shown(buys, "filled", 100, 50), "fill", 100, 50));
  CHECK_EQUAL(bench.filled(buys.client_order_id), 100);
}

TEST(an exit waits seconds whatever the venue asks for and a halt does not wait at all) {
  desk_bench bench;
  desk_answer wait = refusal_of(429, 42910000, "rate limit exceeded");
  wait.retry_after_s = 600;
  const auto exit = intent_of(order_side::sell, 500, 1);
  const auto posted = bench.submit(exit);
  REQUIRE(posted.size() == 1u);
  bench.answer(posted[0], wait);
  std::vector<desk_request> again;
  const auto waited = bench.wait_for_request(again);
  REQUIRE(again.size() == 1u);
  CHECK(again[0].action == desk_action::post);
  CHECK(waited <= 4'000);
  bench.answer(again[0], wait);
  bench.desk.hurry(bench.now);
  bench.desk.tick(bench.now);
  const auto at_once = bench.take();
  REQUIRE(at_once.size() == 1u);
  CHECK(at_once[0].action == desk_action::post);
}

TEST(a buy that the venue makes wait is over by its own age) {
  desk_bench bench;
  desk_answer wait = refusal_of(429, 42910000, "rate limit exceeded");
  wait.retry_after_s = 3'600;
  bench.answer(bench.submit(intent_of(order_side::buy, 100)).at(0), wait);
  for (int i = 0; i < 800; ++i) {
    bench.wait(100);
    bench.desk.tick(bench.now);
  }
  bench.take();
  CHECK_EQUAL(bench.desk.live(), 0u);
  CHECK_EQUAL(bench.count(venue_event_kind::canceled), 1u);
}

TEST(while the venue does not answer no buy is sent and exits are) {
  desk_bench bench;
  bench.desk.hold_entries(true);
  CHECK(bench.submit(intent_of(order_side::buy, 100)).empty());
  CHECK_EQUAL(bench.last_reason(), std::string(nothing_is_sent));
  CHECK_EQUAL(bench.submit(intent_of(order_side::sell, 500, 1)).size(), 1u);
  bench.desk.hold_entries(false);
  auto later = intent_of(order_side::buy, 100, 1);
  later.client_order_id += "x";
  CHECK_EQUAL(bench.submit(later).size(), 1u);
}
