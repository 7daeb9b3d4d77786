#define CAF_SUITE program_live_control

#include "tests/live/lab.hpp"

#include <random>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

using namespace sentio;
using nlohmann::json;
using test::background_run;
using test::contains;
using test::program;

namespace {

constexpr int patience_s = 30;

/// The commands on the tape, in order.
std::vector<std::string> commands_of(const program& sentio_actors) {
  std::vector<std::string> found;
  const auto shown = sentio_actors.run("tape show logs/session_" + test::last_day + ".tape").out;
  const std::string word = " command command=";
  for (const auto& line : test::lines_of(shown))
    if (const auto at = line.find(word); at != std::string::npos) {
      const auto begin = at + word.size();
      found.push_back(line.substr(begin, line.find(' ', begin) - begin));
    }
  return found;
}

bool is_flat(const std::filesystem::path& logs) {
  return test::json_file(logs / "exchange_state.json").at("positions").empty();
}

} // namespace

TEST(an instance answers and obeys and flatten ends it) {
  const program sentio_actors;
  const auto logs = sentio_actors.folder() / "logs";
  background_run run(sentio_actors.folder(), test::slow_session);
  REQUIRE(test::holds_positions(sentio_actors));
  const auto status = sentio_actors.run("status --log-dir logs");
  CHECK_EQUAL(status.code, 0);
  CHECK(contains(status.out, "session 2025-12-01, venue time 2025-12-01 09:"));
  CHECK(contains(status.out, "portfolio"));
  const auto health = sentio_actors.run("status --health --log-dir logs");
  CHECK_EQUAL(health.code, 0);
  CHECK_EQUAL(health.out, "healthy: bars and order events arrive, and the venue answers\n");
  const auto told = json::parse(sentio_actors.run("status --json --log-dir logs").out);
  CHECK_EQUAL(told.at("session").get<std::string>(), test::last_day);
  CHECK_EQUAL(told.at("actors").at("gateway").at("listening").get<int>(), 1);
  CHECK(contains(sentio_actors.run("status --positions --log-dir logs").out, "positions: "));
  struct stat socket {};
  CHECK_EQUAL(stat((logs / "control.sock").c_str(), &socket), 0);
  CHECK_EQUAL(socket.st_mode & 0777U, 0600U);
  CHECK_EQUAL(sentio_actors.run("maintenance on --log-dir logs").out, "maintenance on\n");
  CHECK_EQUAL(sentio_actors.run("maintenance off --log-dir logs").out, "maintenance off\n");
  const auto flatten = sentio_actors.run("flatten --log-dir logs");
  CHECK_EQUAL(flatten.code, 0);
  CHECK(contains(flatten.out, "everything is being closed"));
  CHECK_EQUAL(run.wait(patience_s), 0);
  CHECK(is_flat(logs));
  CHECK(test::closed_logs(logs));
  CHECK(commands_of(sentio_actors) ==
        (std::vector<std::string>{"maintenance_on", "maintenance_off", "close_session"}));
  CHECK(test::replays(sentio_actors));
  CHECK_EQUAL(sentio_actors.run("status --log-dir logs").code, 1);
}

