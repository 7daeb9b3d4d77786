#include "core/journal/log_lines.hpp"

#include "core/journal/line_writer.hpp"

#include <stdexcept>
#include <vector>

namespace sentio {

namespace {

std::string_view name_of(symbol_index symbol, std::span<const std::string> names) {
  if (symbol >= names.size())
    throw std::logic_error("a log line names symbol " + std::to_string(symbol) + " of only " +
                           std::to_string(names.size()));
  return names[symbol];
}

void begin_line(line_writer& line, log_stamp& stamp, time_ms at) {
  line.integer("timestamp_ms", at);
  line.word("session", stamp.session);
  line.integer("seq", static_cast<std::int64_t>(stamp.seq++));
}

} // namespace

std::string log_file_name(std::string_view kind, std::string_view session) {
  std::string name(kind);
  name.append("_").append(session).append(".jsonl");
  return name;
}

void append_json_text(std::string& out, std::string_view text) {
  static constexpr char digits[] = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out.append("\\n");
    } else if (c == '\t') {
      out.append("\\t");
    } else if (code < 0x20) {
      out.append("\\u00");
      out += digits[code >> 4];
      out += digits[code & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

void append_signal_line(std::string& out, log_stamp& stamp, time_ms at, std::string_view name,
                        const ranked_symbol& symbol, std::int32_t rank) {
  const symbol_signal& signal = symbol.signal;
  const bool would_be_long = symbol.rankable && symbol.barred == entry_bar::none && symbol.strength > 0;
  line_writer line(out);
  begin_line(line, stamp, at);
  line.word("symbol", name);
  line.integer("bar_timestamp_ms", signal.label);
  line.boolean("fresh", symbol.fresh);
  line.decimal("open", from_dollars(signal.open));
  line.decimal("close", from_dollars(signal.close));
  line.number("volume", signal.volume);
  line.number("sigma_bp", signal.sigma * 1e4);
  line.integer("signal", would_be_long ? 1 : 0);
  line.number("probability", signal.probability);
  line.number("confidence", signal.confidence);
  line.number("edge_bp", signal.edge_bp);
  line.number("strength", symbol.strength);
  line.number("entry_strength", symbol.entry_strength);
  line.integer("rank", rank);
  line.integer("staleness_s", std::int64_t{symbol.staleness} * 60);
  line.numbers("prediction", std::span(signal.prediction).first(signal.horizon_count));
  line.numbers("expert_z", std::span(signal.expert_z).first(signal.expert_count));
  line.numbers("expert_weight", std::span(signal.expert_weight).first(signal.expert_count));
  line.word("barred", to_string(symbol.barred));
  line.end_line();
}

void append_signal_lines(std::string& out, log_stamp& stamp, const ranked_round& round,
                         std::span<const std::string> names) {
  std::vector<std::int32_t> ranks(round.symbols.size(), 0);
  for (std::size_t place = 0; place < round.order.size(); ++place)
    ranks.at(round.order[place]) = static_cast<std::int32_t>(place + 1);
  for (std::size_t i = 0; i < round.symbols.size(); ++i)
    append_signal_line(out, stamp, round.at, name_of(static_cast<symbol_index>(i), names), round.symbols[i],
                       ranks[i]);
}

void append_decision_line(std::string& out, log_stamp& stamp, const decision& made,
                          std::span<const std::string> names) {
  line_writer line(out);
  begin_line(line, stamp, made.at);
  line.word("symbol", name_of(made.symbol, names));
  line.word("decision", to_string(made.kind));
  line.text("reason", made.reason);
  line.integer("rank", made.rank);
  line.number("strength", made.strength);
  line.integer("bars_held", made.bars_held);
  line.end_line();
}

void append_trade_line(std::string& out, log_stamp& stamp, const trade& booked,
                       std::span<const std::string> names) {
  const execution& fill = booked.fill;
  line_writer line(out);
  begin_line(line, stamp, fill.at);
  line.integer("decision_timestamp_ms", booked.decided_at);
  line.word("symbol", name_of(fill.symbol, names));
  line.word("action", booked.is_exit ? "EXIT" : "ENTRY");
  line.word("side", to_string(fill.side));
  line.integer("shares", fill.shares);
  line.decimal("price", fill.price);
  line.decimal("value", fill.price * fill.shares);
  line.decimal("spread_cost", fill.spread_cost);
  line.decimal("fees", fill.fees);
  line.decimal("cost", fill.spread_cost + fill.fees);
  line.text("client_order_id", fill.client_order_id);
  line.text("execution_id", fill.execution_id);
  line.word("decision", to_string(booked.kind));
  line.text("reason", booked.reason);
  line.boolean("no_print", fill.no_print);
  if (booked.is_exit) {
    line.decimal("pnl", booked.pnl);
    line.number("pnl_pct", booked.pnl_pct);
    line.integer("bars_held", booked.bars_held);
  }
  line.end_line();
}

void append_position_line(std::string& out, log_stamp& stamp, const book_snapshot& book,
                          std::span<const std::string> names) {
  line_writer line(out);
  begin_line(line, stamp, book.at);
  std::string& list = line.nested("positions");
  list += '[';
  for (std::size_t i = 0; i < book.positions.size(); ++i) {
    if (i > 0)
      list += ',';
    const book_position& held = book.positions[i];
    line_writer item(list);
    item.word("symbol", name_of(held.symbol, names));
    item.integer("shares", held.shares);
    item.decimal("entry_price", held.entry_price);
    item.decimal("mark", held.mark);
    item.decimal("unrealized_pnl", held.unrealized);
    item.integer("rank", held.rank);
    item.number("strength", held.strength);
    item.integer("bars_held", held.bars_held);
    item.end_object();
  }
  list += ']';
  line.decimal("cash", book.cash);
  line.decimal("equity", book.equity);
  line.decimal("total_unrealized_pnl", book.unrealized);
  line.number("drawdown", book.drawdown);
  line.end_line();
}

} // namespace sentio
