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
