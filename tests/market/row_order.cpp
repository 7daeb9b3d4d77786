#define CAF_SUITE market_row_order
// A bar belongs where its label says, and verify-data reads what mock reads.
#include "core/market/data_audit.hpp"
#include "core/market/session_reader.hpp"
#include "core/numeric/random.hpp"
#include "tests/market/bar_text.hpp"
#include "tests/support/test.hpp"

#include <algorithm>

using namespace sentio;
using namespace sentio::test;

namespace {

const std::vector<const char*> dates{"2025-07-02", "2025-07-03", "2025-07-07", "2025-07-08"};

using rows = std::vector<std::string>;

rows session_rows(const char* date) {
  const auto hours = session_on(parse_date(date).value()).value();
  rows result;
  for (int minute = 0; minute < hours.minutes(); ++minute)
    result.push_back(row(hours.open + minute * minute_ms, std::to_string(20 + minute % 7) + '.' + date[9],
                         std::to_string(100 + minute)));
  return result;
}

rows joined(const std::vector<rows>& parts) {
  rows all;
  for (const auto& part : parts)
    all.insert(all.end(), part.begin(), part.end());
  return all;
}

rows all_sessions() {
  std::vector<rows> parts;
  for (const char* date : dates)
    parts.push_back(session_rows(date));
  return joined(parts);
}

std::string text_of(const rows& lines) {
  std::string text = plain_header;
  for (const auto& line : lines)
    text += line;
  return text;
}

struct reading {
  std::vector<market_day> days;
  symbol_row_counts counts;
  symbol_survey survey;
};

reading read(const std::filesystem::path& folder, session_read_options options = {}) {
  session_bar_source source(folder, {"A"}, options);
  reading result;
  for (market_day day; source.next(day);)
    result.days.push_back(day);
  result.counts = source.counts(0);
  result.survey = source.survey(0);
  return result;
}

reading read(const std::filesystem::path& folder, const rows& lines, session_read_options options = {}) {
  write_text(folder / "A.csv", text_of(lines));
  return read(folder, options);
}

std::vector<std::vector<bar>> bars_of(const reading& from) {
  std::vector<std::vector<bar>> bars;
  for (const auto& day : from.days)
    bars.push_back(day.bars[0]);
  return bars;
}

} // namespace

TEST(whole sessions in the wrong order are sorted and told with their first line) {
  const scratch_folder folder;
  const auto straight = read(folder.path(), all_sessions());
  CHECK(straight.survey.in_order());
  const auto swapped = read(folder.path(), joined({session_rows(dates[0]), session_rows(dates[2]),
                                                   session_rows(dates[1]), session_rows(dates[3])}));
  CHECK(bars_of(swapped) == bars_of(straight));
  CHECK_EQUAL(swapped.counts.revisions, 0u);
  CHECK_EQUAL(swapped.counts.reordered, 210u);
  CHECK_EQUAL(swapped.survey.misplaced_sessions, 1u);
  const auto notes = survey_bars(folder.path(), {"A"}).notes();
  REQUIRE(notes.size() == 1);
  CHECK(contains(notes[0],
                 "A.csv: 210 rows of A older than a row before, 1 session out of order, first in line 782 "
                 "(2025-07-03 09:30 after 2025-07-07 15:59)"));
}

TEST(an older week that was appended is read in its place) {
  const scratch_folder folder;
  const auto straight = read(folder.path(), all_sessions());
  const auto appended = read(folder.path(), joined({session_rows(dates[2]), session_rows(dates[3]),
                                                    session_rows(dates[0]), session_rows(dates[1])}));
  CHECK(bars_of(appended) == bars_of(straight));
  CHECK_EQUAL(appended.survey.misplaced_sessions, 2u);
}

