#define CAF_SUITE market_session_reader
#include "core/market/session_reader.hpp"

#include "tests/market/bar_text.hpp"
#include "tests/support/test.hpp"

using namespace sentio;
using namespace sentio::test;

namespace {

time_ms at(const char* date, int hour, int minute) {
  return new_york_to_utc(parse_date(date).value(), hour, minute);
}

std::vector<market_day> read_all(session_bar_source& source) {
  std::vector<market_day> sessions;
  for (market_day next; source.next(next);)
    sessions.push_back(next);
  return sessions;
}

/// Two symbols over three trading days; B lacks the half day.
void write_pair(const std::filesystem::path& folder) {
  write_text(folder / "A.csv", plain_header + row(at("2025-07-02", 9, 29)) + // before the open
                                   row(at("2025-07-02", 9, 30)) + row(at("2025-07-02", 9, 31)) +
                                   row(at("2025-07-02", 9, 31)) +       // duplicate
                                   row(at("2025-07-02", 9, 31), "11") + // revision
                                   row(at("2025-07-02", 15, 59)) + row(at("2025-07-02", 16, 0)) +
                                   row(at("2025-07-03", 12, 59)) + row(at("2025-07-03", 13, 0)) + // half day
                                   row(at("2025-07-04", 10, 0)) +                                 // holiday
                                   row(at("2025-07-07", 9, 30)) +
                                   row(at("2025-07-03", 10, 0), "12")); // out of order
  write_text(folder / "B_RTH_NH.csv", plain_header + row(at("2025-07-02", 9, 33)) + "bad\n" +
                                          row(at("2025-07-07", 9, 30)) + row(at("2025-07-07", 9, 36)));
}

} // namespace

TEST(symbols are merged session by session) {
  const scratch_folder folder;
  write_pair(folder.path());
  session_bar_source source(folder.path(), {"B", "A"});
  CHECK(source.symbols() == (std::vector<std::string>{"A", "B"}));
  const auto sessions = read_all(source);
  REQUIRE(sessions.size() == 3);
  CHECK_EQUAL(to_string(sessions[0].hours.date), "2025-07-02");
  CHECK_EQUAL(sessions[0].bars[0].size(), 3u);
  CHECK_EQUAL(sessions[0].bars[1].size(), 1u);
  REQUIRE(sessions[0].revisions[0].size() == 1);
  CHECK_EQUAL(sessions[0].revisions[0][0].close, 11.0);
  CHECK(sessions[1].hours.half_day);
  CHECK_EQUAL(sessions[1].bars[0].size(), 2u); // one of them stands at the end of the file
  CHECK_EQUAL(sessions[1].bars[0][0].close, 12.0);
  CHECK(sessions[1].bars[1].empty());
  CHECK_EQUAL(sessions[2].bars[0].size(), 1u);
  CHECK_EQUAL(sessions[2].bars[1].size(), 2u);
  CHECK(sessions[2].revisions[0].empty());
  for (const auto& session : sessions)
    for (const auto& bars : session.bars)
      for (const auto& b : bars)
        CHECK(b.label >= session.hours.open && b.label < session.hours.close);
}

TEST(every row is accounted for) {
  const scratch_folder folder;
  write_pair(folder.path());
  session_bar_source source(folder.path(), {"A", "B"});
  read_all(source);
  const auto a = source.counts(0);
  CHECK_EQUAL(a.rows, 12u);
  CHECK_EQUAL(a.kept, 6u);
  CHECK_EQUAL(a.duplicates, 1u);
  CHECK_EQUAL(a.revisions, 1u);
  CHECK_EQUAL(a.closing, 2u);
  CHECK_EQUAL(a.outside, 2u);
  CHECK_EQUAL(a.reordered, 1u);
  CHECK_EQUAL(a.bad.total(), 0u);
  const auto b = source.counts(1);
  CHECK_EQUAL(b.bad.of(bar_defect::malformed_timestamp), 1u);
  CHECK_EQUAL(b.kept, 3u);
  REQUIRE(source.messages(1).size() == 1);
  CHECK(contains(source.messages(1)[0], "B_RTH_NH.csv:3:"));
}

TEST(a first and a last date limit what is read) {
  const scratch_folder folder;
  write_pair(folder.path());
  session_read_options options;
  options.first = parse_date("2025-07-03");
  options.last = parse_date("2025-07-03");
  session_bar_source source(folder.path(), {"A", "B"}, options);
  const auto sessions = read_all(source);
  REQUIRE(sessions.size() == 1);
  CHECK_EQUAL(to_string(sessions[0].hours.date), "2025-07-03");
  CHECK_EQUAL(source.counts(0).skipped, 7u);
  const auto a = source.counts(0);
  CHECK_EQUAL(a.rows, a.skipped + a.kept + a.duplicates + a.revisions + a.out_of_session() + a.bad.total());
}

TEST(a range without data is empty and no error) {
  const scratch_folder folder;
  write_pair(folder.path());
  session_read_options options;
  options.first = parse_date("2026-01-05");
  session_bar_source source(folder.path(), {"A"}, options);
  market_day none;
  CHECK(!source.next(none));
}

