#define CAF_SUITE program_odd_files
// Files that people really have: each is traded like the plain ones, or refused, by mock and verify-data
// alike.

#include "tests/program/mock_lab.hpp"

#include <cctype>
#include <cstdio>
#include <functional>
#include <nlohmann/json.hpp>

using namespace sentio;
using test::bar_texts;
using test::contains;
using test::mock_lab;
using test::program;

namespace {

using row_fields = std::vector<std::string>;

/// ts_utc, ts_nyt_epoch, open, high, low, close, volume.
row_fields fields_of(const std::string& row) {
  row_fields fields(1);
  for (const char letter : row)
    if (letter == ',')
      fields.emplace_back();
    else
      fields.back() += letter;
  return fields;
}

/// Every row of every symbol written anew, under another header.
bar_texts rewritten(const std::string& header,
                    const std::function<std::string(const std::string& symbol, const row_fields&)>& write) {
  bar_texts bars = mock_lab::get().bars();
  for (auto& [symbol, text] : bars) {
    text.header = header;
    for (auto& row : text.rows)
      row = write(symbol, fields_of(row));
  }
  return bars;
}

/// The first session after the second one.
bar_texts swapped_sessions() {
  bar_texts bars = mock_lab::get().bars();
  for (auto& [symbol, text] : bars)
    std::stable_partition(text.rows.begin(), text.rows.end(),
                          [](const std::string& row) { return row.starts_with(test::last_day); });
  return bars;
}

bar_texts newest_first() {
  bar_texts bars = mock_lab::get().bars();
  for (auto& [symbol, text] : bars)
    std::reverse(text.rows.begin(), text.rows.end());
  return bars;
}

std::string without_last_bit(const std::string& price) {
  char text[40];
  std::snprintf(text, sizeof text, "%.17g", std::stod(price) * (1 - 2.3e-16));
  return text;
}

struct outcome {
  int code = -1;
  std::uint64_t bars = 0; ///< read, of all symbols
  std::map<std::string, std::string> logs;
  std::vector<std::string> notes;
};

/// Runs both commands on one set of bars.
class bench {
public:
  outcome mock(const std::string& data, const std::string& logs) {
    const auto run = sentio_actors_.run("mock --json --no-report --data-dir " + data + " --log-dir " + logs +
                                        mock_lab::get().with_checkpoint());
    outcome result{run.code, 0, {}, {}};
    error_ = run.error;
    if (run.code != 0)
      return result;
    const auto json = nlohmann::json::parse(run.out);
    result.bars = json.at("symbol_bars").get<std::uint64_t>();
    result.notes = json.at("data_notes").get<std::vector<std::string>>();
    for (const auto& date : {test::half_day, test::last_day})
      for (const auto& [stem, text] : test::logs_of(folder() / logs, date))
        result.logs[stem + date] = text;
    return result;
  }

  outcome verify(const std::string& data) {
    const auto run = sentio_actors_.run("verify-data --json --data-dir " + data);
    outcome result{run.code, 0, {}, {}};
    verified_ = run.out + run.error;
    if (run.out.empty())
      return result;
    const auto json = nlohmann::json::parse(run.out);
    for (const auto& file : json.at("files")) {
      result.bars += file.at("regular_bars").get<std::uint64_t>();
      for (const auto& note : file.at("notes"))
        result.notes.push_back(note);
    }
    return result;
  }

  const std::filesystem::path& folder() const { return sentio_actors_.folder(); }
  const program& run() const { return sentio_actors_; }
  const std::string& error() const { return error_; }       ///< of the last mock
  const std::string& verified() const { return verified_; } ///< what the last verify-data printed

private:
  program sentio_actors_;
  std::string error_;
  std::string verified_;
};

/// True when both read all bars of the data, and the run's logs are those of the plain files.
bool reads_like_the_plain_files(const std::string& name, const bar_texts& bars) {
  static const outcome plain = [] {
    bench at;
    test::write_bars(at.folder() / "bars", mock_lab::get().bars());
    return at.mock("bars", "logs");
  }();
  bench at;
  test::write_bars(at.folder() / "bars", bars);
  const auto traded = at.mock("bars", "logs");
  const auto verified = at.verify("bars");
  const bool good = plain.code == 0 && traded.code == 0 && verified.code == 0 && plain.bars > 3000 &&
                    traded.bars == plain.bars && verified.bars == plain.bars && traded.logs == plain.logs &&
                    traded.notes == verified.notes;
  if (!good)
    CAF_MESSAGE(name << ": mock " << traded.code << " with " << traded.bars << " bars, verify-data "
                     << verified.code << " with " << verified.bars << ", plain files " << plain.bars << "; "
                     << at.error() << at.verified().substr(0, 2000));
  return good;
}

} // namespace

