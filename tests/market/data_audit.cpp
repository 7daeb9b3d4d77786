#define CAF_SUITE market_data_audit
#include "core/market/data_audit.hpp"

#include "tests/market/bar_text.hpp"
#include "tests/support/test.hpp"

using namespace sentio;
using namespace sentio::test;

namespace {

/// A whole session of moving prices and volumes, without the minutes from `hole_begin` on.
std::string session_rows(const char* date, int hole_begin = 0, int hole_length = 0) {
  const auto hours = session_on(parse_date(date).value()).value();
  std::string text;
  for (int minute = 0; minute < hours.minutes(); ++minute)
    if (minute < hole_begin || minute >= hole_begin + hole_length)
      text +=
          row(hours.open + minute * minute_ms, std::to_string(20 + minute % 2), std::to_string(100 + minute));
  return text;
}

file_audit audit_of(const std::filesystem::path& folder, const std::string& text) {
  write_text(folder / "A.csv", plain_header + text);
  return audit_directory(folder, {"A"}).at(0);
}

} // namespace

TEST(a whole session has nothing to remark) {
  const scratch_folder folder;
  const auto audit = audit_of(folder.path(), session_rows("2025-07-02") + session_rows("2025-07-03"));
  CHECK(audit.tradable());
  CHECK_EQUAL(audit.sessions, 2);
  CHECK_EQUAL(audit.half_days, 1);
  CHECK_EQUAL(audit.rows, 600u);
  CHECK_EQUAL(audit.regular_bars, 600u);
  CHECK_EQUAL(audit.missing_minutes, 0u);
  CHECK_EQUAL(audit.widest_hole.length, 0);
  CHECK(audit.constant_price.empty());
  CHECK(audit.constant_volume.empty());
  CHECK_EQUAL(to_string(audit.first_date.value()), "2025-07-02");
  CHECK_EQUAL(to_string(audit.last_date.value()), "2025-07-03");
}

TEST(planted defects are found with their places) {
  const scratch_folder folder;
  const auto open = session_on(parse_date("2025-07-02").value())->open;
  const auto last = session_on(parse_date("2025-07-08").value()).value();
  std::string text = session_rows("2025-07-02", 100, 12);
  text += row(open + 389 * minute_ms, "21", "489");   // duplicate
  text += row(open + 380 * minute_ms, "22", "489");   // a revision, out of order
  text += row(open + 105 * minute_ms, "22", "489");   // a minute of the hole, out of order
  text += row(last.open - 60 * minute_ms, "20", "1"); // before the open
  text += "1,2,3\n";                                  // wrong field count
  text += session_rows("2025-07-08", 200, 190);       // 2025-07-03 and 07-07 are absent
  text += row(last.close, "20", "5");                 // closing auction
  const auto audit = audit_of(folder.path(), text);
  CHECK_EQUAL(audit.sessions, 2);
  CHECK_EQUAL(audit.absent_sessions, 2);
  CHECK_EQUAL(audit.missing_minutes, 201u);
  CHECK_EQUAL(audit.widest_hole.length, 190);
  CHECK_EQUAL(audit.widest_hole.begin, last.open + 200 * minute_ms);
  CHECK_EQUAL(audit.duplicates, 1u);
  CHECK_EQUAL(audit.revisions, 1u);
  CHECK_EQUAL(audit.out_of_order, 2u);
  CHECK_EQUAL(audit.misplaced_sessions, 0u);
  REQUIRE(audit.notes.size() == 1);
  CHECK(contains(audit.notes[0], "A.csv: 2 rows of A older than a row before, within one session, first in line 381 "
                                 "(2025-07-02 15:50 after 2025-07-02 15:59)"));
  CHECK_EQUAL(audit.outside_rows, 1u);
  CHECK_EQUAL(audit.closing_rows, 1u);
  CHECK_EQUAL(audit.invalid.of(bar_defect::wrong_field_count), 1u);
  CHECK(audit.tradable());
}

TEST(constant prices and volumes are suspicious from thirty bars on) {
  const scratch_folder folder;
  const auto open = session_on(parse_date("2025-07-02").value())->open;
  std::string text;
  for (int minute = 0; minute < 390; ++minute) {
    const bool frozen = minute >= 50 && minute < 80;     // 30 bars of one price
    const bool almost = minute >= 200 && minute < 229;   // 29 bars of one price
    const bool repeated = minute >= 300 && minute < 340; // 40 bars of one volume
    const std::string price = frozen ? "25" : almost ? "26" : std::to_string(20 + minute % 2);
    text += row(open + minute * minute_ms, price, repeated ? "7" : std::to_string(100 + minute));
  }
  const auto audit = audit_of(folder.path(), text);
  CHECK(audit.constant_price == (std::vector<bar_stretch>{{open + 50 * minute_ms, 30}}));
  CHECK(audit.constant_volume == (std::vector<bar_stretch>{{open + 300 * minute_ms, 40}}));
  CHECK(audit.tradable());
  const std::string table = audit_table({audit});
  CHECK(contains(table, "30 bars with one price from 2025-07-02 10:20"));
  CHECK(contains(table, "40 bars with one volume from 2025-07-02 14:30"));
}

TEST(files that cannot be traded say why) {
  const scratch_folder folder;
  CHECK(contains(audit_of(folder.path(), session_rows("2025-07-02", 100, 200)).reasons.at(0),
                 "51.3 % of the minutes of its sessions are missing"));
  CHECK(contains(audit_of(folder.path(), session_rows("2025-07-02") + "x\nx\nx\nx\n").reasons.at(0),
                 "1.0 % of the rows are invalid"));
  CHECK(contains(audit_of(folder.path(), row(first_label - 60 * minute_ms)).reasons.at(0),
                 "no bar in a regular session"));
  CHECK(contains(audit_of(folder.path(), "").reasons.at(0), "no bar in a regular session"));
  const auto broken = audit_of(folder.path(), "1748957400,0,0,0,0,0\n");
  CHECK(contains(broken.reasons.at(0), "100.0 % of the rows are invalid"));
  CHECK_EQUAL(broken.invalid.of(bar_defect::price_not_positive), 1u);
  write_text(folder.path() / "B.csv", "a,b\n");
  const auto both = audit_directory(folder.path(), {"C", "B"});
  REQUIRE(both.size() == 2);
  CHECK(contains(both[0].reasons.at(0), "found the header \"a,b\""));
  CHECK(contains(both[1].reasons.at(0), "no bars for C"));
  CHECK(!both[0].tradable());
  CHECK(contains(audit_table(both), "NO"));
  CHECK(contains(audit_json(both), "\"tradable\":false"));
}

TEST(the json form escapes what it quotes) {
  const scratch_folder folder;
  write_text(folder.path() / "B.csv", "say \"hi\"\\\n");
  const auto json = audit_json(audit_directory(folder.path()));
  CHECK(contains(json, "say \\\"hi\\\"\\\\"));
  CHECK(contains(json, "\"first_date\":null"));
  CHECK(contains(json, "\"price_not_positive\":0"));
}

TEST(all real files are tradable) {
  const auto folder = real_bars();
  if (!folder)
    return;
  const auto audits = audit_directory(*folder);
  CHECK_EQUAL(audits.size(), 12u);
  for (const auto& audit : audits) {
    CHECK(audit.tradable());
    CHECK_EQUAL(audit.sessions, 105);
    CHECK_EQUAL(audit.half_days, 1);
    CHECK_EQUAL(audit.session_minutes, 40770u);
    CHECK_EQUAL(audit.regular_bars + audit.closing_rows, audit.rows);
  }
}
