#define CAF_SUITE program_interrupt

#include "tests/program/mock_lab.hpp"

#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <thread>
#include <unistd.h>

using namespace sentio;
using nlohmann::json;
using test::contains;
using test::mock_lab;
using test::program;
using clock_type = std::chrono::steady_clock;

namespace {

/// A run in the background, killed at the end of the scope if it still lives.
class background_run {
public:
  /// `arguments` are separated by single spaces; standard error goes to the file `error` in the folder.
  background_run(const std::filesystem::path& folder, const std::string& arguments) {
    const auto line = "cd '" + folder.string() + "' && exec '" + test::program_path().string() + "' " +
                      arguments + " >out 2>error";
    process_ = fork();
    if (process_ < 0)
      throw std::runtime_error("cannot start a process");
    if (process_ == 0) {
      execl("/bin/sh", "sh", "-c", line.c_str(), static_cast<char*>(nullptr));
      _exit(127);
    }
  }
  background_run(const background_run&) = delete;
  background_run& operator=(const background_run&) = delete;
  ~background_run() {
    if (process_ > 0) {
      kill(process_, SIGKILL);
      waitpid(process_, nullptr, 0);
    }
  }
  void signal(int number) const {
    if (process_ > 0)
      kill(process_, number);
  }

  /// The exit code, or 128 + signal; -1 when it still runs after so many seconds.
  int wait(int seconds) {
    const auto end = clock_type::now() + std::chrono::seconds(seconds);
    int status = 0;
    while (waitpid(process_, &status, WNOHANG) == 0) {
      if (clock_type::now() > end)
        return -1;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    process_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

private:
  pid_t process_ = -1;
};

bool appears(const std::filesystem::path& file) {
  const auto end = clock_type::now() + std::chrono::seconds(15);
  while (!std::filesystem::exists(file)) {
    if (clock_type::now() > end)
      return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

/// Every line is whole JSON, the last one too.
bool valid_lines(const std::string& text) {
  const auto lines = test::lines_of(text);
  return (text.empty() || text.back() == '\n') &&
         std::all_of(lines.begin(), lines.end(), [](const auto& line) { return json::accept(line); });
}

/// The arguments of the command that the message gives between backquotes; empty when it gives none.
std::string advised_command(const std::string& message) {
  const auto begin = message.find("`sentio-actors ");
  if (begin == std::string::npos)
    return "";
  const auto command = begin + std::string("`sentio-actors ").size();
  return message.substr(command, message.find('`', command) - command);
}

/// Interrupts a slow run some 300 ms into a day, and checks what every interruption must leave.
void interrupt(const program& sentio_actors, const std::string& options, int signal,
               const std::string& date) {
  const auto logs = sentio_actors.folder() / "logs";
  background_run run(sentio_actors.folder(),
                     "mock" + mock_lab::get().from_checkpoint() + "--log-dir logs " + options);
  REQUIRE(appears(logs / ("signals_" + date + ".jsonl.partial")));
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  run.signal(signal);
  CHECK_EQUAL(run.wait(2), 1);
  const auto error = test::file_text(sentio_actors.folder() / "error");
  CHECK(contains(error, "interrupted: the logs in logs are closed and valid"));
  const auto files = test::files_below(logs);
  CHECK(files.contains("run.json") && files.contains("signals_" + date + ".jsonl"));
  for (const auto& [name, bytes] : files) {
    CHECK(!name.ends_with(".partial"));
    CHECK(name == "run.json" ? json::accept(bytes) : !name.ends_with(".jsonl") || valid_lines(bytes));
  }
}

} // namespace

TEST(an interrupt inside the first day leaves valid logs) {
  for (const int signal : {SIGINT, SIGTERM}) {
    const program sentio_actors;
    interrupt(sentio_actors, "--date 2025-12-01 --speed 300", signal, test::last_day);
    CHECK_EQUAL(
        sentio_actors.run("mock --log-dir whole --date 2025-12-01" + mock_lab::get().from_checkpoint()).code,
        0);
    const auto whole = test::logs_of(sentio_actors.folder() / "whole", test::last_day);
    for (const auto& [stem, text] : test::logs_of(sentio_actors.folder() / "logs", test::last_day)) {
      CHECK(whole.at(stem).starts_with(text));
      CHECK(text.size() < whole.at(stem).size());
    }
  }
}

TEST(an interrupt inside the second day keeps the first one whole) {
  for (const int signal : {SIGINT, SIGTERM}) {
    const program sentio_actors;
    interrupt(sentio_actors, "--speed 10000", signal, test::last_day);
    const auto logs = sentio_actors.folder() / "logs";
    CHECK_EQUAL(test::lines_of(test::file_text(logs / "sessions.jsonl")).size(), 1U);
    CHECK(json::parse(test::file_text(logs / "run.json")).at("sessions") == json::array({test::half_day}));
    CHECK_EQUAL(
        sentio_actors.run("mock --log-dir whole --end-date 2025-11-28" + mock_lab::get().from_checkpoint())
            .code,
        0);
    CHECK(test::logs_of(sentio_actors.folder() / "whole", test::half_day) ==
          test::logs_of(logs, test::half_day));
    const auto advised = advised_command(test::file_text(sentio_actors.folder() / "error"));
    CHECK(!advised.empty());
    CHECK_EQUAL(sentio_actors.run(advised).code, 0);
    CHECK(std::filesystem::exists(logs / "report.html"));
  }
}

TEST(the advice after an interrupt inside the first day can be followed) {
  const program sentio_actors;
  interrupt(sentio_actors, "--date 2025-12-01 --speed 300", SIGINT, test::last_day);
  const auto advised = advised_command(test::file_text(sentio_actors.folder() / "error"));
  if (!advised.empty()) {
    const auto followed = sentio_actors.run(advised);
    if (followed.code != 0)
      CAF_MESSAGE("sentio-actors " << advised << ": " << followed.error);
    CHECK_EQUAL(followed.code, 0);
  }
}

TEST(an interrupted run says in json that it was) {
  const program sentio_actors;
  interrupt(sentio_actors, "--json --date 2025-12-01 --speed 300", SIGTERM, test::last_day);
  const auto answer = json::parse(test::file_text(sentio_actors.folder() / "out"));
  CHECK(answer.at("interrupted").get<bool>());
  CHECK(!answer.contains("report"));
}

TEST(an interrupt while warming up trades nothing) {
  const program sentio_actors;
  background_run run(sentio_actors.folder(), "mock --log-dir logs --no-report --speed 300");
  CHECK(appears(sentio_actors.folder() / "logs"));
  run.signal(SIGINT);
  CHECK_EQUAL(run.wait(2), 1);
  CHECK(contains(test::file_text(sentio_actors.folder() / "error"), "interrupted"));
  for (const auto& [name, bytes] : test::files_below(sentio_actors.folder() / "logs"))
    CHECK(!name.ends_with(".partial") && (!name.ends_with(".jsonl") || valid_lines(bytes)));
}
