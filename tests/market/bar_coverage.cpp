#define CAF_SUITE market_bar_coverage
#include "core/market/bar_coverage.hpp"

#include "tests/market/bar_text.hpp"
#include "tests/support/test.hpp"

using namespace sentio;
using namespace sentio::test;

namespace {

civil_date day(const std::string& text) {
  return parse_date(text).value();
}

/// The first `minutes` rows of a session; all without a number.
std::string session_rows(const std::string& date, int minutes = 390, const std::string& price = "20") {
  const auto hours = session_on(day(date)).value();
  std::string text;
  for (int minute = 0; minute < std::min(minutes, hours.minutes()); ++minute)
    text += row(hours.open + minute * minute_ms, price, std::to_string(100 + minute));
  return text;
}

/// 2025-06-30, 07-01, 07-02, 07-03 (a half day) and 07-07; the last two are traded.
const bar_plan plan = bar_plan::of_days(day("2025-06-30"), day("2025-07-03"), day("2025-07-07"));
const std::string whole = session_rows("2025-06-30") + session_rows("2025-07-01") +
                          session_rows("2025-07-02") + session_rows("2025-07-03") +
                          session_rows("2025-07-07");

/// What is found of A beside a symbol B whose sessions are whole.
coverage_findings findings_of(const std::string& rows) {
  const scratch_folder folder;
  write_text(folder.path() / "A.csv", plain_header + rows);
  write_text(folder.path() / "B.csv", plain_header + whole);
  return judge_coverage(plan, read_coverage(folder.path(), {"B", "A"}, plan));
}

bool says(const std::vector<std::string>& sentences, const std::vector<std::string>& parts) {
  if (sentences.size() == 1 && std::all_of(parts.begin(), parts.end(), [&](const std::string& part) {
        return contains(sentences.front(), part);
      }))
    return true;
  CAF_MESSAGE(sentences.size() << " sentences; " << (sentences.empty() ? "" : sentences.front()));
  return false;
}

} // namespace

TEST(a plan holds every trading day of the exchange) {
  REQUIRE(plan.sessions.size() == 5u);
  CHECK_EQUAL(plan.traded_from, 3u);
  CHECK(plan.sessions[3].half_day);
}

TEST(whole sessions and a half day have nothing to tell) {
  const auto found = findings_of(whole);
  CHECK(found.refusals.empty());
  CHECK(found.warnings.empty());
}

TEST(half of the minutes is enough and one less is not ) {
  const auto before = session_rows("2025-06-30") + session_rows("2025-07-01") + session_rows("2025-07-02");
  CHECK(findings_of(before + session_rows("2025-07-03", 105) + session_rows("2025-07-07", 195))
            .warnings.empty());
  const auto found = findings_of(before + session_rows("2025-07-03", 104) + session_rows("2025-07-07", 194));
  CHECK(found.refusals.empty());
  CHECK(says(found.warnings, {"A: less than half of the minutes on 2 of 5 sessions",
                              "2025-07-03 to 2025-07-07 (298 of 600, 2 sessions)"}));
}

TEST(a session without a bar is told also in the warm up) {
  const auto found = findings_of(session_rows("2025-06-30") + session_rows("2025-07-02") +
                                 session_rows("2025-07-03") + session_rows("2025-07-07"));
  CHECK(says(found.warnings, {"A: ", "1 of 5 sessions: 2025-07-01 (none)"}));
}

TEST(a symbol that is listed later is told once and its earlier sessions are not missed) {
  const auto found = findings_of(session_rows("2025-07-03") + session_rows("2025-07-07"));
  CHECK(found.refusals.empty());
  CHECK(says(found.warnings, {"A: its first bar is of 2025-07-03", "the 3 sessions before have none",
                              "it trades without a warm-up"}));
}

TEST(a file that ends before the traded days is refused with both days) {
  const auto found = findings_of(session_rows("2025-06-30") + session_rows("2025-07-01"));
  CHECK(says(found.refusals, {"A: no bar in the 2 sessions to trade (2025-07-03 to 2025-07-07)",
                              "A.csv ends on 2025-07-01, the days to trade begin on 2025-07-03"}));
  CHECK(found.without == std::vector<std::string>{"A"});
}

