#include "tests/faults/verdict.hpp"

#include "tests/faults/child.hpp"

#include <cmath>
#include <fstream>
#include <map>
#include <set>

namespace sentio::test {

namespace {

using nlohmann::json;
namespace fs = std::filesystem;

std::vector<json> lines_of(const fs::path& folder, const std::string& stem) {
  std::vector<json> lines;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const auto name = entry.path().filename().string();
    if (!name.starts_with(stem) || !name.ends_with(".jsonl"))
      continue;
    std::ifstream in(entry.path());
    for (std::string line; std::getline(in, line);)
      if (!line.empty())
        lines.push_back(json::parse(line));
  }
  return lines;
}

/// Dollars as whole cents.
long long cents(const json& value) {
  const double dollars = value.is_string() ? std::stod(value.get<std::string>()) : value.get<double>();
  return std::llround(dollars * 100);
}

long long shares_of(const json& value) {
  return value.is_string() ? std::stoll(value.get<std::string>()) : value.get<long long>();
}

/// The strategy's own limit: after five minutes without a bar a symbol is not entered.
constexpr int stale_after_s = 300;

/// Net shares by symbol.
using positions = std::map<std::string, long long>;

} // namespace

void compare_with_exchange(verdict& result, const json& exchange, const fs::path& log_dir, ending expected) {
  positions venue_bought, venue_sold, our_bought, our_sold, held;
  std::set<std::string> ids;
  for (const auto& fill : exchange.at("executions")) {
    ++result.executions;
    result.require(ids.insert(fill.at("execution_id").get<std::string>()).second,
                   "the exchange counts a fill twice");
    auto& side = fill.at("side") == "buy" ? venue_bought : venue_sold;
    side[fill.at("symbol")] += shares_of(fill.at("qty"));
  }
  std::set<std::string> our_ids;
  for (const auto& trade : lines_of(log_dir, "trades_")) {
    const auto id = trade.at("execution_id").get<std::string>();
    result.require(our_ids.insert(id).second, "fill " + id + " is in the trades log twice");
    if (id.starts_with("adopted-"))
      continue; // bought by an earlier process
    auto& side = trade.at("side") == "BUY" ? our_bought : our_sold;
    side[trade.at("symbol")] += trade.at("shares").get<long long>();
  }
  result.require(venue_bought == our_bought, "shares bought differ from the exchange's");
  result.require(venue_sold == our_sold, "shares sold differ from the exchange's");
  for (const auto& [symbol, bought] : venue_bought)
    held[symbol] += bought;
  for (const auto& [symbol, sold] : venue_sold)
    held[symbol] -= sold;
  std::erase_if(held, [](const auto& one) { return one.second == 0; });
  if (expected == ending::traded) {
    result.require(held.empty(), "the exchange still holds a position at the end");
    result.require(!venue_bought.empty(), "nothing was traded");
  }
  if (expected == ending::no_trades)
    result.require(venue_bought.empty(), "something was bought");
  for (const auto& session : lines_of(log_dir, "sessions")) {
    result.require(session.at("flat").get<bool>() == held.empty(),
                   "the session's own word about being flat is wrong");
    // Derived prices are rounded to a millionth a share: a cent is left for thousands of shares.
    if (held.empty())
      result.require(std::llabs(cents(session.at("closing_equity")) - cents(exchange.at("equity"))) <= 1,
                     "equity " + session.at("closing_equity").dump() + " differs from the exchange's " +
                         exchange.at("equity").dump());
  }
  std::set<std::pair<std::int64_t, std::string>> fresh;
  for (const auto& signal : lines_of(log_dir, "signals_"))
    if (signal.at("staleness_s").get<int>() <= stale_after_s)
      fresh.emplace(signal.at("timestamp_ms").get<std::int64_t>(), signal.at("symbol").get<std::string>());
  for (const auto& made : lines_of(log_dir, "decisions_"))
    if (made.at("decision") == "ENTER") {
      ++result.entries;
      result.require(
          fresh.contains({made.at("timestamp_ms").get<std::int64_t>(), made.at("symbol").get<std::string>()}),
          "an entry of " + made.at("symbol").dump() + " without a bar of its minute");
    }
}

void compare_after_restart(verdict& result, const json& exchange, const fs::path& log_dir) {
  positions venue, ours;
  for (const auto& fill : exchange.at("executions"))
    venue[fill.at("symbol")] += (fill.at("side") == "buy" ? 1 : -1) * shares_of(fill.at("qty"));
  long long adopted = 0;
  for (const auto& trade : lines_of(log_dir, "trades_")) {
    const auto shares = (trade.at("side") == "BUY" ? 1 : -1) * trade.at("shares").get<long long>();
    if (trade.at("execution_id").get<std::string>().starts_with("adopted-"))
      adopted += shares;
    else
      ours[trade.at("symbol")] += shares;
  }
  result.require(venue == ours, "what was traded after the restart differs from the exchange's executions");
  for (const auto& session : lines_of(log_dir, "sessions")) {
    result.require(session.at("flat").get<bool>(), "the second process does not know itself to be flat");
    result.require(std::llabs(cents(session.at("closing_equity")) - cents(exchange.at("equity"))) <= 1,
                   "equity " + session.at("closing_equity").dump() + " differs from the exchange's " +
                       exchange.at("equity").dump());
  }
  result.require(adopted >= 0, "more than nothing was adopted");
}

void compare_with_replay(verdict& result, const fs::path& program, const fs::path& log_dir) {
  for (const auto& entry : fs::directory_iterator(log_dir)) {
    if (entry.path().extension() != ".tape")
      continue;
    child replay({program.string(), "replay", entry.path().string()}, log_dir, "replay");
    const int code = replay.wait(std::chrono::seconds(60));
    const auto said = replay.errors();
    result.require(code == 0 && said.find("0 outputs differ") != std::string::npos &&
                       said.find("10 outputs") == std::string::npos,
                   "the replay of its tape differs: " + said);
    return;
  }
  result.require(false, "there is no tape");
}

} // namespace sentio::test
