#define CAF_SUITE program_live_signals
// Signals that a closed terminal, a service manager or a slip of the hand sends to an instance.

#include "tests/live/lab.hpp"

#include "tools/sentio-actors/run_console.hpp"

#include <csignal>
#include <sys/wait.h>

using namespace sentio;
using nlohmann::json;
using test::background_run;
using test::contains;
using test::program;

namespace {

constexpr int patience_s = 60;

bool is_flat(const std::filesystem::path& logs) {
  return test::json_file(logs / "exchange_state.json").at("positions").empty();
}

bool answers(const program& sentio_actors) {
  return sentio_actors.run("status --log-dir logs").code == 0;
}

void send_the_others(const background_run& run) {
  for (const int signal : {SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGPIPE, SIGIO, SIGPWR, SIGSTKFLT, SIGXCPU,
                           SIGXFSZ, SIGTSTP, SIGTTIN, SIGTTOU, SIGRTMIN, SIGRTMAX, SIGWINCH, SIGCHLD, SIGURG})
    run.signal(signal);
}

} // namespace

TEST(a closed terminal and a quit end a session as a termination does) {
  for (const int signal : {SIGHUP, SIGQUIT}) {
    const program sentio_actors;
    const auto logs = sentio_actors.folder() / "logs";
    background_run run(sentio_actors.folder(), test::slow_session + "--json");
    REQUIRE(test::holds_positions(sentio_actors));
    run.signal(signal);
    if (signal == SIGHUP) { // the shell and the kernel each send one; that is no second wish
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      run.signal(signal);
    }
    CHECK_EQUAL(run.wait(patience_s), 0);
    CHECK(contains(test::file_text(sentio_actors.folder() / "error"), "closing every position first"));
    CHECK(is_flat(logs));
    CHECK(test::closed_logs(logs));
    CHECK(test::replays(sentio_actors));
    const auto shown = sentio_actors.run("tape show logs/session_" + test::last_day + ".tape").out;
    CHECK(contains(shown, signal == SIGHUP ? "SIGHUP" : "SIGQUIT"));
  }
}

TEST(signals that mean nothing to a session neither end nor stop it) {
  const program sentio_actors;
  background_run run(sentio_actors.folder(), test::slow_session + "--json");
  REQUIRE(test::holds_positions(sentio_actors));
  send_the_others(run);
  CHECK_EQUAL(run.wait(1), -1);
  CHECK(answers(sentio_actors));
  run.signal(SIGTERM);
  CHECK_EQUAL(run.wait(patience_s), 0);
  CHECK(is_flat(sentio_actors.folder() / "logs"));
}

TEST(an instance that was started with nohup outlives its terminal) {
  const program sentio_actors;
  background_run run(sentio_actors.folder(), test::slow_session + "--json", "nohup");
  REQUIRE(test::holds_positions(sentio_actors));
  run.signal(SIGHUP);
  CHECK_EQUAL(run.wait(1), -1);
  CHECK(answers(sentio_actors));
  run.signal(SIGTERM);
  CHECK_EQUAL(run.wait(patience_s), 0);
  CHECK(is_flat(sentio_actors.folder() / "logs"));
}

TEST(who asks a stuck process a third time ends it) {
  for (const bool unhurried : {false, true}) {
    const pid_t process = fork();
    REQUIRE(process >= 0);
    if (process == 0) {
      watch_for_interrupts();
      raise(SIGTERM);
      raise(SIGTERM);
      if (unhurried)
        sleep(4);
      raise(SIGTERM);
      raise(SIGHUP);
      _exit(0);
    }
    int status = 0;
    REQUIRE(waitpid(process, &status, 0) == process);
    CHECK_EQUAL(WEXITSTATUS(status), unhurried ? 128 + SIGTERM : 0);
  }
}
