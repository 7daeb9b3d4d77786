#include "tests/faults/hostile_rows.hpp"

#include "tests/faults/lone_exchange.hpp"

#include <csignal>
#include <fstream>
#include <sys/stat.h>
#include <thread>

namespace sentio::test {

namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr std::chrono::seconds session_limit{180};
constexpr std::chrono::seconds refusal_limit{30};

bool says(const child& trader, const std::string& text) {
  return trader.errors().find(text) != std::string::npos;
}

/// The session goes on to its end as if nothing had been.
void require_whole_session(verdict& result, const run_place& place, const lone_exchange& exchange,
                           child& trader, const fs::path& logs) {
  const int code = trader.wait(session_limit);
  result.require(code == 0, "exit code " + std::to_string(code) + ": " + trader.errors());
  compare_with_exchange(result, exchange.state(), logs, ending::traded);
  compare_with_replay(result, place.program, logs);
}

/// With directories of its own for everything but the account's state, as a service with a private /tmp has
/// them.
verdict second_instance(const run_place& place, const fs::path& folder) {
  verdict result;
  const lone_exchange exchange(place, folder);
  const auto trader = exchange.trader("logs");
  let_it_trade(exchange, std::chrono::milliseconds(0));
  const auto own = (folder / "private").string();
  fs::create_directory(own);
  const auto second =
      exchange.trader("second", "second", {}, {"TMPDIR=" + own, "HOME=" + own, "XDG_STATE_HOME=" + own});
  result.require(second->wait(refusal_limit) == 2, "a second trader was not refused: " + second->errors());
  result.require(says(*second, "another instance (process "), "its holder is not named: " + second->errors());
  require_whole_session(result, place, exchange, *trader, folder / "logs");
  return result;
}

/// What a stream says while shares are held: the connection is given up and made again, and trading goes on.
named_run hostile_message(const std::string& name, json fault, const std::string& words = "") {
  fault["at"] = "09:45";
  return {"H10", name, [fault, words](const run_place& place, const fs::path& folder) {
            verdict result;
            const lone_exchange exchange(place, folder, json::array({fault}).dump());
            const auto trader = exchange.trader("logs");
            let_it_trade(exchange, std::chrono::milliseconds(0));
            const auto before = trader->resident_kb();
            const auto enough = exchange.state().at("executions").size() + 30; // long after that minute
            while (trader->running() && exchange.state().at("executions").size() < enough)
              std::this_thread::sleep_for(std::chrono::milliseconds(50));
            const auto after = trader->resident_kb();
            result.require(after < before + 200'000, "memory grew from " + std::to_string(before) + " to " +
                                                         std::to_string(after) + " kB");
            require_whole_session(result, place, exchange, *trader, folder / "logs");
            result.require(exchange.state().at("executions").size() >= enough, "trading did not go on");
            result.require(says(*trader, words), "it did not say \"" + words + "\": " + trader->errors());
            return result;
          }};
}

std::string nested(std::size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

/// The account's latch; empty: there is none.
fs::path latch_in(const fs::path& state) {
  for (const auto& entry : fs::directory_iterator(state))
    if (entry.path().extension() == ".halted")
      return entry.path();
  return {};
}

/// HALTED, and then something else in the latch's place: no start may take that for "not HALTED".
verdict latch_is_a_pipe(const run_place& place, const fs::path& folder) {
  verdict result;
  const lone_exchange exchange(place, folder);
  {
    const auto first = exchange.trader("first");
    let_it_trade(exchange, std::chrono::milliseconds(0));
    first->signal(SIGUSR1); // the kill switch
    for (int i = 0;
         i < 400 && (latch_in(folder / "state").empty() || !exchange.state().at("positions").empty()); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    first->signal(SIGKILL);
    first->wait(std::chrono::seconds(10));
  }
  const auto at_kill = exchange.state();
  result.require(at_kill.at("positions").empty(), "the kill switch did not sell everything");
  const auto latch = latch_in(folder / "state");
  result.require(!latch.empty(), "no latch was written");
  if (latch.empty())
    return result;
  fs::remove(latch);
  result.require(mkfifo(latch.c_str(), 0600) == 0, "no pipe could be made");
  const auto second = exchange.trader("second");
  const int code = second->wait(session_limit);
  result.require(code == 0, "exit code " + std::to_string(code) + ": " + second->errors());
  result.require(says(*second, "HALTED"), "it did not say that it is HALTED: " + second->errors());
  const auto state = exchange.state();
  result.executions = state.at("executions").size();
  result.require(state.at("executions").size() == at_kill.at("executions").size(), "a HALTED account traded");
  compare_with_replay(result, place.program, folder / "second");
  return result;
}

/// As under fsfreeze: whoever writes does not come back.
verdict frozen_disk(const run_place& place, const fs::path& folder) {
  verdict result;
  const lone_exchange exchange(place, folder);
  const auto trader = exchange.trader(
      "logs", "logs", {}, {"LD_PRELOAD=" + (place.program.parent_path() / "libstuck_disk.so").string()});
  let_it_trade(exchange, std::chrono::milliseconds(0));
  std::ofstream(folder / "logs" / "frozen.disk").close();
  const int code = trader->wait(refusal_limit);
  result.require(code == 1, "exit code " + std::to_string(code) + ": " + trader->errors());
  result.require(says(*trader, "everything is sold at the venue now, past the tape"),
                 "it did not say what it does: " + trader->errors());
  const auto state = exchange.state();
  result.executions = state.at("executions").size();
  result.require(state.at("positions").empty(), "the exchange still holds a position: " + trader->errors());
  return result;
}

} // namespace

std::vector<named_run> hostile_runs() {
  const std::string long_text(9U << 20, 'x');
  return {{"H3", "a second trader with a private TMPDIR and HOME", second_instance},
          {"H7", "frozen disk", frozen_disk},
          hostile_message("nine megabytes on the data stream",
                          {{"kind", "data_message_sent"}, {"text", json::array({{{"T", long_text}}})}}),
          hostile_message("nine megabytes on the trading stream",
                          {{"kind", "trade_update_sent"}, {"text", {{"event", long_text}}}},
                          "a message is longer than 8388608 bytes"),
          hostile_message("a message of 200 levels on the data stream",
                          {{"kind", "data_message_sent"}, {"text", json::parse(nested(200))}}),
          {"H11", "a pipe in the place of the latch", latch_is_a_pipe}};
}

} // namespace sentio::test
