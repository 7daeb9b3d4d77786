#define CAF_SUITE live_tape
#include "tests/support/live_tape_bench.hpp"

#include <fstream>

using namespace sentio;
using fixture = test::live_tape_bench;

namespace {

using words = std::vector<std::string>;

order_intent an_order() {
  order_intent order;
  order.client_order_id = "s-1";
  order.shares = 3;
  order.reference_price = from_dollars(50);
  return order;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(live_tape_tests, fixture)

TEST(a minute closes when its last bar is in) {
  start();
  give(0, 0);
  CHECK(to_ranking.empty());
  give(1, 0);
  REQUIRE(to_ranking.size() == 1u);
  CHECK_EQUAL(to_ranking[0].at, at(1));
  CHECK(to_ranking[0].absent.empty());
  const words expected{"cut 1"};
  CHECK_EQUAL(to_portfolio, expected);
  CHECK_EQUAL(to_symbols.size(), 2u);
}

TEST(a minute closes without the missing bars when it is due) {
  start();
  give(1, 0);
  tell(tape, minute_due{at(1)});
  REQUIRE(to_ranking.size() == 1u);
  const std::vector<symbol_index> absent{0};
  CHECK_EQUAL(to_ranking[0].absent, absent);
  tell(tape, minute_due{at(1)}); // once
  CHECK_EQUAL(to_ranking.size(), 1u);
  tell(tape, minute_due{at(2)});
  REQUIRE(to_ranking.size() == 2u);
  CHECK_EQUAL(to_ranking[1].absent.size(), 2u);
}

TEST(a minute that is due closes the ones before it first) {
  start();
  tell(tape, minute_due{at(3)});
  const words expected{"cut 1", "cut 2", "cut 3"};
  CHECK_EQUAL(to_portfolio, expected);
}

TEST(a minute that its bars closed is not closed again when it is due) {
  start();
  give(0, 0);
  give(1, 0);
  tell(tape, minute_due{at(1)});
  CHECK_EQUAL(to_ranking.size(), 1u);
}

TEST(nothing is admitted between a cut off and its decisions) {
  decide_at_once = false;
  start();
  give(0, 0);
  give(1, 0);
  set_time(at(1) + 500);
  fill("s-1");
  tell(tape, phase_change{session_phase::liquidation, at(1) + 600});
  tell(tape, operator_command{command_kind::flatten, at(1) + 700, "a person"});
  tell(tape, halt_change{1, true, at(1)});
  give(0, 1);
  tell(tape, feed_change{false, "gone"});
  const words before{"cut 1"};
  CHECK_EQUAL(to_portfolio, before);
  CHECK_EQUAL(to_symbols.size(), 2u);
  CHECK_EQUAL(count_of("waiting"), 6u);
  decide(1);
  const words after{"cut 1", "fill s-1", "phase 1", "command 2 a person", "halt 1 on"};
  CHECK_EQUAL(to_portfolio, after);
  CHECK_EQUAL(to_symbols.size(), 3u);
  CHECK_EQUAL(count_of("waiting"), 0u);
  const auto order = kinds();
  const auto cut = std::find(order.begin(), order.end(), record_kind::cut_off);
  REQUIRE(cut != order.end());
  CHECK(*(cut + 1) == record_kind::ranked_round);
  CHECK(*(cut + 2) == record_kind::venue);
}

TEST(a decision of another minute opens nothing) {
  decide_at_once = false;
  start();
  tell(tape, minute_due{at(1)});
  fill("s-1");
  auto step = std::make_shared<portfolio_step>();
  step->at = at(1);
  tell(tape, portfolio_step_ptr(step)); // of no round
  decide(2);
  CHECK_EQUAL(to_portfolio.size(), 1u);
  decide(1);
  CHECK_EQUAL(to_portfolio.size(), 2u);
}

TEST(orders are on the tape before the gateway has them) {
  decide_at_once = false;
  start();
  tell(tape, minute_due{at(1)});
  decide(1, {an_order()});
  REQUIRE(to_gateway.size() == 1u);
  CHECK_EQUAL(to_gateway[0].client_order_id, "s-1");
  CHECK_EQUAL(recorded(record_kind::order), 1u);
}

TEST(the deadline closes a round that nobody decides) {
  decide_at_once = false;
  start();
  give(0, 0);
  give(1, 0);
  fill("s-1");
  CHECK(given_up.empty());
  pass_deadline();
  REQUIRE(given_up.size() == 1u);
  CHECK_EQUAL(given_up[0].at, at(1));
  CHECK_EQUAL(given_up[0].missing.size(), 2u);
  CHECK_EQUAL(recorded(record_kind::round_closed), 1u);
  CHECK_EQUAL(count_of("undecided_rounds"), 1u);
  CHECK_EQUAL(to_portfolio.size(), 1u); // still waits for what the portfolio makes of it
  decide(1);
  CHECK_EQUAL(to_portfolio.size(), 2u);
}

TEST(the deadline of a decided round says nothing) {
  start();
  give(0, 0);
  give(1, 0);
  pass_deadline();
  CHECK(given_up.empty());
  CHECK_EQUAL(count_of("undecided_rounds"), 0u);
}

TEST(a late bar is learned and not counted in its minute) {
  start();
  give(0, 0);
  tell(tape, minute_due{at(1)});
  give(1, 0);
  CHECK_EQUAL(to_symbols.size(), 2u);
  CHECK_EQUAL(count_of("late_bars"), 1u);
  give(0, 1);
  CHECK_EQUAL(to_ranking.size(), 1u); // BBB has still no bar in the second minute
  give(1, 1);
  REQUIRE(to_ranking.size() == 2u);
  CHECK(to_ranking[1].absent.empty());
}

TEST(a bar that was there or is older than the last is dropped) {
  start();
  give(0, 0);
  give(0, 0);
  tell(tape, minute_due{at(3)});
  give(1, 2);
  give(1, 1);
  CHECK_EQUAL(to_symbols.size(), 2u);
  CHECK_EQUAL(count_of("duplicates"), 2u);
  CHECK_EQUAL(recorded(record_kind::bar), 2u);
}

TEST(the feed is given credit for bars that were taken and for each once) {
  decide_at_once = false;
  live_config live;
  live.bar_window = 8;
  start(std::move(live));
  give(0, 0);
  CHECK(to_feed.empty());
  give(1, 0); // closes the minute: nothing more is taken until it is decided
  CHECK(to_feed == std::vector<std::uint32_t>{2});
  for (int minute = 1; minute <= 4; ++minute)
    give(0, minute);
  CHECK_EQUAL(to_feed.size(), 1u);
  decide(1);
  CHECK_EQUAL(to_feed.size(), 1u); // one bar is taken; the next one closes its minute first
  decide(2);
  CHECK(to_feed == (std::vector<std::uint32_t>{2, 2}));
  give(1, 0); // dropped, and room for another one all the same
  decide(3);
  decide(4);
  CHECK(to_feed == (std::vector<std::uint32_t>{2, 2, 2}));
}

TEST(a revision is recorded and nobody hears of it) {
  start();
  give(0, 0);
  give(0, 0, true);
  CHECK_EQUAL(to_symbols.size(), 1u);
  CHECK_EQUAL(count_of("revisions"), 1u);
  CHECK_EQUAL(recorded(record_kind::revision), 1u);
  CHECK(to_ranking.empty());
  give(0, 1, true); // of a bar that never came
  give(1, 0);
  give(0, 1);
  CHECK_EQUAL(to_symbols.size(), 3u);
  CHECK_EQUAL(count_of("duplicates"), 0u);
}

TEST(a bar of another day is left out) {
  start();
  give(0, -1);
  give(0, 390);
  CHECK(to_symbols.empty());
  CHECK_EQUAL(recorded(record_kind::bar), 0u);
}

TEST(a bar of a later minute closes the minutes before it first) {
  start();
  give(0, 0);
  give(0, 2);
  const words expected{"cut 1", "cut 2"};
  CHECK_EQUAL(to_portfolio, expected);
  CHECK_EQUAL(to_symbols.size(), 2u);
  CHECK_EQUAL(to_ranking[0].absent.size(), 1u);
  CHECK_EQUAL(to_ranking[1].absent.size(), 2u);
  give(1, 2);
  CHECK_EQUAL(to_ranking.size(), 3u);
}

TEST(times of what is admitted ascend whatever the senders say) {
  start();
  set_time(at(1) + 2'000);
  tell(tape, phase_change{session_phase::open, at(0)});
  give(0, 0);
  give(1, 0);
  fill("s-1");
  tell(tape, operator_command{command_kind::halt, at(0), "behind"});
  set_time(at(1)); // the venue corrects us backwards
  fill("s-2");
  tell(tape, halt_change{0, true, at(0)});
  tell(tape, phase_change{session_phase::liquidation, at(1)});
  tell(tape, minute_due{at(2)});
  fill("s-3");
  for (std::size_t i = 1; i < times.size(); ++i)
    CHECK(times[i] >= times[i - 1]);
  CHECK_EQUAL(times.size(), 9u);
  // Bars and cut-offs carry their minute, everything else when it was admitted.
  time_ms last = 0;
  for (const auto& record : records().first)
    if (record.kind != record_kind::bar && record.kind != record_kind::cut_off && !is_output(record.kind)) {
      CHECK(record.time >= last);
      last = record.time;
    }
}

TEST(a fill within the grace comes before the minute it did not wait for) {
  start();
  set_time(at(1) + 1'500);
  fill("s-1");
  give(0, 0);
  give(1, 0);
  const words expected{"fill s-1", "cut 1"};
  CHECK_EQUAL(to_portfolio, expected);
  CHECK_EQUAL(to_ranking[0].at, at(1)); // the minute keeps its own time
  fill("s-2");
  CHECK(times[2] >= times[0]);
}

TEST(what the tape holds comes back from its file in order) {
  start();
  tell(tape, phase_change{session_phase::open, at(0)});
  give(0, 0);
  give(1, 0);
  fill("s-1");
  const std::vector<record_kind> expected{
      record_kind::header,  record_kind::warmup,       record_kind::learner_state, record_kind::learner_state,
      record_kind::session, record_kind::phase,        record_kind::bar,           record_kind::bar,
      record_kind::cut_off, record_kind::ranked_round, record_kind::venue};
  CHECK(kinds() == expected);
}

TEST(a session joined under way learns the back fill under maintenance first) {
  live_config live;
  live.joined_at = at(3) + 10'000;
  live.back_fill = {{bar_at(0), bar_at(1), bar_at(2)}, {bar_at(0), bar_at(2)}};
  venue_event adopted;
  adopted.kind = venue_event_kind::adjustment;
  adopted.client_order_id = "adopted-AAA";
  live.adopted = {adopted};
  set_time(live.joined_at);
  start(std::move(live));
  const words expected{"command 0 back-fill", "phase 0", "cut 1", "cut 2", "cut 3", "fill adopted-AAA",
                       "command 1 back-fill"};
  CHECK_EQUAL(to_portfolio, expected);
  CHECK_EQUAL(to_symbols.size(), 5u);
  REQUIRE(to_ranking.size() == 3u);
  CHECK_EQUAL(to_ranking[1].absent.size(), 1u);
  give(0, 2); // again from the stream
  CHECK_EQUAL(count_of("duplicates"), 1u);
  give(0, 3);
  give(1, 3);
  CHECK_EQUAL(to_portfolio.back(), "cut 4");
}

TEST(a session joined after its close is closed before its missing minutes are decided) {
  live_config live;
  live.joined_at = day.close + 10 * minute_ms;
  live.back_fill = {{bar_at(0), bar_at(389)}, {bar_at(0)}};
  set_time(live.joined_at);
  start(std::move(live));
  const words beginning{"command 0 back-fill", "phase 0", "phase 2", "cut 1", "cut 2"};
  REQUIRE(to_portfolio.size() == 3u + 390u + 1u);
  CHECK_EQUAL(words(to_portfolio.begin(), to_portfolio.begin() + 5), beginning);
  CHECK_EQUAL(to_portfolio[to_portfolio.size() - 2], "cut 390");
  CHECK_EQUAL(to_symbols.size(), 3u);
  give(0, 389); // again from the feed
  CHECK_EQUAL(count_of("duplicates"), 1u);
}

TEST(what arrives before the wiring waits for the back fill) {
  live_config live;
  live.hours = day;
  live.joined_at = at(1) + 10'000;
  live.back_fill = {{bar_at(0)}, {bar_at(0)}};
  set_time(live.joined_at);
  before_wiring = [this] { fill("s-1"); };
  start(std::move(live));
  const words expected{"command 0 back-fill", "phase 0", "cut 1", "command 1 back-fill", "fill s-1"};
  CHECK_EQUAL(to_portfolio, expected);
}

TEST(a maintenance file keeps entries off after the back fill too) {
  const auto file = folder.path() / "maintenance";
  std::ofstream(file) << "1";
  config.tape.maintenance_file = file;
  live_config live;
  live.joined_at = at(1) + 10'000;
  live.back_fill = {{bar_at(0)}, {bar_at(0)}};
  set_time(live.joined_at);
  start(std::move(live));
  const words expected{"command 0 back-fill", "phase 0", "cut 1"};
  CHECK_EQUAL(to_portfolio, expected);
}

TEST(a maintenance file before the open turns entries off) {
  const auto file = folder.path() / "maintenance";
  std::ofstream(file) << "1";
  config.tape.maintenance_file = file;
  start();
  const words expected{"command 0 maintenance file"};
  CHECK_EQUAL(to_portfolio, expected);
}

TEST(minutes that are decided late are decided without entries) {
  start();
  set_time(at(1) + 1'000);
  tell(tape, minute_due{at(1)});
  set_time(at(5));
  tell(tape, minute_due{at(2)});
  tell(tape, minute_due{at(4)});
  tell(tape, minute_due{at(5)});
  const words expected{"cut 1", "command 0 decisions are late", "cut 2", "cut 3",
                       "cut 4", "command 1 decisions are late", "cut 5"};
  CHECK_EQUAL(to_portfolio, expected);
}

TEST(the pause of a person outlasts the automatic one) {
  start();
  tell(tape, operator_command{command_kind::maintenance_on, at(0), "a person"});
  set_time(at(5));
  tell(tape, minute_due{at(5)});
  for (const auto& word : to_portfolio)
    CHECK(!word.starts_with("command 1"));
}

TEST(the end collects the learners closes the tape and admits nothing more) {
  start();
  give(0, 0);
  give(1, 0);
  CHECK(records().second == read_status::error); // has no end yet
  tell(tape, session_over{"the session is over"});
  const words heard{"portfolio", "ranking", "symbol 0", "symbol 1"};
  auto sorted = ended;
  std::sort(sorted.begin(), sorted.end());
  CHECK_EQUAL(sorted, heard);
  const std::vector<std::string> learned{"learned 0", "learned 1"};
  CHECK_EQUAL(*learners, learned);
  CHECK(progress->finished.load());
  const auto size = std::filesystem::file_size(config.tape.place.file);
  const auto words_before = to_portfolio.size();
  fill("s-1");
  give(0, 1);
  tell(tape, minute_due{at(5)});
  tell(tape, session_over{"again"});
  CHECK_EQUAL(to_portfolio.size(), words_before);
  CHECK_EQUAL(std::filesystem::file_size(config.tape.place.file), size);
  const auto [all, status] = records();
  CHECK(status == read_status::end);
  CHECK(all.back().kind == record_kind::end);
  CHECK(all.at(all.size() - 2).kind == record_kind::data_counts);
  const auto prefix = check_prefix(config.tape.place.file);
  CHECK(prefix.fault == tape_fault::none);
}

TEST(the end waits for the round that is being decided) {
  decide_at_once = false;
  start();
  tell(tape, minute_due{at(1)});
  tell(tape, session_over{"the session is over"});
  CHECK(ended.empty());
  CHECK(!progress->finished.load());
  decide(1, {an_order()});
  CHECK_EQUAL(ended.size(), 4u);
  CHECK(progress->finished.load());
  CHECK_EQUAL(recorded(record_kind::order), 1u);
}

TEST(a tape without a file counts and forwards all the same) {
  config.tape.place.file.clear();
  start();
  give(0, 0);
  give(1, 0);
  tell(tape, session_over{"the session is over"});
  CHECK(progress->finished.load());
  CHECK(failures.empty());
}

CAF_TEST_FIXTURE_SCOPE_END()