TEST(a file that begins after the traded days is refused) {
  CHECK(says(findings_of(session_rows("2025-07-08")).refusals,
             {"A.csv begins on 2025-07-08, the days to trade end on 2025-07-07"}));
}

TEST(a file of which every row is refused is refused with the defect and its count) {
  std::string rows;
  const auto open = session_on(day("2025-07-03"))->open;
  for (int minute = 0; minute < 210; ++minute)
    rows += std::to_string((open + minute * minute_ms) / 1000) + ",20,19,18,19,5\n";
  CHECK(says(
      findings_of(session_rows("2025-07-02") + rows).refusals,
      {"A: no bar in the 2 sessions", "210 rows are refused", "210 x inconsistent range", "A.csv:392: "}));
}

TEST(a file without a usable row is refused with its reason) {
  CHECK(says(findings_of("").refusals, {"A: no bar in the 2 sessions", "no valid bar of A"}));
}

TEST(a shortage of one day names the rows that were refused) {
  std::string rows;
  const auto open = session_on(day("2025-07-07"))->open;
  for (int minute = 0; minute < 390; ++minute)
    rows += std::to_string((open + minute * minute_ms) / 1000) + ",20,19,18,19,5\n";
  const auto found = findings_of(session_rows("2025-06-30") + session_rows("2025-07-01") +
                                 session_rows("2025-07-02") + session_rows("2025-07-03") + rows);
  CHECK(says(found.warnings, {"2025-07-07 (none)", "390 rows are refused (390 x inconsistent range)"}));
}

TEST(a day that is short for everybody is told once) {
  const scratch_folder folder;
  const auto rows = session_rows("2025-06-30") + session_rows("2025-07-01") + session_rows("2025-07-03") +
                    session_rows("2025-07-07", 60);
  write_text(folder.path() / "A.csv", plain_header + rows);
  write_text(folder.path() / "B.csv", plain_header + rows);
  const auto found = judge_coverage(plan, read_coverage(folder.path(), {"A", "B"}, plan));
  CHECK(found.refusals.empty());
  CHECK(says(found.warnings,
             {"no symbol has half of the minutes on 2025-07-02 (none), 2025-07-07 (60 of 390)"}));
}

TEST(a symbol without a file is refused beside the others) {
  const scratch_folder folder;
  write_text(folder.path() / "B.csv", plain_header + whole);
  const auto found = judge_coverage(plan, read_coverage(folder.path(), {"A", "B"}, plan));
  CHECK(says(found.refusals, {"A: no bar", "no bars for A; tried A_RTH_NH.csv"}));
}

TEST(sessions that are only learned are refused when there is no bar in all of them) {
  const auto learned = bar_plan::of_days(day("2025-06-30"), day("2025-07-08"), day("2025-07-07"));
  CHECK_EQUAL(learned.traded_from, learned.sessions.size());
  const scratch_folder folder;
  write_text(folder.path() / "A.csv", plain_header + session_rows("2025-06-27"));
  write_text(folder.path() / "B.csv", plain_header + whole);
  const auto found = judge_coverage(learned, read_coverage(folder.path(), {"A", "B"}, learned));
  CHECK(says(found.refusals, {"A: no bar in the 5 sessions to learn", "ends on 2025-06-27"}));
  CHECK(found.warnings.empty());
}

TEST(the way out names the symbols that are left) {
  CHECK_EQUAL(way_without({"SDS", "SQQQ", "TQQQ"}, {"SQQQ"}), "leave SQQQ out: --symbols SDS,TQQQ");
  CHECK(contains(way_without({"SQQQ"}, {"SQQQ"}), "no other symbol is left"));
}

TEST(a probable split within the plan is a warning) {
  const auto found =
      findings_of(session_rows("2025-06-30") + session_rows("2025-07-01") + session_rows("2025-07-02") +
                  session_rows("2025-07-03", 390, "10.1") + session_rows("2025-07-07", 390, "10.1"));
  CHECK(
      says(found.warnings, {"A: a probable 2-for-1 split between 2025-07-02 and 2025-07-03",
                            "0.505 times the close before", "download-data --adjustment split --overwrite"}));
}