TEST(what is no command of the control socket is refused and counted) {
  const program sentio_actors;
  background_run run(sentio_actors.folder(), test::slow_session);
  const auto place = sentio_actors.folder() / "logs" / "control.sock";
  REQUIRE(test::appears(place));
  std::mt19937 random(7);
  const auto say = [&](const std::string& words) {
    const int handle = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    place.string().copy(address.sun_path, sizeof address.sun_path - 1);
    const timeval limit{10, 0};
    setsockopt(handle, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    std::string answer(4096, '\0');
    const bool there = connect(handle, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
                       send(handle, words.data(), words.size(), MSG_NOSIGNAL) > 0 &&
                       shutdown(handle, SHUT_WR) == 0;
    const auto count = there ? recv(handle, answer.data(), answer.size(), 0) : -1;
    close(handle);
    return count < 0 ? "no answer" : answer.substr(0, static_cast<std::size_t>(count));
  };
  int unknown = 0, malformed = 0;
  for (int i = 0; i < 60; ++i) {
    std::string words(1 + random() % (i % 2 ? 150 : 400), '\0');
    for (char& letter : words)
      letter = static_cast<char>(random());
    std::erase(words, '\n');
    words += i % 3 ? "\n" : "x";
    const bool line = words.back() == '\n' && words.size() <= 201;
    ++(line ? unknown : malformed);
    const auto answer = say(words);
    CHECK_EQUAL(answer.starts_with("{\"error\":\"unknown command; status"), line);
    CHECK(line || answer.empty() || answer == "no answer"); // the latter when it had more to say
  }
  const auto told = json::parse(sentio_actors.run("status --json --log-dir logs").out).at("control");
  CHECK_EQUAL(told.at("unknown").get<int>(), unknown);
  CHECK_EQUAL(told.at("malformed").get<int>(), malformed);
  CHECK(unknown > 10 && malformed > 10);
  CHECK_EQUAL(sentio_actors.run("flatten --log-dir logs").code, 0);
  CHECK_EQUAL(run.wait(patience_s), 0);
  CHECK(test::replays(sentio_actors));
}

TEST(the maintenance file pauses an instance as the command does) {
  const program sentio_actors;
  const auto logs = sentio_actors.folder() / "logs";
  background_run run(sentio_actors.folder(), test::slow_session);
  REQUIRE(test::appears(logs / "control.sock"));
  std::this_thread::sleep_for(std::chrono::milliseconds(600));
  test::write_file(logs / ".maintenance_mode", "");
  std::this_thread::sleep_for(std::chrono::milliseconds(1500));
  std::filesystem::remove(logs / ".maintenance_mode");
  std::this_thread::sleep_for(std::chrono::milliseconds(1500));
  run.signal(SIGINT);
  CHECK_EQUAL(run.wait(patience_s), 0);
  CHECK(commands_of(sentio_actors) ==
        (std::vector<std::string>{"maintenance_on", "maintenance_off", "close_session"}));
  CHECK(test::replays(sentio_actors));
}

TEST(an interrupt closes every position and every log) {
  for (const int signal : {SIGINT, SIGTERM}) {
    const program sentio_actors;
    const auto logs = sentio_actors.folder() / "logs";
    background_run run(sentio_actors.folder(), test::slow_session + "--json");
    REQUIRE(test::holds_positions(sentio_actors));
    run.signal(signal);
    CHECK_EQUAL(run.wait(patience_s), 0);
    CHECK(contains(test::file_text(sentio_actors.folder() / "error"), "closing every position first"));
    CHECK(json::parse(test::file_text(sentio_actors.folder() / "out")).at("stopped_early").get<bool>());
    CHECK(is_flat(logs));
    CHECK(test::closed_logs(logs));
    CHECK(test::replays(sentio_actors));
  }
}

TEST(an interrupt keeps what it is told to keep and says so) {
  const program sentio_actors;
  const auto logs = sentio_actors.folder() / "logs";
  background_run run(sentio_actors.folder(), test::slow_session + "--on-exit keep");
  REQUIRE(test::holds_positions(sentio_actors));
  run.signal(SIGINT);
  CHECK_EQUAL(run.wait(patience_s), 0);
  CHECK(contains(test::file_text(sentio_actors.folder() / "error"), "positions are kept, as asked"));
  CHECK(!is_flat(logs));
  CHECK(test::closed_logs(logs));
  CHECK(test::replays(sentio_actors));
}

TEST(what cannot be closed is said and a second interrupt ends at once) {
  const program sentio_actors;
  const auto logs = sentio_actors.folder() / "logs";
  test::write_file(sentio_actors.folder() / "faults.json",
                   R"([{"kind": "halt", "at": "09:32", "for_ms": 7200000}])");
  background_run run(sentio_actors.folder(), test::slow_session + "--json --faults faults.json");
  REQUIRE(test::holds_positions(sentio_actors));
  // Until no order can be filled any more.
  for (std::string status; status.find("venue time 2025-12-01 09:34") == std::string::npos;
       std::this_thread::sleep_for(std::chrono::milliseconds(50))) {
    const auto answer = sentio_actors.run("status --log-dir logs");
    REQUIRE(answer.code == 0);
    status = answer.out;
  }
  run.signal(SIGINT);
  CHECK_EQUAL(run.wait(1), -1);
  run.signal(SIGINT);
  CHECK_EQUAL(run.wait(patience_s), 1);
  CHECK(contains(test::file_text(sentio_actors.folder() / "error"), "CRITICAL not everything is closed"));
  CHECK(json::parse(test::file_text(sentio_actors.folder() / "out")).at("left_open").get<bool>());
  CHECK(!is_flat(logs));
  CHECK(test::closed_logs(logs));
  CHECK(test::replays(sentio_actors));
}

TEST(an instance without bars is not healthy) {
  const program sentio_actors;
  test::write_file(
      sentio_actors.folder() / "faults.json",
      R"([{"kind": "black_hole_upgrade", "at": "09:31"}, {"kind": "data_drop", "at": "09:32"}])");
  background_run run(sentio_actors.folder(), test::slow_session + "--faults faults.json");
  REQUIRE(test::appears(sentio_actors.folder() / "logs" / "control.sock"));
  test::program_result health;
  for (int i = 0; i < 200 && health.code != 1; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    health = sentio_actors.run("status --health --log-dir logs");
  }
  CHECK_EQUAL(health.code, 1);
  CHECK(contains(health.out, "NOT healthy"));
}

TEST(a log directory far down has a control socket too) {
  const program sentio_actors;
  std::string logs = "logs";
  for (int i = 0; i < 8; ++i)
    logs += "/folder_with_a_long_name";
  background_run run(sentio_actors.folder(),
                     "--paper --venue local --speed 120 --no-report --log-dir " + logs);
  REQUIRE(test::appears(sentio_actors.folder() / logs / "control.sock"));
  CHECK_EQUAL(sentio_actors.run("status --log-dir " + logs).code, 0);
  CHECK_EQUAL(sentio_actors.run("flatten --log-dir " + logs).code, 0);
  CHECK_EQUAL(run.wait(patience_s), 0);
}

TEST(the last instance is found without a log directory) {
  const program sentio_actors;
  background_run run(sentio_actors.folder(), "--paper --venue local --speed 120 --no-report");
  REQUIRE(test::appears(sentio_actors.folder() / "logs" / "paper_trading" / "latest" / "control.sock"));
  CHECK(contains(sentio_actors.run("status").out, "session 2025-12-01"));
  CHECK_EQUAL(sentio_actors.run("flatten").code, 0);
  CHECK_EQUAL(run.wait(patience_s), 0);
}

TEST(an interrupt before the open ends flat) {
  const program sentio_actors;
  // At this speed the exchange begins a minute of real time before the open.
  background_run run(sentio_actors.folder(), "--paper --venue local --speed 1 --log-dir logs --no-report");
  REQUIRE(test::appears(sentio_actors.folder() / "logs" / "control.sock"));
  run.signal(SIGINT);
  CHECK_EQUAL(run.wait(patience_s), 0);
  CHECK(is_flat(sentio_actors.folder() / "logs"));
}
