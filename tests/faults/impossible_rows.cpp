#include "tests/faults/impossible_rows.hpp"

#include "core/tape/reader.hpp"
#include "core/tape/writer.hpp"
#include "tests/faults/child.hpp"
#include "tests/faults/lone_exchange.hpp"

#include <csignal>
#include <fstream>
#include <thread>

namespace sentio::test {

namespace {

using nlohmann::json;
namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr std::chrono::seconds session_limit{180};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// Of somebody else's order in one of our symbols: 1,000,000 shares at 9,000,000,000 dollars.
json impossible_fill() {
  const std::string shares = "1000000", price = "9000000000";
  return {{"event", "fill"},
          {"execution_id", "impossible"},
          {"price", price},
          {"qty", shares},
          {"position_qty", shares},
          {"timestamp", "2025-12-01T14:40:00Z"},
          {"order",
           {{"id", "impossible"},
            {"client_order_id", "somebody's"},
            {"symbol", "TQQQ"},
            {"side", "buy"},
            {"type", "market"},
            {"qty", shares},
            {"filled_qty", shares},
            {"filled_avg_price", price},
            {"status", "filled"}}}};
}

void kill_it(verdict& result, child& trader) {
  trader.signal(SIGKILL);
  result.require(trader.wait(std::chrono::seconds(10)) == 128 + SIGKILL,
                 "it ended by itself: " + trader.errors());
}

/// What --recover-only says; requires its exit code.
json look(verdict& result, const lone_exchange& exchange, int expected) {
  const auto looker = exchange.trader("logs", "looker", {"--recover-only", "--json"});
  const int code = looker->wait(std::chrono::seconds(40));
  result.require(code == expected,
                 "--recover-only: exit code " + std::to_string(code) + ": " + looker->errors());
  return code == expected ? json::parse(looker->output()) : json::object();
}

verdict impossible_fill_of_somebody(const run_place& place, const fs::path& folder) {
  verdict result;
  const lone_exchange exchange(place, folder);
  const auto first = exchange.trader("logs", "first");
  let_it_trade(exchange, milliseconds(300));
  exchange.cause(
      json::array({{{"kind", "trade_update_sent"}, {"after_ms", 0}, {"text", impossible_fill()}}}).dump());
  for (int i = 0; i < 200 && !contains(first->errors(), "HALTED"); ++i)
    std::this_thread::sleep_for(milliseconds(50));
  std::this_thread::sleep_for(milliseconds(500));
  result.require(contains(first->errors(), "refused, since it cannot be true: somebody's: a price of "
                                           "9000000000.00 dollars is not between"),
                 "the console does not say what was refused: " + first->errors());
  kill_it(result, *first);
  const auto bought = exchange.state().at("orders").size();
  const auto seen = look(result, exchange, 0);
  result.require(seen.value("verdict", "") == "interrupted", "--recover-only finds: " + seen.dump());
  result.require(contains(seen.value("halted", ""), "cannot be true"),
                 "--recover-only knows no halt: " + seen.dump());
  const auto next = exchange.trader("logs", "next");
  const int code = next->wait(session_limit);
  result.require(code == 0, "exit code " + std::to_string(code) + " of the same command: " + next->errors());
  result.require(contains(next->errors(), "recovering ") && contains(next->errors(), "HALTED"),
                 "the same command does not go on halted: " + next->errors());
  if (code != 0)
    return result;
  const auto state = exchange.state();
  for (std::size_t i = bought; i < state.at("orders").size(); ++i)
    result.require(state.at("orders")[i].at("side") == "sell", "it was bought after the halt");
  compare_with_exchange(result, state, folder / "logs", ending::traded);
  compare_with_replay(result, place.program, folder / "logs");
  return result;
}

/// Writes a tape anew, with an input before the first session: every record can be read, and none gone on
/// with.
void make_unfoldable(const fs::path& tape) {
  const auto whole = tape.string() + ".whole";
  fs::rename(tape, whole);
  tape_reader reader{fs::path(whole)};
  tape_writer writer;
  if (const auto problem = writer.create(tape, false); !problem.empty())
    throw std::runtime_error(problem);
  tape_record record;
  while (reader.next(record) == read_status::record) {
    if (record.kind == record_kind::session)
      writer.append(record_kind::phase, record.time, phase_record{session_phase::open, record.time});
    writer.append(record.kind, record.time, record.payload);
  }
  writer.close();
}

verdict tape_that_cannot_be_folded(const run_place& place, const fs::path& folder) {
  verdict result;
  const lone_exchange exchange(place, folder);
  const auto first = exchange.trader("logs", "first");
  let_it_trade(exchange, milliseconds(300));
  for (int i = 0; i < 100 && exchange.state().at("positions").empty(); ++i)
    std::this_thread::sleep_for(milliseconds(50));
  kill_it(result, *first);
  make_unfoldable(folder / "logs" / "session_2025-12-01.tape");
  const auto positions = exchange.state().at("positions");
  result.require(!positions.empty(), "nothing was held: the row shows nothing");
  const auto seen = look(result, exchange, 1);
  result.require(seen.value("verdict", "") == "damaged" &&
                     contains(seen.value("problem", ""), "comes before the first session") &&
                     contains(seen.value("next", ""), "--new-session"),
                 "--recover-only finds: " + seen.dump());
  const auto again = exchange.trader("logs", "again");
  const int code = again->wait(std::chrono::seconds(40));
  result.require(code == 1, "exit code " + std::to_string(code) + ": " + again->errors());
  const auto said = again->errors();
  for (const std::string part : {"session_2025-12-01.tape: record ", " comes before the first session",
                                 "The account holds ", "--new-session"})
    result.require(contains(said, part), "it does not say \"" + part + "\": " + said);
  for (const auto& [symbol, position] : positions.items())
    result.require(contains(said, symbol) && contains(seen.value("account_holds", ""), symbol),
                   "it does not say that " + symbol + " is held: " + said);
  const auto fresh = exchange.trader("fresh", "fresh", {"--new-session"});
  const int ended = fresh->wait(session_limit);
  result.require(ended == 0,
                 "exit code " + std::to_string(ended) + " with --new-session: " + fresh->errors());
  if (ended != 0)
    return result;
  result.require(exchange.state().at("positions").empty(), "what was held is not sold at the end");
  const auto trades = text_of(folder / "fresh" / "trades_2025-12-01.jsonl");
  const auto session = text_of(folder / "fresh" / "sessions.jsonl");
  result.require(contains(trades, "\"adopted-"), "nothing was taken over");
  result.require(contains(session, "\"flat\":true"),
                 "the session does not know itself to be flat: " + session);
  compare_with_replay(result, place.program, folder / "fresh");
  return result;
}

} // namespace

std::vector<named_run> impossible_runs() {
  return {{"E1", "impossible fill of somebody's order", impossible_fill_of_somebody},
          {"E1", "a tape that cannot be folded", tape_that_cannot_be_folded}};
}

} // namespace sentio::test
