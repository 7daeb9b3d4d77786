#define CAF_SUITE order_desk
#include "tests/support/desk_bench.hpp"

#include "core/numeric/random.hpp"

#include <set>

using namespace sentio;
using namespace sentio::test;

namespace {

const order_intent buys = intent_of(order_side::buy, 100);
const desk_request post{desk_action::post, buys.client_order_id, {}};
const desk_request look{desk_action::look, buys.client_order_id, {}};

/// One order's true life at the venue, state by state, and the event of each.
struct life {
  order_intent order;
  std::vector<alpaca::venue_order> states;
  std::vector<alpaca::trade_update> events;
  money value; ///< exact
  bool whole = false;

  const alpaca::venue_order& last() const { return states.back(); }
  const alpaca::venue_order& any(random_source& random) const { return states[random.below(states.size())]; }

  void pass(const std::string& status, const std::string& event, std::int64_t shares = 0, money price = {}) {
    auto next = states.back();
    next.status = status;
    next.filled += shares;
    value += price * shares;
    if (next.filled > 0) // the venue rounds its average to a millionth
      next.filled_price = money{(value.micros + next.filled / 2) / next.filled};
    states.push_back(next);
    auto update = update_of(next, event, shares);
    update.price = price;
    events.push_back(update);
  }
};

life drawn_life(random_source& random, order_side side, symbol_index symbol) {
  life one;
  one.order = intent_of(side, 1 + static_cast<std::int64_t>(random.below(300)), symbol);
  one.states.push_back(shown(one.order, random.below(2) ? "pending_new" : "accepted"));
  if (random.below(10) == 0) {
    one.pass("rejected", "rejected");
    return one;
  }
  one.pass("new", "new");
  one.whole = random.below(3) > 0;
  std::int64_t left = one.order.shares;
  std::int64_t kept =
      one.whole ? 0 : 1 + static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(left)));
  while (left > kept) {
    const auto shares = 1 + static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(left - kept)));
    const money price{20'000'000 + static_cast<std::int64_t>(random.below(1'000'000))};
    left -= shares;
    one.pass(left == 0 ? "filled" : "partially_filled", left == 0 ? "fill" : "partial_fill", shares, price);
  }
  if (!one.whole) {
    if (random.below(2))
      one.pass("pending_cancel", "pending_cancel");
    const bool expires = random.below(2) == 0;
    one.pass(expires ? "expired" : "canceled", expires ? "expired" : "canceled");
  }
  return one;
}

/// Everything that reaches the desk, in a drawn order.
struct interleaving {
  random_source random;
  desk_bench bench;
  std::vector<life> lives;
  std::vector<bool> post_answered{false, false};
  std::vector<int> misses{0, 0}; ///< a venue that does not know an order yet, three times at most

  explicit interleaving(std::uint64_t seed) : random(seed) {
    lives.push_back(drawn_life(random, order_side::buy, 0));
    lives.push_back(drawn_life(random, order_side::sell, 1));
  }

