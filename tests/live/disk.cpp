#define CAF_SUITE program_live_disk

#include "tests/live/lab.hpp"
#include "tests/program/small_disk.hpp"

using namespace sentio;
using test::background_run;
using test::contains;
using test::program;
using test::small_disk;

namespace {

namespace fs = std::filesystem;

constexpr int patience_s = 60;
const std::string logs = "disk/logs";
const std::string session = "--paper --venue local --speed 120 --log-dir disk/logs";

/// A session of all six symbols on a disk of its own.
struct disk_lab {
  program sentio_actors;
  small_disk disk;

  explicit disk_lab(const std::string& options) : disk(sentio_actors.folder() / "disk", options) {}
  fs::path log_dir() const { return sentio_actors.folder() / logs; }
  std::string errors() const { return test::file_text(sentio_actors.folder() / "error"); }
  std::unique_ptr<background_run> start() const {
    return std::make_unique<background_run>(sentio_actors.folder(), session, test::without_keys);
  }
  bool says(const std::string& text) const {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    while (errors().find(text) == std::string::npos) {
      if (std::chrono::steady_clock::now() > end)
        return contains(errors(), text);
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return true;
  }
  bool is_flat_soon() const {
    for (int i = 0; i < 200; ++i) {
      const auto status = sentio_actors.run("status --json --log-dir " + logs);
      if (status.code == 0 &&
          nlohmann::json::parse(status.out).at("actors").at("portfolio").value("positions", 1) == 0)
        return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return false;
  }
};

/// A start is refused in a sentence and leaves nothing.
void check_refused(const disk_lab& lab, const std::string& words) {
  const auto before = test::files_below(lab.sentio_actors.folder() / "disk");
  const auto run = lab.sentio_actors.run(session, test::without_keys);
  CHECK_EQUAL(run.code, 1);
  CHECK(run.out.empty());
  CHECK(contains(run.error, words));
  CHECK(contains(run.error, logs));
  CHECK(run.error.find("trading 2025-12-01") == std::string::npos);
  CHECK(test::files_below(lab.sentio_actors.folder() / "disk") == before);
}

} // namespace

TEST(a start on a disk without room is refused before anything is traded) {
  const disk_lab lab("size=3m");
  if (!lab.disk.is_there())
    return;
  check_refused(lab, "has no room for a session, which needs ");
  check_refused(lab, "No space left on device. Make room, or choose another --log-dir");
}

TEST(a start on a disk without inodes is refused before anything is traded) {
  const disk_lab lab("size=64m,nr_inodes=12");
  if (!lab.disk.is_there())
    return;
  check_refused(lab, "and 12 files: No space left on device");
}

TEST(a start on a read only disk is refused before anything is traded) {
  const disk_lab lab("size=64m");
  if (!lab.disk.is_there())
    return;
  fs::create_directory(lab.log_dir());
  REQUIRE(lab.disk.make_read_only());
  check_refused(lab, "Read-only file system");
}

TEST(a disk that fills while a session trades halts it and its end is written whole) {
  const disk_lab lab("size=24m");
  if (!lab.disk.is_there())
    return;
  const auto run = lab.start();
  REQUIRE(test::holds_positions(lab.sentio_actors, logs));
  lab.disk.fill();
  CHECK(lab.says("ALARM HALTED: the disk of the log directory disk/logs is full; everything is sold"));
  CHECK(lab.is_flat_soon());
  run->signal(SIGINT);
  CHECK_EQUAL(run->wait(patience_s), 1);
  CHECK(contains(lab.errors(), "the session was HALTED: the disk of the log directory disk/logs is full"));
  CHECK(test::closed_logs(lab.log_dir()));
  CHECK(contains(test::file_text(lab.log_dir() / "report.html"), "</html>"));
  CHECK(contains(test::file_text(lab.log_dir() / "analysis_report.txt"), "Analysis report"));
  CHECK(test::json_file(lab.log_dir() / "exchange_state.json").at("positions").empty());
  CHECK(!fs::exists(lab.log_dir() / ".reserve"));
  CHECK(test::replays(lab.sentio_actors, logs));
}

TEST(a session whose disk runs out of inodes ends in good order) {
  const disk_lab lab("size=64m,nr_inodes=100");
  if (!lab.disk.is_there())
    return;
  const auto run = lab.start();
  REQUIRE(test::holds_positions(lab.sentio_actors, logs));
  lab.disk.use_up_inodes();
  run->signal(SIGINT);
  CHECK_EQUAL(run->wait(patience_s), 0);
  CHECK(test::closed_logs(lab.log_dir()));
  CHECK(contains(test::file_text(lab.log_dir() / "report.html"), "</html>"));
  CHECK(test::replays(lab.sentio_actors, logs));
}

TEST(a disk that becomes read only halts the session and its totals are told) {
  const disk_lab lab("size=64m");
  if (!lab.disk.is_there())
    return;
  const auto run = lab.start();
  REQUIRE(test::holds_positions(lab.sentio_actors, logs));
  REQUIRE(lab.disk.make_read_only());
  CHECK(lab.says("ALARM HALTED: the disk of the log directory disk/logs is read-only; everything is sold"));
  CHECK(lab.is_flat_soon());
  run->signal(SIGINT);
  CHECK_EQUAL(run->wait(patience_s), 1);
  CHECK(contains(lab.errors(), "Read-only file system"));
  CHECK(contains(lab.errors(), "the session's totals: {"));
  CHECK(contains(lab.errors(), "closing_equity"));
}
