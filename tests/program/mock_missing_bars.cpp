#define CAF_SUITE program_missing_bars

#include "tests/program/mock_refusal.hpp"

#include <nlohmann/json.hpp>

using namespace sentio;
using test::contains;
using test::mock_lab;
using test::program;
using test::refusals;

namespace {

const std::string tqqq = test::bar_file("TQQQ");

/// The rows of a day.
std::vector<std::string*> rows_of(test::bar_text& text, const std::string& date) {
  std::vector<std::string*> rows;
  for (auto& row : text.rows)
    if (row.starts_with(date))
      rows.push_back(&row);
  return rows;
}

/// Exchanges the high and the low: inconsistent, unless they are equal, which the lowered high prevents.
void spoil(std::string& row) {
  auto comma = row.find(',', row.find(',') + 1); // before open
  comma = row.find(',', comma + 1);              // before high
  row = row.substr(0, comma + 1) + "0.01" + row.substr(row.find(',', comma + 1));
}

test::bar_texts without_day(const std::string& date) {
  auto bars = mock_lab::get().bars();
  std::erase_if(bars.at("TQQQ").rows, [&](const std::string& row) { return row.starts_with(date); });
  return bars;
}

/// Multiplies the prices of the rows by a factor.
void scale(std::string& row, double factor) {
  std::string out;
  std::size_t begin = 0;
  for (int field = 0; begin <= row.size(); ++field) {
    const auto end = std::min(row.find(',', begin), row.size());
    const auto text = row.substr(begin, end - begin);
    out += (field == 0 ? "" : ",") +
           (field >= 2 && field <= 5 ? std::to_string(std::stod(text) * factor) : text);
    begin = end + 1;
  }
  row = out;
}

} // namespace

TEST(a symbol without a bar on the traded day is refused with what its file covers and the way out) {
  refusals mock;
  CHECK(mock.refused("--date 2025-12-01 " + mock.add_bars("ends", without_day("2025-12-01")), 2,
                     {"TQQQ: no bar in the 1 session to trade (2025-12-01)",
                      "ends/" + tqqq + " ends on 2025-11-28, the days to trade begin on 2025-12-01",
                      "download-data", "leave TQQQ out: --symbols SDS,SQQQ,SVIX,UPRO,UVXY"}));
}

TEST(a symbol of which every row is refused is refused with the defect) {
  refusals mock;
  auto bars = mock_lab::get().bars();
  for (auto* row : rows_of(bars.at("TQQQ"), "2025-12-01"))
    spoil(*row);
  CHECK(mock.refused("--date 2025-12-01 " + mock.add_bars("bad", bars), 2,
                     {"TQQQ: no bar in the 1 session to trade", "391 rows are refused",
                      "391 x inconsistent range", "bad/" + tqqq + ":213:"}));
}

TEST(a symbol that lacks a day is told on the console and in report and log and json) {
  const program sentio_actors;
  test::write_bars(sentio_actors.folder() / "gap", without_day("2025-11-28"));
  auto bars = without_day("2025-11-28");
  auto& rows = bars.at("TQQQ").rows;
  rows.resize(100); // of 390 minutes
  test::write_bars(sentio_actors.folder() / "gap", bars);
  const auto run = sentio_actors.run("mock --json --data-dir gap --log-dir logs --warmup-state " +
                                     mock_lab::get().checkpoint().string());
  CHECK_EQUAL(run.code, 0);
  const std::string late = "TQQQ: its first bar is of 2025-12-01";
  const std::string thin = "TQQQ: less than half of the minutes on 1 of 2 sessions: 2025-12-01 (100 of 390)";
  CHECK(contains(run.error, "warning: " + late));
  CHECK(contains(run.error, "warning: " + thin));
  const auto answer = nlohmann::json::parse(run.out);
  REQUIRE(answer.at("data_warnings").size() == 2u);
  CHECK(contains(answer.at("data_warnings")[1].get<std::string>(), thin));
  CHECK(answer.at("report").at("data_warnings") == answer.at("data_warnings"));
  const auto logs = sentio_actors.folder() / "logs";
  for (const std::string file : {"analysis_report.txt", "report.html", "session_2025-12-01.log", "run.json"})
    CHECK(contains(test::file_text(logs / file), "100 of 390"));
}