TEST(a file sorted newest first and a shuffled one are read like one in order) {
  const scratch_folder folder;
  auto lines = all_sessions();
  const auto straight = read(folder.path(), lines);
  std::reverse(lines.begin(), lines.end());
  CHECK(bars_of(read(folder.path(), lines)) == bars_of(straight));
  random_source random(9);
  for (int time = 0; time < 5; ++time) {
    for (std::size_t i = lines.size() - 1; i > 0; --i)
      std::swap(lines[i], lines[random.below(i + 1)]);
    const auto shuffled = read(folder.path(), lines);
    CHECK(bars_of(shuffled) == bars_of(straight));
    CHECK_EQUAL(shuffled.counts.kept, lines.size());
  }
}

TEST(rows out of order within a session are sorted as well) {
  const scratch_folder folder;
  auto lines = all_sessions();
  const auto straight = read(folder.path(), lines);
  std::swap(lines[100], lines[150]);
  const auto mixed = read(folder.path(), lines);
  CHECK(bars_of(mixed) == bars_of(straight));
  CHECK_EQUAL(mixed.survey.misplaced_sessions, 0u);
  CHECK_EQUAL(mixed.counts.reordered, 50u);
}

TEST(of two rows with one label the first of the file counts) {
  const scratch_folder folder;
  const auto open = session_on(parse_date(dates[0]).value())->open;
  auto lines = all_sessions();
  const auto straight = read(folder.path(), lines);
  lines.push_back(row(open, "33", "7")); // a correction at the end of the file
  lines.push_back(lines[1]);             // and a row that was downloaded twice
  const auto corrected = read(folder.path(), lines);
  CHECK(bars_of(corrected) == bars_of(straight));
  CHECK_EQUAL(corrected.counts.revisions, 1u);
  CHECK_EQUAL(corrected.counts.duplicates, 1u);
  REQUIRE(corrected.days[0].revisions[0].size() == 1);
  CHECK_EQUAL(corrected.days[0].revisions[0][0].close, 33.0);
}

TEST(a range of days is the same in any order of the rows) {
  const scratch_folder folder;
  session_read_options options;
  options.first = parse_date(dates[1]);
  options.last = parse_date(dates[2]);
  auto lines = all_sessions();
  const auto straight = read(folder.path(), lines, options);
  CHECK_EQUAL(straight.days.size(), 2u);
  std::reverse(lines.begin(), lines.end());
  const auto turned = read(folder.path(), lines, options);
  CHECK(bars_of(turned) == bars_of(straight));
  const auto& counts = turned.counts;
  CHECK_EQUAL(counts.rows, counts.skipped + counts.kept);
}

TEST(a row of extended hours beyond the last day ends nothing) {
  const scratch_folder folder;
  auto lines = session_rows(dates[0]);
  session_read_options options;
  options.last = parse_date(dates[1]);
  const auto later = session_on(parse_date(dates[3]).value())->open - 60 * minute_ms;
  const auto found = read(folder.path(), joined({lines, {row(later)}, session_rows(dates[1])}), options);
  CHECK_EQUAL(found.days.size(), 2u);
}

TEST(a file that changes between the survey and the reading is an error) {
  const scratch_folder folder;
  auto lines = all_sessions();
  write_text(folder.path() / "A.csv", text_of(lines));
  session_read_options options;
  options.survey = std::make_shared<const bar_survey>(survey_bars(folder.path(), {"A"}));
  std::reverse(lines.begin(), lines.end());
  const auto error = error_of([&] { read(folder.path(), lines, options); });
  CHECK(contains(error, "A.csv:"));
  CHECK(contains(error, "must not change while it is read"));
}