TEST(rows in any order trade like rows in order) {
  CHECK(reads_like_the_plain_files("sessions swapped", swapped_sessions()));
  CHECK(reads_like_the_plain_files("newest first", newest_first()));
  bench at;
  auto bars = mock_lab::get().bars();
  bars.at("TQQQ") = newest_first().at("TQQQ");
  test::write_bars(at.folder() / "bars", bars);
  const auto traded = at.mock("bars", "logs");
  REQUIRE(traded.notes.size() == 1);
  CHECK(contains(traded.notes[0],
                 "bars/TQQQ_RTH_NH.csv: 599 rows of TQQQ older than a row before, 1 session out of "
                 "order, first in line 4 (2025-12-01 15:58 after 2025-12-01 15:59)"));
  CHECK(contains(at.error(), "note: " + traded.notes[0]));
  CHECK(contains(test::file_text(at.folder() / "logs" / "sessions.jsonl"), "\"reordered\":599"));
  CHECK(at.verify("bars").notes == traded.notes);
  CHECK(contains(at.run().run("verify-data --data-dir bars").out, traded.notes[0]));
  const auto warmup = at.run().run("warmup --data-dir bars --output w.checkpoint");
  CHECK_EQUAL(warmup.code, 0);
  CHECK(contains(warmup.error, traded.notes[0]));
}

TEST(the columns of each vendor trade like ours) {
  CHECK(reads_like_the_plain_files("alpaca-py",
                                   rewritten("symbol,timestamp,open,high,low,close,volume,trade_count,vwap",
                                             [](const std::string& symbol, const row_fields& f) {
                                               return symbol + ',' + f[0] + ',' + f[2] + ',' + f[3] + ',' +
                                                      f[4] + ',' + f[5] + ',' + f[6] + ",17," + f[5];
                                             })));
  CHECK(reads_like_the_plain_files("polygon",
                                   rewritten("ticker,volume,open,close,high,low,window_start,transactions",
                                             [](const std::string& symbol, const row_fields& f) {
                                               return symbol + ',' + f[6] + ',' + f[2] + ',' + f[5] + ',' +
                                                      f[3] + ',' + f[4] + ',' + f[1] + "000000000,17";
                                             })));
  CHECK(reads_like_the_plain_files("yfinance", rewritten("Datetime,Open,High,Low,Close,Adj Close,Volume",
                                                         [](const std::string&, const row_fields& f) {
                                                           auto time = f[0];
                                                           time[10] = ' ';
                                                           return time + ',' + f[2] + ',' + f[3] + ',' +
                                                                  f[4] + ',' + f[5] + ",1.5," + f[6];
                                                         })));
  CHECK(reads_like_the_plain_files(
      "quoted", rewritten("\xEF\xBB\xBF\"timestamp\",\"symbol\",\"open\",\"high\",\"low\","
                          "\"close\",\"volume\"",
                          [](const std::string& symbol, const row_fields& f) {
                            return '"' + f[1] + ".0\",\" " + symbol + "\",\"" + f[2] + "\",\"" + f[3] +
                                   "\",\"" + f[4] + "\",\"" + f[5] + "\"," + f[6];
                          })));
}

TEST(a symbol in another case is read and told) {
  CHECK(reads_like_the_plain_files(
      "lower case",
      rewritten("timestamp,symbol,open,high,low,close,volume", [](std::string symbol, const row_fields& f) {
        for (char& letter : symbol)
          letter = static_cast<char>(std::tolower(letter));
        return f[1] + ',' + symbol + ',' + f[2] + ',' + f[3] + ',' + f[4] + ',' + f[5] + ',' + f[6];
      })));
}

TEST(one file of all symbols is verified and traded) {
  bench at;
  std::string text = "timestamp,symbol,open,high,low,close,volume\n";
  for (const auto& [symbol, bars] : mock_lab::get().bars())
    for (const auto& row : bars.rows) {
      const auto f = fields_of(row);
      text += f[1] + ',' + symbol + ',' + f[2] + ',' + f[3] + ',' + f[4] + ',' + f[5] + ',' + f[6] + '\n';
    }
  test::write_file(at.folder() / "all.csv", text);
  const auto verified = at.verify("all.csv");
  CHECK_EQUAL(verified.code, 0);
  const auto traded = at.mock("all.csv", "logs");
  CHECK_EQUAL(traded.code, 0);
  CHECK_EQUAL(traded.bars, verified.bars);
  CHECK(traded.notes.empty());
  const auto other = at.run().run("mock --data-dir all.csv --symbols TQQQ,SSO --log-dir other");
  CHECK_EQUAL(other.code, 2);
  CHECK(contains(other.error, "no valid bar of SSO"));
  CHECK(contains(other.error, "its symbol column has \"SDS\", \"SQQQ\", \"SVIX\", \"TQQQ\""));
}

