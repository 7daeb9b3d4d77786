#include "tests/report/hand_made_run.hpp"

#include "core/config/configuration.hpp"
#include "core/journal/log_lines.hpp"
#include "core/journal/run_file.hpp"
#include "tests/report/synthetic_run.hpp"

namespace sentio::test {

namespace {

constexpr int rounds = 10;

ranked_round round_of(const session_hours& hours, int k) {
  ranked_round round;
  round.at = hours.open + (k + 1) * minute_ms;
  round.symbols.resize(2);
  for (std::size_t s = 0; s < 2; ++s) {
    ranked_symbol& symbol = round.symbols[s];
    symbol.signal.label = hours.open + k * minute_ms;
    symbol.signal.open = s == 1 ? 50 + 0.1 * k : 20 - 0.05 * k;
    symbol.signal.close = symbol.signal.open;
    symbol.signal.ready = true;
    symbol.signal.probability = 0.6;
    symbol.signal.confidence = s == 1 ? 0.5 : 0.7;
    symbol.signal.edge_bp = s == 1 ? 10 - k : 1 + k;
    symbol.signal.expert_count = 1;
    symbol.signal.expert_z[0] = symbol.signal.edge_bp;
    symbol.signal.expert_weight[0] = 1;
    symbol.fresh = true;
    symbol.rankable = true;
    symbol.strength = symbol.entry_strength = symbol.signal.edge_bp;
  }
  const bool first = round.symbols[0].strength >= round.symbols[1].strength;
  round.order = first ? std::vector<symbol_index>{0, 1} : std::vector<symbol_index>{1, 0};
  return round;
}

trade trade_of(const session_hours& hours, symbol_index symbol, bool exit, std::int64_t shares, double price,
               double spread, double fees) {
  trade booked;
  booked.decided_at = hours.open + (exit ? 8 : 2) * minute_ms;
  booked.is_exit = exit;
  booked.kind = exit ? decision_kind::exit : decision_kind::enter;
  booked.reason = exit ? "strength -1 < exit -0.5" : "rank 1";
  booked.bars_held = exit ? 6 : 0;
  booked.fill = {exit ? "x" : "e",
                 exit ? "x" : "e",
                 symbol,
                 exit ? order_side::sell : order_side::buy,
                 shares,
                 from_dollars(price),
                 from_dollars(spread),
                 from_dollars(fees),
                 booked.decided_at + 100,
                 false};
  return booked;
}

struct hand_session {
  civil_date date;
  trade entry;
  trade exit;
  money opening;
  money closing;
  double high_equity; ///< of round 5
  double low_equity;  ///< of round 7
};

void write_session(const std::filesystem::path& folder, const hand_session& day, std::string& summaries) {
  const std::vector<std::string> names{"SDS", "TQQQ"};
  const session_hours hours = session_on(day.date).value();
  const std::string session = to_string(day.date);
  std::string signals;
  std::string positions;
  std::string trades;
  log_stamp signal_stamp{session};
  log_stamp position_stamp{session};
  log_stamp trade_stamp{session};
  for (int k = 0; k < rounds; ++k) {
    const ranked_round round = round_of(hours, k);
    append_signal_lines(signals, signal_stamp, round, names);
    book_snapshot book;
    book.at = round.at;
    book.equity = k == 5   ? from_dollars(day.high_equity)
                  : k == 7 ? from_dollars(day.low_equity)
                           : day.opening;
    book.cash = book.equity;
    append_position_line(positions, position_stamp, book, names);
  }
  append_trade_line(trades, trade_stamp, day.entry, names);
  append_trade_line(trades, trade_stamp, day.exit, names);
  write_text(folder / log_file_name("signals", session), signals);
  write_text(folder / log_file_name("positions", session), positions);
  write_text(folder / log_file_name("trades", session), trades);
  write_text(folder / log_file_name("decisions", session), "");
  session_summary summary;
  summary.date = day.date;
  summary.totals.opening_equity = day.opening;
  summary.totals.closing_equity = day.closing;
  summary.totals.spread_cost = day.entry.fill.spread_cost + day.exit.fill.spread_cost;
  summary.totals.fees = day.entry.fill.fees + day.exit.fill.fees;
  summary.totals.fills = 2;
  summary.totals.rounds = rounds;
  summary.totals.refused.assign(static_cast<std::size_t>(refusal::count_), 0);
  summary.totals.refused[static_cast<std::size_t>(refusal::threshold)] = 7;
  append_session_summary(summaries, summary);
}

} // namespace

void write_hand_made_run(const std::filesystem::path& folder) {
  configuration config;
  config.symbols = {"SDS", "TQQQ"};
  config.instruments = default_instruments();
  config.capital = 1000;
  config.portfolio.costs.spread = false;
  config.portfolio.costs.fees = {{{2024, 1, 1}, 0, 0, 0}};
  run_description run;
  run.title = "mock";
  run.config_json = canonical_json(config);
  run.symbols = config.symbols;
  run.capital = from_dollars(1000);
  run.session_tag = "hand";
  run.sessions = {{2025, 6, 3}, {2025, 6, 4}};
  const session_hours first = session_on(run.sessions[0]).value();
  const session_hours second = session_on(run.sessions[1]).value();
  std::string summaries;
  hand_session one{run.sessions[0],
                   trade_of(first, 1, false, 10, 50.2, 0.05, 0),
                   trade_of(first, 1, true, 10, 50.8, 0.05, 0.01),
                   from_dollars(1000),
                   from_dollars(1005.89),
                   1015,
                   1001};
  one.exit.pnl = from_dollars(5.89);
  one.exit.pnl_pct = 5.89 / 502.05;
  hand_session two{run.sessions[1],
                   trade_of(second, 0, false, 20, 19.9, 0.10, 0),
                   trade_of(second, 0, true, 20, 19.6, 0.10, 0.02),
                   from_dollars(1005.89),
                   from_dollars(999.67),
                   1006,
                   990};
  two.exit.pnl = from_dollars(-6.22);
  two.exit.pnl_pct = -6.22 / 398.1;
  write_session(folder, one, summaries);
  write_session(folder, two, summaries);
  write_text(folder / run_file_name, write_run_file(run));
  write_text(folder / sessions_file_name, summaries);
}

} // namespace sentio::test