  void answer_post(std::size_t which) {
    const auto& one = lives[which];
    const desk_request request{desk_action::post, one.order.client_order_id, {}};
    switch (post_answered[which] ? 3 : random.below(4)) {
    case 0:
      bench.desk.answered(request, {0, {}, "reset", 0}, bench.now);
      break;
    case 1:
      bench.desk.answered(request, {502, "<html>", {}, 0}, bench.now);
      break;
    case 2:
      bench.desk.answered(request, good(one.any(random)), bench.now);
      break;
    default: // a second post of the id, or the first came twice
      bench.desk.answered(request, refusal_of(422, 40'010'001, "client_order_id must be unique"), bench.now);
    }
    post_answered[which] = true;
  }
  /// Whatever the desk asked for is answered with some state of the order.
  void serve(const std::vector<desk_request>& requests) {
    for (const auto& request : requests)
      for (std::size_t which = 0; which < lives.size(); ++which)
        if (request.client_order_id == lives[which].order.client_order_id) {
          if (request.action == desk_action::look)
            bench.desk.answered(request, good(lives[which].any(random)), bench.now);
          else if (request.action == desk_action::cancel)
            bench.desk.answered(request, {random.below(2) ? 204 : 422, {}, {}, 0}, bench.now);
          else if (request.action == desk_action::post && bench.now.real > 1'000)
            answer_post(which);
        }
  }
  void one_thing() {
    const auto which = random.below(2);
    const auto& one = lives[which];
    bench.wait(static_cast<std::int64_t>(random.below(700)));
    switch (random.below(8)) {
    case 0:
      if (!post_answered[which])
        answer_post(which);
      break;
    case 1:
    case 2:
      bench.desk.heard(one.events[random.below(one.events.size())], bench.now);
      break;
    case 3:
      bench.desk.answered({desk_action::look, one.order.client_order_id, {}}, good(one.any(random)),
                          bench.now);
      break;
    case 4:
      bench.desk.answered({desk_action::list, {}, {}},
                          good_list({lives[0].any(random), lives[1].any(random)}), bench.now);
      break;
    case 5:
      bench.desk.cancel(one.order.client_order_id, bench.now);
      break;
    case 6:
      if (++misses[which] <= 3)
        bench.desk.answered({desk_action::look, one.order.client_order_id, {}},
                            refusal_of(404, 40'410'000, "order not found"), bench.now);
      break;
    default:
      bench.desk.tick(bench.now);
    }
    serve(bench.take());
  }
  void run() {
    for (const auto& one : lives)
      bench.submit(one.order);
    for (auto left = random.below(40); left > 0; --left)
      one_thing();
    for (std::size_t which = 0; which < lives.size(); ++which)
      if (!post_answered[which])
        answer_post(which);
    bench.desk.answered({desk_action::list, {}, {}}, good_list({lives[0].last(), lives[1].last()}),
                        bench.now);
    bench.take();
  }
  /// Empty when all is as it should be.
  std::string fault() const {
    std::set<std::string> executions;
    for (const auto& event : bench.said.events)
      if (event.kind == venue_event_kind::fill && (!executions.insert(event.fill.execution_id).second ||
                                                   event.fill.shares <= 0 || event.fill.price.micros <= 0))
        return "a fill is told twice or is none: " + event.fill.execution_id;
    for (const auto& one : lives) {
      const auto& id = one.order.client_order_id;
      const auto filled = bench.filled(id);
      if (filled != one.last().filled)
        return id + ": " + std::to_string(filled) + " told of " + std::to_string(one.last().filled);
      if (std::abs((bench.value(id) - one.value).micros) > filled)
        return id + ": value " + to_string(bench.value(id)) + ", at the venue " + to_string(one.value);
      std::size_t ends = 0;
      for (const auto& event : bench.said.events)
        if (event.client_order_id == id && event.kind != venue_event_kind::fill &&
            event.kind != venue_event_kind::accepted)
          ++ends;
      if (ends != (one.whole ? 0u : 1u))
        return id + ": " + std::to_string(ends) + " ends";
    }
    if (bench.desk.live() != 0)
      return "an order is still live";
    if (bench.desk.held()[0] != lives[0].last().filled ||
        bench.desk.held()[1] != 500 - lives[1].last().filled)
      return "what is held is wrong";
    return bench.said.halt || bench.count(venue_event_kind::adjustment) > 0 ? "halt or adjustment" : "";
  }
};

} // namespace

TEST(the answer to the post and then the events give each fill once) {
  desk_bench bench;
  const auto requests = bench.submit(buys);
  REQUIRE(requests.size() == 1u);
  CHECK(requests[0].action == desk_action::post);
  bench.answer(post, good(shown(buys, "pending_new")));
  CHECK(bench.said.events.empty());
  bench.hear(update_of(shown(buys, "new"), "new"));
  bench.hear(update_of(shown(buys, "partially_filled", 40, 50), "partial_fill", 40, 50));
  bench.hear(update_of(shown(buys, "filled", 100, 50.6), "fill", 60, 51));
  REQUIRE(bench.said.events.size() == 3u);
  CHECK(bench.said.events[0].kind == venue_event_kind::accepted);
  CHECK_EQUAL(bench.said.events[1].fill.shares, 40);
  CHECK(bench.said.events[1].fill.price == from_dollars(50));
  CHECK_EQUAL(bench.said.events[2].fill.shares, 60);
  CHECK(bench.said.events[2].fill.price == from_dollars(51));
  CHECK_EQUAL(bench.desk.live(), 0u);
  CHECK_EQUAL(bench.desk.held()[0], 100);
}

