#define CAF_SUITE program_bad_data

#include "tests/program/mock_refusal.hpp"

using namespace sentio;
using test::contains;
using test::mock_lab;
using test::program;
using test::refusals;

namespace {

const std::string tqqq = test::bar_file("TQQQ");

/// The number of a line of TQQQ's file: the row of the last day that begins at 10:00.
std::size_t line_at_ten(const test::bar_text& text) {
  for (std::size_t i = 0; i < text.rows.size(); ++i)
    if (text.rows[i].starts_with("2025-12-01T10:00"))
      return i + 2;
  throw std::runtime_error("the sample has no bar of TQQQ at 10:00");
}

} // namespace

TEST(a folder without bars is named with the files that were looked for) {
  refusals mock;
  CHECK(mock.refused("--data-dir nowhere", 2, {"nowhere", "does not exist"}));
  std::filesystem::create_directory(mock.folder() / "empty");
  CHECK(mock.refused("--data-dir empty", 2, {"empty", "no bars for SDS", "SDS_RTH_NH.csv.gz"}));
  auto bars = mock_lab::get().bars();
  bars.erase("TQQQ");
  CHECK(mock.refused(mock.add_bars("five", bars), 2, {"five", "no bars for TQQQ"}));
  CHECK(mock.refused("--symbols TQQQ,SSO", 2, {"data/sample", "no bars for SSO"}));
}

TEST(a file that cannot be read is named) {
  refusals mock;
  auto bars = mock_lab::get().bars();
  bars.erase("TQQQ");
  const auto folder = mock.add_bars("folder", bars);
  std::filesystem::create_directory(mock.data() / "folder" / tqqq);
  CHECK(mock.refused(folder, 2, {"folder/" + tqqq, "cannot read"}));
  const auto empty_bars = mock.add_bars("empty", bars);
  test::write_file(mock.data() / "empty" / tqqq, "");
  CHECK(mock.refused(empty_bars, 2, {"empty/" + tqqq, "the file is empty"}));
  const auto packed = test::file_text(test::sample_folder() / (tqqq + ".gz"));
  const auto short_bars = mock.add_bars("short", bars);
  test::write_file(mock.data() / "short" / (tqqq + ".gz"), packed.substr(0, packed.size() / 2));
  CHECK(mock.refused(short_bars, 2, {"short/" + tqqq + ".gz", "unexpected end of file"}));
  const auto altered_bars = mock.add_bars("altered", bars);
  auto altered = packed;
  altered[packed.size() / 2] = static_cast<char>(altered[packed.size() / 2] ^ 0x40);
  test::write_file(mock.data() / "altered" / (tqqq + ".gz"), altered);
  CHECK(mock.refused(altered_bars, 2, {"altered/" + tqqq + ".gz:"}));
  auto header_only = mock_lab::get().bars();
  header_only.at("TQQQ").rows.clear();
  CHECK(mock.refused(mock.add_bars("bare", header_only), 2, {"bare/" + tqqq, "no valid bar of TQQQ"}));
}

TEST(a wrong header is shown beside those that are right) {
  refusals mock;
  auto bars = mock_lab::get().bars();
  bars.at("TQQQ").header = "ts_utc,ts_nyt_epoch,opne,high,low,close,volume";
  CHECK(mock.refused(mock.add_bars("bars", bars), 2,
                     {"bars/" + tqqq + ":1: found the header \"ts_utc,ts_nyt_epoch,opne",
                      "ts_utc,ts_nyt_epoch,open,high,low,close,volume"}));
}

TEST(a bad row is skipped and counted and shown) {
  const program sentio_actors;
  auto bars = mock_lab::get().bars();
  auto& text = bars.at("TQQQ");
  const auto line = line_at_ten(text);
  const std::string spoilt = "2025-12-01T10:00:00-05:00,1764601200,abc,85.2,84.99,85.12,470000";
  auto without = bars;
  without.at("TQQQ").rows.erase(without.at("TQQQ").rows.begin() + static_cast<std::ptrdiff_t>(line - 2));
  text.rows[line - 2] = spoilt;
  test::write_bars(sentio_actors.folder() / "bad", bars);
  test::write_bars(sentio_actors.folder() / "hole", without);
  const auto options = mock_lab::get().with_checkpoint() + "--date 2025-12-01 ";
  const auto run = sentio_actors.run("mock --data-dir bad --log-dir bad.logs" + options);
  CHECK_EQUAL(run.code, 0);
  CHECK(contains(run.out, "data: bad: malformed number 1"));
  const auto logs = sentio_actors.folder() / "bad.logs";
  CHECK(contains(test::file_text(logs / "session_2025-12-01.log"), "bad: malformed number 1"));
  CHECK(contains(test::file_text(logs / "sessions.jsonl"), R"("bad: malformed number":1)"));
  CHECK(contains(test::file_text(logs / "report.html"), "malformed number"));
  // Skipped means: as if it were not there.
  CHECK_EQUAL(sentio_actors.run("mock --no-report --data-dir hole --log-dir hole.logs" + options).code, 0);
  CHECK(test::logs_of(logs, test::last_day) ==
        test::logs_of(sentio_actors.folder() / "hole.logs", test::last_day));
}

