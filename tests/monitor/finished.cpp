#define CAF_SUITE finished_session

#include "core/journal/log_lines.hpp"
#include "core/journal/run_file.hpp"
#include "core/journal/session_log.hpp"
#include "core/monitor/contract.hpp"
#include "core/monitor/finished_session.hpp"
#include "core/monitor/session_history.hpp"
#include "core/monitor/session_view.hpp"
#include "tests/strategy/support.hpp"
#include "tests/support/test.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <utility>

using namespace sentio;
using namespace sentio::test;
using nlohmann::json;

namespace {

void write(const std::filesystem::path& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary);
  out << text;
  REQUIRE(out.flush().good());
}

/// A day of random bars through the real ranker, portfolio and venue: told to a view as a running instance
/// would, and written as the journal writes it.
struct traded_day {
  explicit traded_day(const std::filesystem::path& folder) {
    const auto funds_of_day = funds(4);
    const session_hours hours = *session_on({2025, 6, 3});
    trading_day day({}, funds_of_day, hours, 100'000);
    random_bars(day, 5);
    for (auto& bars : *day.bars)
      for (bar& each : bars)
        each = bar_of(each.label, std::round(each.open * 100) / 100, std::round(each.close * 100) / 100);
    day.think = wandering(9, 4, 8);
    std::vector<std::string> names;
    for (const instrument& each : funds_of_day)
      names.push_back(each.name);
    view = std::make_unique<session_view>(instance_identity{"2025-06-03", "2025-06-03", "finished"}, names);
    view->begin(hours, from_dollars(100'000), "made up");
    view->set_phase("open", hours.open);
    std::string signals, decisions, trades, positions;
    log_stamp stamps[4]{{"2025-06-03"}, {"2025-06-03"}, {"2025-06-03"}, {"2025-06-03"}};
    day.begin();
    for (int m = 1; m <= hours.minutes(); ++m) {
      if (day.at(m) == hours.liquidation)
        view->set_phase("liquidation", day.at(m));
      if (day.at(m) == hours.close)
        view->set_phase("closed", day.at(m));
      day.minute(m);
      portfolio_output output = std::exchange(day.log, {});
      const ranked_round round = day.ranks.close(day.at(m));
      append_signal_lines(signals, stamps[0], round, names);
      for (const book_snapshot& book : output.snapshots)
        append_position_line(positions, stamps[1], book, names);
      for (const decision& made : output.decisions)
        append_decision_line(decisions, stamps[2], made, names);
      portfolio_output fills;
      fills.trades = std::exchange(output.trades, {});
      for (const trade& booked : fills.trades)
        append_trade_line(trades, stamps[3], booked, names);
      fill_count += fills.trades.size();
      view->take(day.at(m), nullptr, fills);
      output.alerts.clear(); // they stand in the session log only
      view->take(day.at(m), &round, output);
    }
    write(folder / "signals_2025-06-03.jsonl", signals);
    write(folder / "decisions_2025-06-03.jsonl", decisions);
    write(folder / "trades_2025-06-03.jsonl", trades);
    write(folder / "positions_2025-06-03.jsonl", positions);
    run_description run;
    run.title = "mock";
    run.data_note = "made up";
    run.config_json = "{}";
    run.symbols = names;
    run.capital = from_dollars(100'000);
    run.sessions = {{2025, 6, 3}};
    write(folder / "run.json", write_run_file(run));
    std::string summary;
    append_session_summary(summary,
                           {{2025, 6, 3}, day.book.totals(), {{"bars accepted", 7}, {"nothing", 0}}});
    write(folder / "sessions.jsonl", summary);
  }

  std::unique_ptr<session_view> view;
  std::size_t fill_count = 0;
};

/// Equal but for where the logs end: prices at the sixth decimal, other numbers at the ninth digit.
bool same(const json& left, const json& right, const std::string& place) {
  if (left.is_number() && right.is_number() && close_to(left.get<double>(), right.get<double>(), 1e-6))
    return true;
  if (left.type() == right.type() && left.is_structured() && left.size() == right.size()) {
    for (const auto& [key, value] : left.items()) {
      const json* other = left.is_array()       ? &right[static_cast<std::size_t>(std::stoul(key))]
                          : right.contains(key) ? &right[key]
                                                : nullptr;
      if (!other || !same(value, *other, place + "." + key))
        return false;
    }
    return true;
  }
  if (left == right)
    return true;
  CAF_MESSAGE(place << ": " << left.dump().substr(0, 200) << " and " << right.dump().substr(0, 200));
  return false;
}

/// The logs have the orders of one instant in the order of their fills.
json in_one_order(json events) {
  std::stable_sort(events.begin(), events.end(), [](const json& a, const json& b) {
    return std::pair(a["at"].get<time_ms>(), a["text"].get<std::string>()) <
           std::pair(b["at"].get<time_ms>(), b["text"].get<std::string>());
  });
  return events;
}

} // namespace

TEST(the logs of a session give what the running session showed) {
  const scratch_folder folder;
  const traded_day traded(folder.path());
  REQUIRE(traded.fill_count > 20);
  const json document = finished_document(folder.path(), "2025-06-03", 1'764'600'000'000, "1.2.3");
  const json live = traded.view->history(true);
  for (const char* part : {"date", "equity", "prices", "marks"})
    CHECK(same(document["history"][part], live[part], part));
  CHECK(same(in_one_order(document["history"]["events"]), in_one_order(live["events"]), "events"));
  const json &last = document["snapshots"][0], shown = traded.view->snapshot(1'764'600'000'000);
  for (const char* part : {"session", "account", "positions", "ranking", "ranking_at", "learners", "latency"})
    CHECK(same(last[part], shown[part], part));
  CHECK(last["actors"].empty());
  CHECK(last["counters"]["rounds"] == 390);
  CHECK(last["counters"]["bars accepted"] == 7);
  CHECK(!last["counters"].contains("nothing"));
  const json hello = document["hello"]["instances"];
  const json wanted = json::array({{{"id", "2025-06-03"},
                                    {"name", "2025-06-03"},
                                    {"kind", "finished"},
                                    {"connected", false},
                                    {"since", nullptr}}});
  CHECK_EQUAL(hello, wanted);
}

TEST(a finished session keeps to the contract that the hub enforces) {
  const scratch_folder folder;
  const traded_day traded(folder.path());
  const json document =
      json::parse(text_of(finished_document(folder.path(), "2025-06-03", 1'764'600'000'000, "1.2.3")));
  session_history history("2025-06-03");
  refused_message refused;
  CHECK(history.take(document["history"], refused));
  CHECK(history.take(document["snapshots"][0], refused));
  CHECK_EQUAL(refused.why, "");
}

TEST(alerts come from the session log at their time) {
  const scratch_folder folder;
  const traded_day traded(folder.path());
  const time_ms at = new_york_to_utc({2025, 6, 3}, 11, 5) + 7'250;
  write(folder.path() / "session_2025-06-03.log", "session 2025-06-03: open\n" +
                                                      alert_text(at, "breaker: too much lost") +
                                                      "99:99 ALERT no time\n ALERT \n");
  const json document = finished_document(folder.path(), "2025-06-03", 1'764'600'000'000, "1.2.3");
  std::vector<json> alerts;
  for (const json& event : document["history"]["events"])
    if (event["kind"] == "alert")
      alerts.push_back(event);
  REQUIRE(alerts.size() == 1);
  const json wanted{{"at", at}, {"kind", "alert"}, {"text", "breaker: too much lost"}};
  CHECK_EQUAL(alerts[0], wanted);
}

TEST(only days with logs are sessions) {
  const scratch_folder folder;
  write(folder.path() / "positions_2025-06-04.jsonl", "");
  write(folder.path() / "positions_2025-06-03.jsonl", "");
  write(folder.path() / "positions_2025-13-03.jsonl", "");
  write(folder.path() / "positions_2025-06-03.jsonl.partial", "");
  const std::vector<std::string> wanted{"2025-06-03", "2025-06-04"};
  CHECK_EQUAL(finished_dates(folder.path()), wanted);
  CHECK(finished_dates(folder.path() / "nothing").empty());
}

TEST(what cannot be read is said with its file) {
  const scratch_folder folder;
  const traded_day traded(folder.path());
  const auto complaint = [&](const std::string& date) -> std::string {
    try {
      finished_document(folder.path(), date, 1, "");
    } catch (const log_error& error) {
      return error.what();
    }
    return "no complaint";
  };
  CHECK(complaint("2025-06-04").find("has no session 2025-06-04") != std::string::npos);
  write(folder.path() / "trades_2025-06-03.jsonl", "{\"timestamp_ms\":1}\n");
  CHECK(complaint("2025-06-03").find("trades_2025-06-03.jsonl:1:") != std::string::npos);
  std::filesystem::remove(folder.path() / "trades_2025-06-03.jsonl");
  CHECK(complaint("2025-06-03").find("trades_2025-06-03.jsonl") != std::string::npos);
}
