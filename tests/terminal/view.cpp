#define CAF_SUITE terminal_view

#include "tests/terminal/support.hpp"

#include "messages/hub.hpp"

using namespace sentio;
using test::json;

TEST(a snapshot fills the view and a later one may leave out what did not change) {
  terminal_view view = test::watching_view();
  CHECK_EQUAL(view.instances().size(), 2u);
  CHECK_EQUAL(view.account().equity, 100'123.45);
  CHECK_EQUAL(view.positions().size(), 1u);
  CHECK_EQUAL(view.ranking().front().symbol, "TQQQ"); // by rank
  CHECK_EQUAL(view.ranking().back().symbol, "SQQQ");
  CHECK_EQUAL(view.actors()[2].state, "restarting");
  CHECK_EQUAL(view.learners()[0].leverage, 0.0123);
  CHECK_EQUAL(view.orders().size(), 1u);
  CHECK_EQUAL(view.faults().size(), 1u);
  CHECK_EQUAL(view.equity().size(), 61u); // the history's and the snapshot's own minute
  const json later{{"type", "snapshot"}, {"instance", "desk-1"}, {"at", test::open_time + 99 * 60'000}};
  CHECK(view.take(later.dump(), 2'000));
  CHECK_EQUAL(view.account().equity, 100'123.45);
  CHECK_EQUAL(view.actors().size(), 3u);
  CHECK(view.positions().empty()); // an absent list is an empty book
}

TEST(a view is stale without snapshots or uplink and when the same snapshot comes again) {
  terminal_view view = test::watching_view();
  CHECK(!view.is_stale(6'000));
  CHECK(view.is_stale(6'001));
  view.take(test::snapshot().dump(), 7'000);
  CHECK(view.is_stale(7'000));
  json next = test::snapshot();
  next["at"] = next["at"].get<std::int64_t>() + 1'000;
  view.take(next.dump(), 8'000);
  CHECK(!view.is_stale(8'000));
  json list{{"type", "instances"}, {"instances", test::instances_list()}};
  list["instances"][0]["connected"] = false;
  view.take(list.dump(), 8'000);
  CHECK(view.is_stale(8'000));
  view.take(test::hello().dump(), 8'000);
  CHECK(!view.is_stale(8'000));
  view.forget_freshness();
  CHECK(view.is_stale(8'000));
}

TEST(messages about another instance change nothing) {
  terminal_view view = test::watching_view();
  json other = test::snapshot();
  other["instance"] = "lab";
  other["account"]["equity"] = 1;
  CHECK(view.take(other.dump(), 2'000));
  CHECK_EQUAL(view.account().equity, 100'123.45);
  view.choose("lab");
  CHECK(!view.has_snapshot());
  CHECK(view.orders().empty());
  CHECK_EQUAL(view.instances().size(), 2u);
  view.take(other.dump(), 3'000);
  CHECK_EQUAL(view.account().equity, 1.0);
}

TEST(what is no message is refused and counted) {
  terminal_view view;
  for (const std::string text : {"", "[]", "null", "{", "{\"type\":7}", "{\"type\":\"unheard\"}", "\xff"})
    CHECK(!view.take(text, 0));
  CHECK(!view.take(std::string(longest_hub_text + 1, ' '), 0));
  CHECK(!view.take(std::string(1'000'000, '['), 0));
  CHECK_EQUAL(view.refused(), 9u);
  json foreign = test::hello();
  foreign["protocol"] = 2;
  CHECK(!view.take(foreign.dump(), 0));
  CHECK(!view.refusal().empty());
  CHECK(view.instances().empty());
}

TEST(fields of the wrong type count as unknown) {
  terminal_view view = test::watching_view();
  json odd = test::snapshot();
  odd["account"]["equity"] = "much";
  odd["account"]["cash"] = 1e300;
  odd["account"]["halted"] = 1;
  odd["session"]["venue_time"] = 9e18;
  odd["positions"] = json::array({7, "x", json::object()});
  CHECK(view.take(odd.dump(), 2'000));
  CHECK(std::isnan(view.account().equity));
  CHECK(std::isnan(view.account().cash));
  CHECK(!view.account().halted);
  CHECK_EQUAL(view.session().venue_time, 0);
  CHECK_EQUAL(view.positions().size(), 1u);
}

TEST(lists and texts are bounded) {
  terminal_view view = test::watching_view();
  json wide = test::snapshot();
  wide["actors"] = json::array();
  for (int i = 0; i < 5'100; ++i)
    wide["actors"].push_back(test::actor("a" + std::to_string(i), "other", "up", std::string(501, 'e')));
  for (int i = 0; i < 300; ++i)
    wide["counters"]["c" + std::to_string(i)] = i;
  CHECK(view.take(wide.dump(), 2'000));
  CHECK_EQUAL(view.actors().size(), most_contract_rows);
  CHECK_EQUAL(view.actors()[0].last_error.size(), longest_shown_text);
  CHECK_EQUAL(view.counters().size(), most_contract_counters);
  for (std::size_t i = 0; i < 2 * terminal_view::most_events; ++i)
    view.take(test::event(test::open_time + 200'000, "order", "order " + std::to_string(i)).dump(), 2'000);
  CHECK_EQUAL(view.orders().size(), terminal_view::most_events);
  CHECK_EQUAL(view.orders().back().text, "order 3999");
  json crowd{{"type", "instances"}, {"instances", json::array()}};
  for (int i = 0; i < 600; ++i)
    crowd["instances"].push_back({{"id", "i" + std::to_string(i)}});
  crowd["instances"][0]["id"] = "no id\x1b";
  CHECK(view.take(crowd.dump(), 2'000));
  CHECK_EQUAL(view.instances().size(), most_instances - 1);
}
