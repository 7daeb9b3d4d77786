#define CAF_SUITE program_live_halting

#include "tests/live/lab.hpp"

#include <sys/stat.h>

using namespace sentio;
using nlohmann::json;
using test::background_run;
using test::contains;
using test::program;

namespace {

constexpr int patience_s = 40;

/// A running exchange, and a trader that may be started there again and again. Its latch lies in its folder.
struct account_lab {
  test::running_exchange exchange{"--speed 60 --start 09:28"};
  program sentio_actors;

  std::string environment() const { return exchange.keys() + "SENTIO_STATE_DIR=" + state().string() + " "; }
  std::filesystem::path state() const { return sentio_actors.folder() / "state"; }
  std::filesystem::path logs() const { return sentio_actors.folder() / "logs"; }
  std::unique_ptr<background_run> start(const std::string& more = "") const {
    return std::make_unique<background_run>(sentio_actors.folder(),
                                            "live --paper --speed 60 --no-report --data-dir " +
                                                test::sample_folder().string() + exchange.address() +
                                                "--log-dir logs" + more,
                                            environment());
  }
  test::program_result say(const std::string& words) const { return sentio_actors.run(words, environment()); }
  json status() const { return json::parse(say("status --json --log-dir logs").out); }
  std::string errors() const { return test::file_text(sentio_actors.folder() / "error"); }
  /// Until the instance answers and the status is as wanted, at most 30 s.
  template <class Wanted>
  bool until(const Wanted& wanted) const {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (std::chrono::steady_clock::now() < end) {
      const auto answer = say("status --json --log-dir logs");
      if (answer.code == 0 && wanted(json::parse(answer.out)))
        return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return false;
  }
  bool until_halted(bool halted) const {
    return until([&](const json& status) {
      return status.at("halted").is_null() != halted &&
             status.at("actors").at("portfolio").value("halted", 2) == (halted ? 1 : 0);
    });
  }
  bool until_flat() const {
    return until([](const json& status) {
      const auto& portfolio = status.at("actors").at("portfolio");
      return portfolio.value("positions", 1) == 0 && portfolio.value("live_orders", 1) == 0;
    });
  }
  std::vector<std::filesystem::path> latches() const {
    std::vector<std::filesystem::path> found;
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator(state(), none))
      if (entry.path().extension() == ".halted")
        found.push_back(entry.path());
    return found;
  }
};

unsigned mode_of(const std::filesystem::path& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 ? status.st_mode & 0777U : 0U;
}

} // namespace

TEST(HALTED sells everything and holds over kill - 9 until an operator re - arms) {
  const account_lab lab;
  auto run = lab.start();
  REQUIRE(test::holds_positions(lab.sentio_actors));
  const auto halt = lab.say("halt --log-dir logs");
  CHECK_EQUAL(halt.code, 0);
  CHECK(contains(halt.out, "HALTED: everything is being closed"));
  CHECK(contains(halt.out, "sentio-actors rearm --log-dir logs"));
  REQUIRE(lab.until_halted(true));
  CHECK(lab.until_flat());
  CHECK(contains(lab.say("status --log-dir logs").out, ": kill switch (control socket); re-arm with"));
  const auto health = lab.say("status --health --log-dir logs");
  CHECK_EQUAL(health.code, 1);
  CHECK(contains(health.out, "NOT healthy: HALTED since 20"));
  const auto latches = lab.latches();
  REQUIRE(latches.size() == 1);
  CHECK_EQUAL(mode_of(latches.front()), 0600U);
  CHECK_EQUAL(mode_of(latches.front().parent_path()), 0700U);
  CHECK_EQUAL(test::json_file(latches.front()).at("reason").get<std::string>(),
              "kill switch (control socket)");
  const auto refused =
      lab.say("rearm --paper" + lab.exchange.address().substr(0, lab.exchange.address().find(" --ca")));
  CHECK_EQUAL(refused.code, 2);
  CHECK(contains(refused.error, "re-arm it there: sentio-actors rearm --log-dir DIR"));

  run->signal(SIGKILL);
  run->wait(10);
  const auto doctor =
      lab.say("doctor --paper --data-dir " + test::sample_folder().string() + lab.exchange.address());
  CHECK_EQUAL(doctor.code, 1);
  CHECK(contains(doctor.out, "HALTED since 20"));
  run = lab.start();
  REQUIRE(lab.until_halted(true));
  CHECK(contains(lab.errors(), "recovering logs: "));
  CHECK(contains(lab.errors(), "HALTED since 20"));
  // Minutes go by, and nothing is bought.
  std::this_thread::sleep_for(std::chrono::seconds(4));
  CHECK_EQUAL(lab.status().at("actors").at("portfolio").at("positions").get<int>(), 0);

  const auto rearm = lab.say("rearm --log-dir logs");
  CHECK_EQUAL(rearm.code, 0);
  CHECK(contains(rearm.out, "re-armed: entries are allowed"));
  CHECK(lab.until_halted(false));
  CHECK(lab.latches().empty());
  CHECK(test::holds_positions(lab.sentio_actors));
  run->signal(SIGINT);
  CHECK_EQUAL(run->wait(patience_s), 0);
  CHECK(test::closed_logs(lab.logs()));
  CHECK(test::replays(lab.sentio_actors));
}

