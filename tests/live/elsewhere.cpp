#define CAF_SUITE program_live_elsewhere

#include "tests/live/lab.hpp"

using namespace sentio;
using test::background_run;
using test::contains;
using test::program;

namespace {

const std::string test_secret = "SECRETTHATNOFILEMAYHOLD0123456789";

std::string live_at(const test::running_exchange& exchange, const std::string& logs) {
  return "live --paper --speed 60 --data-dir " + test::sample_folder().string() + exchange.address() +
         "--log-dir " + logs;
}

/// True when no file below the folder holds the text; says which one does.
bool nowhere(const std::filesystem::path& folder, const std::string& text) {
  bool good = true;
  for (const auto& [name, bytes] : test::files_below(folder))
    if (bytes.find(text) != std::string::npos) {
      CAF_MESSAGE(name << " holds a key");
      good = false;
    }
  return good;
}

} // namespace

TEST(a second instance on an account is refused and no file holds a key) {
  const test::running_exchange exchange("--speed 60 --start 09:28 --secret " + test_secret);
  CHECK_EQUAL(exchange.secret(), test_secret);
  const program first;
  background_run run(first.folder(), live_at(exchange, "logs"), exchange.keys());
  REQUIRE(test::appears(first.folder() / "logs" / "control.sock"));
  const program second;
  const auto refused = second.run(live_at(exchange, "logs"), exchange.keys());
  CHECK_EQUAL(refused.code, 2);
  CHECK(contains(refused.error, "another instance (process "));
  CHECK(contains(refused.error, "trades on account PA"));
  CHECK(!std::filesystem::exists(second.folder() / "logs"));
  const auto doctor = second.run(
      "doctor --paper --data-dir " + test::sample_folder().string() + exchange.address(), exchange.keys());
  CHECK_EQUAL(doctor.code, 1);
  CHECK(contains(doctor.out, "another instance (process "));
  REQUIRE(test::holds_positions(first));
  run.signal(SIGINT);
  CHECK_EQUAL(run.wait(30), 0);
  CHECK(test::closed_logs(first.folder() / "logs"));
  CHECK(test::replays(first));
  // The folder holds both output streams as well.
  for (const auto& key : {exchange.key_id(), test_secret}) {
    CHECK(nowhere(first.folder(), key));
    CHECK((refused.out + refused.error + doctor.out + doctor.error).find(key) == std::string::npos);
  }
  // The account is free again.
  const auto again = second.run(
      "doctor --paper --data-dir " + test::sample_folder().string() + exchange.address(), exchange.keys());
  CHECK(contains(again.out, "none that shares this state directory trades on PA"));
}

TEST(an interrupt while waiting for the session trades nothing and says so) {
  const test::running_exchange exchange("--speed 60 --start 08:00");
  const program sentio_actors;
  background_run run(sentio_actors.folder(), live_at(exchange, "logs"), exchange.keys());
  const auto error = sentio_actors.folder() / "error";
  for (int i = 0; i < 300 && test::file_text(error).find("waiting for the session") == std::string::npos; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  run.signal(SIGINT);
  CHECK_EQUAL(run.wait(10), 1);
  CHECK(contains(test::file_text(error), "waiting for the session, 2025-12-01 09:25 New York"));
  CHECK(contains(test::file_text(error), "interrupted before the session: nothing was traded"));
  CHECK(!std::filesystem::exists(sentio_actors.folder() / "logs"));
}

TEST(wrong keys are refused without being shown) {
  const test::running_exchange exchange("--secret " + test_secret);
  const program sentio_actors;
  const auto result = sentio_actors.run(
      live_at(exchange, "logs"), "ALPACA_PAPER_API_KEY=PKNOTTHISONE ALPACA_PAPER_SECRET_KEY=SNOTTHISONE");
  CHECK_EQUAL(result.code, 2);
  CHECK(contains(result.error, "the venue refuses these keys"));
  CHECK(result.error.find("NOTTHISONE") == std::string::npos);
  CHECK(!std::filesystem::exists(sentio_actors.folder() / "logs"));
}

TEST(a venue whose clock runs at another speed is refused with the speed that would be right) {
  const test::running_exchange exchange("--speed 30 --start 09:00");
  const program sentio_actors;
  const auto result = sentio_actors.run("live --paper --data-dir " + test::sample_folder().string() +
                                            exchange.address() + "--log-dir logs",
                                        exchange.keys());
  CHECK_EQUAL(result.code, 2);
  CHECK(contains(result.error, "the venue's clock runs "));
  CHECK(contains(result.error, "times as fast as real time, and --speed is 1; start with --speed "));
  CHECK(!std::filesystem::exists(sentio_actors.folder() / "logs"));
}

TEST(an exchange that is not there is named and the run fails) {
  const program sentio_actors;
  const auto result =
      sentio_actors.run("live --paper --venue-url https://localhost:1 --log-dir logs",
                        "ALPACA_PAPER_API_KEY=PKNOTTHISONE ALPACA_PAPER_SECRET_KEY=SNOTTHISONE");
  CHECK_EQUAL(result.code, 1);
  CHECK(contains(result.error, "the venue did not answer"));
  CHECK(!std::filesystem::exists(sentio_actors.folder() / "logs"));
}
