#define CAF_SUITE market_file_formats
// Files as vendors and tools really write them.
#include "core/market/bar_survey.hpp"
#include "core/market/csv_reader.hpp"
#include "tests/market/bar_text.hpp"
#include "tests/support/test.hpp"

#include <cmath>
#include <cstdio>

using namespace sentio;
using namespace sentio::test;

namespace {

const bar expected{first_label, 56.68, 56.71, 56.39, 56.44, 645786.5};
const std::string values = "56.68,56.71,56.39,56.44,645786.5";

struct reading {
  std::vector<bar> bars;
  csv_counts counts;
  std::vector<std::string> messages;
};

reading read(const std::filesystem::path& file, const std::string& symbol = "") {
  csv_options options;
  options.wanted_symbol = symbol;
  csv_bar_reader reader(file, options);
  reading result;
  for (bar b; reader.next(b);)
    result.bars.push_back(b);
  result.counts = reader.counts();
  result.messages = reader.messages();
  return result;
}

reading read_text(const std::string& text, const std::string& symbol = "") {
  const scratch_folder folder;
  return read(write_text(folder.path() / "A.csv", text), symbol);
}

std::string error_of_text(const std::string& text) {
  return error_of([&] { read_text(text); });
}

} // namespace

TEST(what alpaca - py and polygon and yfinance write is read) {
  for (const std::string text :
       {"symbol,timestamp,open,high,low,close,volume,trade_count,vwap\n"
        "A,2025-06-03 13:30:00+00:00,56.68,56.71,56.39,56.44,645786.5,1745.0,56.51\n",
        "ticker,volume,open,close,high,low,window_start,transactions\n"
        "A,645786.5,56.68,56.44,56.71,56.39,1748957400000000000,1745\n",
        "Datetime,Open,High,Low,Close,Adj Close,Volume\n"
        "2025-06-03 09:30:00-04:00,56.68,56.71,56.39,56.44,55.9,645786.5\n",
        "Datetime,Open,High,Low,Close,Volume,Dividends,Stock Splits\n"
        "2025-06-03 09:30:00-04:00,56.68,56.71,56.39,56.44,645786.5,0.0,0.0\n",
        "timestamp,open,high,low,close,volume,trade_count,vwap\n"
        "2025-06-03T13:30:00Z,56.68,56.71,56.39,56.44,645786.5,1745,\n"}) {
    const auto found = read_text(text, "A");
    CHECK(found.bars == std::vector<bar>{expected});
    CHECK_EQUAL(found.counts.bad.total(), 0u);
  }
}

TEST(epochs may be floating point numbers or nanoseconds) {
  for (const std::string time : {"1748957400.0", "1.7489574e9", "1.7489574e+09", "1748957400000.0",
                                 "1748957400000000", "1748957400000000000"})
    CHECK(read_text(plain_header + time + ',' + values + '\n').bars == std::vector<bar>{expected});
  time_ms label = 0;
  CHECK(parse_timestamp("1745000000.0", label));
  CHECK_EQUAL(label, 1745000000000);
  CHECK(parse_timestamp("1.745e9", label));
  CHECK_EQUAL(label, 1745000000000);
  for (const char* text :
       {"1748957400000000001", "1748957400000001", "-1.745e9", "1e30", "nan", "inf", "1.7e9x"})
    CHECK(!parse_timestamp(text, label));
}

