#define CAF_SUITE program_live_state_directory

#include "tests/live/lab.hpp"

#include <sys/stat.h>
#include <unistd.h>

using namespace sentio;
using nlohmann::json;
using test::background_run;
using test::contains;
using test::program;

namespace {

namespace fs = std::filesystem;

constexpr int patience_s = 40;

/// An account at a running exchange, and traders and operators who may look at it from different places.
struct account {
  test::running_exchange exchange{"--speed 60 --start 09:28"};
  program one;
  program other;

  fs::path state() const { return one.folder() / "state"; }
  /// SENTIO_STATE_DIR and others from the test's environment are taken away.
  std::string environment(const std::string& more = "") const {
    return exchange.keys() + "SENTIO_STATE_DIR= " + more + " ";
  }
  std::string live(const std::string& more) const {
    return "live --paper --speed 60 --no-report --log-dir logs --data-dir " + test::sample_folder().string() +
           exchange.address() + more;
  }
  std::string in_state() const { return " --state-dir " + state().string() + " "; }
  std::unique_ptr<background_run> start(const program& where, const std::string& more) const {
    fs::remove(where.folder() / "error");
    return std::make_unique<background_run>(where.folder(), live(more), environment());
  }
  test::program_result doctor(const std::string& more) const {
    return one.run("doctor --paper --data-dir " + test::sample_folder().string() + exchange.address() + more,
                   environment());
  }
  test::program_result rearm(const std::string& more) const {
    const auto& address = exchange.address();
    return one.run("rearm --paper" + address.substr(0, address.find(" --ca")) + more, environment());
  }
  fs::path file(const std::string& ending) const {
    for (const auto& entry : fs::directory_iterator(state()))
      if (entry.path().extension() == ending)
        return entry.path();
    return {};
  }
};

json status_of(const program& where) {
  const auto answer = where.run("status --json --log-dir logs");
  return answer.code == 0 ? json::parse(answer.out) : json{{"halted", nullptr}};
}

bool is_halted_soon(const program& where) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (status_of(where).at("halted").is_null() && std::chrono::steady_clock::now() < end)
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  return !status_of(where).at("halted").is_null();
}

unsigned mode_of(const fs::path& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 ? status.st_mode & 07777U : 0U;
}

} // namespace

TEST(no environment leads a second instance or an operator to another state directory) {
  const account lab;
  auto run = lab.start(lab.one, lab.in_state());
  REQUIRE(test::holds_positions(lab.one));
  for (const std::string place : {"TMPDIR=/var/tmp", "XDG_STATE_HOME=/var/tmp", "HOME=/var/tmp"}) {
    const auto refused = lab.other.run(lab.live(lab.in_state()), lab.environment(place));
    CHECK_EQUAL(refused.code, 2);
    CHECK(contains(refused.error, "another instance (process "));
  }
  CHECK_EQUAL(status_of(lab.one).at("state_dir").get<std::string>(), lab.state().string());
  CHECK(
      contains(lab.one.run("status --log-dir logs").out, "state of the account in " + lab.state().string()));
  CHECK_EQUAL(lab.one.run("halt --log-dir logs").code, 0);
  run->signal(SIGKILL);
  run->wait(10);
  CHECK(contains(lab.doctor(lab.in_state()).out, "HALTED since 20"));
  CHECK(contains(lab.doctor(lab.in_state()).out, "are kept in " + lab.state().string()));
  run = std::make_unique<background_run>(
      lab.other.folder(), lab.live(lab.in_state()),
      lab.environment("TMPDIR=/var/tmp XDG_STATE_HOME=/var/tmp HOME=/var/tmp"));
  CHECK(is_halted_soon(lab.other));
}

