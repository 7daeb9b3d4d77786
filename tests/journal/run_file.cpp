#define CAF_SUITE run_file

#include "core/journal/run_file.hpp"
#include "core/journal/log_reader.hpp"
#include "core/journal/session_log.hpp"
#include "tests/support/test.hpp"

#include <algorithm>

using namespace sentio;

namespace {

run_description sample_run() {
  run_description run;
  run.title = "mock";
  run.data_note = "synthetic \"data\"";
  run.config_json = "{\"a\": 1.50, \"nested\": {\"b\": [1, 2]}}";
  run.symbols = {"SDS", "TQQQ"};
  run.capital = money{100'000'000'000};
  run.seed = 18'446'744'073'709'551'615ULL;
  run.session_tag = "0a1b2c3d";
  run.fresh_daily = true;
  run.warmup = {20, 46'800, {{"some.key", 5, 10'000}, {"other.key", 5'000, 10'000}}};
  run.sessions = {{2025, 6, 3}, {2025, 6, 4}};
  run.data_warnings = {"TQQQ: less than half of the minutes on 1 of 2 sessions: 2025-06-03 (none)"};
  return run;
}

session_summary sample_summary() {
  session_summary summary;
  summary.date = {2025, 6, 3};
  summary.totals.opening_equity = money{100'000'000'000};
  summary.totals.closing_equity = money{99'876'543'210};
  summary.totals.spread_cost = money{1'234'567};
  summary.totals.fees = money{16'600};
  summary.totals.fills = 12;
  summary.totals.rounds = 390;
  summary.totals.rotations = 1;
  summary.totals.entries = 6;
  summary.totals.exits = 6;
  summary.totals.cut_to_cash = 2;
  summary.totals.dropped_dependents = 1;
  summary.totals.refused.assign(static_cast<std::size_t>(refusal::count_), 0);
  summary.totals.refused[static_cast<std::size_t>(refusal::cost_band)] = 321;
  summary.totals.flat = false;
  summary.counters = {{"rows \"odd\"", 3}, {"duplicates", 0}};
  return summary;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace

TEST(latches are kept in the line of their session and a line without them is as it was) {
  session_summary summary = sample_summary();
  std::string plain;
  append_session_summary(plain, summary);
  CHECK(!contains(plain, "latches"));
  summary.totals.latches = {{latch_rule::equity_floor, "circuit breaker: equity 59 < \"60 %\"", 5, 3, 0},
                            {latch_rule::halted, "halt command", 7, 7, 9}};
  std::string line;
  append_session_summary(line, summary);
  CHECK(contains(line,
                 R"("latches":[{"rule":"equity_floor","reason":"circuit breaker: equity 59 < \"60 %\"",)"
                 R"("at_ms":5,"since_ms":3,"until_ms":0},{"rule":"halted")"));
  CHECK(read_session_summaries(line, "sessions.jsonl").at(0).totals.latches == summary.totals.latches);
  CHECK(read_session_summaries(plain, "sessions.jsonl").at(0).totals.latches.empty());
  const auto at = line.find("equity_floor");
  line.replace(at, 12, "equity_roof");
  std::string problem;
  try {
    read_session_summaries(line, "sessions.jsonl");
  } catch (const log_error& error) {
    problem = error.what();
  }
  CHECK(contains(problem, "sessions.jsonl:1: latches names an unknown rule \"equity_roof\""));
}

TEST(a run description reads back equal and writes the same bytes) {
  const run_description run = sample_run();
  const std::string text = write_run_file(run);
  CHECK(read_run_file(text, "run.json") == run);
  CHECK_EQUAL(write_run_file(read_run_file(text, "run.json")), text);
}

TEST(a run whose bars are whole has no word about warnings) {
  run_description run = sample_run();
  run.data_warnings.clear();
  const std::string text = write_run_file(run);
  CHECK(!contains(text, "data_warnings"));
  CHECK(read_run_file(text, "run.json") == run);
}

TEST(a session log begins with the warnings and counts those beyond twenty) {
  CHECK_EQUAL(data_warnings_text({}), "");
  const std::vector<std::string> two{"first", "second"};
  CHECK_EQUAL(data_warnings_text(two), "WARNING data: first\nWARNING data: second\n");
  const std::vector<std::string> many(23, "again");
  const auto text = data_warnings_text(many);
  CHECK_EQUAL(std::count(text.begin(), text.end(), '\n'), 21);
  CHECK(contains(text, "and 3 more, all in run.json"));
}

TEST(a wrong run description names its field) {
  const auto error_with = [&](const std::string& from, const std::string& to) -> std::string {
    std::string text = write_run_file(sample_run());
    REQUIRE(contains(text, from));
    text.replace(text.find(from), from.size(), to);
    try {
      read_run_file(text, "run.json");
    } catch (const log_error& error) {
      return error.what();
    }
    return "";
  };
  CHECK_EQUAL(error_with("\"seed\"", "\"sed\""), "run.json: field seed is missing");
  CHECK(contains(error_with("true", "7"), "field fresh_daily is 7"));
  CHECK(contains(error_with("2025-06-04", "2025-06-34"), "not a day like 2025-06-03"));
  CHECK(contains(error_with("\"SDS\", \"TQQQ\"", "\"TQQQ\", \"SDS\""), "sorted"));
}

TEST(session summaries read back equal) {
  std::string text;
  append_session_summary(text, sample_summary());
  session_summary next = sample_summary();
  next.date = {2025, 6, 4};
  append_session_summary(text, next);
  const auto read = read_session_summaries(text, "sessions.jsonl");
  REQUIRE(read.size() == 2u);
  std::string again;
  for (const session_summary& summary : read)
    append_session_summary(again, summary);
  CHECK_EQUAL(again, text);
  CHECK_EQUAL(read[0].totals.closing_equity.micros, 99'876'543'210);
  CHECK_EQUAL(read[0].totals.refused[static_cast<std::size_t>(refusal::cost_band)], 321u);
  CHECK(!read[0].totals.flat);
  CHECK(read[1].counters == sample_summary().counters);
}

TEST(a cut or shuffled session table is refused with its line) {
  std::string text;
  append_session_summary(text, sample_summary());
  append_session_summary(text, sample_summary());
  std::string what;
  try {
    read_session_summaries(text, "sessions.jsonl");
  } catch (const log_error& error) {
    what = error.what();
  }
  CHECK(contains(what, "sessions.jsonl:2: session 2025-06-03 does not come after"));
  try {
    read_session_summaries(text.substr(0, text.size() / 2 + 20), "sessions.jsonl");
  } catch (const log_error& error) {
    what = error.what();
  }
  CHECK(contains(what, "sessions.jsonl:2: the line has no end"));
}

TEST(the session log warns of thresholds out of reach) {
  const warmup_summary warmup = sample_run().warmup;
  const std::string text = warmup_text(warmup);
  CHECK(contains(text, "some.key: passed by 0.05 % of warm-up signals (5 of 10000)"));
  CHECK(contains(text, "WARNING: some.key refuses almost everything"));
  CHECK(!contains(text, "WARNING: other.key"));
  CHECK(unreachable_thresholds(warmup) == std::vector<std::string>{"some.key"});
}

TEST(the session log tells the day in New York time) {
  const std::vector<std::string> names{"SDS", "TQQQ"};
  const auto hours = session_on({2025, 7, 3}).value();
  const std::string start = session_start_text(hours, names, money{100'000'000'000}, "synthetic data");
  CHECK(contains(start, "session 2025-07-03 (half day): open 09:30, liquidation 12:58, close 13:00"));
  CHECK(contains(start, "data: synthetic data"));
  trade booked;
  booked.fill = {
      "x", "x", 1, order_side::sell, 10, money{50'000'000}, money{50'000}, money{0}, hours.open + 100, false};
  booked.is_exit = true;
  booked.kind = decision_kind::exit;
  booked.reason = "rank 6 > 5 to hold";
  booked.pnl = money{-1'500'000};
  booked.pnl_pct = -0.003;
  booked.bars_held = 7;
  CHECK_EQUAL(trade_text(booked, names),
              "09:30:00.100 EXIT SELL 10 TQQQ at 50.00, cost 0.05, P&L -$1.50 (-0.300 %), "
              "held 7 bars; EXIT: rank 6 > 5 to hold\n");
  CHECK_EQUAL(alert_text(hours.open, "breaker"), "09:30 ALERT breaker\n");
  const std::string end = session_end_text(sample_summary());
  CHECK(contains(end, "equity $100,000.00 -> $99,876.54 (-0.123 %)"));
  CHECK(contains(end, "WARNING: not flat at the close"));
  CHECK(contains(end, "entries refused: cost_band 321\n"));
}
