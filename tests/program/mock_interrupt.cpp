#define CAF_SUITE program_interrupt

#include "tests/program/background_run.hpp"
#include "tests/program/mock_lab.hpp"

#include <nlohmann/json.hpp>

using namespace sentio;
using nlohmann::json;
using test::appears;
using test::background_run;
using test::contains;
using test::mock_lab;
using test::program;
using test::valid_lines;

namespace {

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
