#define CAF_SUITE tape_text

#include "core/tape/tape_text.hpp"

#include "core/tape/codec.hpp"
#include "tests/support/test.hpp"
#include "tests/tape/samples.hpp"

#include <nlohmann/json.hpp>

using namespace sentio;

namespace {

struct shown {
  std::vector<std::string> text;
  std::vector<nlohmann::json> json;
};

shown show(const std::vector<test::sample_record>& records) {
  const test::scratch_folder folder;
  const auto path = folder.path() / "a.tape";
  write_tape(path, records);
  tape_reader reader(path);
  tape_printer printer;
  tape_record record;
  shown lines;
  while (reader.next(record) == read_status::record) {
    lines.text.push_back(printer.text_line(record).value());
    lines.json.push_back(nlohmann::json::parse(printer.json_line(record).value()));
  }
  return lines;
}

} // namespace

TEST(times are shown in UTC to the millisecond) {
  CHECK_EQUAL(utc_text(0), "1970-01-01T00:00:00.000Z");
  CHECK_EQUAL(utc_text(1'748'957'460'105), "2025-06-03T13:31:00.105Z");
  CHECK_EQUAL(utc_text(-1), "1969-12-31T23:59:59.999Z");
  CHECK_EQUAL(utc_text(std::numeric_limits<time_ms>::min()), "-9223372036854775808ms");
}

TEST(a line of text names kind and fields with the symbols of the header) {
  const shown lines = show(test::sample_records());
  CHECK_EQUAL(lines.text[7],
              "7 1970-01-01T00:00:07.000Z bar symbol=TQQQ label=2025-06-03T13:30:00.000Z open=71.23 "
              "high=71.31 low=71.2 close=71.25 volume=6227.3");
  CHECK_EQUAL(lines.text[9],
              "9 1970-01-01T00:00:09.000Z cut_off at=2025-06-03T13:31:00.000Z delivered=[SQQQ,TQQQ]");
  CHECK_EQUAL(lines.text[12],
              "12 1970-01-01T00:00:12.000Z decision at=2025-06-03T13:31:00.000Z symbol=TQQQ "
              "decision=ENTER reason=\"edge 0.83 bp >= enter threshold 0 bp\" rank=1 strength=0.83 "
              "bars_held=0");
  CHECK_EQUAL(lines.text[22], "22 1970-01-01T00:00:22.000Z end");
  CHECK(lines.text[1].find("checkpoint=<22 bytes, crc32 ") != std::string::npos);
}

TEST(every line is one line even with control characters in its texts) {
  for (const auto& line : show(test::sample_records()).text)
    CHECK(line.find('\n') == std::string::npos);
  feed_state_record hostile{false, "down\nup"};
  const shown lines = show({{record_kind::header, tape_header{}},
                            {record_kind::feed_state, hostile},
                            {record_kind::end, end_record{}}});
  CHECK_EQUAL(lines.text[1], "1 1970-01-01T00:00:01.000Z feed_state up=no text=\"down\\nup\"");
  CHECK_EQUAL(lines.json[1]["payload"]["text"], "down\nup");
}

TEST(JSON lines hold what the record holds) {
  const shown lines = show(test::sample_records());
  const auto& header = lines.json[0];
  CHECK_EQUAL(header["kind"], "header");
  CHECK_EQUAL(header["byte"], 16);
  CHECK_EQUAL(header["output"], false);
  CHECK_EQUAL(header["payload"]["feature_table"], "0123456789abcdef");
  CHECK_EQUAL(header["payload"]["symbols"].size(), 3u);
  CHECK_EQUAL(header["payload"]["configuration"], R"({"oes_config":{"ewrls_lambda":0.98}})");
  CHECK_EQUAL(header["payload"]["thresholds"][0]["passed"], 300);
  const auto& round = lines.json[11];
  CHECK_EQUAL(round["output"], true);
  CHECK_EQUAL(round["payload"]["order"][0], "TQQQ");
  CHECK_EQUAL(round["payload"]["signals"].size(), 3u);
  CHECK_EQUAL(round["payload"]["signals"][0]["edge_bp"], 0.83);
  CHECK_EQUAL(round["payload"]["signals"][0]["prediction"].size(), 3u);
  CHECK_EQUAL(round["payload"]["signals"][2]["barred"], "stale");
  const auto& fill = lines.json[14]["payload"];
  CHECK_EQUAL(fill["price"], 71.26);
  CHECK_EQUAL(fill["shares"], 444);
}

