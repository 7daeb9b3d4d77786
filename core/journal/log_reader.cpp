#include "core/journal/log_reader.hpp"

#include "core/journal/json_fields.hpp"
#include "core/journal/json_lines.hpp"
#include "core/numeric/special_file.hpp"

#include <cstdio>
#include <limits>
#include <memory>

namespace sentio {

namespace {

/// Sequence numbers and times rise as the writer promised; anything else is a cut or joined file.
class line_order {
public:
  time_ms check(json_fields& fields) {
    const time_ms at = fields.integer("timestamp_ms");
    fields.skip("session");
    const std::int64_t seq = fields.integer("seq");
    if (seq != next_)
      fields.refuse("seq is " + std::to_string(seq) + " where " + std::to_string(next_) +
                    " follows: lines are missing or out of order");
    if (at < last_)
      fields.refuse("timestamp_ms " + std::to_string(at) + " is before " + std::to_string(last_) +
                    " of the line above");
    last_ = at;
    ++next_;
    return at;
  }

private:
  std::int64_t next_ = 0;
  time_ms last_ = std::numeric_limits<time_ms>::min();
};

template <class Enum>
Enum named(json_fields& fields, std::string_view key, Enum last) {
  const std::string_view word = fields.text(key);
  for (int i = 0; i <= static_cast<int>(last); ++i)
    if (word == to_string(static_cast<Enum>(i)))
      return static_cast<Enum>(i);
  fields.refuse(std::string(key) + " is \"" + std::string(word) + "\", which is none of its words");
}

template <class Row, class Fill, class Take>
std::uint64_t read_rows(const std::filesystem::path& file, const Fill& fill, const Take& take) {
  json_line_source lines(file);
  line_order order;
  Row row;
  while (auto fields = lines.next()) {
    row.at = order.check(*fields);
    fill(*fields, row);
    take(row);
  }
  return lines.count();
}

void fill_signal(json_fields& f, signal_row& row) {
  row.symbol = f.text("symbol");
  row.bar_label = f.integer("bar_timestamp_ms");
  row.fresh = f.boolean("fresh");
  row.open = f.decimal("open");
  row.close = f.decimal("close");
  row.volume = f.number("volume");
  row.sigma_bp = f.number("sigma_bp");
  row.would_be_long = f.integer("signal") == 1;
  row.probability = f.number("probability");
  row.confidence = f.number("confidence");
  row.edge_bp = f.number("edge_bp");
  row.strength = f.number("strength");
  row.entry_strength = f.number("entry_strength");
  row.rank = f.small_integer("rank");
  row.staleness_s = f.small_integer("staleness_s");
  row.horizon_count = static_cast<std::uint8_t>(f.numbers("prediction", row.prediction));
  row.expert_count = static_cast<std::uint8_t>(f.numbers("expert_z", row.expert_z));
  if (f.numbers("expert_weight", row.expert_weight) != row.expert_count)
    f.refuse("expert_weight has another length than expert_z");
  row.barred = named(f, "barred", entry_bar::strength);
}

void fill_decision(json_fields& f, decision_row& row) {
  row.symbol = f.text("symbol");
  row.kind = named(f, "decision", decision_kind::eod_exit);
  row.reason = f.text("reason");
  row.rank = f.small_integer("rank");
  row.strength = f.number("strength");
  row.bars_held = f.small_integer("bars_held");
}

void fill_trade(json_fields& f, trade_row& row) {
  row.decided_at = f.integer("decision_timestamp_ms");
  row.symbol = f.text("symbol");
  const std::string_view action = f.text("action");
  if (action != "ENTRY" && action != "EXIT")
    f.refuse("action is \"" + std::string(action) + "\", not ENTRY or EXIT");
  row.is_exit = action == "EXIT";
  row.side = named(f, "side", order_side::sell);
  row.shares = f.integer("shares");
  row.price = f.decimal("price");
  row.value = f.decimal("value");
  row.spread_cost = f.decimal("spread_cost");
  row.fees = f.decimal("fees");
  row.cost = f.decimal("cost");
  row.client_order_id = f.text("client_order_id");
  row.execution_id = f.text("execution_id");
  row.kind = named(f, "decision", decision_kind::eod_exit);
  row.reason = f.text("reason");
  row.no_print = f.boolean("no_print");
  if (row.shares <= 0)
    f.refuse("shares is " + std::to_string(row.shares) + ", a fill has at least one");
  if (row.value != row.price * row.shares)
    f.refuse("value is " + to_string(row.value) + ", price * shares is " + to_string(row.price * row.shares));
  if (row.cost != row.spread_cost + row.fees)
    f.refuse("cost is " + to_string(row.cost) + ", spread_cost + fees is " +
             to_string(row.spread_cost + row.fees));
  row.pnl = row.is_exit ? f.decimal("pnl") : money{};
  row.pnl_pct = row.is_exit ? f.number("pnl_pct") : 0;
  row.bars_held = row.is_exit ? f.small_integer("bars_held") : 0;
}

void fill_position(json_fields& f, position_row& row) {
  row.positions.clear();
  f.objects("positions", [&](json_fields& item) {
    position_row::item held;
    held.symbol = item.text("symbol");
    held.shares = item.integer("shares");
    held.entry_price = item.decimal("entry_price");
    held.mark = item.decimal("mark");
    held.unrealized = item.decimal("unrealized_pnl");
    held.rank = item.small_integer("rank");
    held.strength = item.number("strength");
    held.bars_held = item.small_integer("bars_held");
    row.positions.push_back(held);
  });
  row.cash = f.decimal("cash");
  row.equity = f.decimal("equity");
  row.unrealized = f.decimal("total_unrealized_pnl");
  row.drawdown = f.number("drawdown");
}

} // namespace

std::uint64_t read_signals(const std::filesystem::path& file,
                           const std::function<void(const signal_row&)>& take) {
  return read_rows<signal_row>(file, fill_signal, take);
}

std::uint64_t read_decisions(const std::filesystem::path& file,
                             const std::function<void(const decision_row&)>& take) {
  return read_rows<decision_row>(file, fill_decision, take);
}

std::uint64_t read_trades(const std::filesystem::path& file,
                          const std::function<void(const trade_row&)>& take) {
  return read_rows<trade_row>(file, fill_trade, take);
}

std::uint64_t read_positions(const std::filesystem::path& file,
                             const std::function<void(const position_row&)>& take) {
  return read_rows<position_row>(file, fill_position, take);
}

std::string read_text_file(const std::filesystem::path& file) {
  if (const auto why = why_no_regular_file(file); !why.empty())
    throw log_error(file.string() + ": cannot be read: " + why);
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> handle(std::fopen(file.c_str(), "rb"), std::fclose);
  if (!handle)
    throw log_error(file.string() + ": cannot be opened; is this the log directory of a run?");
  std::string text;
  char room[65536];
  while (const std::size_t got = std::fread(room, 1, sizeof room, handle.get()))
    text.append(room, got);
  if (std::ferror(handle.get()))
    throw log_error(file.string() + ": cannot be read to its end");
  return text;
}

} // namespace sentio
