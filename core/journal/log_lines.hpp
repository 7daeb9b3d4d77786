// The lines of the four JSONL logs of a session. Pure functions: the caller owns files, buffers and sequence
// numbers. Every line carries timestamp_ms (UTC decision time; of a trade its fill time), session and seq, so
// that the lines of a file are sorted by (timestamp_ms, seq). Prices and money are exact decimals (a price
// given as double is rounded to millionths); other numbers have nine significant digits. No path, clock or
// machine in any of them.
#pragma once

#include "core/portfolio/output.hpp"
#include "core/strategy/ranking.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace sentio {

/// "signals_2025-06-03.jsonl"; kind is signals, decisions, trades or positions.
std::string log_file_name(std::string_view kind, std::string_view session);

/// Stamp of one file's lines.
struct log_stamp {
  std::string_view session; ///< "2025-06-03"
  std::uint64_t seq = 0;    ///< number of the next line of this file, from 0; every append advances it
};

/// One line per symbol of the round, by symbol. `names` is the run's sorted list.
void append_signal_lines(std::string& out, log_stamp& stamp, const ranked_round& round,
                         std::span<const std::string> names);
/// One line. rank: 1 = best, 0 = not rankable. "signal" is 1 when the symbol is rankable, passes every entry
/// filter and has a positive strength (edge > 0; legacy: probability > .5), else 0.
void append_signal_line(std::string& out, log_stamp& stamp, time_ms at, std::string_view name,
                        const ranked_symbol& symbol, std::int32_t rank);
void append_decision_line(std::string& out, log_stamp& stamp, const decision& made,
                          std::span<const std::string> names);
/// One fill. value = price * shares, cost = spread_cost + fees; pnl, pnl_pct and bars_held only on exits.
void append_trade_line(std::string& out, log_stamp& stamp, const trade& booked,
                       std::span<const std::string> names);
void append_position_line(std::string& out, log_stamp& stamp, const book_snapshot& book,
                          std::span<const std::string> names);

/// Appends text as a JSON string, quotes included: quotes, backslashes and control characters escaped.
void append_json_text(std::string& out, std::string_view text);

} // namespace sentio
