#define CAF_SUITE program_live_directory

#include "tests/live/lab.hpp"

#include <functional>
#include <sys/mount.h>

using namespace sentio;
using test::background_run;
using test::contains;
using test::program;

namespace {

namespace fs = std::filesystem;

constexpr int patience_s = 60;
const std::string tape_name = "session_2025-12-01.tape";

/// A session that holds something, at the bundled exchange.
struct running_session {
  program sentio_actors;
  std::unique_ptr<background_run> run;

  running_session()
      : run(std::make_unique<background_run>(sentio_actors.folder(), test::slow_session,
                                             test::without_keys)) {
    if (!test::holds_positions(sentio_actors))
      throw std::runtime_error("nothing was bought: " + errors());
  }
  fs::path logs() const { return sentio_actors.folder() / "logs"; }
  std::string errors() const { return test::file_text(sentio_actors.folder() / "error"); }
  bool says(const std::string& text, int seconds) const {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
    while (errors().find(text) == std::string::npos) {
      if (std::chrono::steady_clock::now() > end)
        return contains(errors(), text);
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return true;
  }
};

/// Whether a command is refused with the holder's name and has changed no file of the session.
bool is_refused(const running_session& session, const std::string& arguments) {
  const auto tape = fs::file_size(session.logs() / tape_name);
  const auto record = test::file_text(session.logs() / "session.json");
  const auto result = session.sentio_actors.run(arguments, test::without_keys);
  const bool refused = result.code == 2 && result.out.empty() &&
                       contains(result.error, "is in use: process ") &&
                       contains(result.error, "(sentio-actors live, since 20");
  const bool whole = fs::exists(session.logs() / "control.sock") &&
                     fs::file_size(session.logs() / tape_name) >= tape &&
                     test::file_text(session.logs() / "session.json") == record;
  if (!refused || !whole)
    CAF_MESSAGE(arguments << ": code " << result.code << ", " << (whole ? "" : "not ") << "whole\n"
                          << result.error);
  return refused && whole;
}

/// A second name for a directory, where the machine lets this user mount.
class bind_mount {
public:
  bind_mount(const fs::path& what, const fs::path& where) : where_(where) {
    fs::create_directory(where);
    mounted_ = mount(what.c_str(), where.c_str(), nullptr, MS_BIND, nullptr) == 0;
    if (!mounted_)
      CAF_MESSAGE("skipped: this user may not mount a directory a second time");
  }
  ~bind_mount() {
    if (mounted_)
      umount2(where_.c_str(), MNT_DETACH);
  }
  bind_mount(const bind_mount&) = delete;
  bind_mount& operator=(const bind_mount&) = delete;
  bool is_there() const { return mounted_; }

private:
  fs::path where_;
  bool mounted_ = false;
};

/// What somebody does to the tape of a running session, and how the session then ends.
void check_lost_tape(const std::string& words, const std::function<void(const fs::path&)>& harm) {
  const running_session session;
  harm(session.logs() / tape_name);
  CHECK(session.says("ALARM HALTED: the tape logs/" + tape_name + " " + words, 3));
  const auto status = session.sentio_actors.run("status --json --log-dir logs");
  REQUIRE(status.code == 0);
  CHECK(!nlohmann::json::parse(status.out).at("halted").is_null());
  bool flat = false;
  for (int i = 0; i < 200 && !flat; ++i) {
    const auto now = nlohmann::json::parse(session.sentio_actors.run("status --json --log-dir logs").out);
    flat = now.at("actors").at("portfolio").value("positions", 1) == 0;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  CHECK(flat);
  session.run->signal(SIGINT);
  CHECK_EQUAL(session.run->wait(patience_s), 1);
  CHECK(contains(session.errors(), "the session was HALTED: the tape logs/" + tape_name + " " + words));
  const auto venue = test::json_file(session.logs() / "exchange_state.json");
  CHECK(venue.at("positions").empty());
}

} // namespace

TEST(the directory of a running session is refused to everybody else by every name) {
  const running_session session;
  const auto& folder = session.sentio_actors.folder();
  fs::create_directory_symlink("logs", folder / "link");
  fs::create_directories(folder / "other" / "deep");
  const bind_mount bound(session.logs(), folder / "bound");
  std::vector<std::string> names{"logs", "link", "other/deep/../../logs", session.logs().string()};
  if (bound.is_there())
    names.push_back("bound");
  for (const auto& name : names) {
    CHECK(is_refused(session, "mock --overwrite --log-dir " + name));
    CHECK(is_refused(session, "mock --log-dir " + name));
  }
  REQUIRE(session.sentio_actors
              .run("mock --date 2025-12-01 --no-report --log-dir mine --tape whole.tape" +
                   test::mock_lab::get().with_checkpoint())
              .code == 0);
  CHECK(is_refused(session, "replay whole.tape --overwrite --log-dir link"));
  CHECK(is_refused(session, test::slow_session + "--overwrite"));
  CHECK(is_refused(session, "report --log-dir logs"));
  CHECK(is_refused(session, "warmup --days 1 --output link/learned_2025-12-01.checkpoint"));
  CHECK(is_refused(session, "mock --overwrite --log-dir mine --tape logs/" + tape_name));
  fs::create_symlink("logs/" + tape_name, folder / "mine.tape");
  CHECK(is_refused(session, "mock --overwrite --log-dir mine --tape mine.tape"));
  // The lock does not hang on the file that names its holder.
  fs::remove(session.logs() / ".lock");
  const auto nameless = session.sentio_actors.run("mock --overwrite --log-dir logs", test::without_keys);
  CHECK_EQUAL(nameless.code, 2);
  CHECK(contains(nameless.error, "is in use: another process"));
  // A tape of one's own elsewhere, and looking, disturb nobody.
  CHECK_EQUAL(session.sentio_actors.run("status --log-dir bound/../link").code, 0);
  CHECK_EQUAL(session.sentio_actors.run("tape show logs/" + tape_name).code, 1); // it has no end yet
  session.run->signal(SIGINT);
  CHECK_EQUAL(session.run->wait(patience_s), 0);
  CHECK(test::closed_logs(session.logs()));
  CHECK(test::replays(session.sentio_actors));
  CHECK(!fs::exists(session.logs() / ".reserve"));
  const auto again = session.sentio_actors.run("report --log-dir link");
  CHECK_EQUAL(again.code, 0);
}

TEST(a lock vanishes with the process that was killed) {
  const program sentio_actors;
  {
    background_run run(sentio_actors.folder(), test::slow_session, test::without_keys);
    REQUIRE(test::appears(sentio_actors.folder() / "logs" / "control.sock"));
    run.signal(SIGKILL);
    run.wait(10);
  }
  CHECK(fs::exists(sentio_actors.folder() / "logs" / ".lock"));
  CHECK_EQUAL(sentio_actors.run("mock --date 2025-12-01 --no-report --overwrite --log-dir logs").code, 0);
  CHECK(!fs::exists(sentio_actors.folder() / "logs" / ".lock"));
}

TEST(a tape that is removed under a running session halts it) {
  check_lost_tape("was removed, or moved to another folder", [](const fs::path& tape) { fs::remove(tape); });
}

TEST(a tape that is renamed under a running session halts it) {
  check_lost_tape("was removed, or moved to another folder",
                  [](const fs::path& tape) { fs::rename(tape, tape.parent_path() / "mine.tape"); });
}

TEST(a tape that is cut under a running session halts it) {
  check_lost_tape("was cut ", [](const fs::path& tape) { fs::resize_file(tape, 1000); });
}

TEST(a tape that is replaced under a running session halts it) {
  check_lost_tape("was replaced by another file", [](const fs::path& tape) {
    fs::copy_file(tape, tape.parent_path() / "copy");
    fs::rename(tape.parent_path() / "copy", tape);
  });
}

TEST(other files of a running session are put back) {
  const running_session session;
  fs::remove(session.logs() / "session.json");
  fs::remove(session.logs() / "control.sock");
  fs::remove(session.logs() / "decisions_2025-12-01.jsonl.partial");
  CHECK(session.says("session.json was removed while the session runs: it was written again", 5));
  CHECK(session.says("the control socket in logs was removed while the session runs: it was made again", 5));
  CHECK(session.says("removed while the session runs: decisions_2025-12-01.jsonl; the day's logs are", 5));
  std::this_thread::sleep_for(std::chrono::seconds(3));
  CHECK_EQUAL(session.sentio_actors.run("flatten --log-dir logs").code, 0);
  CHECK_EQUAL(session.run->wait(patience_s), 0);
  CHECK(test::closed_logs(session.logs()));
  CHECK(test::replays(session.sentio_actors));
}