TEST(strict stops at a bad row with its file and line and leaves only whole days) {
  const program sentio_actors;
  auto bars = mock_lab::get().bars();
  auto& text = bars.at("TQQQ");
  const auto line = line_at_ten(text);
  text.rows[line - 2] = "2025-12-01T10:00:00-05:00,1764601200,85.1,85.2,84.99,-1,470000";
  test::write_bars(sentio_actors.folder() / "bad", bars);
  const auto place = "bad/" + tqqq + ":" + std::to_string(line) + ":";
  const auto run = sentio_actors.run("mock --strict --log-dir logs --no-report --data-dir bad" +
                                     mock_lab::get().with_checkpoint());
  CHECK_EQUAL(run.code, 1);
  CHECK(run.out.empty());
  CHECK(contains(run.error, place));
  CHECK(contains(run.error, "-1"));
  const auto logs = sentio_actors.folder() / "logs";
  CHECK(test::only_whole_days(logs));
  CHECK(!std::filesystem::exists(logs / "signals_2025-12-01.jsonl"));
  const auto warmup =
      sentio_actors.run("warmup --strict --data-dir bad --output new.checkpoint --end-date 2025-12-01");
  CHECK_EQUAL(warmup.code, 1);
  CHECK(contains(warmup.error, place));
  CHECK(!std::filesystem::exists(sentio_actors.folder() / "new.checkpoint"));
}

TEST(strict that stops before the first day leaves no run behind) {
  refusals mock;
  auto bars = mock_lab::get().bars();
  bars.at("TQQQ").rows[0] += ",8";
  CHECK(mock.leaves_nothing("--strict " + mock.add_bars("bad", bars), 1, {"bad/" + tqqq + ":2:"}));
}

TEST(dates that cannot be traded say why) {
  refusals mock;
  CHECK(mock.refused("--date 2025-11-27", 2, {"2025-11-27", "Thanksgiving Day", "2025-11-28"}));
  CHECK(mock.refused("--date 2025-11-29", 2, {"2025-11-29", "weekend", "2025-12-01"}));
  CHECK(mock.refused("--end-date 2025-11-27", 2, {"the end date 2025-11-27", "Thanksgiving Day"}));
  CHECK(mock.refused("--date 2026-01-05", 1, {"no session on 2026-01-05", "2025-10-20 to 2025-12-01"}));
  CHECK(mock.refused("--date 2025-10-17", 1, {"no session on 2025-10-17"}));
  CHECK(mock.refused("--end-date 2025-12-02", 1, {"no session on 2025-12-02"}));
  CHECK(mock.refused("--start-date 2025-11-28 --end-date 2025-11-20", 2,
                     {"2025-11-20", "2025-11-28", "before"}));
  CHECK(mock.refused("--end-date 2025-10-22", 2, {"nothing is left to trade", "20 warm-up sessions"}));
  for (const std::string date : {"2025-13-01", "2025-02-30", "tomorrow", "01.12.2025", "2025-12-1"})
    CHECK(mock.refused("--date " + date, 2, {"--date takes a day as 2025-06-03, not " + date}));
  CHECK(mock.refused("--start-date x", 2, {"--start-date takes a day"}));
  CHECK(mock.refused("--end-date x", 2, {"--end-date takes a day"}));
  CHECK(mock.refused("--date 2025-12-01 --start-date 2025-11-28", 2, {"--date", "not both"}));
}

TEST(too few sessions to warm up on are used and told or refused) {
  refusals mock;
  const program sentio_actors;
  const auto run = sentio_actors.run("mock --no-report --date 2025-10-23 --log-dir logs");
  CHECK_EQUAL(run.code, 0);
  CHECK(contains(run.error, "warming up on 3 sessions, not 20: the data begins on 2025-10-20"));
  CHECK(
      contains(test::file_text(sentio_actors.folder() / "logs" / "run.json"), R"("warmup": {"sessions": 3)"));
  CHECK(mock.refused("--date 2025-10-23 --min-warmup-days 4", 1,
                     {"only 3 sessions", "2025-10-23", "at least 4"}));
  CHECK(mock.refused("--date 2025-10-20", 1, {"only 0 sessions", "at least 1"}));
}