TEST(missing bars are told whatever the run does with its days) {
  const program sentio_actors;
  auto bars = mock_lab::get().bars();
  bars.at("TQQQ").rows.resize(211 + 100);
  test::write_bars(sentio_actors.folder() / "gap", bars);
  const std::string options = "mock --data-dir gap --no-report" + mock_lab::get().with_checkpoint();
  for (const std::string more : {"--run-ahead 1", "--fresh-daily --jobs 2"}) {
    const auto run = sentio_actors.run(options + "--overwrite --log-dir logs " + more);
    CHECK_EQUAL(run.code, 0);
    CHECK(contains(run.error, "2025-12-01 (100 of 390)"));
    CHECK(
        contains(test::file_text(sentio_actors.folder() / "logs" / "session_2025-12-01.log"), "100 of 390"));
  }
}

TEST(a tape carries the warnings to its replay) {
  const program sentio_actors;
  auto bars = mock_lab::get().bars();
  bars.at("TQQQ").rows.resize(211 + 100);
  test::write_bars(sentio_actors.folder() / "gap", bars);
  CHECK_EQUAL(sentio_actors
                  .run("mock --data-dir gap --no-report --log-dir logs --tape t.tape" +
                       mock_lab::get().with_checkpoint())
                  .code,
              0);
  CHECK_EQUAL(sentio_actors.run("mock --from-tape t.tape --no-report --log-dir again").code, 0);
  CHECK(test::file_text(sentio_actors.folder() / "again" / "run.json") ==
        test::file_text(sentio_actors.folder() / "logs" / "run.json"));
  CHECK(contains(sentio_actors.run("tape show t.tape").out, "100 of 390"));
}

TEST(a warm up with missing bars tells it and refuses a symbol that has none) {
  const program sentio_actors;
  test::write_bars(sentio_actors.folder() / "gap", without_day("2025-11-28"));
  const auto run = sentio_actors.run("warmup --json --data-dir gap --output c --end-date 2025-12-01");
  CHECK_EQUAL(run.code, 0);
  CHECK(contains(run.error, "warning: TQQQ: its first bar is of 2025-12-01"));
  CHECK_EQUAL(nlohmann::json::parse(run.out).at("data_warnings").size(), 1u);
  const auto none = sentio_actors.run("warmup --data-dir gap --output c2 --end-date 2025-11-28");
  CHECK_EQUAL(none.code, 2);
  CHECK(contains(none.error, "TQQQ: no bar in the 1 session to learn (2025-11-28)"));
  CHECK(!std::filesystem::exists(sentio_actors.folder() / "c2"));
}

TEST(a local session with a symbol that has no bars that day is refused before it is traded) {
  const program sentio_actors;
  test::write_bars(sentio_actors.folder() / "ends", without_day("2025-12-01"));
  const auto run = sentio_actors.run("--paper --venue local --speed 600 --data-dir ends --log-dir logs"
                                     " --date 2025-12-01" +
                                     mock_lab::get().with_checkpoint());
  CHECK_EQUAL(run.code, 2);
  CHECK(contains(run.error, "TQQQ: no bar in the 1 session to trade (2025-12-01)"));
  CHECK(!std::filesystem::exists(sentio_actors.folder() / "logs"));
}

TEST(a probable split is told by mock and verify data with ratio and date) {
  const program sentio_actors;
  auto bars = mock_lab::get().bars();
  for (auto* row : rows_of(bars.at("TQQQ"), "2025-12-01"))
    scale(*row, 0.2);
  test::write_bars(sentio_actors.folder() / "split", bars);
  const std::string words = "TQQQ: a probable 5-for-1 split between 2025-11-28 and 2025-12-01";
  const auto run =
      sentio_actors.run("mock --json --data-dir split --log-dir logs" + mock_lab::get().with_checkpoint());
  CHECK_EQUAL(run.code, 0);
  CHECK(contains(run.error, "warning: " + words));
  const auto answer = nlohmann::json::parse(run.out);
  CHECK(contains(answer.at("data_warnings").at(0).get<std::string>(), words));
  CHECK(contains(answer.at("report").at("notes").dump(), words));
  CHECK(contains(test::file_text(sentio_actors.folder() / "logs" / "analysis_report.txt"), "5-for-1 split"));
  const auto text = sentio_actors.run("verify-data --data-dir split");
  CHECK_EQUAL(text.code, 0);
  CHECK(contains(text.out, words));
  const auto json = nlohmann::json::parse(sentio_actors.run("verify-data --json --data-dir split").out);
  for (const auto& file : json.at("files")) {
    const bool is_split = file.at("symbol") == "TQQQ";
    CHECK_EQUAL(file.at("jumps").size(), is_split ? 1u : 0u);
    if (!is_split)
      continue;
    CHECK_EQUAL(file.at("jumps")[0].at("after").get<std::string>(), "2025-12-01");
    CHECK_EQUAL(file.at("jumps")[0].at("new_shares").get<int>(), 5);
  }
}
