#define CAF_SUITE program_live_closing

#include "tests/live/lab.hpp"

#include <map>

using namespace sentio;
using nlohmann::json;
using test::background_run;
using test::contains;
using test::program;

namespace {

constexpr int patience_s = 90;

/// "value" of ` name=value ` in a line of `tape show`, without quotes.
std::string value_of(const std::string& line, const std::string& name) {
  const auto at = line.find(' ' + name + '=');
  if (at == std::string::npos)
    return {};
  auto value = line.substr(at + name.size() + 2);
  value = value.substr(0, value.find(' '));
  std::erase(value, '"');
  return value;
}

/// What a tape tells of a session that was closed by command.
struct told_by_tape {
  std::string closed_at; ///< of the first such command; empty: there is none
  int commands = 0;
  int buys_before = 0;
  std::vector<std::string> buys_after; ///< ids
  std::map<std::string, long> held;    ///< by symbol, from the fills
};

told_by_tape read_tape(const program& sentio_actors, const std::string& logs) {
  told_by_tape told;
  const auto shown = sentio_actors.run("tape show " + logs + "/session_" + test::last_day + ".tape").out;
  for (const auto& line : test::lines_of(shown)) {
    const auto says = [&](const char* words) { return line.find(words) != std::string::npos; };
    if (says(" command command=close_session")) {
      ++told.commands;
      if (told.closed_at.empty())
        told.closed_at = value_of(line, "at");
    } else if (says(" order client_order_id=") && value_of(line, "side") == "BUY") {
      // Times are of one width, so they compare as text. One that was on its way to the tape is older.
      if (told.closed_at.empty() || value_of(line, "released_at") <= told.closed_at)
        ++told.buys_before;
      else
        told.buys_after.push_back(value_of(line, "client_order_id"));
    } else if (says(" venue event=fill") || says(" venue event=adjustment")) {
      told.held[value_of(line, "symbol")] +=
          (value_of(line, "side") == "BUY" ? 1 : -1) * std::stol(value_of(line, "shares"));
    }
  }
  std::erase_if(told.held, [](const auto& one) { return one.second == 0; });
  return told;
}

std::string last_line(const std::filesystem::path& file) {
  const auto lines = test::lines_of(test::file_text(file));
  return lines.empty() ? "" : lines.back();
}

} // namespace

TEST(after flatten nothing is bought and the session ends flat whenever it is said) {
  for (const int later_ms : {0, 150, 400, 700}) {
    const program sentio_actors;
    background_run run(sentio_actors.folder(), test::slow_session);
    REQUIRE(test::holds_positions(sentio_actors));
    std::this_thread::sleep_for(std::chrono::milliseconds(later_ms));
    CHECK_EQUAL(sentio_actors.run("flatten --log-dir logs").code, 0);
    CHECK_EQUAL(run.wait(patience_s), 0);
    const auto told = read_tape(sentio_actors, "logs");
    CHECK(!told.closed_at.empty());
    CHECK(told.buys_before > 0);
    CHECK(told.buys_after.empty());
    CHECK(told.held.empty());
    CHECK(test::json_file(sentio_actors.folder() / "logs" / "exchange_state.json").at("positions").empty());
    CHECK(test::replays(sentio_actors));
  }
}

TEST(a session that is killed while it is being closed goes on closing and ends) {
  const program sentio_actors;
  const auto faults = sentio_actors.folder() / "faults.json";
  // Nothing can be sold for ten minutes, which are ten seconds.
  test::write_file(faults, R"({"faults": [{"kind": "halt", "at": "09:38", "for_ms": 600000}]})");
  const test::running_exchange exchange("--speed 60 --start 09:28 --faults " + faults.string());
  const auto environment =
      exchange.keys() + "SENTIO_STATE_DIR=" + (sentio_actors.folder() / "state").string() + " ";
  const auto command = "live --paper --speed 60 --no-report --data-dir " + test::sample_folder().string() +
                       exchange.address() + "--log-dir logs";
  {
    background_run run(sentio_actors.folder(), command, environment);
    REQUIRE(test::holds_positions(sentio_actors));
    // A busy machine may miss a minute, which is a second here.
    for (std::string at; at < "2025-12-01 09:38:10";
         std::this_thread::sleep_for(std::chrono::milliseconds(20))) {
      const auto answer = sentio_actors.run("status --json --log-dir logs");
      REQUIRE(answer.code == 0);
      at = json::parse(answer.out).at("venue_time");
    }
    CHECK_EQUAL(sentio_actors.run("flatten --log-dir logs").code, 0);
    const auto status = json::parse(sentio_actors.run("status --json --log-dir logs").out);
    CHECK(status.at("closing").get<bool>());
    CHECK(status.at("actors").at("portfolio").at("positions").get<int>() > 0);
    run.signal(SIGKILL);
    run.wait(10);
  }
  const auto before = read_tape(sentio_actors, "logs");
  CHECK(!before.closed_at.empty());
  CHECK(!before.held.empty());
  const auto look = sentio_actors.run(command + " --recover-only", environment);
  CHECK(contains(look.out, "goes on closing this session"));
  background_run run(sentio_actors.folder(), command, environment);
  CHECK_EQUAL(run.wait(patience_s), 0);
  const auto errors = test::file_text(sentio_actors.folder() / "error");
  CHECK(contains(errors, "; being closed by command"));
  CHECK(contains(errors, "going on with that; nothing is bought"));
  const auto after = read_tape(sentio_actors, "logs");
  CHECK_EQUAL(after.buys_before, before.buys_before);
  CHECK(after.buys_after.empty());
  CHECK(after.held.empty());
  CHECK(test::replays(sentio_actors));
}

