#define CAF_SUITE ranking_actor
#include "tests/support/actor_fixture.hpp"
#include "tests/support/mock_actors.hpp"

#include "actors/ranking.hpp"
#include "core/strategies/rotation/rotation.hpp"

using namespace sentio;

namespace {

constexpr time_ms nine_31 = 1'748'957'460'000; // 2025-06-03 09:31 New York

struct fixture : test::actor_fixture {
  std::vector<ranked_round_ptr> rounds;
  portfolio_actor portfolio = test::mock_portfolio(sys, rounds);
  test::tape_ears heard;
  tape_actor tape = test::mock_tape(sys, heard);
  ranking_actor ranking;

  fixture() {
    ranking_config config;
    config.thresholds = make_rotation({})->thresholds();
    for (const char* name : {"AAA", "BBB", "CCC"}) {
      instrument known;
      known.name = name;
      config.instruments.push_back(known);
    }
    ranking = sys.spawn(ranking_behavior, config, portfolio, tape, supervisor);
    tell(ranking, session_start{*session_on({2025, 6, 3}), false});
  }
  ~fixture() { stop(ranking, portfolio, tape); }

  static symbol_signal signal_at(time_ms at, double edge) {
    symbol_signal signal;
    signal.label = at - minute_ms;
    signal.open = signal.close = 10;
    signal.ready = true;
    signal.edge_bp = edge;
    signal.probability = 0.5;
    return signal;
  }
  void answer(symbol_index symbol, std::vector<symbol_signal> signals) {
    tell(ranking,
         signal_batch{symbol, false, std::make_shared<const std::vector<symbol_signal>>(std::move(signals))});
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(ranking_tests, fixture)

TEST(a round closes only when every expected answer is in) {
  tell(ranking, cut_off{nine_31, {}});
  answer(2, {signal_at(nine_31, 3)});
  answer(0, {signal_at(nine_31, 1)});
  CHECK(rounds.empty());
  answer(1, {signal_at(nine_31, 2)});
  REQUIRE(rounds.size() == 1u);
  CHECK(rounds[0]->order == std::vector<symbol_index>({2, 1, 0}));
}

TEST(the order in which symbols answer changes nothing) {
  tell(ranking, cut_off{nine_31, {}});
  for (const symbol_index symbol : {1U, 0U, 2U})
    answer(symbol, {signal_at(nine_31, 1)});
  REQUIRE(rounds.size() == 1u);
  // A tie is decided by name.
  CHECK(rounds[0]->order == std::vector<symbol_index>({0, 1, 2}));
}

TEST(a symbol without a bar is not waited for) {
  tell(ranking, cut_off{nine_31, {1}});
  answer(0, {signal_at(nine_31, 1)});
  answer(2, {signal_at(nine_31, 2)});
  REQUIRE(rounds.size() == 1u);
  CHECK_EQUAL(rounds[0]->missing, 1u);
  CHECK(!rounds[0]->symbols[1].fresh);
}

TEST(answers given ahead show only in their own minute) {
  answer(0, {signal_at(nine_31, 1), signal_at(nine_31 + minute_ms, 9)});
  answer(1, {signal_at(nine_31, 2), signal_at(nine_31 + minute_ms, 8)});
  answer(2, {signal_at(nine_31, 3), signal_at(nine_31 + minute_ms, 7)});
  CHECK(rounds.empty());
  tell(ranking, cut_off{nine_31, {}});
  REQUIRE(rounds.size() == 1u);
  CHECK_EQUAL(rounds[0]->symbols[0].signal.edge_bp, 1.0);
  tell(ranking, cut_off{nine_31 + minute_ms, {}});
  REQUIRE(rounds.size() == 2u);
  CHECK(rounds[1]->order == std::vector<symbol_index>({0, 1, 2}));
}

TEST(the record that a round was closed without a symbol is obeyed) {
  tell(ranking, cut_off{nine_31, {}});
  answer(0, {signal_at(nine_31, 1)});
  answer(1, {signal_at(nine_31, 2)});
  CHECK(rounds.empty());
  tell(ranking, round_closed{nine_31, {2}});
  REQUIRE(rounds.size() == 1u);
  CHECK_EQUAL(rounds[0]->missing, 1u);
}

TEST(rounds close in order though a later one is complete first) {
  tell(ranking, cut_off{nine_31, {}});
  tell(ranking, cut_off{nine_31 + minute_ms, {0, 1, 2}});
  CHECK(rounds.empty());
  for (const symbol_index symbol : {0U, 1U, 2U})
    answer(symbol, {signal_at(nine_31, 1)});
  REQUIRE(rounds.size() == 2u);
  CHECK(rounds[0]->at < rounds[1]->at);
  CHECK_EQUAL(first_count_of(ranking), 2u);
}

TEST(the warm up tells which share of its signals passes each threshold) {
  auto low = signal_at(nine_31, -1);
  auto high = signal_at(nine_31, 5);
  tell(ranking, signal_batch{0, true, std::make_shared<const std::vector<symbol_signal>>(1, low)});
  tell(ranking, signal_batch{1, true, std::make_shared<const std::vector<symbol_signal>>(1, high)});
  tell(ranking, session_end{});
  caf::anon_send(ranking, summary_atom_v);
  run();
  REQUIRE(heard.summaries.size() == 1u);
  CHECK_EQUAL(heard.summaries[0].sessions, 1u);
  CHECK_EQUAL(heard.summaries[0].bars, 2u);
  REQUIRE(heard.summaries[0].shares.size() == 6u);
  const auto& enter = heard.summaries[0].shares[3];
  CHECK_EQUAL(enter.key, "rotation_manager_config.min_strength_to_enter");
  CHECK_EQUAL(enter.seen, 2u);
  CHECK_EQUAL(enter.passed, 1u);
  CHECK(rounds.empty());
}

CAF_TEST_FIXTURE_SCOPE_END()
