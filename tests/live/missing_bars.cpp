#define CAF_SUITE program_live_missing_bars

#include "tests/live/lab.hpp"

using namespace sentio;
using test::contains;
using test::program;

TEST(a symbol whose bars never come is an alarm on the console and told in report and log) {
  const program sentio_actors;
  test::write_file(sentio_actors.folder() / "faults.json", R"([{"kind":"missing_bars","symbol":"SDS"}])");
  const auto run = sentio_actors.run(test::short_session + "--json --faults faults.json" +
                                     test::mock_lab::get().with_checkpoint());
  CHECK_EQUAL(run.code, 0);
  CHECK(contains(run.error, "ALARM no bar of SDS since the open, 10 minutes ago or more"));
  const std::string words = "SDS: no bar came in 50 of the 50 minutes of the session of 2025-12-01";
  CHECK(contains(run.error, "warning: " + words));
  CHECK(contains(nlohmann::json::parse(run.out).at("data_warnings").dump(), words));
  const auto logs = sentio_actors.folder() / "logs";
  CHECK(contains(test::file_text(logs / "session_2025-12-01.log"), "data: missing minutes of SDS 50"));
  for (const std::string file : {"analysis_report.txt", "report.html", "run.json"})
    CHECK(contains(test::file_text(logs / file), words));
  CHECK(test::replays(sentio_actors));
}

TEST(status names a symbol whose bars do not come) {
  const program sentio_actors;
  test::write_file(sentio_actors.folder() / "faults.json", R"([{"kind":"missing_bars","symbol":"SDS"}])");
  test::background_run session(sentio_actors.folder(), test::slow_session + "--faults faults.json" +
                                                           test::mock_lab::get().with_checkpoint());
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  nlohmann::json sds;
  while (!sds.contains("silent_minutes") && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    const auto status = sentio_actors.run("status --json --log-dir logs");
    if (status.code == 0)
      sds = nlohmann::json::parse(status.out).at("actors").value("SDS", nlohmann::json::object());
  }
  REQUIRE(sds.contains("silent_minutes"));
  CHECK(sds.at("silent_minutes").get<int>() >= 10);
  CHECK(contains(sentio_actors.run("status --log-dir logs").out, "ALARM no bar of SDS for "));
  const auto health = sentio_actors.run("status --health --log-dir logs");
  CHECK_EQUAL(health.code, 1);
  CHECK(contains(health.out, "NOT healthy: no bar of SDS for "));
  session.signal(SIGINT);
  CHECK_EQUAL(session.wait(60), 0);
}