TEST(a state directory that is lost or another one does not make a HALTED account trade) {
  const account lab;
  auto run = lab.start(lab.one, lab.in_state());
  REQUIRE(test::holds_positions(lab.one));
  CHECK_EQUAL(lab.one.run("halt --log-dir logs").code, 0);
  run->signal(SIGKILL);
  run->wait(10);
  fs::rename(lab.state(), lab.one.folder() / "lost");
  const auto nowhere = lab.rearm(lab.in_state());
  CHECK_EQUAL(nowhere.code, 1);
  CHECK(contains(nowhere.error, "cannot be opened"));
  const auto doctor = lab.doctor(lab.in_state());
  CHECK_EQUAL(doctor.code, 1);
  CHECK(contains(doctor.out, "does not know account PA"));
  CHECK(!fs::exists(lab.state()));
  run = lab.start(lab.other, lab.in_state());
  CHECK(is_halted_soon(lab.other));
  CHECK(contains(status_of(lab.other).at("halted").at("reason").get<std::string>(), "does not know account"));
  // It is an operator's word again that lets it trade.
  CHECK_EQUAL(lab.other.run("rearm --log-dir logs").code, 0);
  CHECK(test::holds_positions(lab.other));
}

TEST(whatever is in the place of the latch and is no file of ours counts as HALTED) {
  const account lab;
  {
    auto run = lab.start(lab.one, lab.in_state());
    REQUIRE(test::holds_positions(lab.one));
    run->signal(SIGINT);
    CHECK_EQUAL(run->wait(patience_s), 0);
  }
  CHECK(contains(lab.doctor(lab.in_state()).out, "not HALTED"));
  const auto latch = lab.file(".known").replace_extension(".halted");
  fs::create_symlink("/nowhere/at/all", latch);
  CHECK(contains(lab.doctor(lab.in_state()).out, ".halted is a symbolic link, so it counts as latched"));
  fs::remove(latch);
  REQUIRE(mkfifo(latch.c_str(), 0600) == 0);
  CHECK(contains(lab.doctor(lab.in_state()).out, ".halted is no regular file, so it counts as latched"));
  fs::remove(latch);
  test::write_file(latch, "{");
  CHECK(contains(lab.doctor(lab.in_state()).out, ".halted cannot be read, so it counts as latched"));
  fs::remove(latch);
  REQUIRE(mkfifo(latch.c_str(), 0600) == 0);
  auto run = lab.start(lab.one, lab.in_state() + "--overwrite");
  CHECK(is_halted_soon(lab.one));
  CHECK_EQUAL(lab.one.run("rearm --log-dir logs").code, 0);
  CHECK(!fs::exists(fs::symlink_status(latch)));
  CHECK(status_of(lab.one).at("halted").is_null());
}

TEST(halt and rearm tell success only when the disk has it) {
  const account lab;
  auto run = lab.start(lab.one, lab.in_state());
  REQUIRE(test::holds_positions(lab.one));
  const auto latch = lab.file(".known").replace_extension(".halted");
  fs::create_directories(latch / "full"); // root, who may write everywhere, cannot put a file there either
  const auto halt = lab.one.run("halt --log-dir logs");
  CHECK_EQUAL(halt.code, 1);
  CHECK(contains(halt.error, "HALTED, and everything is being closed, but a later session would buy again"));
  CHECK(is_halted_soon(lab.one));
  fs::remove_all(latch);
  CHECK_EQUAL(lab.one.run("halt --log-dir logs").code, 0);
  CHECK(fs::is_regular_file(latch));
  fs::remove(latch);
  fs::create_directories(latch / "full");
  const auto rearm = lab.one.run("rearm --log-dir logs");
  CHECK_EQUAL(rearm.code, 1);
  CHECK(contains(rearm.error, "not re-armed for later sessions"));
  fs::remove_all(latch);
  CHECK_EQUAL(lab.one.run("rearm --log-dir logs").code, 0);
  CHECK(status_of(lab.one).at("halted").is_null());
}

