#define CAF_SUITE portfolio_actor
#include "tests/support/actor_fixture.hpp"
#include "tests/support/mock_actors.hpp"

#include "actors/portfolio.hpp"
#include "core/strategies/rotation/rotation.hpp"

using namespace sentio;

namespace {

struct fixture : test::actor_fixture {
  session_hours day = *session_on({2025, 6, 3});
  time_ms first_round = day.open + minute_ms;
  test::tape_ears heard;
  tape_actor tape = test::mock_tape(sys, heard);
  portfolio_actor actor;

  fixture() {
    portfolio_config config;
    config.rules = make_rotation({});
    instrument known;
    known.name = "AAA";
    config.instruments = {known};
    config.capital = from_dollars(10'000);
    config.session_tag = "abcdef";
    actor = sys.spawn(portfolio_behavior, config, tape, supervisor);
    tell(actor, session_start{day, false});
    tell(actor, phase_change{session_phase::open, day.open});
  }
  ~fixture() { stop(actor, tape); }

  ranked_round_ptr round_at(time_ms at, double edge) const {
    auto round = std::make_shared<ranked_round>();
    round->at = at;
    ranked_symbol symbol;
    symbol.signal.label = at - minute_ms;
    symbol.signal.open = symbol.signal.close = 50;
    symbol.signal.ready = true;
    symbol.signal.sigma = 0.001;
    symbol.fresh = symbol.rankable = true;
    symbol.strength = symbol.entry_strength = edge;
    round->symbols = {symbol};
    round->order = {0};
    return round;
  }
  std::vector<order_intent> orders() const {
    std::vector<order_intent> all;
    for (const auto& step : heard.steps)
      all.insert(all.end(), step->output.orders.begin(), step->output.orders.end());
    return all;
  }
  venue_event fill_of(const order_intent& order, time_ms at) const {
    venue_event event;
    event.kind = venue_event_kind::fill;
    event.client_order_id = order.client_order_id;
    event.at = at;
    event.fill.execution_id = order.client_order_id + "-1";
    event.fill.client_order_id = order.client_order_id;
    event.fill.symbol = order.symbol;
    event.fill.side = order.side;
    event.fill.shares = order.shares;
    event.fill.price = from_dollars(50);
    event.fill.at = at;
    return event;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(portfolio_tests, fixture)

TEST(a strong symbol is bought once and the order goes to the tape) {
  tell(actor, cut_off{first_round, {}});
  tell(actor, round_at(first_round, 5));
  const auto sent = orders();
  REQUIRE(sent.size() == 1u);
  CHECK(sent[0].side == order_side::buy);
  CHECK(sent[0].shares > 0);
  CHECK_EQUAL(sent[0].client_order_id, "s-abcdef-20250603-0931-AAA-B-1");
}

TEST(what follows a cut off waits until its round is decided) {
  tell(actor, cut_off{first_round, {}});
  tell(actor, round_at(first_round, 5));
  const auto bought = orders().at(0);
  const auto steps = heard.steps.size();
  const auto next = first_round + minute_ms;
  tell(actor, cut_off{next, {}});
  tell(actor, fill_of(bought, next));
  CHECK_EQUAL(heard.steps.size(), steps); // the fill is held
  tell(actor, round_at(next, 5));
  REQUIRE(heard.steps.size() == steps + 2);
  CHECK(heard.steps[steps]->round != nullptr);
  CHECK(heard.steps[steps]->output.trades.empty());
  CHECK_EQUAL(heard.steps[steps + 1]->output.trades.size(), 1u);
}

TEST(liquidation is never held back and closes an open round without entries) {
  const auto at = day.liquidation;
  tell(actor, cut_off{at - minute_ms, {}});
  tell(actor, phase_change{session_phase::liquidation, at});
  tell(actor, round_at(at - minute_ms, 5));
  CHECK(orders().empty());
}

TEST(a round that overtakes its cut off is decided all the same) {
  tell(actor, round_at(first_round, 5));
  CHECK(orders().empty());
  tell(actor, cut_off{first_round, {}});
  CHECK_EQUAL(orders().size(), 1u);
}

TEST(the end of a day hands its totals over) {
  tell(actor, cut_off{first_round, {}});
  tell(actor, round_at(first_round, -5));
  tell(actor, session_end{day.date, {{"bars", 7}}});
  REQUIRE(heard.closed.size() == 1u);
  CHECK_EQUAL(heard.closed[0].totals.rounds, 1u);
  CHECK_EQUAL(heard.closed[0].counts.front().second, 7u);
  CHECK_EQUAL(first_count_of(actor), 1u);
}

TEST(a fill of an order that was never sent is not booked) {
  order_intent unknown;
  unknown.client_order_id = "s-abcdef-20250603-0931-AAA-S-1";
  unknown.side = order_side::sell;
  unknown.shares = 3;
  tell(actor, fill_of(unknown, first_round));
  // Whatever the fold does with a foreign fill, it may not book it silently.
  bool booked = false;
  for (const auto& step : heard.steps)
    booked = booked || !step->output.trades.empty();
  CHECK(!booked);
}

CAF_TEST_FIXTURE_SCOPE_END()
