#include "tests/faults/process_rows.hpp"

#include "tests/faults/lone_exchange.hpp"

#include <csignal>
#include <fstream>
#include <set>
#include <thread>

namespace sentio::test {

namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr std::chrono::seconds session_limit{180};

/// kill -9 with positions and orders open; the next process is sent to another directory, so it adopts what
/// it finds and goes on.
verdict killed_and_adopted(const run_place& place, const fs::path& folder) {
  verdict result;
  const lone_exchange exchange(place, folder);
  {
    const auto first = exchange.trader("first");
    let_it_trade(exchange, std::chrono::milliseconds(400));
    first->signal(SIGKILL);
    first->wait(std::chrono::seconds(10));
  }
  const auto at_kill = exchange.state();
  result.require(at_kill.at("executions").size() >= 6, "nothing was traded before the kill");
  const auto second = exchange.trader("second");
  const int code = second->wait(session_limit);
  result.require(code == 0, "exit code " + std::to_string(code) + ": " + second->errors());
  const auto state = exchange.state();
  result.require(state.at("executions").size() > at_kill.at("executions").size(),
                 "nothing was traded after the restart");
  // The first process's fills are on its tape; what the second one adopted and traded must fit the exchange's
  // end.
  json later = state;
  later["executions"] = json::array();
  for (const auto& fill : state.at("executions"))
    if (fill.at("sequence").get<long long>() > static_cast<long long>(at_kill.at("executions").size()))
      later["executions"].push_back(fill);
  result.require(state.at("positions").empty(), "the exchange still holds a position at the end");
  result.executions = state.at("executions").size();
  compare_with_replay(result, place.program, folder / "second");
  std::set<std::string> ids;
  for (const auto& fill : state.at("executions"))
    result.require(ids.insert(fill.at("execution_id").get<std::string>()).second,
                   "the exchange counts a fill twice");
  compare_after_restart(result, later, folder / "second");
  return result;
}

/// The process is frozen for minutes of the session; what it then hears is old.
verdict frozen(const run_place& place, const fs::path& folder) {
  verdict result;
  const lone_exchange exchange(place, folder);
  const auto trader = exchange.trader("logs");
  let_it_trade(exchange, std::chrono::milliseconds(300));
  trader->signal(SIGSTOP);
  std::this_thread::sleep_for(std::chrono::seconds(3));
  trader->signal(SIGCONT);
  const int code = trader->wait(session_limit);
  result.require(code == 0, "exit code " + std::to_string(code) + ": " + trader->errors());
  compare_with_exchange(result, exchange.state(), folder / "logs", ending::traded);
  compare_with_replay(result, place.program, folder / "logs");
  return result;
}

/// Somebody else's run with --overwrite is sent into the running session's directory.
verdict directory_taken(const run_place& place, const fs::path& folder) {
  verdict result;
  const lone_exchange exchange(place, folder);
  const auto trader = exchange.trader("logs");
  let_it_trade(exchange, std::chrono::milliseconds(0));
  child other({place.program.string(), "mock", "--overwrite", "--log-dir", (folder / "logs").string()},
              folder, "other");
  result.require(other.wait(std::chrono::seconds(60)) == 2, "it was not refused: " + other.errors());
  result.require(other.errors().find("is in use: process ") != std::string::npos,
                 "the holder is not named: " + other.errors());
  const int code = trader->wait(session_limit);
  result.require(code == 0, "exit code " + std::to_string(code) + ": " + trader->errors());
  compare_with_exchange(result, exchange.state(), folder / "logs", ending::traded);
  compare_with_replay(result, place.program, folder / "logs");
  return result;
}

/// What is decided without a tape could not be recovered: everything is sold.
verdict tape_removed(const run_place& place, const fs::path& folder) {
  verdict result;
  const lone_exchange exchange(place, folder);
  const auto trader = exchange.trader("logs");
  let_it_trade(exchange, std::chrono::milliseconds(0));
  fs::remove(folder / "logs" / "session_2025-12-01.tape");
  const int code = trader->wait(session_limit);
  result.require(code == 1, "exit code " + std::to_string(code));
  result.require(trader->errors().find("ALARM HALTED: the tape ") != std::string::npos,
                 "it did not say that the tape is gone: " + trader->errors());
  const auto state = exchange.state();
  result.executions = state.at("executions").size();
  result.require(state.at("positions").empty(), "the exchange still holds a position at the end");
  return result;
}

/// A proxy's page says nothing about the keys: the process that comes back waits, and goes on.
verdict maintenance_after_kill(const run_place& place, const fs::path& folder) {
  verdict result;
  const lone_exchange exchange(place, folder);
  {
    const auto first = exchange.trader("logs", "first");
    let_it_trade(exchange, std::chrono::milliseconds(0));
    first->signal(SIGKILL);
    first->wait(std::chrono::seconds(10));
  }
  exchange.cause(json::array({json{{"kind", "rest_answer"},
                                   {"after_ms", 0},
                                   {"count", 1'000'000},
                                   {"for_ms", 86'400'000},
                                   {"route", "/v2"},
                                   {"value", 403},
                                   {"text", "<html>Down for maintenance</html>"}}})
                     .dump());
  const auto second = exchange.trader("logs", "second");
  for (int i = 0; i < 200 && second->errors().find("Trying again in 2 s") == std::string::npos; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  result.require(second->running(), "it did not wait: " + second->errors());
  exchange.cause("[]");
  const int code = second->wait(session_limit);
  result.require(code == 0, "exit code " + std::to_string(code) + ": " + second->errors());
  result.require(second->errors().find("with a page that is not its own") != std::string::npos,
                 "it met no maintenance: " + second->errors());
  compare_with_exchange(result, exchange.state(), folder / "logs", ending::traded);
  compare_with_replay(result, place.program, folder / "logs");
  return result;
}

/// 500 symbols at 60 times real time: nothing is dropped, and memory does not grow with the minutes.
verdict many_symbols(const run_place& place, const fs::path& folder) {
  verdict result;
  std::string symbols;
  for (int i = 0; i < 500; ++i)
    symbols += (i > 0 ? ",SYN" : "SYN") + std::string(i < 10 ? "00" : i < 100 ? "0" : "") + std::to_string(i);
  const auto bars = (folder / "bars").string();
  child made({place.program.string(), "generate-data", "--seed", "3", "--days", "2", "--output", bars,
              "--symbols", symbols},
             folder, "made");
  result.require(made.wait(std::chrono::seconds(120)) == 0, "no data were made: " + made.errors());
  child trader({place.program.string(), "live", "--paper", "--venue", "local", "--speed", "60",
                "--session-end", "10:00", "--data-dir", bars, "--symbols", symbols, "--warmup-days", "1",
                "--log-dir", (folder / "logs").string(), "--no-report", "--json"},
               folder, "logs");
  std::this_thread::sleep_for(std::chrono::seconds(12));
  const auto early = trader.resident_kb();
  std::this_thread::sleep_for(std::chrono::seconds(18));
  const auto late = trader.resident_kb();
  result.require(early > 0 && late > 0 && late < early + early / 10,
                 "memory grew from " + std::to_string(early) + " to " + std::to_string(late) +
                     " kB in 18 minutes");
  const int code = trader.wait(session_limit);
  result.require(code == 0, "exit code " + std::to_string(code) + ": " + trader.errors());
  if (code != 0)
    return result;
  const auto actors = json::parse(trader.output()).at("actors");
  const auto of_feed = actors.at("feed").at("bars").get<long long>();
  const auto& tape = actors.at("tape");
  const auto count = [&](const char* name) { return tape.at(name).get<long long>(); };
  result.require(of_feed > 10'000, "only " + std::to_string(of_feed) + " bars came");
  result.require(of_feed == count("bars") + count("revisions") + count("duplicates") + count("waiting") +
                                count("outside"),
                 "bars were dropped between feed and tape");
  result.require(count("undecided_rounds") == 0, "a round was not decided in time");
  compare_with_replay(result, place.program, folder / "logs");
  return result;
}

} // namespace

std::string busy_configuration(const fs::path& folder) {
  const auto file = folder / "busy.json";
  std::ofstream(file) << R"({"rotation_manager_config": {"profit_target_pct": 0.0008, "stop_loss_pct": 0.0008,
    "rotation_cooldown_bars": 1, "minimum_hold_bars": 0, "entry_cutoff_minutes": 4, "min_strength_to_exit": 0.0,
    "rotation_strength_delta": 0.1}})";
  return file.string();
}

std::vector<named_run> process_runs() {
  return {{"A3", "directory taken by another command", directory_taken},
          {"A3", "tape removed", tape_removed},
          {"E4", "venue in maintenance after kill -9", maintenance_after_kill},
          {"F33", "kill -9 and another directory", killed_and_adopted},
          {"F31", "process frozen for minutes", frozen},
          {"--", "500 symbols at 60 times real time", many_symbols}};
}

} // namespace sentio::test
