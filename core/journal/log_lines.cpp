#include "core/journal/log_lines.hpp"

#include "core/journal/line_writer.hpp"
#include "core/numeric/plain_text.hpp"

#include <cstring>
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

namespace {

void append_escaped(std::string& out, std::uint32_t code) {
  static constexpr char digits[] = "0123456789abcdef";
  out.append("\\u");
  for (int shift = 12; shift >= 0; shift -= 4)
    out += digits[code >> shift & 15];
}

/// A character beyond ASCII, or a byte that begins none. What cannot be seen is written as its number.
std::size_t append_foreign(std::string& out, std::string_view text) {
  const auto next = first_character(text);
  const auto bytes = text.substr(0, next.bytes);
  if (is_plain(bytes))
    out.append(bytes);
  else if (next.code >= 0x80 && next.code <= 0xffff)
    append_escaped(out, next.code);
  else
    out += '?';
  return next.bytes;
}

} // namespace

void append_json_text(std::string& out, std::string_view text) {
  out += '"';
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    const auto code = static_cast<unsigned char>(c);
    if (code >= 0x80) {
      i += append_foreign(out, text.substr(i));
      continue;
    }
    ++i;
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out.append("\\n");
    } else if (c == '\t') {
      out.append("\\t");
    } else if (code < 0x20 || code == 0x7f) {
      append_escaped(out, code);
    } else {
      out += c;
    }
  }
  out += '"';
}

namespace {

/// The one hot line: put together on the stack with whole keys copied at once, then appended in one piece.
class signal_text {
public:
  template <std::size_t size>
  void literal(const char (&text)[size]) {
    std::memcpy(at_, text, size - 1);
    at_ += size - 1;
  }
  void word(std::string_view text) {
    if (text.size() > longest_word)
      throw std::logic_error("a log line cannot hold the name " + std::string(text));
    std::memcpy(at_, text.data(), text.size());
    at_ += text.size();
  }
  void integer(std::int64_t value) { at_ = write_int(at_, value); }
  void number(double value) { at_ = write_g9(at_, value); }
  void price(double dollars) { at_ = write_micros(at_, from_dollars(dollars).micros); }
  void boolean(bool value) {
    if (value)
      literal("true");
    else
      literal("false");
  }
  void list(std::span<const double> values) {
    *at_++ = '[';
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i > 0)
        *at_++ = ',';
      number(values[i]);
    }
    *at_++ = ']';
  }
  std::string_view text() const { return {room_, static_cast<std::size_t>(at_ - room_)}; }

private:
  static constexpr std::size_t longest_word = 64;
  static constexpr std::size_t all_keys = 400;
  static constexpr std::size_t all_numbers = 14 + max_horizons + 2 * max_experts;

  char room_[all_keys + 3 * longest_word + all_numbers * (number_text_room + 1)];
  char* at_ = room_;
};

} // namespace

void append_signal_line(std::string& out, log_stamp& stamp, time_ms at, std::string_view name,
                        const ranked_symbol& symbol, std::int32_t rank) {
  const symbol_signal& signal = symbol.signal;
  const bool would_be_long = symbol.rankable && symbol.barred == entry_bar::none && symbol.strength > 0;
  signal_text line;
  line.literal("{\"timestamp_ms\":");
  line.integer(at);
  line.literal(",\"session\":\"");
  line.word(stamp.session);
  line.literal("\",\"seq\":");
  line.integer(static_cast<std::int64_t>(stamp.seq++));
  line.literal(",\"symbol\":\"");
  line.word(name);
  line.literal("\",\"bar_timestamp_ms\":");
  line.integer(signal.label);
  line.literal(",\"fresh\":");
  line.boolean(symbol.fresh);
  line.literal(",\"open\":");
  line.price(signal.open);
  line.literal(",\"close\":");
  line.price(signal.close);
  line.literal(",\"volume\":");
  line.number(signal.volume);
  line.literal(",\"sigma_bp\":");
  line.number(signal.sigma * 1e4);
  line.literal(",\"signal\":");
  line.integer(would_be_long ? 1 : 0);
  line.literal(",\"probability\":");
  line.number(signal.probability);
  line.literal(",\"confidence\":");
  line.number(signal.confidence);
  line.literal(",\"edge_bp\":");
  line.number(signal.edge_bp);
  line.literal(",\"strength\":");
  line.number(symbol.strength);
  line.literal(",\"entry_strength\":");
  line.number(symbol.entry_strength);
  line.literal(",\"rank\":");
  line.integer(rank);
  line.literal(",\"staleness_s\":");
  line.integer(std::int64_t{symbol.staleness} * 60);
  line.literal(",\"prediction\":");
  line.list(std::span(signal.prediction).first(signal.horizon_count));
  line.literal(",\"expert_z\":");
  line.list(std::span(signal.expert_z).first(signal.expert_count));
  line.literal(",\"expert_weight\":");
  line.list(std::span(signal.expert_weight).first(signal.expert_count));
  line.literal(",\"barred\":\"");
  line.word(to_string(symbol.barred));
  line.literal("\"}\n");
  out.append(line.text());
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