TEST(rows may be quoted and have spaces around their fields) {
  const std::string header = "\"timestamp\",\"symbol\",\"open\",\"high\",\"low\",\"close\",\"volume\"\n";
  for (const std::string row : {"\"1748957400\",\"A\",\"56.68\",\"56.71\",\"56.39\",\"56.44\",\"645786.5\"\n",
                                "\"2025-06-03T09:30:00-04:00\",\"A\",56.68,56.71,56.39,56.44,645786.5\n",
                                "1748957400, A, 56.68, 56.71, 56.39, 56.44, 645786.5\n",
                                "1748957400,\"A\" ,56.68,56.71,56.39,56.44,645786.5 \r\n"}) {
    const auto found = read_text(header + row, "A");
    CHECK(found.bars == std::vector<bar>{expected});
    CHECK_EQUAL(found.counts.bad.total(), 0u);
    CHECK(read_text(header + row, "B").bars.empty());
  }
  // A thousands separator is no field, and no number either.
  const auto separated =
      read_text(header + "\"1748957400\",\"A\",\"56.68\",\"56.71\",\"56.39\",\"56.44\",\"645,786\"\n");
  CHECK_EQUAL(separated.counts.bad.of(bar_defect::malformed_number), 1u);
  const auto wrong = read_text(header + "\"1748957400\",\"A\",\"56.68\",\"5\",\"56.39\",\"56.44\",\"1\"\n");
  CHECK_EQUAL(wrong.counts.bad.of(bar_defect::inconsistent_range), 1u);
  CHECK(contains(wrong.messages.at(0), "A.csv:2: inconsistent range"));
}

