#define CAF_SUITE market_csv_reader
#include "core/market/csv_reader.hpp"

#include "core/market/row_text.hpp"
#include "core/numeric/random.hpp"
#include "tests/market/bar_text.hpp"
#include "tests/support/test.hpp"

#include <cstdlib>

using namespace sentio;
using namespace sentio::test;

namespace {

std::vector<bar> read_all(csv_bar_reader& reader) {
  std::vector<bar> bars;
  for (bar b; reader.next(b);)
    bars.push_back(b);
  return bars;
}

std::vector<bar> read_all(const std::filesystem::path& file, csv_options options = {}) {
  csv_bar_reader reader(file, std::move(options));
  return read_all(reader);
}

const bar expected{first_label, 56.68, 56.71, 56.39, 56.44, 645786.5};
const std::string values = "56.68,56.71,56.39,56.44,645786.5";

} // namespace

TEST(all four headers are read) {
  const scratch_folder folder;
  const auto file = folder.path() / "A.csv";
  const std::string time = "1748957400,";
  const std::vector<std::string> texts{
      "ts_utc,ts_nyt_epoch,open,high,low,close,volume\n2025-06-03T09:30:00-04:00," + time + values + "\n",
      "timestamp,open,high,low,close,volume\n" + time + values + "\n",
      "timestamp,open,high,low,close,volume,bar_id\n" + time + values + ",17\n",
      "timestamp,symbol,open,high,low,close,volume\n" + time + "A," + values + "\n",
  };
  for (const auto& text : texts)
    CHECK(read_all(write_text(file, text)) == std::vector<bar>{expected});
}

TEST(columns are found by name and not by place) {
  const scratch_folder folder;
  const auto file = write_text(folder.path() / "A.csv", "Volume,close,low,high,open,timestamp\n"
                                                        "645786.5,56.44,56.39,56.71,56.68,1748957400\n");
  CHECK(read_all(file) == std::vector<bar>{expected});
}

TEST(timestamps may be seconds or milliseconds or iso text) {
  const scratch_folder folder;
  const auto file = folder.path() / "A.csv";
  for (const char* time : {"1748957400", "1748957400000", "2025-06-03T09:30:00-04:00", "2025-06-03T13:30:00Z",
                           "2025-06-03 13:30:00+00:00", "2025-06-03T13:30Z", "2025-06-03T15:30:00.000+0200",
                           "2025-06-03T08:30:00-05"})
    CHECK(read_all(write_text(file, plain_header + std::string(time) + ',' + values + '\n')) ==
          std::vector<bar>{expected});
}

TEST(malformed timestamps are refused) {
  time_ms label = 0;
  for (const char* text :
       {"", "x", "2025-06-03", "2025-06-03T09:30:00", "2025-06-31T09:30:00Z", "2025-06-03T24:30:00Z",
        "2025-06-03T09:60:00Z", "2025-06-03T09:30:00.00001Z", "2025-06-03T09:30:00-04:00x",
        "2025-06-03T09:30:00-4", "1748957400.5", "-1748957400", "17489574001748957400"})
    CHECK(!parse_timestamp(text, label));
}

TEST(line ends and a byte order mark and a missing last line end are tolerated) {
  const scratch_folder folder;
  const auto file = write_text(folder.path() / "A.csv", "\xEF\xBB\xBFtimestamp,open,high,low,close,volume\r\n"
                                                        "1748957400," +
                                                            values + "\r\n\r\n1748957460," + values);
  const auto bars = read_all(file);
  REQUIRE(bars.size() == 2);
  CHECK(bars[0] == expected);
  CHECK_EQUAL(bars[1].label, first_label + minute_ms);
}