TEST(prices that differ in the last bit are traded) {
  auto bars =
      rewritten(mock_lab::get().bars().at("TQQQ").header, [](const std::string&, const row_fields& f) {
        // Where the high is the close it lies just below it now.
        const auto high = f[3] == f[5] ? without_last_bit(f[3]) : f[3];
        return f[0] + ',' + f[1] + ',' + f[2] + ',' + high + ',' + f[4] + ',' + f[5] + ',' + f[6];
      });
  CHECK(bars.at("TQQQ").rows != mock_lab::get().bars().at("TQQQ").rows);
  CHECK(reads_like_the_plain_files("adjusted", bars));
}

TEST(a halt of rows without trades is traded like one of missing rows) {
  bench at;
  auto missing = mock_lab::get().bars();
  auto filled = missing;
  auto& gaps = missing.at("TQQQ").rows;
  auto& rows = filled.at("TQQQ").rows;
  std::string close;
  std::size_t replaced = 0;
  for (auto& row : rows) {
    auto f = fields_of(row);
    if (f[0] >= test::last_day + "T10:30" && f[0] < test::last_day + "T11:00") {
      row = f[0] + ',' + f[1] + ',' + close + ',' + close + ',' + close + ',' + close + ",0";
      ++replaced;
    } else {
      close = f[5];
    }
  }
  CHECK_EQUAL(replaced, 30u);
  std::erase_if(gaps, [](const std::string& row) {
    return row >= test::last_day + "T10:30" && row < test::last_day + "T11:00";
  });
  test::write_bars(at.folder() / "missing", missing);
  test::write_bars(at.folder() / "filled", filled);
  const auto without = at.mock("missing", "missing.logs");
  const auto halted = at.mock("filled", "filled.logs");
  CHECK_EQUAL(without.code, 0);
  CHECK_EQUAL(halted.code, 0);
  CHECK_EQUAL(halted.bars, without.bars);
  CHECK(halted.logs == without.logs);
  CHECK(halted.logs.at("signals_" + test::last_day).size() > 100'000);
  CHECK(contains(test::file_text(at.folder() / "filled.logs" / "sessions.jsonl"), "\"without trades\":30"));
  CHECK(test::file_text(at.folder() / "missing.logs" / "sessions.jsonl").find("without trades") ==
        std::string::npos);
  CHECK_EQUAL(at.verify("filled").bars, without.bars);
  CHECK(contains(at.verified(), "\"idle_rows\":30"));
}

TEST(times that contradict each other are refused by every command that reads the file) {
  bench at;
  auto bars = mock_lab::get().bars();
  auto fields = fields_of(bars.at("TQQQ").rows.at(4));
  fields[1] = std::to_string(std::stoll(fields[1]) + 3600);
  bars.at("TQQQ").rows[4] = fields[0] + ',' + fields[1] + ",85,85,85,85,100";
  test::write_bars(at.folder() / "bars", bars);
  const std::string place = "bars/TQQQ_RTH_NH.csv:6: the two times of this row contradict each other";
  CHECK_EQUAL(at.mock("bars", "logs").code, 2);
  CHECK(contains(at.error(), place));
  CHECK(contains(at.error(), "ts_utc \"2025-11-28T09:34:00-05:00\" is 2025-11-28 14:34 UTC"));
  CHECK(contains(at.error(), "is 2025-11-28 15:34 UTC"));
  CHECK(!std::filesystem::exists(at.folder() / "logs"));
  CHECK_EQUAL(at.verify("bars").code, 1);
  CHECK(contains(at.verified(), "the two times of this row contradict each other"));
  const auto warmup = at.run().run("warmup --data-dir bars --output w.checkpoint");
  CHECK_EQUAL(warmup.code, 2);
  CHECK(contains(warmup.error, place));
}

TEST(what macos leaves beside the bars is no bar file) {
  bench at;
  test::write_bars(at.folder() / "bars", mock_lab::get().bars());
  test::write_file(at.folder() / "bars" / "._TQQQ_RTH_NH.csv", std::string("\0\5\26\7\0\2", 6));
  const auto verified = at.verify("bars");
  CHECK_EQUAL(verified.code, 0);
  CHECK(at.verified().find("._") == std::string::npos);
}

TEST(a configuration may begin with a byte order mark) {
  const program sentio_actors;
  test::write_file(sentio_actors.folder() / "marked.json",
                   "\xEF\xBB\xBF{\"account_config\": {\"capital\": 50000}}");
  const auto checked = sentio_actors.run("config --check marked.json");
  CHECK_EQUAL(checked.code, 0);
}