TEST(adjusted files have no refused row) {
  std::string rounded = plain_header;
  std::string scaled = plain_header;
  const auto number = [](double value) {
    char text[40];
    std::snprintf(text, sizeof text, "%.17g", value);
    return std::string(text);
  };
  for (int i = 0; i < 20'000; ++i) {
    const double close = 20 + static_cast<double>((i * 7919) % 4001) / 1000 + 1e-7 * (i % 13);
    const std::string time = std::to_string(first_label / 1000 + i * 60);
    // round(10 * c, 6) beside prices that were not rounded: the high is the close, in other bits.
    const double ten = 10 * close;
    const double six = std::round(ten * 1e6) / 1e6;
    rounded += time + ',' + number(six) + ',' + number(std::nextafter(ten, 0)) + ',' + number(ten) + ',' +
               number(ten) + ",100\n";
    const double factor = 0.987654321 * close / close;
    scaled += time + ',' + number(close * factor) + ',' + number(close * factor * (1 - 2e-16)) + ',' +
              number(close * (factor * (1 + 3e-16))) + ',' + number(close * factor) + ",100\n";
  }
  for (const auto& text : {rounded, scaled}) {
    const auto found = read_text(text);
    CHECK_EQUAL(found.counts.bad.total(), 0u);
    REQUIRE(found.bars.size() == 20'000);
    for (const bar& b : found.bars)
      REQUIRE(check_bar(b) == bar_defect::none);
  }
}

TEST(two times that contradict each other are refused at the first such row) {
  const std::string header = "ts_utc,ts_nyt_epoch,open,high,low,close,volume\n";
  const std::string good = "2025-06-03T09:30:00-04:00,1748957400," + values + "\n";
  CHECK_EQUAL(read_text(header + good).bars.size(), 1u);
  const auto error = error_of_text(header + good + "2025-06-03T09:31:00-04:00,1748961060," + values + "\n");
  CHECK(contains(error, "A.csv:3: the two times of this row contradict each other"));
  CHECK(contains(error, "ts_nyt_epoch \"1748961060\" is 2025-06-03 14:31 UTC"));
  CHECK(contains(error, "ts_utc \"2025-06-03T09:31:00-04:00\" is 2025-06-03 13:31 UTC"));
  CHECK(contains(
      error_of_text("timestamp,datetime,open,high,low,close,volume\n2025-06-03T13:30:00Z,1748957460," +
                    values + "\n"),
      "contradict each other"));
  // The survey that comes before a run finds it too.
  const scratch_folder folder;
  write_text(folder.path() / "A.csv",
             header + good + "2025-06-03T09:31:00-04:00,1748961060," + values + "\n");
  CHECK(contains(error_of([&] { survey_bars(folder.path(), {"A"}); }), "A.csv:3: the two times"));
}

TEST(a second time without an offset may be utc or new york time) {
  const std::string header = "ts_utc,ts_nyt_epoch,open,high,low,close,volume\n";
  for (const std::string text :
       {"2025-06-03T13:30:00", "2025-06-03 09:30:00", "\"2025-06-03 09:30:00\"", "", "1748957400"})
    CHECK(read_text(header + text + ",1748957400," + values + "\n").bars == std::vector<bar>{expected});
  CHECK(contains(error_of_text(header + "2025-06-03T10:30:00,1748957400," + values + "\n"),
                 "is 2025-06-03 10:30 UTC, or 2025-06-03 14:30 UTC if it is New York time"));
  const auto garbage = read_text(header + "soon,1748957400," + values + "\n");
  CHECK_EQUAL(garbage.counts.bad.of(bar_defect::malformed_timestamp), 1u);
}

TEST(texts of one day are read as if each were alone) {
  timestamp_column column;
  for (const std::string text :
       {"2025-06-03T09:30:00-04:00", "2025-06-03T09:31:00-04:00", "2025-06-03T15:59:00-04:00",
        "2025-06-03T15:59:00-05:00", "2025-06-04T15:59:00-05:00", "2025-06-04T15:59:01-05:00",
        "2025-06-04T25:59:01-05:00", "2025-06-04T15:6x:01-05:00", "2025-06-04T15-59:01-05:00",
        "2025-06-04 15:58:01-05:00", "1748957400", "2025-06-04T15:57:01-05:00", "2025-06-04T15:57Z",
        "2025-06-04T15:58Z", "1748957400000000000", "1748957460000000000"}) {
    time_ms cached = 0;
    time_ms alone = 0;
    CHECK_EQUAL(column.parse(text, cached), parse_timestamp(text, alone));
    CHECK_EQUAL(cached, alone);
  }
}

TEST(a symbol column may write a symbol in another case when that is the only way) {
  const scratch_folder folder;
  const auto file = folder.path() / "all.csv";
  const auto line = [](const std::string& symbol, int minute) {
    return std::to_string(first_label / 1000 + minute * 60) + ',' + symbol + ',' + values + '\n';
  };
  const std::string header = "timestamp,symbol,open,high,low,close,volume\n";
  write_text(file, header + line("tqqq", 0) + line("tqqq", 1) + line(" SQQQ", 0) + line("BRKpA", 0));
  const auto survey = survey_bars(file, {"TQQQ", "SQQQ"});
  CHECK_EQUAL(survey.files.at(0).spelling, "SQQQ"); // sorted; the space is not part of it
  CHECK_EQUAL(survey.files.at(1).spelling, "tqqq");
  CHECK_EQUAL(survey.files.at(1).rows, 2u);
  REQUIRE(survey.notes().size() == 1);
  CHECK(contains(survey.notes()[0], "its symbol column writes TQQQ as \"tqqq\""));
  CHECK(contains(
      error_of([&] { survey_bars(file, {"UVXY"}); }),
      "no valid bar of UVXY in the whole file; its symbol column has \"BRKpA\", \"SQQQ\", \"tqqq\""));
  CHECK(symbols_of_file(file) == (std::vector<std::string>{"BRKpA", "SQQQ", "tqqq"}));
  write_text(file, header + line("tqqq", 0) + line("Tqqq", 1));
  CHECK(contains(error_of([&] { survey_bars(file, {"TQQQ"}); }),
                 "its symbol column writes TQQQ as Tqqq, tqqq"));
  // The name itself beside another that differs in its case: two symbols, as BRKPA and BRKpA are.
  write_text(file, header + line("TQQQ", 0) + line("TQQq", 1));
  const auto exact = survey_bars(file, {"TQQQ"});
  CHECK_EQUAL(exact.files.at(0).rows, 1u);
  CHECK(exact.notes().empty());
}

TEST(hidden files are no bar files) {
  const scratch_folder folder;
  for (const char* name : {"TQQQ.csv", "._TQQQ.csv", ".SQQQ.csv", "._SSO_RTH_NH.csv.gz"})
    write_text(folder.path() / name, plain_header + row(first_label));
  CHECK(list_bar_symbols(folder.path()) == std::vector<std::string>{"TQQQ"});
  CHECK(contains(error_of([&] { find_bar_file(folder.path(), "SQQQ"); }),
                 "no bars for SQQQ; tried SQQQ_RTH_NH.csv"));
  CHECK(contains(error_of([&] { find_bar_file(folder.path(), "SQQQ"); }), "; it has bars of TQQQ"));
}
