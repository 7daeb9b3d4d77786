#define CAF_SUITE program_live_recovery

#include "tests/live/lab.hpp"

#include "actors/engine.hpp"
#include "actors/live/watchdog.hpp"

#include <future>

using namespace sentio;
using nlohmann::json;
using test::background_run;
using test::contains;
using test::program;

namespace {

constexpr int patience_s = 40;
const std::string default_logs = "logs/paper_trading/2025-12-01_1";

struct lab {
  test::running_exchange exchange{"--speed 60 --start 09:28"};
  program sentio_actors;

  std::string environment() const {
    return exchange.keys() + "SENTIO_STATE_DIR=" + (sentio_actors.folder() / "state").string() + " ";
  }
  std::string command(const std::string& more = "") const {
    return "live --paper --speed 60 --no-report --data-dir " + test::sample_folder().string() +
           exchange.address() + more;
  }
  std::unique_ptr<background_run> start(const std::string& more = "") const {
    return std::make_unique<background_run>(sentio_actors.folder(), command(more), environment());
  }
  std::string errors() const { return test::file_text(sentio_actors.folder() / "error"); }
  std::filesystem::path tape(const std::string& logs = default_logs) const {
    return sentio_actors.folder() / logs / "session_2025-12-01.tape";
  }
  /// A session that was killed while it held something.
  void interrupt() const {
    const auto run = start();
    REQUIRE(test::holds_positions(sentio_actors, default_logs));
    run->signal(SIGKILL);
    run->wait(10);
  }
};

/// Answers its status, and sleeps when it is told to.
using sleeper_actor =
    caf::typed_actor<caf::replies_to<status_atom>::with<actor_status>, caf::reacts_to<step_atom>>;

sleeper_actor::behavior_type sleeper(sleeper_actor::pointer, std::shared_future<void> released) {
  return {[](status_atom) {
            return actor_status{"sleeper", 0, {}};
          },
          [released](step_atom) { released.wait(); }};
}

} // namespace

TEST(an interrupted session is gone on with where its tape ends) {
  const lab lab;
  lab.interrupt();
  // The process died in the middle of a record.
  std::filesystem::resize_file(lab.tape(), std::filesystem::file_size(lab.tape()) - 7);
  const auto before = test::files_below(lab.sentio_actors.folder() / default_logs);
  const auto look = lab.sentio_actors.run(lab.command("--recover-only"), lab.environment());
  CHECK_EQUAL(look.code, 0);
  CHECK(contains(look.out, "interrupted in " + default_logs));
  CHECK(contains(look.out, "the last one torn: "));
  CHECK(contains(look.out, "decided up to 09:3"));
  CHECK(contains(look.out, "goes on with this session"));
  CHECK(test::files_below(lab.sentio_actors.folder() / default_logs) == before);
  const auto as_json = lab.sentio_actors.run(lab.command("--recover-only --json"), lab.environment());
  const auto told = json::parse(as_json.out);
  CHECK_EQUAL(told.at("verdict").get<std::string>(), "interrupted");
  CHECK(told.at("torn_bytes").get<int>() > 0);
  CHECK(!told.at("positions_at_venue").empty());
  CHECK(told.at("halted").is_null());

  const auto run = lab.start();
  REQUIRE(test::holds_positions(lab.sentio_actors, default_logs));
  CHECK(contains(lab.errors(), "recovering " + default_logs + ": "));
  CHECK(contains(lab.errors(), " cut off; decided up to 09:3"));
  std::this_thread::sleep_for(std::chrono::seconds(2));
  run->signal(SIGINT);
  CHECK_EQUAL(run->wait(patience_s), 0);
  CHECK(test::closed_logs(lab.sentio_actors.folder() / default_logs));
  CHECK(test::replays(lab.sentio_actors, default_logs));
  CHECK_EQUAL(
      test::json_file(lab.sentio_actors.folder() / default_logs / "session.json").at("starts").get<int>(), 2);
  // What is over is not gone on with.
  const auto after = lab.sentio_actors.run(lab.command("--recover-only"), lab.environment());
  CHECK_EQUAL(after.code, 0);
  CHECK(contains(after.out, "ended in good order"));
}

TEST(a damaged tape is refused and a new session takes over what is held) {
  const lab lab;
  lab.interrupt();
  auto bytes = test::file_text(lab.tape());
  const auto middle = bytes.size() / 2;
  bytes[middle] = bytes[middle] == 'x' ? 'y' : 'x';
  test::write_file(lab.tape(), bytes);
  const auto refused = lab.sentio_actors.run(lab.command(), lab.environment());
  CHECK_EQUAL(refused.code, 1);
  CHECK(contains(refused.error, "session_2025-12-01.tape: record "));
  CHECK(contains(refused.error, "--new-session"));
  const auto look = lab.sentio_actors.run(lab.command("--recover-only"), lab.environment());
  CHECK_EQUAL(look.code, 1);
  CHECK(contains(look.out, "damaged in "));
  const auto run = lab.start("--new-session");
  const std::string second = "logs/paper_trading/2025-12-01_2";
  REQUIRE(test::holds_positions(lab.sentio_actors, second));
  run->signal(SIGINT);
  CHECK_EQUAL(run->wait(patience_s), 0);
  CHECK(test::replays(lab.sentio_actors, second));
  CHECK_EQUAL(test::file_text(lab.tape()), bytes);
}