TEST(HALTED is latched by a file and a signal and re - armed while nothing runs) {
  const account_lab lab;
  auto run = lab.start();
  REQUIRE(test::holds_positions(lab.sentio_actors));
  test::write_file(lab.logs() / ".halt", "");
  REQUIRE(lab.until_halted(true));
  CHECK_EQUAL(lab.status().at("halted").at("reason").get<std::string>(), "kill switch (halt file)");
  const auto refused = lab.say("rearm --log-dir logs");
  CHECK_EQUAL(refused.code, 1);
  CHECK(contains(refused.error, ".halt says halt; remove it first"));
  std::filesystem::remove(lab.logs() / ".halt");
  CHECK_EQUAL(lab.say("rearm --log-dir logs").code, 0);
  REQUIRE(lab.until_halted(false));
  run->signal(SIGUSR1);
  REQUIRE(lab.until_halted(true));
  CHECK_EQUAL(lab.status().at("halted").at("reason").get<std::string>(), "kill switch (SIGUSR1)");
  CHECK(lab.until_flat());

  run->signal(SIGKILL);
  run->wait(10);
  const auto& address = lab.exchange.address();
  const auto rearm = lab.say("rearm --paper" + address.substr(0, address.find(" --ca")));
  CHECK_EQUAL(rearm.code, 0);
  CHECK(contains(rearm.out, "re-armed: the next session buys again"));
  CHECK(contains(lab.say("rearm --paper" + address.substr(0, address.find(" --ca"))).out, "not HALTED"));
  run = lab.start();
  CHECK(lab.until_halted(false));
  CHECK(contains(lab.errors(), "while no session ran"));
  CHECK(lab.latches().empty());
  CHECK(test::holds_positions(lab.sentio_actors));
  run->signal(SIGINT);
  CHECK_EQUAL(run->wait(patience_s), 0);
  CHECK(test::replays(lab.sentio_actors));
}

TEST(a new session of a halted account begins halted) {
  const account_lab lab;
  auto run = lab.start();
  REQUIRE(test::holds_positions(lab.sentio_actors));
  CHECK_EQUAL(lab.say("halt --log-dir logs").code, 0);
  REQUIRE(lab.until_halted(true));
  run->signal(SIGINT);
  CHECK_EQUAL(run->wait(patience_s), 0);
  // The session of that directory is over.
  run = lab.start();
  CHECK_EQUAL(run->wait(patience_s), 2);
  CHECK(contains(lab.errors(), "was ended in good order"));
  run = lab.start(" --overwrite");
  REQUIRE(lab.until_halted(true));
  CHECK(contains(lab.errors(), "nothing is bought until `sentio-actors rearm --log-dir logs`"));
  CHECK_EQUAL(lab.status().at("halted").at("reason").get<std::string>(), "kill switch (control socket)");
  std::this_thread::sleep_for(std::chrono::seconds(4));
  CHECK_EQUAL(lab.status().at("actors").at("portfolio").at("positions").get<int>(), 0);
  run->signal(SIGINT);
  CHECK_EQUAL(run->wait(patience_s), 0);
  CHECK_EQUAL(lab.latches().size(), 1U);
}

TEST(an actor is killed on sessions that allow it and status tells its way back) {
  const program sentio_actors;
  {
    background_run run(sentio_actors.folder(), test::slow_session + "--allow-kill");
    REQUIRE(test::holds_positions(sentio_actors));
    const auto unknown = sentio_actors.run("kill NOBODY --log-dir logs");
    CHECK_EQUAL(unknown.code, 1);
    CHECK(contains(unknown.error, "NOBODY is no actor; actors are: feed, clock, tape, gateway, ranking"));
    const auto killed = sentio_actors.run("kill TQQQ --log-dir logs");
    CHECK_EQUAL(killed.code, 0);
    CHECK(contains(killed.out, "killed TQQQ"));
    CHECK_EQUAL(sentio_actors.run("kill portfolio --log-dir logs").code, 0);
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    const auto status = json::parse(sentio_actors.run("status --json --log-dir logs").out);
    for (const std::string name : {"TQQQ", "portfolio", "ranking"}) {
      const auto& actor = status.at("actors").at(name);
      CHECK_EQUAL(actor.at("restarts").get<int>(), 1);
      CHECK(actor.at("recovery_ms").get<double>() < 1000);
      CHECK(actor.at("folded").get<int>() > 0);
    }
    CHECK(contains(sentio_actors.run("status --log-dir logs").out, "restarts 1 recovery_ms "));
    run.signal(SIGINT);
    CHECK_EQUAL(run.wait(patience_s), 0);
    CHECK(test::closed_logs(sentio_actors.folder() / "logs"));
    CHECK(test::replays(sentio_actors));
  }
  const program other;
  background_run run(other.folder(), test::slow_session);
  REQUIRE(test::appears(other.folder() / "logs" / "control.sock"));
  const auto refused = other.run("kill TQQQ --log-dir logs");
  CHECK_EQUAL(refused.code, 1);
  CHECK(contains(refused.error, "was started without --allow-kill"));
}