TEST(a fill that the stream tells before the post is answered counts once) {
  desk_bench bench;
  bench.submit(buys);
  bench.hear(update_of(shown(buys, "filled", 100, 50), "fill", 100, 50));
  bench.answer(post, good(shown(buys, "filled", 100, 50)));
  bench.answer(post, good(shown(buys, "new")));
  CHECK_EQUAL(bench.filled(buys.client_order_id), 100);
  CHECK_EQUAL(bench.count(venue_event_kind::fill), 1u);
  CHECK_EQUAL(bench.count(venue_event_kind::accepted), 1u);
  CHECK_EQUAL(bench.desk.live(), 0u);
}

TEST(a post that fails after the stream told of the order changes nothing) {
  for (const auto& late : {desk_answer{0, {}, "reset", 0}, desk_answer{504, {}, {}, 0},
                           refusal_of(422, 40'010'001, "client_order_id must be unique")}) {
    desk_bench bench;
    bench.submit(buys);
    bench.hear(update_of(shown(buys, "partially_filled", 40, 50), "partial_fill", 40, 50));
    bench.answer(post, late);
    bench.hear(update_of(shown(buys, "filled", 100, 50), "fill", 60, 50));
    CHECK_EQUAL(bench.filled(buys.client_order_id), 100);
    CHECK_EQUAL(bench.count(venue_event_kind::rejected), 0u);
    CHECK_EQUAL(bench.asked(desk_action::post), 1u);
  }
}

TEST(repeated and replayed events count once) {
  desk_bench bench;
  bench.submit(buys);
  const auto first = update_of(shown(buys, "partially_filled", 40, 50), "partial_fill", 40, 50);
  const auto second = update_of(shown(buys, "filled", 100, 50), "fill", 60, 50);
  for (const auto& update : {first, first, second, first, second})
    bench.hear(update);
  CHECK_EQUAL(bench.count(venue_event_kind::fill), 2u);
  CHECK_EQUAL(bench.filled(buys.client_order_id), 100);
  CHECK_EQUAL(bench.desk.duplicates(), 3u);
}

TEST(a lost event is made up for by what comes next) {
  desk_bench bench;
  bench.submit(buys);
  bench.hear(update_of(shown(buys, "filled", 100, 50.6), "fill", 60, 51)); // the first 40 were lost
  REQUIRE(bench.count(venue_event_kind::fill) == 1u);
  const auto& fill = bench.said.events.back().fill;
  CHECK_EQUAL(fill.shares, 100);
  CHECK(fill.price == from_dollars(50.6));
}

TEST(events in the wrong order count once and at their average) {
  desk_bench bench;
  bench.submit(buys);
  bench.hear(update_of(shown(buys, "partially_filled", 70, 50.3), "partial_fill", 30, 50.7));
  bench.hear(update_of(shown(buys, "partially_filled", 40, 50), "partial_fill", 40, 50));
  bench.hear(update_of(shown(buys, "filled", 100, 50.51), "fill", 30, 51));
  CHECK_EQUAL(bench.filled(buys.client_order_id), 100);
  CHECK(bench.value(buys.client_order_id) == from_dollars(50.51 * 100));
}

TEST(look ups and lists tell fills that no event told) {
  desk_bench bench;
  bench.submit(buys);
  bench.answer(post, good(shown(buys, "new")));
  bench.answer(look, good(shown(buys, "partially_filled", 30, 50)));
  bench.answer({desk_action::list, {}, {}}, good_list({shown(buys, "partially_filled", 50, 50.4)}));
  bench.hear(update_of(shown(buys, "partially_filled", 30, 50), "partial_fill", 30, 50));
  bench.answer({desk_action::list, {}, {}}, good_list({shown(buys, "filled", 100, 50.7)}));
  REQUIRE(bench.count(venue_event_kind::fill) == 3u);
  CHECK_EQUAL(bench.said.events[2].fill.shares, 20);
  CHECK(bench.said.events[2].fill.price == from_dollars(51)); // 30 at 50 and 20 at 51 make 50.40
  CHECK_EQUAL(bench.said.events[3].fill.shares, 50);
  CHECK(bench.said.events[3].fill.price == from_dollars(51));
}

