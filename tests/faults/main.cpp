// One accelerated session per row of the fault matrix, against the bundled exchange over real sockets, four
// at a time.
#include "tests/faults/child.hpp"
#include "tests/faults/hostile_rows.hpp"
#include "tests/faults/impossible_rows.hpp"
#include "tests/faults/process_rows.hpp"
#include "tests/faults/recovery_rows.hpp"
#include "tests/faults/route_rows.hpp"
#include "tests/faults/rows.hpp"
#include "tests/faults/verdict.hpp"

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <set>
#include <thread>

namespace {

using namespace sentio::test;
namespace fs = std::filesystem;

constexpr std::chrono::seconds session_limit{180};

/// A fault that was never met proves nothing. These kinds act when their window opens.
void require_met(verdict& result, const fault_row& row, const nlohmann::json& state) {
  static const std::set<std::string> at_once{
      "data_drop",      "data_ghost",       "close_1011",   "slow_client",    "halt",
      "luld_pause",     "foreign_order",    "trading_drop", "malformed_json", "early_close",
      "reverse_split",  "reopen_gap",       "tls_expired",  "tls_wrong_host", "black_hole_upgrade",
      "refuse_connect", "trade_update_sent"};
  for (const auto& fault : nlohmann::json::parse(row.faults)) {
    const auto kind = fault.at("kind").get<std::string>();
    result.require(at_once.contains(kind) || state.at("faults_met").value(kind, 0) > 0,
                   "the fault " + kind + " was never met");
  }
}

/// `deaths`: actors are killed meanwhile, drawn from this seed; 0: none are.
verdict run_row(const fault_row& row, const run_place& place, const fs::path& folder, unsigned deaths) {
  fs::create_directories(folder);
  std::ofstream(folder / "faults.json") << row.faults;
  const auto logs = folder / "logs";
  std::vector<std::string> command{place.program.string(),
                                   "live",
                                   "--paper",
                                   "--venue",
                                   "local",
                                   "--speed",
                                   place.speed,
                                   "--config",
                                   busy_configuration(folder),
                                   "--session-end",
                                   "10:15",
                                   "--faults",
                                   (folder / "faults.json").string(),
                                   "--log-dir",
                                   logs.string(),
                                   "--no-report"};
  if (deaths > 0)
    command.push_back("--allow-kill");
  child session(command, folder, "session");
  verdict result;
  if (deaths > 0) {
    const auto killed = kill_actors(place, folder, session, deaths);
    result.require(killed > 0 || row.expected == ending::no_trades, "no actor was killed");
  }
  const int code = session.wait(session_limit);
  const auto said = session.errors();
  const bool may_fail = row.expected == ending::no_trades;
  result.require(code == 0 || (may_fail && code == 1),
                 "exit code " + std::to_string(code) + ": " +
                     said.substr(said.size() > 600 ? said.size() - 600 : 0));
  if (!row.says.empty())
    result.require(said.find(row.says) != std::string::npos, "it did not say \"" + row.says + "\"");
  const auto state = logs / "exchange_state.json";
  if (code == 0)
    result.require(fs::exists(state), "the exchange's state was not written");
  if (fs::exists(state)) {
    compare_with_exchange(result, nlohmann::json::parse(text_of(state)), logs, row.expected);
    compare_with_replay(result, place.program, logs);
    require_met(result, row, nlohmann::json::parse(text_of(state)));
  }
  return result;
}

} // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr,
                 "usage: test_faults BUILD_FOLDER SCRATCH_FOLDER [ROW|NAME ...] [--at-once N] [--speed X] "
                 "[--kills N] [--actors-die]\n");
    return 2;
  }
  // Before any thread is there; it does nothing unless a row asks for it.
  setenv("LD_PRELOAD", (fs::path(argv[1]) / "libstuck_disk.so").c_str(), 1);
  run_place place{fs::path(argv[1]) / "sentio-actors", fs::path(argv[1]) / "sentio-exchange", "120"};
  const fs::path scratch = argv[2];
  std::set<std::string> wanted;
  unsigned at_once = 4;
  unsigned kills = 14;
  bool actors_die = false; // in every row that the venue causes; the other rows are left out
  for (int i = 3; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--at-once" && i + 1 < argc)
      at_once = static_cast<unsigned>(std::stoul(argv[++i]));
    else if (word == "--speed" && i + 1 < argc)
      place.speed = argv[++i];
    else if (word == "--kills" && i + 1 < argc)
      kills = static_cast<unsigned>(std::stoul(argv[++i]));
    else if (word == "--actors-die")
      actors_die = true;
    else
      wanted.insert(word);
  }
  fs::remove_all(scratch);
  std::vector<named_run> runs;
  if (!actors_die) {
    runs = process_runs();
    for (auto& run : recovery_runs(kills))
      runs.push_back(std::move(run));
    for (auto& run : route_runs())
      runs.push_back(std::move(run));
    for (auto& run : impossible_runs())
      runs.push_back(std::move(run));
    for (auto& run : hostile_runs())
      runs.push_back(std::move(run));
  }
  unsigned number = 0;
  for (const auto& row : venue_rows())
    runs.push_back(
        {row.row, row.name,
         [row, deaths = actors_die ? ++number : 0](const run_place& where, const fs::path& folder) {
           return run_row(row, where, folder, deaths);
         }});
  if (!wanted.empty())
    std::erase_if(
        runs, [&](const named_run& run) { return !wanted.contains(run.row) && !wanted.contains(run.name); });
  std::mutex mutex;
  std::atomic<std::size_t> next{0};
  std::uint64_t checks = 0;
  std::uint64_t failed = 0;
  std::uint64_t killed = 0;
  const auto work = [&] {
    for (auto i = next++; i < runs.size(); i = next++) {
      const auto& run = runs[i];
      verdict result;
      try {
        result = run.go(place, scratch / (std::to_string(i) + "-" + run.row));
      } catch (const std::exception& problem) {
        result.require(false, problem.what());
      }
      const std::lock_guard lock(mutex);
      checks += result.checks;
      killed += result.kills;
      failed += result.faults.empty() ? 0U : 1U;
      std::printf("%-4s %-46s %-6s %3llu fills %3llu entries\n", run.row.c_str(), run.name.c_str(),
                  result.faults.empty() ? "ok" : "FAILED", static_cast<unsigned long long>(result.executions),
                  static_cast<unsigned long long>(result.entries));
      for (const auto& fault : result.faults)
        std::printf("       %s\n", fault.c_str());
      std::fflush(stdout);
    }
  };
  std::vector<std::thread> workers;
  for (unsigned i = 0; i < at_once; ++i)
    workers.emplace_back(work);
  for (auto& worker : workers)
    worker.join();
  std::printf("%zu rows, %llu failed, %llu times kill -9\nchecks: %llu\n", runs.size(),
              static_cast<unsigned long long>(failed), static_cast<unsigned long long>(killed),
              static_cast<unsigned long long>(checks));
  return failed == 0 && checks > 0 ? 0 : 1;
}