TEST(numbers that are not finite and symbols without a name can be shown) {
  const bar_record odd{7, {0, std::numeric_limits<double>::quiet_NaN(), 1, 1, 1, 1}};
  const shown lines =
      show({{record_kind::header, tape_header{}}, {record_kind::bar, odd}, {record_kind::end, end_record{}}});
  CHECK_EQUAL(lines.json[1]["payload"]["open"], "nan");
  CHECK_EQUAL(lines.json[1]["payload"]["symbol"], "#7");
}

TEST(verify sums up a good tape) {
  const test::scratch_folder folder;
  const auto path = folder.path() / "a.tape";
  write_tape(path, test::sample_records());
  const tape_summary summary = verify_tape(path);
  CHECK(summary.good);
  CHECK_EQUAL(summary.error, "");
  CHECK_EQUAL(summary.records, test::sample_records().size());
  CHECK_EQUAL(summary.bytes, std::filesystem::file_size(path));
  CHECK_EQUAL(summary.sessions, 1u);
  CHECK_EQUAL(summary.first_session, "2025-06-03");
  CHECK_EQUAL(summary.last_session, "2025-06-03");
  CHECK_EQUAL(summary.kinds.at(record_kind::bar), 1u);
  CHECK_EQUAL(summary.chain, to_hex(check_prefix(path).chain));
  CHECK_EQUAL(summary.chain.size(), 32u);
  CHECK(summary_text(summary).find("The tape is complete and unaltered.") != std::string::npos);
  const auto json = nlohmann::json::parse(summary_json(summary));
  CHECK_EQUAL(json["good"], true);
  CHECK_EQUAL(json["records"], test::sample_records().size());
  CHECK_EQUAL(json["kinds"]["ranked_round"], 1);
  CHECK_EQUAL(json["chain"], summary.chain);
}

TEST(verify refuses a payload that is not of its kind though its frame is good) {
  const test::scratch_folder folder;
  const auto path = folder.path() / "a.tape";
  tape_writer writer;
  REQUIRE(writer.create(path, false).empty());
  writer.append(record_kind::header, 0, tape_header{});
  const std::uint64_t position = writer.bytes();
  writer.append(record_kind::bar, 0, std::string_view("no bar"));
  writer.append(record_kind::end, 0, end_record{});
  writer.close();
  const tape_summary summary = verify_tape(path);
  CHECK(!summary.good);
  CHECK(summary.fault == tape_fault::malformed);
  CHECK_EQUAL(summary.error,
              path.string() + ": record 1 at byte " + std::to_string(position) + ": the payload is no bar");
  CHECK_EQUAL(summary.records, 1u);
  CHECK_EQUAL(summary.bytes, position);
  CHECK(summary_text(summary).find("REFUSED") != std::string::npos);
  tape_printer printer;
  CHECK(!printer.text_line({1, record_kind::bar, 0, "no bar", position}).has_value());
}

TEST(verify wants the header first and once) {
  const test::scratch_folder folder;
  const auto path = folder.path() / "a.tape";
  test::write_tape(path, {{record_kind::halt, halt_record{}}, {record_kind::end, end_record{}}});
  CHECK(verify_tape(path).fault == tape_fault::malformed);
  test::write_tape(path, {{record_kind::header, tape_header{}},
                          {record_kind::header, tape_header{}},
                          {record_kind::end, end_record{}}});
  const tape_summary summary = verify_tape(path);
  CHECK(summary.fault == tape_fault::malformed);
  CHECK_EQUAL(summary.records, 1u);
}

TEST(verify tells the same fault as the reader) {
  const test::scratch_folder folder;
  const auto path = folder.path() / "a.tape";
  write_tape(path, test::sample_records());
  std::filesystem::resize_file(path, std::filesystem::file_size(path) - 3);
  const tape_summary summary = verify_tape(path);
  CHECK(summary.fault == tape_fault::truncated);
  CHECK_EQUAL(summary.error, check_prefix(path).error);
  const auto json = nlohmann::json::parse(summary_json(summary));
  CHECK_EQUAL(json["fault"], "truncated");
}
