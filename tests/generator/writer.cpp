#define CAF_SUITE generator_writer
#include "core/generator/writer.hpp"

#include "core/market/data_audit.hpp"
#include "core/market/session_reader.hpp"
#include "core/numeric/hash.hpp"
#include "tests/support/test.hpp"

#include <fstream>
#include <iterator>

using namespace sentio;
using namespace sentio::test;

namespace {

generator_options options_for(const std::filesystem::path& folder) {
  generator_options options;
  options.output = folder;
  options.seed = 7;
  options.days = 3;
  options.edge = .1;
  options.symbols = {"SVIX", "FAZ", "TQQQ"};
  options.start = parse_date("2025-11-26");
  return options;
}

std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string error_of(const generator_options& options) {
  try {
    write_generated(options);
  } catch (const data_error& error) {
    return error.what();
  }
  return {};
}

} // namespace

TEST(written bars read back as the very same numbers) {
  const scratch_folder folder;
  for (const bool gzip : {false, true}) {
    auto options = options_for(folder.path() / (gzip ? "packed" : "plain"));
    options.gzip = gzip;
    const auto files = write_generated(options);
    REQUIRE(files.size() == 3);
    CHECK_EQUAL(files[0].filename().string(), gzip ? "FAZ_RTH_NH.csv.gz" : "FAZ_RTH_NH.csv");
    const auto market = generate_market(options);
    for (std::size_t i = 0; i < 3; ++i) {
      session_bar_source source(options.output, {market[i].symbol});
      std::vector<bar> bars;
      for (market_day next; source.next(next);)
        bars.insert(bars.end(), next.bars[0].begin(), next.bars[0].end());
      CHECK(bars == market[i].bars);
      CHECK_EQUAL(source.counts(0).out_of_session(), market[i].closing_rows.size());
      CHECK_EQUAL(source.counts(0).bad.total(), 0u);
    }
  }
}

TEST(rows look like those of the real files) {
  generated_series series;
  series.bars = {{new_york_to_utc({2025, 11, 28}, 9, 30), 10, 10.5, 9.0625, 10.01, 1200}};
  series.closing_rows = {{new_york_to_utc({2025, 11, 28}, 13, 0), 10, 10, 10, 10, 30}};
  CHECK_EQUAL(csv_text(series), "ts_utc,ts_nyt_epoch,open,high,low,close,volume\n"
                                "2025-11-28T09:30:00-05:00,1764340200,10,10.5,9.0625,10.01,1200\n"
                                "2025-11-28T13:00:00-05:00,1764352800,10,10,10,10,30\n");
  series.fractional_volume = true;
  series.bars[0].volume = 6227.3;
  CHECK(csv_text(series).find(",6227.3\n") != std::string::npos);
}

TEST(the same options write the same bytes) {
  const scratch_folder folder;
  for (const bool gzip : {false, true}) {
    auto options = options_for(folder.path() / "first");
    options.gzip = gzip;
    options.overwrite = true;
    const auto first = write_generated(options);
    options.output = folder.path() / "second";
    const auto second = write_generated(options);
    for (std::size_t i = 0; i < first.size(); ++i)
      CHECK(bytes_of(first[i]) == bytes_of(second[i]));
  }
}

TEST(bytes do not depend on compiler or machine) {
  // Recorded with g++ 12 at -O2; clang and -O0 must give the same.
  generator_options options = options_for({});
  options.symbols = {"SQQQ", "SYN042", "UVXY"};
  std::uint64_t hash = fnv1a64_start;
  for (const auto& series : generate_market(options))
    hash = fnv1a64(csv_text(series), hash);
  CHECK_EQUAL(hash, 6668710362599249540u);
}

TEST(a directory gets a note that says what it holds) {
  const scratch_folder folder;
  auto options = options_for(folder.path());
  write_generated(options);
  CHECK_EQUAL(data_note(folder.path()), "synthetic data with a planted edge, seed 7");
  options.edge = 0;
  options.overwrite = true;
  write_generated(options);
  CHECK_EQUAL(data_note(folder.path()), "synthetic data without an edge, seed 7");
}

