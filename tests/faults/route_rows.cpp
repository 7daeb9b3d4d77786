#include "tests/faults/route_rows.hpp"

#include "tests/faults/lone_exchange.hpp"

#include <fstream>
#include <thread>

namespace sentio::test {

namespace {

using nlohmann::json;
namespace fs = std::filesystem;
using std::chrono::milliseconds;
using steady = std::chrono::steady_clock;

constexpr std::chrono::seconds session_limit{180};
/// Eight seconds of patience, a question that may be 15 s away at real time and is a minute of venue time
/// away here, and what a busy machine adds.
constexpr std::chrono::seconds alarm_limit{30};

struct told {
  int code = 0;
  std::string out;
};

told ask(const run_place& place, const fs::path& folder, std::vector<std::string> words) {
  words.insert(words.begin(), place.program.string());
  words.insert(words.end(), {"--log-dir", (folder / "logs").string()});
  child command(words, folder, "command");
  const int code = command.wait(std::chrono::seconds(15));
  return {code, command.output()};
}

/// Until `status --health` answers with this exit code. Returns its last answer; code -1: it did not.
told wait_for_health(const run_place& place, const fs::path& folder, int code, std::chrono::seconds limit) {
  const auto until = steady::now() + limit;
  told health;
  do {
    health = ask(place, folder, {"status", "--health"});
    if (health.code == code)
      return health;
    std::this_thread::sleep_for(milliseconds(200));
  } while (steady::now() < until);
  health.code = -1;
  return health;
}

/// Entries that were decided in a stretch of venue time.
std::size_t entries_between(const fs::path& log_dir, std::int64_t from, std::int64_t to) {
  std::size_t entries = 0;
  for (const auto& entry : fs::directory_iterator(log_dir)) {
    if (!entry.path().filename().string().starts_with("decisions_"))
      continue;
    std::ifstream in(entry.path());
    for (std::string line; std::getline(in, line);) {
      const auto made = line.empty() ? json() : json::parse(line);
      if (!made.is_null() && made.at("decision") == "ENTER" && made.at("timestamp_ms") > from &&
          made.at("timestamp_ms") < to)
        ++entries;
    }
  }
  return entries;
}

run_place slower(run_place place, const std::string& speed = "60") {
  place.speed = speed; // the patience is of real time: it has to be a part of the session only
  return place;
}

struct route_row {
  std::string name;
  std::string faults;
  std::string says;         ///< `status --health`
  std::string speed = "60"; ///< after an order that was given up the next one is tried half a minute later
};

/// Dead for some minutes, then alive again.
verdict dead_route(const run_place& given, const fs::path& folder, const route_row& row) {
  verdict result;
  const auto place = slower(given, row.speed);
  const lone_exchange exchange(place, folder);
  const auto trader = exchange.trader("logs");
  let_it_trade(exchange, milliseconds(300));
  result.require(wait_for_health(place, folder, 0, std::chrono::seconds(5)).code == 0,
                 "it was not healthy before");
  exchange.cause(row.faults);
  const auto sick = wait_for_health(place, folder, 1, alarm_limit);
  result.require(sick.code == 1, "status --health goes on with: " + sick.out);
  result.require(sick.out.find(row.says) != std::string::npos, "status --health says: " + sick.out);
  const auto status = ask(place, folder, {"status", "--json"});
  if (status.code == 0) {
    const auto gateway = json::parse(status.out).at("actors").at("gateway");
    result.require(gateway.at("alarms") > 0 && gateway.at("route_outages") > 0, "no alarm is counted");
    result.require(gateway.at("listening") == 1, "the order events were lost as well");
  }
  const auto known = exchange.state().at("time_ms").get<std::int64_t>();
  std::this_thread::sleep_for(milliseconds(4'000)); // minutes in which it would buy
  const auto until = exchange.state().at("time_ms").get<std::int64_t>();
  exchange.cause("[]");
  const auto healthy = wait_for_health(place, folder, 0, std::chrono::seconds(45));
  result.require(healthy.code == 0 || !trader->running(), "it is not healthy again: " + healthy.out);
  const int code = trader->wait(session_limit);
  const auto said = trader->errors();
  result.require(code == 0, "exit code " + std::to_string(code) + ": " + said);
  result.require(said.find("ALARM the venue cannot be used: ") != std::string::npos,
                 "the console has no alarm");
  result.require(said.find("the venue can be used again") != std::string::npos,
                 "the console does not say that it is over");
  if (code != 0)
    return result;
  const auto entries = entries_between(folder / "logs", known, until);
  result.require(entries == 0,
                 std::to_string(entries) + " entries were decided while the route was known dead");
  compare_with_exchange(result, exchange.state(), folder / "logs", ending::traded);
  compare_with_replay(result, place.program, folder / "logs");
  return result;
}

/// The venue answers exits with Retry-After: 600 while an operator wants everything sold.
verdict endless_wait(const run_place& given, const fs::path& folder) {
  verdict result;
  const auto place = slower(given);
  const lone_exchange exchange(place, folder);
  const auto trader = exchange.trader("logs");
  let_it_trade(exchange, milliseconds(0));
  for (int i = 0; i < 200 && exchange.state().at("positions").empty(); ++i)
    std::this_thread::sleep_for(milliseconds(50));
  result.require(!exchange.state().at("positions").empty(), "nothing is held");
  exchange.cause(
      R"([{"kind": "rest_429", "route": "POST /v2/orders", "match": "\"sell\"", "value": 600, "count": 4, "for_ms": 3600000}])");
  const auto begin = steady::now();
  result.require(ask(place, folder, {"halt"}).code == 0, "halt was not obeyed");
  while (!exchange.state().at("positions").empty() && steady::now() - begin < std::chrono::seconds(20))
    std::this_thread::sleep_for(milliseconds(50));
  const auto waited = std::chrono::duration_cast<milliseconds>(steady::now() - begin).count();
  result.require(exchange.state().at("positions").empty(), "after 20 s something is still held");
  result.require(waited < 15'000, "everything was sold only after " + std::to_string(waited) + " ms");
  const auto state = exchange.state();
  result.require(state.at("faults_met").value("rest_429", 0) > 0, "no exit was made to wait");
  const int code = trader->wait(session_limit);
  result.require(code == 0 || code == 1, "exit code " + std::to_string(code) + ": " + trader->errors());
  compare_with_exchange(result, exchange.state(), folder / "logs", ending::traded);
  compare_with_replay(result, place.program, folder / "logs");
  return result;
}

} // namespace

std::vector<named_run> route_runs() {
  const std::vector<route_row> rows{
      {"REST refused while the streams live", R"([{"kind": "rest_refused", "route": "/v2/"}])",
       "orders cannot be"},
      {"REST unanswered while the streams live", R"([{"kind": "rest_unanswered", "route": "/v2/"}])",
       "cannot be"},
      {"orders unanswered, everything else lives",
       R"([{"kind": "rest_unanswered", "route": "POST /v2/orders"}])", "orders cannot be sent", "30"},
      {"the positions cannot be read",
       R"([{"kind": "rest_answer", "route": "/v2/positions", "value": 500, "count": 1000000}])",
       "the positions cannot be read"},
      {"the account cannot be read",
       R"([{"kind": "rest_answer", "route": "/v2/account", "value": 403, "text": "<html>", "count": 1000000}])",
       "the account cannot be read"}};
  std::vector<named_run> runs;
  for (const auto& row : rows)
    runs.push_back({"F41", row.name, [row](const run_place& place, const fs::path& folder) {
                      return dead_route(place, folder, row);
                    }});
  runs.push_back({"F42", "Retry-After: 600 on exits, and a halt", endless_wait});
  return runs;
}

} // namespace sentio::test