TEST(another configuration does not go on with a session) {
  const lab lab;
  lab.interrupt();
  const auto refused = lab.sentio_actors.run(lab.command("--seed 5"), lab.environment());
  CHECK_EQUAL(refused.code, 2);
  CHECK(contains(refused.error, "another configuration"));
  CHECK(contains(refused.error, "--new-session"));
}

TEST(a session at the bundled exchange ends with its process) {
  const program sentio_actors;
  {
    background_run run(sentio_actors.folder(), test::slow_session);
    REQUIRE(test::holds_positions(sentio_actors));
    run.signal(SIGKILL);
    run.wait(10);
  }
  const auto refused = sentio_actors.run(test::slow_session, test::without_keys);
  CHECK_EQUAL(refused.code, 2);
  CHECK(contains(refused.error, "its exchange ended with it"));
  CHECK(contains(refused.error, "--overwrite"));
  const auto again = sentio_actors.run(test::short_session + "--overwrite --no-report", test::without_keys);
  CHECK_EQUAL(again.code, 0);
  CHECK(test::replays(sentio_actors));
}

TEST(a session whose process comes back after the close is finished) {
  // The exchange closes early: two minutes of real time are too long for a test.
  const program sentio_actors;
  const auto faults = sentio_actors.folder() / "early.json";
  test::write_file(faults, R"({"faults": [{"kind": "early_close", "text": "10:30"}]})");
  const test::running_exchange exchange("--speed 240 --start 09:28 --faults " + faults.string());
  const auto environment =
      exchange.keys() + "SENTIO_STATE_DIR=" + (sentio_actors.folder() / "state").string() + " ";
  const auto command = "live --paper --speed 240 --no-report --data-dir " + test::sample_folder().string() +
                       exchange.address();
  {
    background_run run(sentio_actors.folder(), command, environment);
    REQUIRE(test::holds_positions(sentio_actors, default_logs));
    run.signal(SIGKILL);
    run.wait(10);
  }
  const auto last_words = [&] { return sentio_actors.run(command + " --recover-only", environment); };
  auto look = last_words();
  for (int i = 0; i < 60 && look.error.find("nothing is ordered any more") == std::string::npos; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(250));
    look = last_words();
  }
  CHECK_EQUAL(look.code, 0);
  CHECK(contains(look.out, "interrupted in " + default_logs));
  const auto finished = sentio_actors.run(command, environment);
  CHECK_EQUAL(finished.code, 1); // shares that nobody could sell
  CHECK(contains(finished.error, "recovering " + default_logs + ": "));
  CHECK(contains(finished.error, "nothing is ordered any more"));
  CHECK(contains(finished.error, "CRITICAL the account still holds "));
  const auto logs = sentio_actors.folder() / default_logs;
  CHECK(test::closed_logs(logs));
  CHECK(test::replays(sentio_actors, default_logs));
  const auto words = test::file_text(logs / ("session_" + test::last_day + ".log"));
  CHECK(contains(words, "CRITICAL residual position"));
  // Once.
  const auto again = sentio_actors.run(command, environment);
  CHECK_EQUAL(again.code, 1); // the account holds them still
  CHECK(contains(again.error, "CRITICAL the account still holds "));
  CHECK(!contains(again.error, "recovering"));
  CHECK(contains(again.error, "no session is open"));
}

TEST(a handler that does not come back is found and a dead or a frozen process is not blamed) {
  using std::chrono::seconds;
  const auto runtime = make_live_runtime();
  std::promise<void> release;
  watchdog dog(runtime->system());
  const auto well = runtime->system().spawn(sleeper, release.get_future().share());
  std::promise<void> other_release;
  const auto stuck = runtime->system().spawn(sleeper, other_release.get_future().share());
  dog.watch("well", caf::actor_cast<caf::actor>(well), seconds(0));
  dog.watch("stuck", caf::actor_cast<caf::actor>(stuck), seconds(0));
  const auto look = [&](int at) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100)); // for the answers
    return dog.look(seconds(at));
  };
  for (int at = 1; at < 9; ++at)
    CHECK(!look(at));
  caf::anon_send(stuck, step_atom_v);
  // The answer to the last question may still have come.
  for (int at = 9; at < 13; ++at)
    CHECK(!look(at));
  std::optional<std::string> found;
  for (int at = 13; at < 16 && !found; ++at)
    found = look(at);
  REQUIRE(found.has_value());
  CHECK_EQUAL(*found, "stuck");
  // One that died is the supervisor's business.
  other_release.set_value();
  caf::anon_send_exit(stuck, caf::exit_reason::kill);
  CHECK(!look(16));
  for (int at = 17; at < 30; ++at)
    CHECK(!look(at));
  caf::anon_send_exit(well, caf::exit_reason::kill);
  release.set_value();
}
