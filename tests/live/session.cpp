#define CAF_SUITE program_live_session

#include "tests/live/lab.hpp"

using namespace sentio;
using nlohmann::json;
using test::contains;
using test::program;

TEST(a short paper session ends flat with logs and tape and report) {
  const program sentio_actors;
  const auto logs = sentio_actors.folder() / "logs";
  const auto result = sentio_actors.run(test::short_session, test::without_keys);
  CHECK_EQUAL(result.code, 0);
  CHECK(contains(result.error, "trading 2025-12-01, 09:30 to 10:20 New York, account PA"));
  CHECK(contains(result.out, "Analysis report: paper, 2025-12-01"));
  CHECK(contains(result.out, "round closed to order sent: "));
  CHECK(test::closed_logs(logs));
  CHECK(contains(test::file_text(logs / "report.html"), "</html>"));
  CHECK(contains(test::file_text(logs / "analysis_report.txt"), "Analysis report"));
  const auto venue = test::json_file(logs / "exchange_state.json");
  CHECK(venue.at("positions").empty());
  CHECK(venue.at("executions").size() >= 2);
  const auto positions = test::lines_of(test::file_text(logs / "positions_2025-12-01.jsonl"));
  REQUIRE(!positions.empty());
  const auto last = json::parse(positions.back());
  CHECK(last.at("positions").empty());
  // Our books are the venue's, to the cent.
  CHECK(test::close_to(last.at("cash").get<double>(), std::stod(venue.at("cash").get<std::string>()), 1e-9));
  CHECK_EQUAL(test::lines_of(test::file_text(logs / "trades_2025-12-01.jsonl")).size(),
              venue.at("executions").size());
  CHECK(test::replays(sentio_actors));
}

TEST(a session that is too short to enter ends without orders) {
  const program sentio_actors;
  const auto result = sentio_actors.run(
      "live --paper --venue local --speed 1200 --session-end 09:50 --log-dir logs", test::without_keys);
  CHECK_EQUAL(result.code, 0);
  CHECK(contains(result.out, "entry_cutoff"));
  CHECK(test::closed_logs(sentio_actors.folder() / "logs"));
  CHECK(test::json_file(sentio_actors.folder() / "logs" / "exchange_state.json").at("orders").empty());
  CHECK(test::replays(sentio_actors));
}

TEST(a dry run decides and sends no order) {
  const program sentio_actors;
  const auto logs = sentio_actors.folder() / "logs";
  const auto result =
      sentio_actors.run("live --dry-run --json --no-report " + test::short_session, test::without_keys);
  CHECK_EQUAL(result.code, 0);
  CHECK(contains(result.error, "without orders"));
  const auto answer = json::parse(result.out);
  CHECK_EQUAL(answer.at("rounds").get<int>(), 50);
  CHECK_EQUAL(answer.at("actors").at("portfolio").at("fills").get<int>(), 0);
  const auto venue = test::json_file(logs / "exchange_state.json");
  CHECK(venue.at("orders").empty());
  CHECK(venue.at("executions").empty());
  CHECK(!test::file_text(logs / "decisions_2025-12-01.jsonl").empty());
  CHECK(test::closed_logs(logs));
  CHECK(test::replays(sentio_actors));
}

TEST(another day of the data can be traded and the logs of an earlier run are safe) {
  const program sentio_actors;
  const std::string day = "live --paper --venue local --speed 1200 --date 2025-11-28 --session-end 09:40 "
                          "--no-report --log-dir logs";
  CHECK_EQUAL(sentio_actors.run(day, test::without_keys).code, 0);
  CHECK(test::closed_logs(sentio_actors.folder() / "logs", test::half_day));
  const auto before = test::files_below(sentio_actors.folder());
  const auto again = sentio_actors.run(day, test::without_keys);
  CHECK_EQUAL(again.code, 2);
  CHECK(contains(again.error, "the log directory logs is not empty"));
  CHECK(test::files_below(sentio_actors.folder()) == before);
  CHECK_EQUAL(sentio_actors.run(day + " --overwrite", test::without_keys).code, 0);
}
