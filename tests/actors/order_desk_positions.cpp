// What the account does without our orders: foreign fills, positions that differ, the close of everything.
#define CAF_SUITE order_desk_positions
#include "tests/support/desk_bench.hpp"

using namespace sentio;
using namespace sentio::test;

namespace {

const desk_request positions{desk_action::positions, {}, {}};
const desk_request close_positions{desk_action::positions, "close", {}};

alpaca::venue_order foreign(const std::string& status, std::int64_t filled, double average) {
  auto order = shown(intent_of(order_side::buy, 50), status, filled, average);
  order.id = "venue-foreign";
  order.client_order_id = "somebody-else";
  return order;
}

/// Orders and positions as one comparison asks for them.
void compare(desk_bench& bench, const std::vector<std::pair<std::string, std::int64_t>>& held) {
  bench.wait(60'000);
  bench.desk.reconcile(bench.now);
  const auto lists = bench.take();
  REQUIRE(lists.size() == 1u);
  CHECK(lists[0].action == desk_action::list);
  bench.wait(20);
  const auto asked = bench.answer(lists[0], good_list({}));
  REQUIRE(asked.size() == 1u);
  CHECK(asked[0].action == desk_action::positions);
  bench.wait(20);
  bench.answer(asked[0], good_positions(held));
}

} // namespace

TEST(fills of a foreign order become adjustments once) {
  desk_bench bench;
  const auto first = update_of(foreign("partially_filled", 20, 42), "partial_fill", 20, 42);
  const auto second = update_of(foreign("filled", 50, 42.6), "fill", 30, 43);
  for (const auto& update : {first, first, second, first, second})
    bench.hear(update);
  REQUIRE(bench.said.events.size() == 2u);
  const auto& a = bench.said.events[0];
  const auto& b = bench.said.events[1];
  CHECK(a.kind == venue_event_kind::adjustment);
  CHECK_EQUAL(a.client_order_id, "adjustment-1");
  CHECK_EQUAL(a.fill.client_order_id, a.client_order_id);
  CHECK_EQUAL(a.fill.shares, 20);
  CHECK(a.fill.price == from_dollars(42));
  CHECK_EQUAL(b.client_order_id, "adjustment-2");
  CHECK_EQUAL(b.fill.shares, 30);
  CHECK(b.fill.price == from_dollars(43));
  CHECK_EQUAL(bench.desk.held()[0], 50);
  CHECK_EQUAL(bench.desk.foreign(), 2u);
}

TEST(what a foreign order filled before it was first heard of is not booked with its event) {
  desk_bench bench; // those 20 shares were in the account at the start
  bench.hear(update_of(foreign("filled", 50, 42.6), "fill", 30, 43));
  REQUIRE(bench.said.events.size() == 1u);
  CHECK_EQUAL(bench.said.events[0].fill.shares, 30);
  CHECK(bench.said.events[0].fill.price == from_dollars(43));
}

TEST(a foreign order in a list is left to the comparison of positions) {
  desk_bench bench;
  bench.answer({desk_action::list, {}, {}}, good_list({foreign("filled", 50, 42)}));
  CHECK(bench.said.events.empty());
}

TEST(a foreign order of a symbol that is not ours is an alarm only) {
  desk_bench bench;
  auto order = foreign("filled", 50, 42);
  order.symbol = "XYZ";
  bench.hear(update_of(order, "fill", 50, 42));
  CHECK(bench.said.events.empty());
  CHECK_EQUAL(bench.said.alarms.size(), 1u);
}

TEST(positions that agree change nothing) {
  desk_bench bench;
  compare(bench, {{"BBB", 500}});
  compare(bench, {{"BBB", 500}});
  CHECK(bench.said.events.empty());
  CHECK(bench.said.alarms.empty());
}

TEST(a difference is an adjustment when two comparisons agree on it) {
  desk_bench bench;
  compare(bench, {{"BBB", 530}});
  CHECK(bench.said.events.empty());
  compare(bench, {{"BBB", 530}});
  REQUIRE(bench.said.events.size() == 1u);
  const auto& fill = bench.said.events[0].fill;
  CHECK(bench.said.events[0].kind == venue_event_kind::adjustment);
  CHECK(fill.side == order_side::buy);
  CHECK_EQUAL(fill.shares, 30);
  CHECK(fill.price == from_dollars(41.5));
  CHECK_EQUAL(bench.desk.held()[1], 530);
  compare(bench, {{"BBB", 530}});
  compare(bench, {{"BBB", 530}});
  CHECK_EQUAL(bench.said.events.size(), 1u);
}

TEST(two comparisons that differ from each other are none) {
  desk_bench bench;
  compare(bench, {{"BBB", 470}});
  compare(bench, {{"BBB", 460}});
  CHECK(bench.said.events.empty());
  compare(bench, {{"BBB", 500}});
  compare(bench, {{"BBB", 460}});
  CHECK(bench.said.events.empty());
}

TEST(nothing is adjusted while an order of the symbol is live) {
  desk_bench bench;
  const auto sells = intent_of(order_side::sell, 100, 1);
  bench.submit(sells);
  bench.answer({desk_action::post, sells.client_order_id, {}}, good(shown(sells, "new")));
  for (int i = 0; i < 4; ++i)
    compare(bench, {{"AAA", 7}, {"BBB", 400}});
  REQUIRE(bench.said.events.size() == 2u); // accepted, and what nobody orders: AAA
  CHECK_EQUAL(bench.said.events[1].fill.symbol, 0u);
  CHECK_EQUAL(bench.said.events[1].fill.shares, 7);
}

TEST(positions asked for before the last fill prove nothing) {
  desk_bench bench;
  std::int64_t held = 500;
  for (const std::int64_t shares : {100, 100}) {
    bench.wait(60'000);
    bench.desk.reconcile(bench.now);
    const auto asked = bench.answer(bench.take().at(0), good_list({}));
    bench.wait(20);
    auto sells = intent_of(order_side::sell, shares, 1);
    sells.client_order_id += std::to_string(held);
    bench.submit(sells);
    bench.hear(update_of(shown(sells, "filled", shares, 50), "fill", shares, 50));
    bench.wait(20);
    bench.answer(asked.at(0), good_positions({{"BBB", held}}));
    held -= shares;
  }
  compare(bench, {{"BBB", 300}});
  compare(bench, {{"BBB", 300}});
  CHECK_EQUAL(bench.count(venue_event_kind::adjustment), 0u);
  CHECK_EQUAL(bench.desk.held()[1], 300);
}

TEST(a fill after the end of its order is found by the comparison) {
  desk_bench bench;
  const auto buys = intent_of(order_side::buy, 100);
  bench.submit(buys);
  bench.hear(update_of(shown(buys, "canceled", 40, 50), "canceled"));
  bench.hear(update_of(shown(buys, "filled", 100, 50), "fill", 60, 50));
  compare(bench, {{"AAA", 100}, {"BBB", 500}});
  compare(bench, {{"AAA", 100}, {"BBB", 500}});
  CHECK_EQUAL(bench.count(venue_event_kind::adjustment), 1u);
  CHECK_EQUAL(bench.desk.held()[0], 100);
}

TEST(answers that cannot be read compare nothing) {
  desk_bench bench;
  for (const auto& bad : {desk_answer{0, {}, "reset", 0}, desk_answer{500, "[]", {}, 0},
                          desk_answer{200, "{\"a\":1}", {}, 0}, desk_answer{200, "[{}]", {}, 0}}) {
    const bool is_list = bad.status == 200 && bad.body.starts_with('[');
    CHECK_EQUAL(bench.answer({desk_action::list, {}, {}}, bad).size(),
                is_list ? 1u : 0u); // on to the positions
    CHECK(bench.answer(positions, bad).empty());
    CHECK(bench.answer(close_positions, bad).empty());
  }
  CHECK(bench.said.events.empty());
}

TEST(close everything asks for positions first and deletes only when there are some) {
  desk_bench bench;
  bench.desk.close_everything(bench.now);
  const auto asked = bench.take();
  REQUIRE(asked.size() == 1u);
  CHECK(asked[0].action == desk_action::positions);
  const auto deletes = bench.answer(asked[0], good_positions({{"BBB", 500}}));
  REQUIRE(deletes.size() == 1u);
  CHECK(deletes[0].action == desk_action::close_all);
  bench.answer(deletes[0], {207, "[]", {}, 0});
  CHECK_EQUAL(bench.said.alarms.size(), 1u);

  desk_bench flat;
  flat.desk.close_everything(flat.now);
  flat.answer(flat.take().at(0), good_positions({{"BBB", 0}}));
  CHECK_EQUAL(flat.asked(desk_action::close_all) + flat.asked(desk_action::close_one), 0u);
  CHECK(flat.desk.nothing_left());
}

TEST(a list without what the book holds is doubted when everything is closed) {
  desk_bench bench;
  bench.desk.close_everything(bench.now);
  const auto deletes = bench.answer(bench.take().at(0), good_positions({}));
  CHECK_EQUAL(bench.asked(desk_action::close_one), 1u);
  CHECK_EQUAL(bench.asked(desk_action::close_all), 0u);
  CHECK(!bench.desk.nothing_left());
  const auto one = std::find_if(deletes.begin(), deletes.end(),
                                [](const auto& wanted) { return wanted.action == desk_action::close_one; });
  REQUIRE(one != deletes.end());
  CHECK_EQUAL(one->venue_id, "BBB");
  bench.answer(*one, {404, R"({"code":40410000,"message":"position does not exist: BBB"})", {}, 0});
  CHECK(bench.said.alarms.empty()); // there was nothing to close
}

TEST(beside positions that are not ours the last rung closes each of ours alone) {
  desk_bench bench;
  bench.desk.close_everything(bench.now);
  const auto deletes = bench.answer(bench.take().at(0), good_positions({{"BBB", 500}, {"ZZZ", 10}}));
  REQUIRE(deletes.size() == 1u);
  CHECK(deletes[0].action == desk_action::close_one);
  CHECK_EQUAL(deletes[0].venue_id, "BBB");

  desk_bench foreign;
  foreign.desk.close_everything(foreign.now);
  foreign.answer(foreign.take().at(0), good_positions({{"BBB", 0}, {"ZZZ", 10}}));
  CHECK_EQUAL(foreign.asked(desk_action::close_all) + foreign.asked(desk_action::close_one), 0u);
}

TEST(a comparison of positions alone deletes nothing) {
  desk_bench bench;
  CHECK(bench.answer(positions, good_positions({{"BBB", 500}})).empty());
}

namespace {

desk_answer with_rows(const std::vector<std::pair<std::string, std::int64_t>>& held,
                      const std::string& rows) {
  auto answer = good_positions(held);
  answer.body.insert(answer.body.size() - 1, (held.empty() ? "" : ",") + rows);
  return answer;
}

} // namespace

namespace {

/// One comparison as the gateway makes it each minute.
void compare_rows(desk_bench& bench, const std::vector<std::pair<std::string, std::int64_t>>& held,
                  const std::string& rows) {
  bench.wait(60'000);
  bench.desk.reconcile(bench.now);
  const auto lists = bench.take();
  bench.wait(20);
  const auto asked = bench.answer(lists.at(0), good_list({}));
  bench.wait(20);
  bench.answer(asked.at(0), with_rows(held, rows));
}

} // namespace

TEST(a row that cannot be read is said once and hides no difference) {
  desk_bench bench;
  const std::string odd =
      R"({"symbol":"XYZ","avg_entry_price":"1"},)"
      R"({"symbol":"BTCUSD","qty":"0.5","avg_entry_price":"90000","asset_class":"crypto"})";
  for (int i = 0; i < 4; ++i)
    compare_rows(bench, {{"AAA", 500}, {"BBB", 500}}, odd);
  CHECK_EQUAL(bench.count(venue_event_kind::adjustment), 1u); // 500 AAA of somebody else
  CHECK_EQUAL(bench.desk.held().at(0), 500);
  CHECK_EQUAL(bench.desk.unreadable(), 1u);
  CHECK_EQUAL(bench.said.alarms.size(), 3u);
  bench.answer(close_positions, with_rows({{"AAA", 500}, {"BBB", 500}}, odd));
  CHECK_EQUAL(bench.asked(desk_action::close_all), 0u); // it would close what is not ours
  CHECK_EQUAL(bench.asked(desk_action::close_one), 2u);
}

TEST(of a fractional position of ours the whole shares are compared and closed) {
  desk_bench bench;
  const std::string ours = R"({"symbol":"BBB","qty":"500.25","avg_entry_price":"40"})";
  for (int i = 0; i < 3; ++i)
    compare_rows(bench, {}, ours);
  CHECK_EQUAL(bench.said.events.size(), 0u);
  REQUIRE(bench.said.alarms.size() == 1u);
  CHECK(bench.said.alarms[0].find("500.25 BBB") != std::string::npos);
  const auto closed = bench.answer(close_positions, with_rows({}, ours));
  REQUIRE(closed.size() == 1u);
  CHECK_EQUAL(closed[0].venue_id, "BBB");
  CHECK_EQUAL(closed[0].shares, 500);
}

TEST(a position of ours that cannot be read is not taken for none) {
  for (const std::string odd : {R"({"symbol":"BBB","qty":true,"avg_entry_price":"40"})", R"({"qty":"1"})"}) {
    desk_bench bench;
    for (int i = 0; i < 4; ++i)
      compare_rows(bench, {{"AAA", 7}}, odd);
    CHECK_EQUAL(bench.desk.held().at(1), 500);
    CHECK_EQUAL(bench.desk.held().at(0), 7);
    bench.answer(close_positions, with_rows({}, odd));
    CHECK(!bench.desk.nothing_left());
  }
}

TEST(updates of orders that cannot be read are said once for each reason) {
  desk_bench bench;
  for (int i = 0; i < 30; ++i)
    bench.desk.heard(alpaca::trading_unreadable{"BTCUSD", "qty is no whole number"});
  bench.take();
  CHECK_EQUAL(bench.said.alarms.size(), 1u);
  CHECK_EQUAL(bench.desk.unreadable(), 1u);
}

namespace {

/// As GET /v2/account/activities/FILL tells a sale of BBB.
desk_answer good_fills(const std::string& order_id, std::int64_t shares, std::int64_t whole) {
  return {200,
          nlohmann::json::array({{{"activity_type", "FILL"},
                                  {"order_id", order_id},
                                  {"symbol", "BBB"},
                                  {"side", "sell"},
                                  {"qty", std::to_string(shares)},
                                  {"cum_qty", std::to_string(whole)},
                                  {"price", "41.5"}}})
              .dump(),
          {},
          0};
}
const desk_answer no_fills{200, "[]", {}, 0};

/// One comparison in which the venue shows nothing, and what it says about the account's executions.
void vanish(desk_bench& bench, const desk_answer& fills) {
  compare(bench, {});
  REQUIRE(!bench.said.requests.empty());
  const auto asked = bench.said.requests.back();
  REQUIRE(asked.action == desk_action::fills);
  bench.answer(asked, fills);
}

} // namespace

TEST(positions that vanish without a fill stay in the book and nothing is bought) {
  desk_bench bench;
  compare(bench, {{"BBB", 500}});
  for (int times = 0; times < 5; ++times)
    vanish(bench, no_fills);
  CHECK(bench.said.events.empty());
  CHECK_EQUAL(bench.desk.held()[1], 500);
  CHECK(bench.desk.doubts_positions());
  CHECK_EQUAL(bench.said.alarms.size(), 1u);
  auto buys = intent_of(order_side::buy, 100);
  buys.decided_at = bench.now.venue;
  bench.submit(buys);
  CHECK_EQUAL(bench.asked(desk_action::post), 0u);
  CHECK_EQUAL(bench.count(venue_event_kind::canceled), 1u);
  bench.submit(intent_of(order_side::sell, 100, 1)); // what reduces goes on
  CHECK_EQUAL(bench.asked(desk_action::post), 1u);
}

TEST(positions that shrink without a fill are doubted alike) {
  desk_bench bench;
  for (int times = 0; times < 3; ++times) {
    compare(bench, {{"BBB", 300}});
    REQUIRE(!bench.said.requests.empty());
    bench.answer(bench.said.requests.back(), no_fills);
  }
  CHECK(bench.said.events.empty());
  CHECK_EQUAL(bench.desk.held()[1], 500);
  CHECK(bench.desk.doubts_positions());
  REQUIRE(bench.said.alarms.size() == 1u);
  CHECK(bench.said.alarms[0].starts_with("the venue shows only 300 of our 500 BBB"));
  compare(bench, {{"BBB", 300}});
  bench.answer(bench.said.requests.back(), good_fills("somebodys", 200, 200));
  compare(bench, {{"BBB", 300}});
  REQUIRE(bench.said.events.size() == 1u);
  CHECK_EQUAL(bench.said.events[0].fill.shares, 200);
  CHECK(!bench.desk.doubts_positions());
}

TEST(positions that are back end the doubt) {
  desk_bench bench;
  vanish(bench, no_fills);
  CHECK(!bench.desk.doubts_positions()); // once may be a fill that is on its way
  vanish(bench, no_fills);
  REQUIRE(bench.desk.doubts_positions());
  compare(bench, {{"BBB", 500}});
  CHECK(!bench.desk.doubts_positions());
  CHECK(bench.said.events.empty());
}

TEST(positions that went by fills of somebody else are an adjustment as soon as two comparisons agree) {
  desk_bench bench;
  vanish(bench, good_fills("somebodys", 100, 500)); // 500 in all
  CHECK(bench.said.events.empty());
  compare(bench, {});
  REQUIRE(bench.said.events.size() == 1u);
  CHECK_EQUAL(bench.said.events[0].fill.shares, 500);
  CHECK(bench.said.events[0].fill.side == order_side::sell);
  CHECK(!bench.desk.doubts_positions());
  auto late = foreign("filled", 500, 41.5); // its event comes after all
  late.id = "somebodys";
  late.symbol = "BBB";
  late.side = order_side::sell;
  bench.hear(update_of(late, "fill", 100, 41.5));
  CHECK_EQUAL(bench.said.events.size(), 1u);
  CHECK_EQUAL(bench.desk.held()[1], 0);
}

TEST(fills of another number of shares do not explain what vanished) {
  desk_bench bench;
  for (int times = 0; times < 3; ++times)
    vanish(bench, good_fills("somebodys", 100, 100));
  CHECK(bench.said.events.empty());
  CHECK(bench.desk.doubts_positions());
  vanish(bench, {500, "broken", {}, 0});
  CHECK(bench.desk.doubts_positions());
}

TEST(fills of our own orders explain nothing that vanished) {
  desk_bench bench;
  const auto sells = intent_of(order_side::sell, 500, 1);
  bench.submit(sells);
  bench.answer({desk_action::post, sells.client_order_id, {}}, good(shown(sells, "new")));
  bench.hear(update_of(shown(sells, "canceled"), "canceled"));
  bench.said = {};
  for (int times = 0; times < 3; ++times)
    vanish(bench, good_fills("venue-" + sells.client_order_id, 500, 500));
  CHECK(bench.said.events.empty());
  CHECK(bench.desk.doubts_positions());
}
