#include "tests/faults/recovery_rows.hpp"

#include "tests/faults/lone_exchange.hpp"

#include <algorithm>
#include <csignal>
#include <fstream>
#include <random>
#include <thread>

namespace sentio::test {

namespace {

using nlohmann::json;
namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr std::chrono::seconds session_limit{180};
constexpr unsigned kills_a_session = 14; ///< more do not fit into 45 minutes at 120 times real time
const std::vector<std::string> all_actors{"feed", "clock",   "tape",      "gateway", "TQQQ",
                                          "SVIX", "ranking", "portfolio", "journal", "UVXY"};

milliseconds random_time(std::mt19937& random, int least_ms, int most_ms) {
  return milliseconds(std::uniform_int_distribution<int>(least_ms, most_ms)(random));
}

/// One word of `sentio-actors` to a running session. Returns the exit code.
int tell(const run_place& place, const fs::path& folder, std::vector<std::string> words) {
  words.insert(words.begin(), place.program.string());
  words.insert(words.end(), {"--log-dir", (folder / "logs").string()});
  child command(words, folder, "command");
  return command.wait(std::chrono::seconds(15));
}

/// Waits until so many minutes of a session were decided, at most half a minute.
void wait_for_rounds(const run_place& place, const fs::path& folder, unsigned rounds) {
  for (int i = 0; i < 300; ++i) {
    if (tell(place, folder, {"status", "--json"}) == 0 &&
        json::parse(text_of(folder / "command.out")).at("rounds").get<unsigned>() >= rounds)
      return;
    std::this_thread::sleep_for(milliseconds(100));
  }
}

/// A session at the bundled exchange in whose course the named actors are killed, each as often as it is
/// named; or the first of them twice, at last after so many rounds of its 45.
verdict actors_killed(const run_place& place, const fs::path& folder, const std::vector<std::string>& victims,
                      unsigned seed, unsigned rounds = 0) {
  verdict result;
  std::mt19937 random(seed);
  fs::create_directories(folder); // the configuration is written before the child is made
  child session({place.program.string(), "live", "--paper", "--venue", "local", "--speed", place.speed,
                 "--config", busy_configuration(folder), "--session-end", "10:15", "--log-dir",
                 (folder / "logs").string(), "--no-report", "--allow-kill", "--json"},
                folder, "session");
  for (int i = 0; i < 300 && !fs::exists(folder / "logs" / "control.sock"); ++i)
    std::this_thread::sleep_for(milliseconds(50));
  unsigned killed = 0;
  if (rounds > 0) {
    for (const unsigned at : {rounds - 10, rounds}) { // whoever dies again is brought back after a while only
      wait_for_rounds(place, folder, at);
      killed += tell(place, folder, {"kill", victims.front()}) == 0 ? 1U : 0U;
    }
  } else {
    std::this_thread::sleep_for(milliseconds(3'000)); // into the session
  }
  const int pause = static_cast<int>(15'000 / victims.size());
  for (const auto& victim : rounds > 0 ? std::vector<std::string>() : victims) {
    std::this_thread::sleep_for(random_time(random, pause / 3, pause));
    killed += tell(place, folder, {"kill", victim}) == 0 ? 1U : 0U;
  }
  int code = session.wait(std::chrono::seconds(0), false);
  for (int i = 0; i < 60 && code < 0; ++i)
    code = session.wait(std::chrono::seconds(1), false);
  if (code < 0) {
    tell(place, folder, {"status"}); // its answer shows who waits for whom
    result.require(false, "the session does not end: " + text_of(folder / "command.out"));
  }
  const auto said = session.errors();
  result.require(code == 0, "exit code " + std::to_string(code) + ": " +
                                said.substr(said.size() > 600 ? said.size() - 600 : 0));
  result.require(killed * 2 > victims.size(), "only " + std::to_string(killed) + " kills were obeyed");
  if (code != 0)
    return result;
  const auto restarts =
      json::parse(session.output()).at("actors").at("supervisor").at("restarts").get<unsigned>();
  result.require(restarts >= killed,
                 std::to_string(restarts) + " restarts after " + std::to_string(killed) + " kills");
  compare_with_exchange(result, json::parse(text_of(folder / "logs" / "exchange_state.json")),
                        folder / "logs", ending::traded);
  compare_with_replay(result, place.program, folder / "logs");
  return result;
}

/// What --recover-only says of a tape, and that it leaves everything as it is.
void look_only(verdict& result, const lone_exchange& exchange, const fs::path& tape) {
  const auto before = text_of(tape);
  const auto orders = exchange.state().at("orders").size();
  const auto looker = exchange.trader("logs", "looker", {"--recover-only", "--json"});
  const int code = looker->wait(std::chrono::seconds(20));
  result.require(code == 0, "--recover-only: exit code " + std::to_string(code) + ": " + looker->errors());
  if (code == 0)
    result.require(json::parse(looker->output()).contains("verdict"), "--recover-only has no verdict");
  result.require(text_of(tape) == before, "--recover-only changed the tape");
  result.require(exchange.state().at("orders").size() == orders, "--recover-only sent an order");
}

/// The same command again and again, killed at random moments, and left alone at the end.
verdict killed_and_recovered(const run_place& place, const fs::path& folder, unsigned kills, unsigned seed) {
  verdict result;
  std::mt19937 random(seed);
  const lone_exchange exchange(place, folder);
  const auto begin = std::chrono::steady_clock::now();
  // Until 10:08: the last kill may come in the midst of the liquidation, but before the close.
  const auto until = begin + std::chrono::duration_cast<std::chrono::steady_clock::duration>(
                                 std::chrono::duration<double>(41 * 60 / std::stod(place.speed)));
  const auto tape = folder / "logs" / "session_2025-12-01.tape";
  unsigned killed = 0;
  for (; killed < kills && std::chrono::steady_clock::now() < until; ++killed) {
    const auto victim = exchange.trader("logs", "trader" + std::to_string(killed));
    std::this_thread::sleep_for(random_time(random, 200, 2'600));
    victim->signal(SIGKILL);
    const int code = victim->wait(std::chrono::seconds(10));
    result.require(code == 128 + SIGKILL, "a trader ended by itself with exit code " + std::to_string(code) +
                                              ": " + victim->errors());
    if (killed % 5 == 2 && fs::exists(tape))
      look_only(result, exchange, tape);
  }
  result.require(killed > 0, "nothing was killed");
  result.kills = killed;
  const auto last = exchange.trader("logs", "last");
  const int code = last->wait(session_limit);
  result.require(code == 0, "exit code " + std::to_string(code) + ": " + last->errors());
  if (code != 0)
    return result;
  result.require(last->errors().find("recovering ") != std::string::npos || killed < 8,
                 "the last process recovered nothing");
  compare_with_exchange(result, exchange.state(), folder / "logs", ending::traded);
  compare_with_replay(result, place.program, folder / "logs");
  return result;
}

/// The tape's handler waits for ever for a file; the process ends itself, and the same command recovers.
verdict stuck_handler(const run_place& place, const fs::path& folder) {
  verdict result;
  const lone_exchange exchange(place, folder);
  const auto stuck = exchange.trader("logs", "stuck");
  let_it_trade(exchange, milliseconds(300));
  // For the latch's file the disk hangs (tests/stuck_disk).
  const auto record = json::parse(text_of(folder / "logs" / "session.json"));
  const auto marker = folder / "state" /
                      (record.at("venue").get<std::string>() + "-" + record.at("account").get<std::string>() +
                       ".halted.partial.stuck");
  result.require(std::ofstream(marker).good(), "cannot make " + marker.string());
  result.require(tell(place, folder, {"halt"}) == 1,
                 "halt said that it is kept, and the disk does not answer");
  const int code = stuck->wait(std::chrono::seconds(20));
  result.require(code == 1, "exit code " + std::to_string(code) + " of a stuck process");
  result.require(stuck->errors().find("tape has not answered for 5 s") != std::string::npos,
                 "it did not say who was stuck: " + stuck->errors());
  fs::remove(marker);
  const auto next = exchange.trader("logs", "next");
  const int ended = next->wait(session_limit);
  result.require(ended == 0, "exit code " + std::to_string(ended) + ": " + next->errors());
  result.require(next->errors().find("HALTED") != std::string::npos,
                 "the next process does not know of HALTED");
  if (ended != 0)
    return result;
  compare_with_exchange(result, exchange.state(), folder / "logs", ending::traded);
  compare_with_replay(result, place.program, folder / "logs");
  return result;
}

} // namespace

unsigned kill_actors(const run_place& place, const fs::path& folder, child& session, unsigned seed) {
  std::mt19937 random(seed);
  auto victims = all_actors; // each once: the third death in a minute of real time would halt the session
  std::shuffle(victims.begin(), victims.end(), random);
  for (int i = 0; i < 300 && !fs::exists(folder / "logs" / "control.sock"); ++i) {
    if (session.wait(std::chrono::seconds(0), false) >= 0)
      return 0; // no session after all
    std::this_thread::sleep_for(milliseconds(50));
  }
  // A gateway is brought back after a second of real time, in which two minutes pass here: none dies in the
  // last ones.
  const auto end = std::chrono::steady_clock::now() + milliseconds(14'000);
  unsigned killed = 0;
  for (const auto& victim : victims) {
    std::this_thread::sleep_for(random_time(random, 500, 3'000));
    if (std::chrono::steady_clock::now() > end)
      break;
    killed += tell(place, folder, {"kill", victim}) == 0 ? 1U : 0U;
  }
  return killed;
}

std::vector<named_run> recovery_runs(unsigned kills) {
  std::vector<named_run> runs;
  unsigned seed = 1;
  const auto add = [&](const std::string& name, const std::vector<std::string>& victims) {
    runs.push_back({"R1", name, [victims, number = seed++](const run_place& place, const fs::path& folder) {
                      return actors_killed(place, folder, victims, number);
                    }});
  };
  for (const std::string victim :
       {"TQQQ", "ranking", "portfolio", "journal", "feed", "gateway", "clock", "tape"})
    add("actor killed three times: " + victim, {victim, victim, victim});
  // Its successor has to write the day anew while everybody else has nothing left to do.
  runs.push_back({"R1", "journal killed at the close", [](const run_place& place, const fs::path& folder) {
                    return actors_killed(place, folder, {"journal"}, 0, 44);
                  }});
  for (int i = 0; i < 2; ++i) {
    auto victims = all_actors;
    std::mt19937 random(seed);
    std::shuffle(victims.begin(), victims.end(), random);
    add("every actor killed, order " + std::to_string(i + 1), victims);
  }
  for (unsigned left = kills, number = 1; left > 0; ++number) {
    const auto now = std::min(left, kills_a_session);
    left -= now;
    runs.push_back({"R2", "kill -9 " + std::to_string(now) + " times, session " + std::to_string(number),
                    [now, number](const run_place& place, const fs::path& folder) {
                      return killed_and_recovered(place, folder, now, 100 + number);
                    }});
  }
  runs.push_back({"R3", "stuck handler", stuck_handler});
  return runs;
}

} // namespace sentio::test