TEST(the sessions of a directory are the union of its files) {
  const scratch_folder folder;
  write_pair(folder.path());
  const auto dates = list_sessions(folder.path(), {"A", "B"});
  REQUIRE(dates.size() == 3);
  CHECK_EQUAL(to_string(dates[1]), "2025-07-03");
  const auto b_only = list_sessions(folder.path(), {"B"});
  REQUIRE(b_only.size() == 2);
  CHECK_EQUAL(to_string(b_only[1]), "2025-07-07");
}

TEST(a configured symbol without bars is an error) {
  const scratch_folder folder;
  write_pair(folder.path());
  write_text(folder.path() / "EMPTY.csv", plain_header);
  write_text(folder.path() / "BROKEN.csv", plain_header + std::string("1748957400,0,0,0,0,0\n"));
  CHECK(contains(error_of([&] { session_bar_source(folder.path(), {"A", "C"}); }), "no bars for C"));
  CHECK(contains(error_of([&] { session_bar_source(folder.path(), {"EMPTY"}); }), "no valid bar of EMPTY"));
  CHECK(contains(error_of([&] { list_sessions(folder.path(), {"EMPTY"}); }), "no valid bar of EMPTY"));
  CHECK(contains(error_of([&] { session_bar_source(folder.path(), {"BROKEN"}); }),
                 "BROKEN.csv:2: price not positive"));
  CHECK(contains(error_of([&] { session_bar_source(folder.path(), {"A", "A"}); }), "listed twice"));
}

TEST(one file can hold all symbols) {
  const scratch_folder folder;
  std::string text = "timestamp,symbol,open,high,low,close,volume\n";
  for (int i = 0; i < 10; ++i)
    for (const char* symbol : {"X", "Y"})
      text += std::to_string(first_label / 1000 + i * 60) + ',' + symbol + ",1,1,1,1,5\n";
  const auto file = write_gzip(folder.path() / "all.csv.gz", text);
  session_bar_source source(file, {"Y", "X"});
  const auto sessions = read_all(source);
  REQUIRE(sessions.size() == 1);
  CHECK_EQUAL(sessions[0].bars[0].size(), 10u);
  CHECK_EQUAL(sessions[0].bars[1].size(), 10u);
  CHECK(contains(error_of([&] { session_bar_source(file, {"Z"}); }), "no valid bar of Z"));
}

TEST(strict reading refuses a bad row of any symbol) {
  const scratch_folder folder;
  write_pair(folder.path());
  session_read_options strict;
  strict.strict = true;
  const std::string error = error_of([&] {
    session_bar_source source(folder.path(), {"A", "B"}, strict);
    read_all(source);
  });
  CHECK(contains(error, "B_RTH_NH.csv:3: malformed timestamp"));
}

TEST(many symbols read the same with files closed in between) {
  const scratch_folder folder;
  std::vector<std::string> symbols;
  for (int i = 0; i < 200; ++i) {
    symbols.push_back("S" + std::to_string(1000 + i));
    std::string text = plain_header;
    for (const char* date : {"2025-07-02", "2025-07-03", "2025-07-07"})
      for (int minute = 0; minute < 20; ++minute)
        text += row(at(date, 10, minute), std::to_string(i + 1));
    write_text(folder.path() / (symbols.back() + ".csv"), text);
  }
  session_bar_source source(folder.path(), symbols);
  const auto sessions = read_all(source);
  REQUIRE(sessions.size() == 3);
  for (const auto& session : sessions)
    for (std::size_t i = 0; i < symbols.size(); ++i) {
      REQUIRE(session.bars[i].size() == 20);
      CHECK_EQUAL(session.bars[i][19].close, static_cast<double>(i + 1));
    }
}

TEST(the real bars have 105 sessions and every row is accounted for) {
  const auto folder = real_bars();
  if (!folder)
    return;
  const auto symbols = list_bar_symbols(*folder);
  CHECK_EQUAL(symbols.size(), 12u);
  CHECK_EQUAL(list_sessions(*folder, symbols).size(), 105u);
  session_bar_source source(*folder, symbols);
  market_day next;
  int sessions = 0;
  int half_days = 0;
  while (source.next(next)) {
    ++sessions;
    half_days += next.hours.half_day ? 1 : 0;
  }
  CHECK_EQUAL(sessions, 105);
  CHECK_EQUAL(half_days, 1);
  const std::vector<std::uint64_t> rows{28407, 26511, 32220, 38125, 39775, 40876,
                                        39919, 39108, 40872, 40876, 40787, 40852};
  for (symbol_index i = 0; i < 12; ++i) {
    const auto counts = source.counts(i);
    CHECK_EQUAL(counts.rows, rows[i]);
    CHECK_EQUAL(counts.bad.total() + counts.duplicates + counts.revisions, 0u);
    CHECK_EQUAL(counts.kept + counts.out_of_session(), rows[i]);
  }
  CHECK_EQUAL(source.counts(9).kept, 40770u); // TQQQ: 104 days of 390 minutes and one of 210, no hole
}
