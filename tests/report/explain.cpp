#define CAF_SUITE explain

#include "core/report/explain.hpp"
#include "core/journal/run_file.hpp"
#include "core/report/report.hpp"
#include "tests/report/synthetic_run.hpp"
#include "tests/support/test.hpp"

#include <map>

using namespace sentio;

namespace {

std::string error_of(const std::filesystem::path& folder, civil_date date, const std::string& clock,
                     const std::string& symbol = "") {
  try {
    explain(folder, date, clock, symbol);
  } catch (const log_error& error) {
    return error.what();
  }
  return "";
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace

TEST(the refusals of every round add up to the totals of the session) {
  const test::scratch_folder folder;
  test::synthetic_run what;
  what.sessions = 2;
  what.kappa = 0.3;
  test::write_synthetic_run(folder.path(), what);
  const civil_date date{2025, 6, 3};
  const session_hours hours = session_on(date).value();
  std::map<std::string, std::uint64_t> explained;
  for (time_ms at = hours.open + minute_ms; at <= hours.close; at += minute_ms)
    for (const symbol_explanation& one : explain(folder.path(), date, new_york_clock(at)).symbols) {
      CHECK(!one.reason.empty());
      if (one.action == "LEFT")
        ++explained[one.rule];
    }
  const auto summaries =
      read_session_summaries(read_text_file(folder.path() / "sessions.jsonl"), "sessions.jsonl");
  const session_totals& totals = summaries.at(1).totals;
  CHECK(totals.entries > 5u);
  for (std::size_t rule = 0; rule < totals.refused.size(); ++rule) {
    std::string name = to_string(static_cast<refusal>(rule));
    if (name == "not_ready")
      name = "not ready";
    CAF_MESSAGE(name << " " << totals.refused[rule]);
    const std::uint64_t also = name == "not ready" ? explained["no signal"] : 0;
    CHECK_EQUAL(explained[name] + also, totals.refused[rule]);
  }
}

TEST(an entry is explained with its rule and its fill) {
  const test::scratch_folder folder;
  test::write_synthetic_run(folder.path(), {});
  const report_data data = load_report(folder.path());
  REQUIRE(!data.trips.empty());
  const closed_trip& trip = data.trips.front();
  const std::string clock = new_york_clock(trip.entry_decided_at);
  const explanation what =
      explain(folder.path(), new_york_date(trip.entry_at), clock, data.run.symbols[trip.symbol]);
  REQUIRE(what.symbols.size() == 1u);
  CHECK_EQUAL(what.symbols[0].action, "ENTER");
  CHECK(contains(what.symbols[0].reason, ">= enter"));
  CHECK(!what.symbols[0].fills.empty());
  CHECK(contains(explanation_text(what), "synthetic data with a planted edge"));
  CHECK(contains(explanation_json(what), "\"action\": \"ENTER\""));
}

TEST(questions without an answer say what would be right) {
  const test::scratch_folder folder;
  test::synthetic_run what;
  what.sessions = 1;
  test::write_synthetic_run(folder.path(), what);
  CHECK(contains(error_of(folder.path(), {2025, 6, 7}, "10:31"), "no trading day: weekend"));
  CHECK(contains(error_of(folder.path(), {2025, 6, 5}, "10:31"), "they run from 2025-06-02 to 2025-06-02"));
  CHECK(contains(error_of(folder.path(), {2025, 6, 2}, "09:30"), "rounds run from 09:31 to 16:00"));
  CHECK(contains(error_of(folder.path(), {2025, 6, 2}, "1031"), "not a time like 10:31"));
  CHECK(contains(error_of(folder.path(), {2025, 6, 2}, "10:31", "AAPL"), "AAPL is not one of the symbols"));
}

TEST(trading the logged signals again gives the run itself) {
  const test::scratch_folder folder;
  test::synthetic_run run;
  run.kappa = 1;
  test::write_synthetic_run(folder.path(), run);
  const report_data data = load_report(folder.path());
  REQUIRE(data.what_if.size() == 3u);
  CHECK_EQUAL(data.what_if_note, "");
  CHECK_EQUAL(data.what_if[1].round_trips, data.metrics.trips.count);
  CHECK_EQUAL(data.what_if[1].net.micros, data.metrics.net.micros);
  CHECK(data.what_if[0].entries > data.what_if[1].entries);
  CHECK(data.what_if[1].entries > data.what_if[2].entries);
  CHECK(data.problems.empty());
}

TEST(days on their own start with the capital again) {
  const test::scratch_folder folder;
  test::synthetic_run run;
  run.fresh_daily = true;
  test::write_synthetic_run(folder.path(), run);
  const report_data data = load_report(folder.path());
  CHECK(data.problems.empty());
  CHECK_EQUAL(data.what_if_note, "");
  for (const day_metrics& day : data.days)
    CHECK_EQUAL(day.opening_equity.micros, data.run.capital.micros);
}

TEST(after a session at a venue the configured kappa is the run itself and the note says what the others
         compare with) {
  const test::scratch_folder folder;
  test::synthetic_run run;
  run.venue_fills = true;
  test::write_synthetic_run(folder.path(), run);
  const report_data data = load_report(folder.path());
  REQUIRE(data.what_if.size() == 3u);
  const what_if_result& own = data.what_if[0];
  CHECK(own.round_trips > 0u);
  CHECK_EQUAL(own.round_trips, data.metrics.trips.count);
  CHECK_EQUAL(own.net.micros, data.metrics.net.micros);
  CHECK_EQUAL(own.cost.micros, 0);
  CHECK_EQUAL(own.mrd, data.metrics.mrd);
  CHECK(contains(data.what_if_note, "The fills of this run are the venue's"));
  CHECK(contains(data.what_if_note, "Compare them with what that makes of the configured kappa: "));
  CHECK(!contains(data.what_if_note, "nine digits"));
}

TEST(a probability on the other side than the edge is explained by what decides) {
  const test::scratch_folder folder;
  test::synthetic_run run;
  run.sessions = 1;
  run.contrary = true;
  test::write_synthetic_run(folder.path(), run);
  const explanation what = explain(folder.path(), {2025, 6, 2}, "10:31");
  std::size_t contrary = 0;
  for (const symbol_explanation& one : what.symbols) {
    CHECK_EQUAL(one.deciding, "edge");
    if (!one.contradiction.empty())
      ++contrary;
  }
  CHECK(contrary > 0u);
  CHECK(contains(explanation_text(what),
                 "edge and probability point in opposite directions: the edge decides; the "
                 "probability is not used, because min_probability is 0"));
  run.contrary = false;
  test::write_synthetic_run(folder.path(), run);
  CHECK(!contains(explanation_text(explain(folder.path(), {2025, 6, 2}, "10:31")), "opposite directions"));
}

TEST(a threshold that nothing was held against has no share) {
  const test::scratch_folder folder;
  test::synthetic_run run;
  run.sessions = 1;
  test::write_synthetic_run(folder.path(), run);
  const std::string page = report_html(load_report(folder.path()));
  CHECK(contains(page, "rotation_manager_config.min_strength_to_enter is passed by 50.00"));
  CHECK(contains(page, "signal_aggregator_config.min_probability is off: every signal passes."));
  CHECK(!contains(page, "passed by 0.00"));
  run.without_warmup = true;
  test::write_synthetic_run(folder.path(), run);
  const std::string blind = report_html(load_report(folder.path()));
  CHECK(contains(blind, "The warm-up gave no signal: how often the thresholds are passed cannot be said."));
  CHECK(!contains(blind, "is passed by"));
}
