#define CAF_SUITE program_live_venue_away

#include "tests/live/lab.hpp"

using namespace sentio;
using test::background_run;
using test::contains;
using test::program;

namespace {

constexpr int patience_s = 40;
const std::string logs = "logs/paper_trading/2025-12-01_1";

/// Every call is answered by a status and a body.
std::string answered(int status, const std::string& body) {
  return R"([{"kind": "rest_answer", "after_ms": 0, "for_ms": 86400000, "count": 1000000, "route": "/v2", "value": )" +
         std::to_string(status) + R"(, "text": ")" + body + R"("}])";
}
const std::string maintenance = answered(403, "<html><h1>Down for maintenance</h1></html>");
const std::string wrong_keys =
    answered(401, R"({\"code\": 40110000, \"message\": \"request is not authorized\"})");

struct lab {
  test::running_exchange exchange{"--speed 60 --start 09:28"};
  program sentio_actors;

  std::string environment() const {
    return exchange.keys() + "SENTIO_STATE_DIR=" + (sentio_actors.folder() / "state").string() + " ";
  }
  std::string command(const std::string& more = "") const {
    return "live --paper --speed 60 --no-report --data-dir " + test::sample_folder().string() +
           exchange.address() + more;
  }
  std::unique_ptr<background_run> start(const std::string& more = "") const {
    std::filesystem::remove(sentio_actors.folder() / "error"); // what the last one said is not waited for
    return std::make_unique<background_run>(sentio_actors.folder(), command(more), environment());
  }
  std::string errors() const { return test::file_text(sentio_actors.folder() / "error"); }
  bool says(const std::string& text) const {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(patience_s);
    while (errors().find(text) == std::string::npos) {
      if (std::chrono::steady_clock::now() > end)
        return contains(errors(), text);
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return true;
  }
};

} // namespace

TEST(an open session is gone on with when the venue is back whatever it said meanwhile) {
  const lab lab;
  {
    const auto run = lab.start();
    REQUIRE(test::holds_positions(lab.sentio_actors, logs));
    run->signal(SIGKILL);
    run->wait(10);
  }
  struct outage {
    std::string faults;
    std::string words;
  };
  const auto of_connections = [](const std::string& kind) {
    return R"([{"kind": ")" + kind + R"(", "after_ms": 0, "for_ms": 420000}])";
  };
  const std::vector<outage> outages{
      {of_connections("tls_expired"), "the venue did not answer about "},
      {of_connections("refuse_connect"), "the venue did not answer about "},
      {answered(503, ""), "the venue answers HTTP 503 about "},
      {answered(200, "<html>welcome</html>"), "cannot be read"},
      {wrong_keys, "the venue refuses these keys when asked about "},
      {maintenance, "the venue answers HTTP 403 about the time, with a page that is not its own"},
  };
  for (const auto& one : outages) {
    lab.exchange.set_faults(one.faults);
    const auto run = lab.start();
    CHECK(lab.says("ALARM the venue"));
    CHECK(contains(lab.errors(), one.words));
    CHECK(contains(lab.errors(), "Trying again in 1 s; the session in " + logs + " is open and holds "));
    CHECK(contains(lab.errors(), " by its tape"));
    CHECK_EQUAL(run->wait(0), -1); // it waits
    if (&one == &outages.back()) {
      CHECK(lab.says("Trying again in 4 s"));
      lab.exchange.set_faults("[]");
      CHECK(lab.says("recovering " + logs + ": "));
      REQUIRE(test::holds_positions(lab.sentio_actors, logs));
      run->signal(SIGINT);
      CHECK_EQUAL(run->wait(patience_s), 0);
      break;
    }
    run->signal(SIGTERM);
    CHECK_EQUAL(run->wait(10), 1);
    CHECK(contains(lab.errors(), "stopped while waiting for the venue: nothing was ordered; the session in " +
                                     logs + " is open"));
    if (one.faults.find("for_ms\": 420000") != std::string::npos)
      std::this_thread::sleep_for(std::chrono::seconds(7)); // the exchange hears nothing before
  }
  CHECK(test::closed_logs(lab.sentio_actors.folder() / logs));
  CHECK(test::replays(lab.sentio_actors, logs));
}

TEST(without an open session wrong keys are wrong usage and an outage is none) {
  const lab lab;
  lab.exchange.set_faults(wrong_keys);
  const auto refused = lab.sentio_actors.run(lab.command(), lab.environment());
  CHECK_EQUAL(refused.code, 2);
  CHECK(contains(refused.error, "the venue refuses these keys"));
  CHECK_EQUAL(lab.sentio_actors.run(lab.command(" --every-session"), lab.environment()).code, 2);
  lab.exchange.set_faults(maintenance);
  const auto away = lab.sentio_actors.run(lab.command(), lab.environment());
  CHECK_EQUAL(away.code, 1);
  CHECK(contains(away.error,
                 "the venue answers HTTP 403 about the time, with a page that is not its own: <html>"));
  const auto service = lab.start(" --every-session");
  CHECK(lab.says("Trying again in 2 s"));
  CHECK(lab.errors().find("is open and holds") == std::string::npos);
  lab.exchange.set_faults("[]");
  CHECK(lab.says("trading 2025-12-01"));
  service->signal(SIGTERM);
  CHECK_EQUAL(service->wait(patience_s), 0);
}