TEST(a state directory that somebody else made is refused and never changed) {
  const account lab;
  const auto target = lab.one.folder() / "target";
  fs::create_directory(target);
  fs::permissions(target, fs::perms(0755));
  fs::create_directory_symlink(target, lab.state());
  const auto refused = [&](const std::string& why) {
    const auto run = lab.one.run(lab.live(lab.in_state()), lab.environment());
    CHECK_EQUAL(run.code, 2);
    CHECK(contains(run.error, why));
    CHECK(contains(run.error, "nothing was changed"));
    CHECK(contains(lab.doctor(lab.in_state()).out, why));
    CHECK_EQUAL(lab.rearm(lab.in_state()).code, 2);
  };
  refused("is a symbolic link");
  CHECK_EQUAL(lab.rearm(" --state-dir " + lab.state().string() + "/").code, 2);
  CHECK_EQUAL(mode_of(target), 0755U);
  CHECK(fs::is_empty(target));
  fs::remove(lab.state());
  fs::create_directory(lab.state());
  fs::permissions(lab.state(), fs::perms(0777));
  refused("so others may change what is in it");
  CHECK_EQUAL(mode_of(lab.state()), 0777U);
  fs::permissions(lab.state(), fs::perms(0700));
  if (geteuid() != 0) {
    CAF_MESSAGE("skipped: only root can make another user's directory");
    return;
  }
  REQUIRE(chown(lab.state().c_str(), 65534, 65534) == 0);
  refused("belongs to ");
  CHECK(fs::is_empty(lab.state()));
}

TEST(a second trader that no lock can reach is recognised at the venue) {
  const account lab;
  auto first = lab.start(lab.one, lab.in_state());
  REQUIRE(test::holds_positions(lab.one));
  // As on another computer: the same knowledge, and locks of its own.
  const auto elsewhere = lab.other.folder() / "state";
  fs::copy(lab.state(), elsewhere);
  fs::permissions(elsewhere, fs::perms::owner_all);
  auto second = lab.start(lab.other, " --seed 7 --state-dir " + elsewhere.string());
  // Whoever sees an order of the other one first: the newcomer, unless the first one has nothing to order.
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(40);
  const program* halted = nullptr;
  while (!halted && std::chrono::steady_clock::now() < end) {
    for (const auto* where : {&lab.one, &lab.other})
      if (test::file_text(where->folder() / "error")
              .find("ALARM HALTED: another process of this program trades on this account") !=
          std::string::npos)
        halted = where;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  REQUIRE(halted != nullptr);
  CHECK(is_halted_soon(*halted));
  CHECK(status_of(*halted).at("actors").at("gateway").at("second_trader").get<int>() > 0);
  // The latch outlives it.
  const auto latched = [](const fs::path& state) {
    const auto files = fs::directory_iterator(state);
    return std::any_of(fs::begin(files), fs::end(files),
                       [](const auto& entry) { return entry.path().extension() == ".halted"; });
  };
  CHECK(latched(halted == &lab.one ? lab.state() : elsewhere));
  second->signal(SIGINT);
  CHECK(second->wait(patience_s) >= 0);
}

TEST(a command without rights says so) {
  if (geteuid() != 0) {
    CAF_MESSAGE("skipped: only root can become another user");
    return;
  }
  const program sentio_actors;
  background_run run(sentio_actors.folder(), test::slow_session);
  REQUIRE(test::appears(sentio_actors.folder() / "logs" / "control.sock"));
  // A copy that everybody may run.
  const auto copy = sentio_actors.folder() / "sentio-actors";
  fs::copy_file(test::program_path(), copy);
  const auto as_nobody = [&](const std::string& command) {
    return std::system(("cd '" + sentio_actors.folder().string() +
                        "' && setpriv --reuid 65534 --regid 65534 --clear-groups ./sentio-actors " + command +
                        " --log-dir logs >said 2>&1")
                           .c_str());
  };
  fs::permissions(copy, fs::perms(0755));
  fs::permissions(sentio_actors.folder(), fs::perms(0755));
  for (const std::string command : {"halt", "rearm", "flatten", "status", "maintenance on"}) {
    const int code = as_nobody(command);
    CHECK_EQUAL(WEXITSTATUS(code), 1);
    const auto said = test::file_text(sentio_actors.folder() / "said");
    CHECK(contains(said, "this user may not tell the instance in logs anything"));
    CHECK(contains(said, "so nothing was done; run it as "));
  }
  fs::permissions(sentio_actors.folder() / "logs", fs::perms(0700));
  CHECK_EQUAL(WEXITSTATUS(as_nobody("halt")), 1);
  CHECK(contains(test::file_text(sentio_actors.folder() / "said"), "this user may not tell the instance"));
  CHECK(status_of(sentio_actors).at("halted").is_null());
}
