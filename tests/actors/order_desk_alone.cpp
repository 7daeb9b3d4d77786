#define CAF_SUITE order_desk_alone

#include "tests/support/desk_bench.hpp"

using namespace sentio;
using namespace sentio::test;

namespace {

/// A desk that knows since when it should be alone.
struct lone_bench : desk_bench {
  lone_bench() { desk.alone_since(now.venue); }
  /// The venue shows an order, which was made so long after the desk's birth.
  void show(const std::string& id, time_ms age) {
    auto order = intent_of(order_side::buy, 10);
    order.client_order_id = id;
    auto seen = shown(order, "new");
    seen.created_at = 1'748'957'460'000 + age;
    hear(update_of(seen, "new"));
  }
  std::size_t alarms() const { return said.alarms.size(); }
};

} // namespace

TEST(an order of another session after the birth of the desk is a second trader and halts) {
  lone_bench bench;
  bench.show("s-other1-20250603-0932-AAA-B-1", 1'000);
  CHECK(bench.said.halt);
  REQUIRE(bench.alarms() == 1u);
  CHECK(bench.said.alarms[0].find("another process of this program trades on this account") !=
        std::string::npos);
  CHECK(bench.said.alarms[0].find("s-other1-20250603-0932-AAA-B-1") != std::string::npos);
  CHECK_EQUAL(bench.desk.second_trader(), 1u);
}

TEST(so is an order with our own tag that this desk did not send) {
  lone_bench bench;
  bench.show("s-tag-20250603-0935-AAA-B-1", 240'000);
  CHECK(bench.said.halt);
}

TEST(orders of a process before this one and of persons are no second trader) {
  lone_bench bench;
  bench.show("s-other1-20250603-0930-AAA-B-1", -1);
  bench.show("s-other1-20250603-0931-AAA-B-1", 0);
  bench.show("a person's", 1'000);
  CHECK(!bench.said.halt);
  CHECK_EQUAL(bench.alarms(), 0u);
}

TEST(our own orders and recalled ones are no second trader) {
  lone_bench bench;
  const auto sent = intent_of(order_side::buy, 10);
  const auto recalled = intent_of(order_side::sell, 10, 1);
  bench.submit(sent);
  bench.desk.recall(recalled, bench.now);
  for (const auto& order : {sent, recalled}) {
    auto seen = shown(order, "new");
    seen.created_at = bench.now.venue + 1'000;
    bench.hear(update_of(seen, "new"));
  }
  CHECK(!bench.said.halt);
}

TEST(a second trader is found in a list of orders as well) {
  lone_bench bench;
  auto order = intent_of(order_side::buy, 10);
  order.client_order_id = "s-other1-20250603-0931-AAA-B-1";
  bench.desk.alone_since(1'748'957'459'000); // the list says 13:31:00
  bench.desk.reconcile(bench.now);
  for (const auto& request : bench.take())
    bench.answer(request, good_list({shown(order, "filled", 10, 50)}));
  CHECK(bench.said.halt);
}

TEST(whoever re arms while the other one goes on is halted again but not by each order) {
  lone_bench bench;
  bench.show("s-other1-20250603-0931-AAA-B-1", 1'000);
  bench.show("s-other1-20250603-0931-AAA-B-1", 1'000);
  bench.show("s-other1-20250603-0931-BBB-B-1", 1'000);
  CHECK_EQUAL(bench.alarms(), 1u);
  bench.said = {};
  bench.wait(60'000);
  bench.show("s-other1-20250603-0932-AAA-B-1", 60'000);
  CHECK(bench.said.halt);
  CHECK_EQUAL(bench.desk.second_trader(), 3u);
}
