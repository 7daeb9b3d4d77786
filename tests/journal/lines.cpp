#define CAF_SUITE log_lines

#include "core/journal/log_lines.hpp"
#include "core/journal/log_reader.hpp"
#include "core/journal/session_log.hpp"
#include "tests/support/test.hpp"

#include <cstdio>

using namespace sentio;

namespace {

const std::vector<std::string> names{"SQQQ", "TQQQ"};
constexpr time_ms ten_o_clock = 1'748'959'200'000; // 2025-06-03 10:00 New York

void write(const std::filesystem::path& file, const std::string& text) {
  std::FILE* out = std::fopen(file.c_str(), "wb");
  REQUIRE(out != nullptr);
  std::fwrite(text.data(), 1, text.size(), out);
  std::fclose(out);
}

ranked_round sample_round() {
  ranked_round round;
  round.at = ten_o_clock;
  round.symbols.resize(2);
  ranked_symbol& tqqq = round.symbols[1];
  tqqq.signal.label = ten_o_clock - minute_ms;
  tqqq.signal.open = 70.123456;
  tqqq.signal.close = 70.2;
  tqqq.signal.volume = 6227.3;
  tqqq.signal.ready = true;
  tqqq.signal.sigma = 0.00085;
  tqqq.signal.probability = 0.5123456789;
  tqqq.signal.confidence = 0.51;
  tqqq.signal.edge_bp = 1.25;
  tqqq.signal.horizon_count = 3;
  tqqq.signal.expert_count = 2;
  tqqq.signal.prediction = {0.01, -0.02, 0.03};
  tqqq.signal.expert_z = {0.1, 0};
  tqqq.signal.expert_weight = {0.5, 0.5};
  tqqq.fresh = true;
  tqqq.rankable = true;
  tqqq.strength = tqqq.entry_strength = 1.25;
  round.symbols[0].barred = entry_bar::no_signal;
  round.order = {1};
  return round;
}

trade sample_trade() {
  trade booked;
  booked.fill = {"x-1",
                 "s-ab-20250603-1000-TQQQ-S-1",
                 1,
                 order_side::sell,
                 100,
                 money{70'123'456},
                 money{4'700},
                 money{16'600},
                 ten_o_clock + 100,
                 true};
  booked.decided_at = ten_o_clock;
  booked.is_exit = true;
  booked.kind = decision_kind::stop_loss;
  booked.reason = "return \"-1.6 %\" <= stop\n\\loss";
  booked.pnl = money{-123'456'789};
  booked.pnl_pct = -0.0163;
  booked.bars_held = 12;
  return booked;
}

} // namespace

TEST(a signal line has every field in the order of the specification) {
  std::string out;
  log_stamp stamp{"2025-06-03", 7};
  append_signal_lines(out, stamp, sample_round(), names);
  CHECK_EQUAL(stamp.seq, 9u);
  const std::string second = out.substr(out.find('\n') + 1);
  CHECK_EQUAL(
      second,
      "{\"timestamp_ms\":1748959200000,\"session\":\"2025-06-03\",\"seq\":8,\"symbol\":\"TQQQ\","
      "\"bar_timestamp_ms\":1748959140000,\"fresh\":true,\"open\":70.123456,\"close\":70.20,"
      "\"volume\":6227.3,\"sigma_bp\":8.5,\"signal\":1,\"probability\":0.512345679,\"confidence\":0.51,"
      "\"edge_bp\":1.25,\"strength\":1.25,\"entry_strength\":1.25,\"rank\":1,\"staleness_s\":0,"
      "\"prediction\":[0.01,-0.02,0.03],\"expert_z\":[0.1,0],\"expert_weight\":[0.5,0.5],"
      "\"barred\":\"none\"}\n");
}

TEST(signals read back as they were written) {
  const test::scratch_folder folder;
  std::string out;
  log_stamp stamp{"2025-06-03"};
  append_signal_lines(out, stamp, sample_round(), names);
  write(folder.path() / "signals.jsonl", out);
  std::vector<std::string> seen;
  const auto lines = read_signals(folder.path() / "signals.jsonl", [&](const signal_row& row) {
    seen.emplace_back(row.symbol);
    if (row.symbol == "SQQQ") {
      CHECK(row.barred == entry_bar::no_signal);
      CHECK(!row.ready());
      CHECK_EQUAL(row.rank, 0);
      return;
    }
    CHECK_EQUAL(row.at, ten_o_clock);
    CHECK_EQUAL(row.bar_label, ten_o_clock - minute_ms);
    CHECK(row.fresh);
    CHECK_EQUAL(row.open.micros, 70'123'456);
    CHECK_EQUAL(row.volume, 6227.3);
    CHECK_EQUAL(row.probability, 0.512345679);
    CHECK_EQUAL(row.rank, 1);
    CHECK_EQUAL(row.horizon_count, 3);
    CHECK_EQUAL(row.prediction[1], -0.02);
    CHECK_EQUAL(row.expert_count, 2);
    CHECK_EQUAL(row.expert_weight[1], 0.5);
    CHECK(row.would_be_long);
  });
  CHECK_EQUAL(lines, 2u);
  CHECK(seen == names);
}

TEST(trades read back to the millionth with their reasons) {
  const test::scratch_folder folder;
  std::string out;
  log_stamp stamp{"2025-06-03"};
  append_trade_line(out, stamp, sample_trade(), names);
  write(folder.path() / "trades.jsonl", out);
  read_trades(folder.path() / "trades.jsonl", [&](const trade_row& row) {
    CHECK_EQUAL(row.at, ten_o_clock + 100);
    CHECK_EQUAL(row.decided_at, ten_o_clock);
    CHECK_EQUAL(std::string(row.symbol), "TQQQ");
    CHECK(row.is_exit);
    CHECK(row.side == order_side::sell);
    CHECK_EQUAL(row.shares, 100);
    CHECK_EQUAL(row.price.micros, 70'123'456);
    CHECK_EQUAL(row.value.micros, 7'012'345'600);
    CHECK_EQUAL(row.cost.micros, 21'300);
    CHECK_EQUAL(row.pnl.micros, -123'456'789);
    CHECK_EQUAL(row.pnl_pct, -0.0163);
    CHECK_EQUAL(row.bars_held, 12);
    CHECK(row.no_print);
    CHECK(row.kind == decision_kind::stop_loss);
    CHECK_EQUAL(std::string(row.reason), "return \"-1.6 %\" <= stop\n\\loss");
    CHECK_EQUAL(std::string(row.client_order_id), "s-ab-20250603-1000-TQQQ-S-1");
  });
}

TEST(decisions and the book read back) {
  const test::scratch_folder folder;
  std::string decisions;
  log_stamp stamp{"2025-06-03"};
  append_decision_line(decisions, stamp, {ten_o_clock, 0, decision_kind::rotate_out, "outsider", 4, -0.25, 9},
                       names);
  write(folder.path() / "decisions.jsonl", decisions);
  read_decisions(folder.path() / "decisions.jsonl", [&](const decision_row& row) {
    CHECK(row.kind == decision_kind::rotate_out);
    CHECK_EQUAL(std::string(row.symbol), "SQQQ");
    CHECK_EQUAL(std::string(row.reason), "outsider");
    CHECK_EQUAL(row.rank, 4);
    CHECK_EQUAL(row.strength, -0.25);
    CHECK_EQUAL(row.bars_held, 9);
  });
  std::string positions;
  log_stamp book_stamp{"2025-06-03"};
  book_snapshot book;
  book.at = ten_o_clock;
  book.positions = {{0, 10, money{20'000'000}, money{20'500'000}, money{5'000'000}, 2, 0.5, 3},
                    {1, 5, money{70'000'000}, money{69'000'000}, money{-5'000'000}, 1, 1.5, 1}};
  book.cash = money{1'000'000};
  book.equity = money{551'000'000};
  book.drawdown = 0.0125;
  append_position_line(positions, book_stamp, book, names);
  book.positions.clear();
  append_position_line(positions, book_stamp, book, names);
  write(folder.path() / "positions.jsonl", positions);
  std::size_t held = 0;
  read_positions(folder.path() / "positions.jsonl", [&](const position_row& row) {
    held += row.positions.size();
    CHECK_EQUAL(row.equity.micros, 551'000'000);
    CHECK_EQUAL(row.drawdown, 0.0125);
    if (!row.positions.empty()) {
      CHECK_EQUAL(row.positions[1].mark.micros, 69'000'000);
      CHECK_EQUAL(row.positions[1].unrealized.micros, -5'000'000);
      CHECK_EQUAL(row.positions[0].shares, 10);
    }
  });
  CHECK_EQUAL(held, 2u);
}

TEST(a log longer than the read buffer is read whole) {
  const test::scratch_folder folder;
  std::string out;
  log_stamp stamp{"2025-06-03"};
  ranked_round round = sample_round();
  for (int i = 0; i < 2'000; ++i, round.at += minute_ms)
    append_signal_lines(out, stamp, round, names);
  REQUIRE(out.size() > 1'000'000u);
  write(folder.path() / "signals.jsonl", out);
  time_ms last = 0;
  CHECK_EQUAL(read_signals(folder.path() / "signals.jsonl", [&](const signal_row& row) { last = row.at; }),
              4'000u);
  CHECK_EQUAL(last, ten_o_clock + 1'999 * minute_ms);
}

TEST(wrong lines are refused with file and line) {
  const test::scratch_folder folder;
  std::string good;
  log_stamp stamp{"2025-06-03"};
  append_trade_line(good, stamp, sample_trade(), names);
  const auto error_with = [&](const std::string& from, const std::string& to) -> std::string {
    std::string text = good;
    REQUIRE(text.find(from) != std::string::npos);
    text.replace(text.find(from), from.size(), to);
    write(folder.path() / "trades.jsonl", text);
    try {
      read_trades(folder.path() / "trades.jsonl", [](const trade_row&) {});
    } catch (const log_error& error) {
      return error.what();
    }
    return "";
  };
  CHECK_EQUAL(error_with("\"shares\":100", "\"shares\":\"100\""),
              "trades.jsonl:1: field shares is not an integer");
  CHECK_EQUAL(error_with("\"shares\":100,", ""), "trades.jsonl:1: field shares is missing");
  CHECK(error_with("\"shares\":100", "\"shares\":101").find("price * shares is") != std::string::npos);
  CHECK(error_with("STOP_LOSS", "WHIM").find("\"WHIM\", which is none of its words") != std::string::npos);
  CHECK(error_with("\"no_print\":true", "\"no_print\":").find("trades.jsonl:1: not a JSON object") == 0);
}

TEST(no text of a venue or a file reaches a log as a control character) {
  const std::string hostile = "rejected\x1b[2J\x7f\xc2\x9b"
                              "31m \xe2\x80\xae"
                              "\nALERT forged\xff";
  std::string line;
  append_json_text(line, hostile);
  CHECK_EQUAL(line, "\"rejected\\u001b[2J\\u007f\\u009b31m \\u202e\\nALERT forged?\"");
  CHECK_EQUAL(alert_text(ten_o_clock, hostile), "10:00 ALERT rejected?[2J??31m ? ALERT forged?\n");
  const decision made{ten_o_clock, 0, decision_kind::enter, hostile, 1, 0.5, 0};
  CHECK(decision_text(made, names).find('\x1b') == std::string::npos);
}
