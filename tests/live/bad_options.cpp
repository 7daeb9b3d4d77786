#define CAF_SUITE program_live_bad_options

#include "tests/live/lab.hpp"

#include <sys/stat.h>

using namespace sentio;
using test::contains;
using test::program;

namespace {

/// True when the command ends with code 2 and one sentence that holds all `parts`, and leaves no file behind.
bool refused(const program& sentio_actors, const std::string& arguments,
             const std::vector<std::string>& parts) {
  const auto before = test::files_below(sentio_actors.folder());
  const auto result = sentio_actors.run(arguments, test::without_keys);
  bool good = result.code == 2 && result.out.empty() && result.error.starts_with("sentio-actors: ") &&
              test::lines_of(result.error).size() == 1;
  if (!good)
    CAF_MESSAGE(arguments << ": code " << result.code << "; " << result.error);
  for (const auto& part : parts)
    good = contains(result.error, part) && good;
  if (test::files_below(sentio_actors.folder()) != before ||
      std::filesystem::exists(sentio_actors.folder() / "logs")) {
    CAF_MESSAGE("files were left behind by: " << arguments);
    good = false;
  }
  return good;
}

} // namespace

TEST(the account has to be named) {
  const program sentio_actors;
  CHECK(refused(sentio_actors, "live --venue local", {"--paper or --real"}));
  CHECK(refused(sentio_actors, "live --paper --real", {"--paper or --real"}));
  CHECK(refused(sentio_actors, "--real --venue local", {"--real trades at the broker only"}));
  CHECK(
      refused(sentio_actors, "--real --venue-url https://localhost:1", {"--real trades at the broker only"}));
}

TEST(options that do not go together are refused) {
  const program sentio_actors;
  const std::map<std::string, std::string> wrong{
      {"--speed 10", "--speed needs --venue local or --venue-url"},
      {"--date 2025-12-01", "need --venue local"},
      {"--session-end 10:00", "need --venue local"},
      {"--faults faults.json", "need --venue local"},
      {"--venue local --recover-only", "--recover-only needs a venue that outlives its trader"},
      {"--recover-only --new-session", "--recover-only only looks"},
      {"--venue local --every-session", "--every-session waits for real days"},
      {"--venue local --venue-url https://localhost:1", "give one of them"},
      {"--venue moon", "--venue moon is unknown; alpaca and local are"},
      {"--feed bloomberg", "--feed bloomberg is unknown; alpaca and polygon are"},
      {"--data-feed otc", "--data-feed otc is unknown; iex and sip are"},
      {"--on-exit panic", "--on-exit panic is unknown; flatten and keep are"},
      {"--venue local --speed 0", "--speed takes a factor from 0.1 to 2000"},
      {"--venue local --speed 1e9", "--speed takes a factor"},
      {"--venue local --speed nan", "--speed"},
      {"--venue local --speed fast", "--speed"},
      {"--nonsense", "--nonsense"}};
  for (const auto& [option, part] : wrong)
    CHECK(refused(sentio_actors, "--paper " + option, {part}));
}

TEST(values that cannot be are refused) {
  const program sentio_actors;
  test::write_file(sentio_actors.folder() / "broken.json", "[{");
  test::write_file(sentio_actors.folder() / "unknown.json", R"([{"kind": "earthquake"}])");
  const std::map<std::string, std::string> wrong{
      {"--date 2025-13-01", "--date takes a day as 2025-06-03, not 2025-13-01"},
      {"--date 2025-11-27", "the data has no session on 2025-11-27; it covers "},
      {"--session-end noon", "--session-end takes a New York time"},
      {"--session-end 09:30", "--session-end takes a New York time"},
      {"--session-end 16:01", "--session-end takes a New York time"},
      {"--session-end 10:75", "--session-end takes a New York time"},
      {"--faults absent.json", "absent.json"},
      {"--faults .", "it is a directory"},
      {"--faults broken.json", "broken.json: "},
      {"--faults unknown.json", "earthquake"},
      {"--config absent.json", "absent.json"},
      {"--isa mmx", "--isa mmx"}};
  for (const auto& [option, part] : wrong)
    CHECK(refused(sentio_actors, "--paper --venue local --log-dir logs " + option, {part}));
  // One line for each problem of a configuration.
  const auto symbol = sentio_actors.run("--paper --venue local --symbols NOPE", test::without_keys);
  CHECK_EQUAL(symbol.code, 2);
  CHECK(contains(symbol.error, "NOPE has no row in symbols.json"));
}

TEST(without keys both variables and the bundled exchange are named) {
  const program sentio_actors;
  CHECK(refused(sentio_actors, "--paper",
                {"ALPACA_PAPER_API_KEY", "ALPACA_PAPER_SECRET_KEY", "--venue local", "config.env"}));
  CHECK(refused(sentio_actors, "--real", {"ALPACA_API_KEY", "ALPACA_SECRET_KEY"}));
  CHECK(refused(sentio_actors, "--paper --venue-url https://localhost:1", {"ALPACA_PAPER_API_KEY"}));
}

TEST(keys that others may read are refused) {
  const program sentio_actors;
  const auto file = sentio_actors.folder() / "config.env";
  test::write_file(file, "ALPACA_PAPER_API_KEY=PKTESTTEST\nALPACA_PAPER_SECRET_KEY=STESTTEST\n");
  CHECK_EQUAL(chmod(file.c_str(), 0644), 0);
  CHECK(refused(sentio_actors, "--paper", {"config.env has mode 0644", "chmod 600 config.env"}));
  const auto told = sentio_actors.run("--paper", test::without_keys);
  CHECK(told.error.find("TESTTEST") == std::string::npos);
}

TEST(an address has to be one of TLS) {
  const program sentio_actors;
  const auto file = sentio_actors.folder() / "config.env";
  test::write_file(file, "ALPACA_PAPER_API_KEY=PKTESTTEST\nALPACA_PAPER_SECRET_KEY=STESTTEST\n");
  CHECK_EQUAL(chmod(file.c_str(), 0600), 0);
  CHECK(refused(sentio_actors, "--paper --venue-url http://localhost:1",
                {"--venue-url takes https://", "http://localhost:1"}));
}

TEST(commands to an instance that is not there say so) {
  const program sentio_actors;
  for (const std::string command :
       {"status", "status --health", "maintenance on", "flatten", "halt", "rearm", "kill TQQQ"}) {
    const auto result = sentio_actors.run(command + " --log-dir nowhere");
    CHECK_EQUAL(result.code, 1);
    CHECK(contains(result.error, "no instance is running with the log directory nowhere"));
  }
  CHECK(refused(sentio_actors, "maintenance maybe", {"maybe"}));
  CHECK(refused(sentio_actors, "maintenance", {"state"}));
  CHECK(refused(sentio_actors, "kill", {"actor"}));
  CHECK(refused(sentio_actors, "rearm --paper --real", {"--paper and --real exclude each other"}));
}
