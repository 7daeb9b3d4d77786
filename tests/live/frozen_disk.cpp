#define CAF_SUITE program_live_frozen_disk
// A disk that does not come back, as under fsfreeze: what is held is sold at the venue, past the tape.

#include "tests/live/lab.hpp"

using namespace sentio;
using nlohmann::json;
using test::background_run;
using test::contains;
using test::program;

namespace {

namespace fs = std::filesystem;

constexpr int patience_s = 60;
const std::string logs = "logs/paper_trading/2025-12-01_1";

struct lab {
  test::running_exchange exchange{"--speed 60 --start 09:28"};
  program sentio_actors;

  std::unique_ptr<background_run> start(const std::string& preload = "") const {
    fs::remove(sentio_actors.folder() / "error"); // what the last one said is not waited for
    return std::make_unique<background_run>(
        sentio_actors.folder(),
        "live --paper --speed 60 --no-report --data-dir " + test::sample_folder().string() +
            exchange.address(),
        exchange.keys() + "SENTIO_STATE_DIR=" + (sentio_actors.folder() / "state").string() + " " + preload);
  }
  std::string errors() const { return test::file_text(sentio_actors.folder() / "error"); }
  bool says(const std::string& text) const {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(patience_s);
    while (!contains(errors(), text) && std::chrono::steady_clock::now() < end)
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    return contains(errors(), text);
  }
  json at_venue(const std::string& target) const { return exchange.get(target); }
};

} // namespace

TEST(shares are sold when the disk freezes and the next start finds that out from the venue) {
  const lab lab;
  {
    const auto run =
        lab.start("LD_PRELOAD=" + (test::program_path().parent_path() / "libstuck_disk.so").string());
    REQUIRE(test::holds_positions(lab.sentio_actors, logs));
    test::write_file(lab.sentio_actors.folder() / logs / "frozen.disk", "");
    CHECK_EQUAL(run->wait(patience_s), 1);
    CHECK(contains(lab.errors(), "ALARM HALTED: the disk of the tape " + logs + "/session_2025-12-01.tape "));
    CHECK(contains(lab.errors(), "everything is sold at the venue now, past the tape"));
    CHECK(contains(lab.errors(), "sold at the venue: "));
  }
  CHECK(lab.at_venue("/v2/positions").empty());
  CHECK(lab.at_venue("/v2/orders?status=open").empty());
  const auto clock = lab.at_venue("/v2/clock").at("timestamp").get<std::string>();
  CHECK(clock < "2025-12-01T15:58"); // not at the end of the day: at once

  fs::remove(lab.sentio_actors.folder() / logs / "frozen.disk");
  const auto again = lab.start();
  CHECK(lab.says("recovering " + logs));
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(patience_s);
  json status;
  do {
    const auto asked = lab.sentio_actors.run("status --json --log-dir " + logs);
    status = asked.code == 0 ? json::parse(asked.out) : json();
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  } while (std::chrono::steady_clock::now() < end &&
           (status.is_null() || status.at("actors").at("portfolio").value("positions", 1) > 0));
  REQUIRE(!status.is_null());
  CHECK_EQUAL(status.at("actors").at("portfolio").value("positions", 1), 0);
  CHECK(lab.at_venue("/v2/positions").empty()); // nothing was bought again: HALTED
  CHECK(!contains(lab.errors(), "another process of this program"));
  again->signal(SIGINT);
  CHECK_EQUAL(again->wait(patience_s), 0);
  CHECK(test::closed_logs(lab.sentio_actors.folder() / logs));
  CHECK(test::replays(lab.sentio_actors, logs));
}