TEST(a process that is stopped over the close ends with exit code 1 and names what is left) {
  const program sentio_actors;
  const auto faults = sentio_actors.folder() / "early.json";
  test::write_file(faults, R"({"faults": [{"kind": "early_close", "text": "10:20"}]})");
  const test::running_exchange exchange("--speed 120 --start 09:28 --faults " + faults.string());
  const auto environment =
      exchange.keys() + "SENTIO_STATE_DIR=" + (sentio_actors.folder() / "state").string() + " ";
  background_run run(sentio_actors.folder(),
                     "live --paper --speed 120 --no-report --json --data-dir " +
                         test::sample_folder().string() + exchange.address() + "--log-dir logs",
                     environment);
  REQUIRE(test::holds_positions(sentio_actors));
  run.signal(SIGSTOP);
  std::this_thread::sleep_for(std::chrono::seconds(28));
  run.signal(SIGCONT);
  CHECK_EQUAL(run.wait(patience_s), 1);
  const auto out = json::parse(test::file_text(sentio_actors.folder() / "out"));
  CHECK(out.at("left_open").get<bool>());
  REQUIRE(!out.at("left_shares").empty());
  const auto last = last_line(sentio_actors.folder() / "error");
  CHECK(last.starts_with("CRITICAL the account still holds "));
  for (const auto& [symbol, shares] : out.at("left_shares").items())
    CHECK(contains(last, std::to_string(shares.get<long>()) + " " + symbol));
  CHECK(contains(last, "close them at the broker"));
}

TEST(shares that a session left are named until the next day has taken them over) {
  const program sentio_actors;
  const auto folder = sentio_actors.folder();
  const auto faults = folder / "early.json";
  test::write_file(faults, R"({"faults": [{"kind": "early_close", "text": "10:20"}]})");
  const auto kept = "--speed 120 --start 09:28 --state " + (folder / "account.db").string() + " --tls-dir " +
                    (folder / "tls").string();
  const auto environment = [&](const test::running_exchange& exchange) {
    return exchange.keys() + "XDG_STATE_HOME=" + (folder / "state").string() + " ";
  };
  const auto command = [&](const test::running_exchange& exchange) {
    return "live --paper --speed 120 --no-report --data-dir " + test::sample_folder().string() +
           exchange.address();
  };
  const std::string friday = "logs/paper_trading/2025-11-28_1";
  {
    const test::running_exchange exchange(kept + " --date 2025-11-28 --faults " + faults.string());
    background_run run(folder, command(exchange) + "--every-session", environment(exchange));
    REQUIRE(test::holds_positions(sentio_actors, friday));
    run.signal(SIGSTOP);
    std::this_thread::sleep_for(std::chrono::seconds(28));
    run.signal(SIGCONT);
    CHECK_EQUAL(run.wait(patience_s), 1);
    CHECK(last_line(folder / "error").starts_with("CRITICAL the account still holds "));
    // No session is open, and they are still there.
    const auto asked = sentio_actors.run(command(exchange), environment(exchange));
    CHECK_EQUAL(asked.code, 1);
    CHECK(test::lines_of(asked.error).back().starts_with("CRITICAL the account still holds "));
  }
  const test::running_exchange exchange(kept + " --date 2025-12-01");
  background_run run(folder, command(exchange) + "--every-session", environment(exchange));
  const std::string monday = "logs/paper_trading/2025-12-01_1";
  REQUIRE(test::holds_positions(sentio_actors, monday));
  run.signal(SIGINT);
  CHECK_EQUAL(run.wait(patience_s), 0);
  CHECK(contains(sentio_actors.run("tape show " + monday + "/session_2025-12-01.tape").out, "adopted-"));
  CHECK(read_tape(sentio_actors, monday).held.empty());
}
