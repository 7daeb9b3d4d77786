#define CAF_SUITE hand_made_report

#include "core/report/report.hpp"
#include "tests/report/hand_made_run.hpp"
#include "tests/report/synthetic_run.hpp"
#include "tests/support/test.hpp"

#include <nlohmann/json.hpp>

using namespace sentio;
using test::close_to;

namespace {

const double first_return = 5.89 / 1000;
const double second_return = 999.67 / 1005.89 - 1;

report_data hand_made(const std::filesystem::path& folder) {
  report_options options;
  options.what_if = false;
  return load_report(folder, options);
}

std::string error_of(const std::filesystem::path& folder) {
  try {
    hand_made(folder);
  } catch (const report_error& error) {
    return error.what();
  }
  return "";
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace

TEST(every figure of two small sessions is as computed by hand) {
  const test::scratch_folder folder;
  test::write_hand_made_run(folder.path());
  const report_data data = hand_made(folder.path());
  const run_metrics& m = data.metrics;
  CHECK(data.problems.empty());
  CHECK_EQUAL(m.sessions, 2u);
  CHECK(close_to(m.mrd, (first_return + second_return) / 2, 1e-12));
  CHECK(close_to(m.total_return, -0.00033, 1e-12));
  CHECK_EQUAL(m.net.micros, -330'000);
  CHECK_EQUAL(m.cost.micros, 330'000);
  CHECK_EQUAL(m.gross.micros, 0);
  CHECK_EQUAL(m.spread_cost.micros, 300'000);
  CHECK_EQUAL(m.fees.micros, 30'000);
  CHECK_EQUAL(m.trips.count, 2u);
  CHECK_EQUAL(m.trips.wins, 1u);
  CHECK(close_to(m.trips.win_rate.value(), 0.5, 1e-15));
  CHECK(close_to(m.trips.profit_factor.value(), 5.89 / 6.22, 1e-12));
  CHECK(close_to(m.trips.average_win.value(), 5.89, 1e-12));
  CHECK(close_to(m.trips.average_loss.value(), -6.22, 1e-12));
  CHECK(close_to(m.trips.average_hold_bars.value(), 6, 1e-12));
  CHECK(close_to(m.turnover, (1010.0 / 1000 + 790.0 / 1005.89) / 2, 1e-12));
  CHECK(close_to(m.max_drawdown_intraday, 1 - 0.99 / 1.015, 1e-12));
  CHECK(close_to(m.max_drawdown_daily, 1 - 999.67 / 1005.89, 1e-12));
  CHECK(close_to(data.trips[0].return_pct, 5.89 / 502.05, 1e-12));
  CHECK(close_to(data.symbols[1].contribution, 0.00589, 1e-12));
}

TEST(forecasts are held against the opens of later bars) {
  const test::scratch_folder folder;
  test::write_hand_made_run(folder.path());
  const report_data data = hand_made(folder.path());
  // Opens rise or fall by a constant, so the log return over five bars falls from bar to bar in both symbols.
  CHECK(close_to(data.symbols[1].quality.rank_ic.mean.value(), 1, 1e-12));
  CHECK(close_to(data.symbols[0].quality.rank_ic.mean.value(), -1, 1e-12));
  CHECK(close_to(data.rank_ic.mean.value(), 0, 1e-12));
  CHECK_EQUAL(data.score.forecasts, 16u);
  CHECK(close_to(data.symbols[1].quality.score.accuracy().value(), 1, 1e-15));
  CHECK(close_to(data.symbols[0].quality.score.accuracy().value(), 0, 1e-15));
  CHECK(close_to(data.symbols[1].quality.score.log_loss().value(), 0.51082562376599072, 1e-12));
  CHECK(close_to(data.symbols[0].quality.score.log_loss().value(), 0.91629073187415511, 1e-12));
  const auto groups = data.calibration.groups(10);
  REQUIRE(groups.size() == 1u);
  CHECK(close_to(groups[0].predicted, 0.6, 1e-12));
  CHECK(close_to(groups[0].realised, 0.5, 1e-12));
  CHECK(close_to(data.symbols[0].quality.confidence_end.value(), 0.7, 1e-12));
}

TEST(baselines hold other symbols in the same minutes) {
  const test::scratch_folder folder;
  test::write_hand_made_run(folder.path());
  const report_data data = hand_made(folder.path());
  const double tqqq = 50.8 / 50.2 - 1;
  const double sds = 19.6 / 19.9 - 1;
  const double both = (tqqq + sds) / 2;
  CHECK(close_to(data.baselines.equal_hold_mrd, (502 * both / 1000 + 398 * both / 1005.89) / 2, 1e-12));
  CHECK(close_to(data.baselines.excess_bp.value(), 0, 1e-9));
  CHECK_EQUAL(data.baselines.random_mrd.size(), 200u);
  // A draw holds one symbol or the other in each window: four values are possible, and the best is TQQQ
  // twice.
  CHECK(close_to(data.baselines.random_mrd.back(), (502 * tqqq / 1000 + 398 * tqqq / 1005.89) / 2, 1e-12));
  CHECK(close_to(data.baselines.random_mrd.front(), (502 * sds / 1000 + 398 * sds / 1005.89) / 2, 1e-12));
}

TEST(the verdict says plainly that costs ate the gain) {
  const test::scratch_folder folder;
  test::write_hand_made_run(folder.path());
  report_data data = hand_made(folder.path());
  data.metrics.gross = from_dollars(0.20);
  data.metrics.net = from_dollars(-0.13);
  CHECK(contains(judge(data).headline, "Costs ate it"));
  data.metrics.trips.count = 0;
  CHECK(contains(judge(data).headline, "No trade was made"));
  CHECK(contains(judge(data).headline, "threshold"));
  CHECK(contains(report_text(data), "no investment advice"));
}

TEST(the verdict on a venue without fees names no costs) {
  const test::scratch_folder folder;
  test::write_hand_made_run(folder.path());
  report_data data = hand_made(folder.path());
  data.order_latency_ms = {0.4};
  data.metrics.net = from_dollars(0.13);
  CHECK(contains(judge(data).headline, " of costs over 2 sessions"));
  data.metrics.cost = {};
  CHECK(contains(judge(data).headline, " at the venue's prices, which hold the spread, over 2 sessions"));
  CHECK(contains(report_html(data), "and it charged no fees"));
  data.metrics.net = from_dollars(-0.13);
  CHECK(contains(judge(data).headline, "It lost money: $0.13 at the venue's prices"));
}

TEST(a broken line is named with file and line) {
  const test::scratch_folder folder;
  test::write_hand_made_run(folder.path());
  const auto file = folder.path() / "trades_2025-06-04.jsonl";
  const std::string good = read_text_file(file);
  const std::size_t second = good.find('\n') + 1;
  test::write_text(file, good.substr(0, second) + "{\"timestamp_ms\":17,\n");
  CHECK(contains(error_of(folder.path()), "trades_2025-06-04.jsonl:2: not a JSON object"));
  test::write_text(file, good.substr(0, good.size() - 10));
  CHECK(contains(error_of(folder.path()), "trades_2025-06-04.jsonl:2: the line has no end"));
  test::write_text(file, good.substr(second));
  CHECK(contains(error_of(folder.path()), "trades_2025-06-04.jsonl:1: seq is 1 where 0 follows"));
  std::filesystem::remove(file);
  CHECK(contains(error_of(folder.path()), "cannot be opened"));
}

TEST(logs that contradict the reported equity are called out) {
  const test::scratch_folder folder;
  test::write_hand_made_run(folder.path());
  const auto file = folder.path() / "sessions.jsonl";
  std::string text = read_text_file(file);
  const std::string closing = "\"closing_equity\":999.67";
  REQUIRE(contains(text, closing));
  text.replace(text.find(closing), closing.size(), "\"closing_equity\":999.68");
  test::write_text(file, text);
  const report_data data = hand_made(folder.path());
  REQUIRE(data.problems.size() == 1u);
  CHECK(contains(data.problems[0], "the trades leave 999.67, the reported equity is 999.68"));
  CHECK(contains(report_html(data), "The logs contradict themselves."));
}

TEST(periods of the analysis add up) {
  const test::scratch_folder folder;
  test::write_hand_made_run(folder.path());
  const report_data data = hand_made(folder.path());
  const auto days = nlohmann::json::parse(analysis_json(data, analysis_period::day));
  REQUIRE(days["periods"].size() == 2u);
  CHECK_EQUAL(days["periods"][0]["period"].get<std::string>(), "2025-06-03");
  CHECK(close_to(days["periods"][0]["mrd"].get<double>(), first_return, 1e-12));
  const auto weeks = nlohmann::json::parse(analysis_json(data, analysis_period::week));
  REQUIRE(weeks["periods"].size() == 1u);
  CHECK_EQUAL(weeks["periods"][0]["period"].get<std::string>(), "2025-W23");
  CHECK_EQUAL(weeks["periods"][0]["sessions"].get<int>(), 2);
  CHECK(contains(analysis_table(data, analysis_period::month), "2025-06 "));
}

TEST(json figures equal the metrics) {
  const test::scratch_folder folder;
  test::write_hand_made_run(folder.path());
  const report_data data = hand_made(folder.path());
  const auto json = nlohmann::json::parse(report_json(data));
  CHECK_EQUAL(json["metrics"]["mrd"].get<double>(), data.metrics.mrd);
  CHECK_EQUAL(json["refused"]["threshold"].get<int>(), 14);
  CHECK(json["metrics"]["sharpe"].is_null());
  CHECK_EQUAL(json["days"].size(), 2u);
}

TEST(a latch that stopped entries is the first sentence and its dead sessions are counted apart) {
  const test::scratch_folder folder;
  test::synthetic_run what;
  what.sessions = 8;
  what.skill = -0.5;
  what.equity_floor = 0.97;
  test::write_synthetic_run(folder.path(), what);
  const report_data data = hand_made(folder.path());
  REQUIRE(data.latches.size() == 1u);
  const latch_report& latch = data.latches.front();
  CHECK(latch.rule == latch_rule::equity_floor);
  CHECK_EQUAL(latch.until, 0);
  CHECK(latch.latched_out >= 3u);
  CHECK_EQUAL(latch.sessions, latch.latched_out + 1); // it traded in the one in which it latched
  const run_metrics& m = data.metrics;
  CHECK_EQUAL(m.sessions, 8u);
  CHECK_EQUAL(m.latched_out, latch.latched_out);
  double sum = 0;
  for (const day_metrics& day : data.days) {
    CHECK_EQUAL(day.latched_out, day.date > new_york_date(latch.since));
    sum += day.latched_out ? 0 : day.daily_return();
  }
  CHECK(sum < 0);
  CHECK(close_to(m.mrd, sum / static_cast<double>(8 - m.latched_out), 1e-12));
  const std::string first = "No entries since " + to_string(new_york_date(latch.since)) + " " +
                            new_york_clock(latch.since) + ": equity floor (circuit breaker: equity ";
  CHECK(data.verdict.latched.starts_with(first));
  CHECK(contains(data.verdict.latched, std::to_string(latch.latched_out) +
                                           " sessions of 8 traded nothing because of a "
                                           "latch"));
  CHECK(contains(report_text(data), "Verdict\n-------\n" + first));
  CHECK(contains(report_html(data), "<div class=\"alarm\"><b>" + first));
  const auto json = nlohmann::json::parse(report_json(data));
  CHECK_EQUAL(json["latched"].get<std::string>(), data.verdict.latched);
  CHECK_EQUAL(json["metrics"]["latched_out_sessions"].get<std::size_t>(), m.latched_out);
  CHECK_EQUAL(json["latches"][0]["rule"].get<std::string>(), "equity_floor");
}

TEST(a run without a latch says nothing of one) {
  const test::scratch_folder folder;
  test::write_hand_made_run(folder.path());
  const report_data data = hand_made(folder.path());
  CHECK(data.latches.empty());
  CHECK_EQUAL(data.verdict.latched, "");
  CHECK_EQUAL(data.metrics.latched_out, 0u);
  CHECK(!contains(report_text(data), "latch"));
}
