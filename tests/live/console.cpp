#define CAF_SUITE program_live_console
// Nobody reads what an instance says: it trades on, and can be asked and ended.

#include "tests/live/lab.hpp"

#include "tools/sentio-actors/line_writer.hpp"

#include <cstdlib>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <termios.h>

using namespace sentio;
using nlohmann::json;
using test::background_run;
using test::contains;
using test::program;

namespace {

using std::chrono::milliseconds;

constexpr int patience_s = 60;

/// A file name that is a pipe without any room, and without anybody who reads it.
class full_pipe {
public:
  explicit full_pipe(const std::filesystem::path& name) {
    if (mkfifo(name.c_str(), 0600) != 0)
      throw std::runtime_error("no pipe at " + name.string());
    handle_ = open(name.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
    const std::string filling(4'096, '.');
    while (write(handle_, filling.data(), filling.size()) > 0)
      filled_ += filling.size();
  }
  ~full_pipe() { close(handle_); }
  full_pipe(const full_pipe&) = delete;
  full_pipe& operator=(const full_pipe&) = delete;

  /// What was written since it was full: reads until nothing has come for so long.
  std::string read_rest(milliseconds silence) const {
    std::string text;
    char piece[4'096];
    for (pollfd place{handle_, POLLIN, 0}; poll(&place, 1, static_cast<int>(silence.count())) == 1;) {
      const auto count = read(handle_, piece, sizeof piece);
      if (count <= 0)
        break;
      text.append(piece, static_cast<std::size_t>(count));
    }
    return text.size() > filled_ ? text.substr(filled_) : std::string();
  }

private:
  int handle_ = -1;
  std::size_t filled_ = 0;
};

/// A file name that is a terminal whose output was stopped, as by Ctrl-S.
class stopped_terminal {
public:
  explicit stopped_terminal(const std::filesystem::path& name) : master_(posix_openpt(O_RDWR | O_NOCTTY)) {
    if (master_ < 0 || grantpt(master_) != 0 || unlockpt(master_) != 0)
      throw std::runtime_error("no pseudo-terminal can be had");
    const std::string slave = ptsname(master_);
    std::filesystem::create_symlink(slave, name);
    slave_ = open(slave.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (tcflow(slave_, TCOOFF) != 0)
      throw std::runtime_error("the terminal cannot be stopped");
  }
  ~stopped_terminal() {
    close(slave_);
    close(master_);
  }
  stopped_terminal(const stopped_terminal&) = delete;
  stopped_terminal& operator=(const stopped_terminal&) = delete;

private:
  int master_;
  int slave_ = -1;
};

bool is_flat(const std::filesystem::path& logs) {
  return test::json_file(logs / "exchange_state.json").at("positions").empty();
}

/// Orders that were filled.
std::size_t trades_in(const std::filesystem::path& logs) {
  const auto text = test::file_text(logs / ("trades_" + std::string(test::last_day) + ".jsonl"));
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

/// The gateway says a line for each connection that is lost.
const std::string talkative = R"([{"kind": "trading_drop", "at": "09:36", "for_ms": 60000},
                                  {"kind": "trading_drop", "at": "09:45", "for_ms": 60000}])";

/// A whole session while standard error takes nothing.
template <class Listener>
void trades_to_the_end() {
  const program sentio_actors;
  const auto logs = sentio_actors.folder() / "logs";
  const Listener listener(sentio_actors.folder() / "error");
  test::write_file(sentio_actors.folder() / "faults.json", talkative);
  background_run run(
      sentio_actors.folder(),
      "--paper --venue local --speed 180 --session-end 10:20 --log-dir logs --no-report --json "
      "--faults faults.json");
  REQUIRE(test::holds_positions(sentio_actors));
  const auto status = json::parse(sentio_actors.run("status --json --log-dir logs").out);
  CHECK(status.at("console").at("texts_waiting").get<int>() > 0);
  CHECK(contains(sentio_actors.run("status --log-dir logs").out, " waiting to be read, 0 dropped unread"));
  CHECK_EQUAL(run.wait(patience_s), 0);
  CHECK(is_flat(logs));
  CHECK(test::closed_logs(logs));
  CHECK(trades_in(logs) >= 6);
  CHECK(test::replays(sentio_actors));
  const auto out = json::parse(test::file_text(sentio_actors.folder() / "out"));
  CHECK(!out.at("left_open").get<bool>());
  CHECK(out.at("console").at("texts_waiting").get<int>() > 0);
}

/// Ctrl-C while standard error takes nothing.
template <class Listener>
void hears_an_interrupt() {
  const program sentio_actors;
  const auto logs = sentio_actors.folder() / "logs";
  const Listener listener(sentio_actors.folder() / "error");
  background_run run(sentio_actors.folder(), test::slow_session + "--json");
  REQUIRE(test::holds_positions(sentio_actors));
  run.signal(SIGUSR1);
  std::this_thread::sleep_for(milliseconds(300));
  CHECK(json::parse(sentio_actors.run("status --json --log-dir logs").out).at("halted").is_object());
  run.signal(SIGINT);
  CHECK_EQUAL(run.wait(patience_s), 0);
  CHECK(is_flat(logs));
  CHECK(test::replays(sentio_actors));
}

} // namespace

TEST(a full pipe on standard error stops no session) {
  trades_to_the_end<full_pipe>();
}

TEST(a stopped terminal stops no session) {
  trades_to_the_end<stopped_terminal>();
}

TEST(an instance whose words nobody reads hears signals and commands) {
  hears_an_interrupt<full_pipe>();
  hears_an_interrupt<stopped_terminal>();
}

TEST(an instance whose reader dies trades on) {
  const program sentio_actors;
  const auto logs = sentio_actors.folder() / "logs";
  auto listener = std::make_unique<full_pipe>(sentio_actors.folder() / "error");
  listener->read_rest(milliseconds(10));
  test::write_file(sentio_actors.folder() / "faults.json", talkative);
  background_run run(
      sentio_actors.folder(),
      "--paper --venue local --speed 180 --session-end 10:20 --log-dir logs --no-report --json "
      "--faults faults.json");
  REQUIRE(test::holds_positions(sentio_actors));
  listener = nullptr; // what is written from here on is refused, by a signal as well
  CHECK_EQUAL(run.wait(patience_s), 0);
  CHECK(is_flat(logs));
  const auto out = json::parse(test::file_text(sentio_actors.folder() / "out"));
  CHECK(out.at("console").at("texts_dropped").get<int>() > 0);
}

TEST(the watchdog ends a stuck process that nobody reads) {
  const program sentio_actors;
  const full_pipe listener(sentio_actors.folder() / "error");
  background_run run(sentio_actors.folder(), test::slow_session + "--json",
                     "LD_PRELOAD=" + (test::program_path().parent_path() / "libstuck_disk.so").string());
  REQUIRE(test::holds_positions(sentio_actors));
  test::write_file(sentio_actors.folder() / "logs" / "halted.json.partial.stuck",
                   ""); // the latch's disk hangs
  const auto halt = sentio_actors.run("halt --log-dir logs");
  CHECK_EQUAL(halt.code, 1); // not kept: said within seconds
  CHECK(test::contains(halt.error, "has not answered for 2000 ms"));
  CHECK_EQUAL(run.wait(30), 1);
}

TEST(of a full queue the oldest texts are dropped and their number stands in the gap) {
  const test::scratch_folder folder;
  const full_pipe listener(folder.path() / "pipe");
  const int handle = open((folder.path() / "pipe").c_str(), O_WRONLY | O_CLOEXEC);
  {
    line_writer writer(handle, "the pipe", {10, 1 << 20});
    writer.write("first\n");
    while (writer.waiting() == 0)
      std::this_thread::sleep_for(milliseconds(1));
    std::this_thread::sleep_for(milliseconds(50)); // its thread is in the write now, and stays there
    for (int i = 1; i <= 25; ++i)
      writer.write("text " + std::to_string(i) + "\n");
    writer.write_in_passing("a bar\n");
    CHECK_EQUAL(writer.dropped(), 15u);
    CHECK_EQUAL(writer.waiting(), 11u);
    CHECK(!writer.drain(milliseconds(50)));
    const auto seen = listener.read_rest(milliseconds(300));
    CHECK(seen.starts_with("first\n(15 texts were dropped here, since the pipe was not read)\ntext 16\n"));
    CHECK(seen.ends_with("text 24\ntext 25\n"));
    CHECK(writer.drain(std::chrono::seconds(5)));
    CHECK_EQUAL(writer.waiting(), 0u);
    writer.write_in_passing("a bar\n");
    CHECK(writer.drain(std::chrono::seconds(5)));
    CHECK_EQUAL(listener.read_rest(milliseconds(50)), "");
  }
  close(handle);
}

TEST(a queue is bounded in bytes and keeps its last text) {
  const test::scratch_folder folder;
  const full_pipe listener(folder.path() / "pipe");
  const int handle = open((folder.path() / "pipe").c_str(), O_WRONLY | O_CLOEXEC);
  {
    line_writer writer(handle, "the pipe", {1'000, 100});
    writer.write("first\n");
    while (writer.waiting() == 0)
      std::this_thread::sleep_for(milliseconds(1));
    std::this_thread::sleep_for(milliseconds(50));
    writer.write(std::string(60, 'a') + "\n");
    writer.write(std::string(60, 'b') + "\n");
    writer.write(std::string(500, 'c') + "\n");
    CHECK_EQUAL(writer.dropped(), 2u);
    CHECK_EQUAL(listener.read_rest(milliseconds(300)),
                "first\n(2 texts were dropped here, since the pipe was not read)\n" + std::string(500, 'c') +
                    "\n");
  }
  close(handle);
}

TEST(a descriptor that refuses a text has it counted) {
  int ends[2];
  REQUIRE(pipe2(ends, O_CLOEXEC) == 0);
  close(ends[0]);
  {
    line_writer writer(ends[1], "the pipe");
    writer.write("nobody hears this\n");
    CHECK(writer.drain(std::chrono::seconds(5)));
    CHECK_EQUAL(writer.dropped(), 1u);
  }
  close(ends[1]);
}
