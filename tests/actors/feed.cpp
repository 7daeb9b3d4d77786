#define CAF_SUITE feed
#include "tests/support/actor_fixture.hpp"

#include "actors/csv_source.hpp"
#include "actors/feed.hpp"

using namespace sentio;

namespace {

struct fixture : test::actor_fixture {
  std::vector<session_block_ptr> received;
  std::vector<end_of_data> ends;
  std::size_t venue_blocks = 0;
  tape_actor tape = sys.spawn([this]() -> tape_actor::behavior_type {
    return {
        [](const wiring&) {},
        [](step_atom) {},
        [this](const session_block_ptr& block) { received.push_back(block); },
        [this](const end_of_data& end) { ends.push_back(end); },
        [](const wake_at&) {},
        [](const venue_event&) {},
        [](const operator_command&) {},
        [](const portfolio_step_ptr&) {},
        [](const session_closed&) {},
        [](const learner_state&) {},
        [](const warmup_summary&) {},
        [](status_atom) { return actor_status{}; },
    };
  });
  gateway_actor gateway = sys.spawn([this]() -> gateway_actor::behavior_type {
    return {
        [this](const session_block_ptr&) { ++venue_blocks; },
        [](const session_start&) {},
        [](const order_intent&) {},
        [](const cancel_intent&) {},
        [](const wake&) {},
        [](status_atom) { return actor_status{}; },
    };
  });
  feed_actor feed;

  fixture() {
    std::vector<session_block_ptr> blocks;
    for (const int day : {2, 3, 4, 5}) {
      auto block = std::make_shared<session_block>();
      block->hours = *session_on({2025, 6, day});
      block->warmup = day < 4;
      blocks.push_back(block);
    }
    feed = sys.spawn(feed_behavior, make_memory_source(blocks), tape, gateway, supervisor);
  }
  ~fixture() { stop(feed, tape, gateway); }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(feed_tests, fixture)

TEST(nothing is sent without credit) {
  run();
  CHECK(received.empty());
}

TEST(no more is sent than credit was given for) {
  tell(feed, credit{2});
  CHECK_EQUAL(received.size(), 2u);
  CHECK(ends.empty());
  tell(feed, credit{1});
  CHECK_EQUAL(received.size(), 3u);
  CHECK(received[1]->hours.date == civil_date({2025, 6, 3}));
}

TEST(the end is told once with the number of sessions) {
  tell(feed, credit{9});
  tell(feed, credit{9});
  CHECK_EQUAL(received.size(), 4u);
  REQUIRE(ends.size() == 1u);
  CHECK_EQUAL(ends[0].sessions, 4u);
  CHECK_EQUAL(first_count_of(feed), 4u);
}

TEST(the venue is given the traded days and not the warm up) {
  tell(feed, credit{9});
  CHECK_EQUAL(venue_blocks, 2u);
}

CAF_TEST_FIXTURE_SCOPE_END()