TEST(a canceled order keeps what was filled) {
  desk_bench bench;
  bench.submit(buys);
  bench.answer(post, good(shown(buys, "new")));
  bench.hear(update_of(shown(buys, "canceled", 40, 50), "canceled"));
  REQUIRE(bench.said.events.size() == 3u);
  CHECK(bench.said.events[1].kind == venue_event_kind::fill);
  CHECK_EQUAL(bench.said.events[1].fill.shares, 40);
  CHECK(bench.said.events[2].kind == venue_event_kind::canceled);
  CHECK_EQUAL(bench.desk.held()[0], 40);
  CHECK_EQUAL(bench.desk.live(), 0u);
}

TEST(a rejection after the order was accepted ends it) {
  desk_bench bench;
  bench.submit(buys);
  bench.answer(post, good(shown(buys, "accepted")));
  bench.hear(update_of(shown(buys, "rejected"), "rejected"));
  REQUIRE(bench.said.events.size() == 2u);
  CHECK(bench.said.events[1].kind == venue_event_kind::rejected);
}

TEST(an expired order and one done for the day expire) {
  for (const std::string status : {"expired", "done_for_day"}) {
    desk_bench bench;
    bench.submit(buys);
    bench.hear(update_of(shown(buys, status), status));
    CHECK_EQUAL(bench.count(venue_event_kind::expired), 1u);
    CHECK_EQUAL(bench.desk.live(), 0u);
  }
}

TEST(a fill after the end is an adjustment with an alarm) {
  desk_bench bench;
  bench.submit(buys);
  bench.hear(update_of(shown(buys, "canceled", 40, 50), "canceled"));
  const auto events = bench.said.events.size();
  bench.hear(update_of(shown(buys, "filled", 100, 50), "fill", 60, 50));
  CHECK_EQUAL(bench.said.events.size(), events + 1);
  const auto last = bench.said.events.back();
  CHECK(last.kind == venue_event_kind::adjustment);
  CHECK_EQUAL(last.fill.shares, 60);
  CHECK_EQUAL(bench.said.alarms.size(), 1u);
  CHECK_EQUAL(bench.desk.held()[0], 100);
}

TEST(an order that is another one at the venue halts trading and books nothing) {
  for (const int difference : {0, 1, 2}) {
    desk_bench bench;
    bench.submit(buys);
    auto seen = shown(buys, "filled", 100, 50);
    if (difference == 0)
      seen.symbol = "CCC";
    else if (difference == 1)
      seen.side = order_side::sell;
    else
      seen.shares = 101;
    bench.hear(update_of(seen, "fill", 100, 50));
    CHECK(bench.said.halt);
    CHECK_EQUAL(bench.said.alarms.size(), 1u);
    CHECK(bench.said.events.empty());
    CHECK_EQUAL(bench.desk.held()[0], 0);
  }
}

TEST(two thousand interleavings tell every fill exactly once) {
  std::size_t fills = 0;
  std::string first_fault;
  for (std::uint64_t seed = 1; seed <= 2'000; ++seed) {
    interleaving trial(seed);
    trial.run();
    auto fault = trial.fault();
    const auto events = trial.bench.said.events.size();
    for (int i = 0; i < 10; ++i)
      trial.one_thing();
    if (fault.empty() && trial.bench.said.events.size() != events)
      fault = "an event after the end";
    if (first_fault.empty() && !fault.empty())
      first_fault = "seed " + std::to_string(seed) + ": " + fault;
    fills += trial.bench.count(venue_event_kind::fill);
  }
  CHECK_EQUAL(first_fault, "");
  CHECK(fills > 4'000u);
}