TEST(half an hour of rows without trades reads like half an hour without rows) {
  const scratch_folder folder;
  auto missing = all_sessions();
  auto filled = missing;
  const auto hours = session_on(parse_date(dates[0]).value()).value();
  const std::string before = std::to_string(20 + 99 % 7) + ".2";
  for (int minute = 100; minute < 130; ++minute)
    filled[static_cast<std::size_t>(minute)] = row(hours.open + minute * minute_ms, before, "0");
  missing.erase(missing.begin() + 100, missing.begin() + 130);
  const auto without = read(folder.path(), missing);
  const auto halted = read(folder.path(), filled);
  CHECK(bars_of(halted) == bars_of(without));
  CHECK_EQUAL(halted.counts.idle, 30u);
  write_text(folder.path() / "A.csv", text_of(filled));
  const auto audit = audit_directory(folder.path()).at(0);
  CHECK_EQUAL(audit.idle_rows, 30u);
  CHECK_EQUAL(audit.missing_minutes, 30u);
  CHECK_EQUAL(audit.widest_hole.length, 30);
  CHECK(contains(audit_table({audit}), "30 rows without trades"));
}

TEST(the audit finds in every kind of file what a run reads) {
  const auto ordered = all_sessions();
  auto reversed = ordered;
  std::reverse(reversed.begin(), reversed.end());
  auto spoilt = ordered;
  spoilt[5] = "what,is,this\n";
  spoilt[6] = row(first_label, "-1");
  auto halted = ordered;
  for (std::size_t i = 60; i < 90; ++i)
    halted[i] = halted[i].substr(0, halted[i].rfind(',')) + ",0\n"; // prices move: these are no idle minutes
  auto swapped = joined({session_rows(dates[1]), session_rows(dates[0]), session_rows(dates[3]), ordered});
  auto quoted = ordered;
  for (auto& line : quoted) {
    line.insert(line.find(','), "\"");
    line.insert(0, "\"");
  }
  const auto extended =
      joined({{row(session_on(parse_date(dates[3]).value())->close + 60 * minute_ms)}, ordered});
  for (const auto& lines : {ordered, reversed, spoilt, halted, swapped, quoted, extended, rows{ordered[3]}}) {
    const scratch_folder folder;
    const auto found = read(folder.path(), lines);
    const auto audits = audit_directory(folder.path());
    REQUIRE(audits.size() == 1);
    const auto& audit = audits[0];
    std::size_t bars = 0;
    for (const auto& day : found.days)
      bars += day.bars[0].size();
    CHECK_EQUAL(audit.regular_bars, bars);
    CHECK_EQUAL(static_cast<std::size_t>(audit.sessions), found.days.size());
    CHECK_EQUAL(to_string(audit.first_date.value()), to_string(found.days.front().hours.date));
    CHECK_EQUAL(to_string(audit.last_date.value()), to_string(found.days.back().hours.date));
    CHECK_EQUAL(audit.rows, found.counts.rows);
    CHECK_EQUAL(audit.rows, lines.size());
    CHECK_EQUAL(audit.revisions, found.counts.revisions);
    CHECK_EQUAL(audit.duplicates, found.counts.duplicates);
    CHECK_EQUAL(audit.invalid.total(), found.counts.bad.total());
    CHECK_EQUAL(audit.out_of_order, found.counts.reordered);
    CHECK_EQUAL(audit.rows, audit.regular_bars + audit.invalid.total() + audit.duplicates + audit.revisions +
                                audit.idle_rows + audit.closing_rows + audit.outside_rows);
  }
}

TEST(a file of many symbols is audited symbol by symbol) {
  const scratch_folder folder;
  std::string text = "timestamp,symbol,open,high,low,close,volume\n";
  for (int i = 0; i < 390; ++i)
    for (const char* symbol : {"Y", "X"})
      text += std::to_string(first_label / 1000 + i * 60) + ',' + symbol + ",1,1,1,1,5\n";
  const auto file = write_text(folder.path() / "all.csv", text);
  const auto audits = audit_directory(file);
  REQUIRE(audits.size() == 2);
  CHECK_EQUAL(audits[0].symbol, "X");
  CHECK_EQUAL(audits[1].symbol, "Y");
  for (const auto& audit : audits) {
    CHECK(audit.tradable());
    CHECK_EQUAL(audit.regular_bars, 390u);
  }
  const auto absent = audit_directory(file, {"Z"});
  CHECK(contains(absent.at(0).reasons.at(0), "its symbol column has \"X\", \"Y\""));
}