TEST(bars are not overwritten unasked) {
  const scratch_folder folder;
  auto options = options_for(folder.path());
  write_generated(options);
  const auto before = bytes_of(folder.path() / "TQQQ_RTH_NH.csv");
  options.seed = 8;
  CHECK(error_of(options).find("the directory has bars already") != std::string::npos);
  CHECK(bytes_of(folder.path() / "TQQQ_RTH_NH.csv") == before);
  // A new compressed file must not hide behind the old plain one.
  options.overwrite = true;
  options.gzip = true;
  write_generated(options);
  CHECK_EQUAL(find_bar_file(folder.path(), "TQQQ").filename().string(), "TQQQ_RTH_NH.csv.gz");
  CHECK(!std::filesystem::exists(folder.path() / "TQQQ_RTH_NH.csv"));
}

TEST(a directory that cannot be written is an error) {
  const scratch_folder folder;
  std::ofstream(folder.path() / "file") << "x";
  CHECK(error_of(options_for(folder.path() / "file" / "below")).find("cannot make the directory") !=
        std::string::npos);
}

TEST(funds can be derived from real index bars) {
  const scratch_folder folder;
  auto base = options_for(folder.path() / "base");
  base.symbols = {"SPY", "QQQ"};
  base.edge = 0;
  const auto files = write_generated(base); // stand-ins for real bars
  auto options = options_for(folder.path() / "derived");
  options.edge = 0;
  options.start.reset();
  options.days = 10;
  options.symbols = {"QQQ", "SQQQ", "UVXY", "TNA"};
  options.from_base = {files[1], files[0]};
  write_generated(options);
  CHECK_EQUAL(data_note(options.output), "synthetic funds derived from real index bars, seed 7");
  for (const auto& audit : audit_directory(options.output)) {
    CHECK(audit.tradable());
    CHECK_EQUAL(audit.sessions, 3);
    CHECK_EQUAL(audit.invalid.total(), 0u);
  }
  // The unleveraged fund has the returns of its base, minute by minute.
  session_bar_source source(options.output, {"QQQ"});
  session_bar_source base_source(base.output, {"QQQ"});
  market_day derived;
  market_day original;
  while (source.next(derived) && base_source.next(original)) {
    REQUIRE(derived.bars[0].size() == original.bars[0].size());
    for (std::size_t i = 1; i < derived.bars[0].size(); ++i) {
      const double now = derived.bars[0][i].close / derived.bars[0][i].open;
      const double then = original.bars[0][i].close / original.bars[0][i].open;
      REQUIRE(std::fabs(now - then) < 2e-4);
    }
  }
  options.overwrite = true;
  options.from_base = {files[0]};
  CHECK(error_of(options).find("no file named SPY") != std::string::npos);
}

TEST(the bundled sample is what its command generates) {
  const auto sample = std::filesystem::path(SENTIO_SOURCE_DIR) / "data" / "sample";
  generator_options options;
  options.seed = 7;
  options.days = 30;
  options.edge = .1;
  options.start = parse_date("2025-10-20");
  CHECK_EQUAL(data_note(sample), "synthetic data with a planted edge, seed 7");
  CHECK_EQUAL(list_bar_symbols(sample).size(), options.symbols.size());
  const auto market = generate_market(options);
  std::uintmax_t size = 0;
  for (const auto& series : market) {
    const auto file = find_bar_file(sample, series.symbol);
    size += std::filesystem::file_size(file);
    csv_bar_reader reader(file);
    std::vector<bar> rows;
    for (bar b; reader.next(b);)
      rows.push_back(b);
    CHECK_EQUAL(rows.size(), series.bars.size() + series.closing_rows.size());
    std::erase_if(rows, [](const bar& b) { return b.label == session_on(new_york_date(b.label))->close; });
    CHECK(rows == series.bars);
  }
  CHECK(size < 900'000);
  CHECK_EQUAL(list_sessions(sample, options.symbols).size(), 30u);
}