TEST(a compressed file gives the same bars) {
  const scratch_folder folder;
  std::string text = plain_header;
  for (int i = 0; i < 20'000; ++i)
    text += row(first_label + i * minute_ms, std::to_string(i + 1) + ".25");
  const auto plain = read_all(write_text(folder.path() / "A.csv", text));
  CHECK_EQUAL(plain.size(), 20'000u);
  CHECK(plain == read_all(write_gzip(folder.path() / "A.csv.gz", text)));
  // Lines that straddle the end of a small buffer are put together again.
  csv_options small;
  small.buffer_bytes = 97;
  CHECK(plain == read_all(folder.path() / "A.csv", small));
  CHECK(plain == read_all(folder.path() / "A.csv.gz", small));
}

TEST(a damaged or truncated archive is an error) {
  const scratch_folder folder;
  std::string text = plain_header;
  for (int i = 0; i < 20'000; ++i)
    text += row(first_label + i * minute_ms, std::to_string(i + 1) + ".25");
  const auto file = write_gzip(folder.path() / "A.csv.gz", text);
  std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
  CHECK(contains(error_of([&] { read_all(file); }), "A.csv.gz: cannot read the file"));
}

TEST(bad rows are skipped and counted and told with their lines) {
  const scratch_folder folder;
  const auto file = write_text(folder.path() / "A.csv", plain_header + row(first_label) +
                                                            "1748957460,10,10,10,10\n"     // line 3
                                                            "1748957460,10,10,10,10,1,2\n" // line 4
                                                            "yesterday,10,10,10,10,1\n"    // line 5
                                                            "1748957460,10,ten,10,10,1\n"  // line 6
                                                            "1748957460,10,nan,10,10,1\n"  // line 7
                                                            "1748957460,10,10,0,10,1\n"    // line 8
                                                            "1748957460,10,9,10,10,1\n"    // line 9
                                                            "1748957460,10,10,10,10,-1\n"  // line 10
                                                            "1748957461,10,10,10,10,1\n" + // line 11
                                                            row(first_label + minute_ms));
  csv_bar_reader reader(file);
  const auto bars = read_all(reader);
  CHECK_EQUAL(bars.size(), 2u);
  CHECK_EQUAL(reader.counts().rows, 11u);
  CHECK_EQUAL(reader.counts().bad.total(), 9u);
  CHECK_EQUAL(reader.counts().bad.of(bar_defect::wrong_field_count), 2u);
  for (auto defect : {bar_defect::malformed_timestamp, bar_defect::malformed_number, bar_defect::not_finite,
                      bar_defect::price_not_positive, bar_defect::inconsistent_range,
                      bar_defect::negative_volume, bar_defect::not_on_a_minute})
    CHECK_EQUAL(reader.counts().bad.of(defect), 1u);
  REQUIRE(reader.messages().size() == 5);
  CHECK(contains(reader.messages()[0], "A.csv:3: wrong field count"));
  CHECK(contains(reader.messages()[0], "expected 6 fields"));
  CHECK(contains(reader.messages()[2], "A.csv:5: malformed timestamp, found \"yesterday\""));
  CHECK(contains(reader.messages()[3], "A.csv:6: malformed number"));
}

TEST(strict reading stops at the first bad row) {
  const scratch_folder folder;
  const auto file = write_text(folder.path() / "A.csv", plain_header + row(first_label) +
                                                            "1748957460,10,10,10,0,1\n" + row(first_label));
  csv_options strict;
  strict.strict = true;
  csv_bar_reader reader(file, strict);
  bar b;
  CHECK(reader.next(b));
  CHECK(contains(error_of([&] { reader.next(b); }), "A.csv:3: price not positive"));
}

TEST(files that cannot be bars say what would be right) {
  const scratch_folder folder;
  const auto file = folder.path() / "A.csv";
  CHECK(contains(error_of([&] { csv_bar_reader{file}; }), "A.csv: cannot open the file (No such file"));
  CHECK(contains(error_of([&] { csv_bar_reader{folder.path()}; }), "cannot read the file"));
  write_text(file, "");
  CHECK(contains(error_of([&] { csv_bar_reader{file}; }), "the file is empty"));
  for (const char* header : {"time,open,high,low,close,volume", "timestamp,open,high,low,close",
                             "timestamp,open,high,low,close,volume,volume", "1748957400,1,1,1,1,1"}) {
    write_text(file, std::string(header) + '\n' + row(first_label));
    const std::string error = error_of([&] { csv_bar_reader{file}; });
    CHECK(contains(error, "A.csv:1: found the header \"" + std::string(header)));
    CHECK(contains(error, "ts_utc,ts_nyt_epoch,open,high,low,close,volume"));
    CHECK(contains(error, "timestamp,symbol,open,high,low,close,volume"));
    CHECK(contains(error, "timestamp,open,high,low,close,volume,bar_id"));
  }
  write_text(file, std::string(100'000, 'x'));
  CHECK(contains(error_of([&] { csv_bar_reader{file}; }), "a line of more than"));
}

TEST(a file of several symbols gives the wanted one) {
  const scratch_folder folder;
  std::string text = "timestamp,symbol,open,high,low,close,volume\n";
  for (int i = 0; i < 5; ++i)
    for (const char* symbol : {"A", "AB", "B"})
      text +=
          std::to_string(first_label / 1000 + i * 60) + ',' + symbol + ",1,1,1,1," + std::to_string(i) + '\n';
  text += "bad,B,1,1,1,1,1\n";
  const auto file = write_text(folder.path() / "all.csv", text);
  csv_options wanted;
  wanted.wanted_symbol = "A";
  csv_bar_reader reader(file, wanted);
  CHECK_EQUAL(read_all(reader).size(), 5u);
  CHECK_EQUAL(reader.symbol(), "A");
  CHECK_EQUAL(reader.counts().bad.total(), 0u); // the bad row is another symbol's
  csv_bar_reader everything(file);
  CHECK_EQUAL(read_all(everything).size(), 15u);
  CHECK_EQUAL(everything.counts().bad.total(), 1u);
}

TEST(rows before the start are passed over unchecked) {
  const scratch_folder folder;
  const auto file = write_text(folder.path() / "A.csv", plain_header + row(first_label, "nonsense") +
                                                            row(first_label + minute_ms) +
                                                            row(first_label + 2 * minute_ms));
  csv_options options;
  options.skip_before = first_label + minute_ms;
  csv_bar_reader reader(file, options);
  CHECK_EQUAL(read_all(reader).size(), 2u);
  CHECK_EQUAL(reader.counts().skipped, 1u);
  CHECK_EQUAL(reader.counts().bad.total(), 0u);
}

TEST(a reader that rested goes on where it stopped) {
  const scratch_folder folder;
  std::string text = plain_header;
  for (int i = 0; i < 3000; ++i)
    text += row(first_label + i * minute_ms);
  for (const auto& file :
       {write_text(folder.path() / "A.csv", text), write_gzip(folder.path() / "B.csv.gz", text)}) {
    csv_bar_reader reader(file);
    int bars = 0;
    for (bar b; reader.next(b); ++bars) {
      CHECK_EQUAL(b.label, first_label + bars * minute_ms);
      reader.rest();
    }
    CHECK_EQUAL(bars, 3000);
  }
}

TEST(decimals become the nearest double) {
  random_source random(3);
  const auto parse = [](const std::string& text, double& value) {
    const char* at = text.data();
    return take_decimal(at, text.data() + text.size(), value) && at == text.data() + text.size();
  };
  for (int i = 0; i < 200'000; ++i) {
    std::string text = std::to_string(random.next() >> random.below(64));
    const auto point = random.below(text.size() + 1);
    if (random.below(8) != 0)
      text.insert(point, ".");
    double value = 0;
    REQUIRE(parse(text, value));
    REQUIRE(value == std::strtod(text.c_str(), nullptr));
  }
  for (const char* text : {"9007199254740993", "0.1", "123456789012345678", "1e3", "1.5E-3", "+2.5", "-3",
                           "0.30000000000000000000000000004", ".5", "5."}) {
    double value = 0;
    CHECK(parse(text, value));
    CHECK_EQUAL(value, std::strtod(text, nullptr));
  }
  for (const char* text : {"", ".", "1.2.3", "1,5", "1 ", " 1", "0x10", "--1", "+-1", "one"}) {
    double value = 0;
    CHECK(!parse(text, value));
  }
}

TEST(the file of a symbol is found under each of its names) {
  const scratch_folder folder;
  const std::string error = error_of([&] { find_bar_file(folder.path(), "A"); });
  for (const char* name : {"A.csv.gz", "A.csv", "A_RTH_NH.csv.gz", "A_RTH_NH.csv"})
    CHECK(contains(error, name));
  for (const char* name : {"A.csv.gz", "A.csv", "A_RTH_NH.csv.gz", "A_RTH_NH.csv"}) {
    write_text(folder.path() / name, plain_header);
    CHECK_EQUAL(find_bar_file(folder.path(), "A").filename().string(), name);
  }
  CHECK(find_bar_file(folder.path() / "A.csv", "ANY") == folder.path() / "A.csv");
  CHECK(contains(error_of([&] { find_bar_file(folder.path() / "absent", "A"); }), "does not exist"));
  write_text(folder.path() / "B_RTH_NH.csv.gz", "");
  write_text(folder.path() / "notes.txt", "");
  CHECK(list_bar_symbols(folder.path()) == (std::vector<std::string>{"A", "B"}));
  CHECK(contains(error_of([&] { list_bar_symbols(folder.path() / "absent"); }), "cannot list the directory"));
}

TEST(a directory can carry a note) {
  const scratch_folder folder;
  CHECK_EQUAL(data_note(folder.path()), "");
  write_text(folder.path() / "NOTE", "synthetic data\r\nmore\n");
  CHECK_EQUAL(data_note(folder.path()), "synthetic data");
}
