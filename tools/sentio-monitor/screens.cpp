#include "tools/sentio-monitor/screens.hpp"

#include "tools/sentio-monitor/figures.hpp"
#include "tools/sentio-monitor/safe_text.hpp"

#include <algorithm>
#include <cmath>

namespace sentio {

namespace {

look look_of_sign(double value) {
  return value > 0 ? look::good : value < 0 ? look::bad : look::plain;
}

/// Lines that are one of the body's; the rest of the height belongs to the table.
void put(std::vector<styled_line>& lines, const styled_line& line, std::size_t width, std::size_t height) {
  if (lines.size() < height)
    lines.push_back(line.window(0, width));
}

void put_table(std::vector<styled_line>& lines, const text_table& table, table_place& place,
               std::size_t width, std::size_t height) {
  for (auto& line : draw_table(table, place, width, height, true))
    lines.push_back(std::move(line));
}

text_table instances_table(const terminal_view& view) {
  text_table table{{{"INSTANCE", 20, false},
                    {"NAME", 26, false},
                    {"KIND", 9, false},
                    {"UPLINK", 10, false},
                    {"SINCE (New York)", 16, false}},
                   {},
                   "the hub knows no instance yet"};
  for (const auto& row : view.instances())
    table.rows.push_back({{row.id, row.id == view.chosen() ? look::strong : look::plain},
                          {row.name},
                          {row.kind},
                          row.connected ? table_cell{"connected", look::good} : table_cell{"gone", look::bad},
                          {clock_text(row.since)}});
  return table;
}

text_table positions_table(const terminal_view& view) {
  text_table table{{{"POSITION", 8, false},
                    {"SHARES", 8},
                    {"ENTRY", 10},
                    {"MARK", 10},
                    {"UNREALIZED", 12},
                    {"RANK", 4},
                    {"BP", 8},
                    {"BARS", 5}},
                   {},
                   "no positions"};
  for (const auto& row : view.positions())
    table.rows.push_back({{row.symbol, look::strong},
                          {count_text(row.shares)},
                          {price_text(row.entry_price)},
                          {price_text(row.mark)},
                          {signed_money_text(row.unrealized), look_of_sign(row.unrealized)},
                          {row.rank >= 1 ? count_text(row.rank) : "-"},
                          {number_text(row.strength, 2)},
                          {count_text(row.bars_held)}});
  return table;
}

table_cell state_of(const ranking_row& row) {
  if (row.held)
    return {"held", look::good};
  if (row.barred.empty() || row.barred == "none")
    return {row.fresh ? "ready" : "not fresh", row.fresh ? look::plain : look::warning};
  std::string why = row.barred;
  std::replace(why.begin(), why.end(), '_', ' ');
  return {why, look::faint};
}

text_table ranking_table(const terminal_view& view) {
  text_table table{{{"SYMBOL", 7, false},
                    {"RANK", 4},
                    {"STRENGTH", 8},
                    {"PROB", 6},
                    {"CONF", 6},
                    {"EDGE", 7},
                    {"SIGMA", 6},
                    {"CLOSE", 9},
                    {"AGE s", 5},
                    {"STATE", 11, false}},
                   {},
                   "no ranking yet"};
  for (const auto& row : view.ranking())
    table.rows.push_back({{row.symbol, row.held ? look::strong : look::plain},
                          {row.rank >= 1 ? count_text(row.rank) : "-"},
                          {number_text(row.strength, 2), look_of_sign(row.strength)},
                          {number_text(row.probability, 3)},
                          {number_text(row.confidence, 3)},
                          {number_text(row.edge_bp, 2)},
                          {number_text(row.sigma_bp, 1)},
                          {number_text(row.close, 2)},
                          {number_text(row.staleness_s, 0)},
                          state_of(row)});
  return table;
}

/// The equity of the day in one line of eight heights.
std::string curve_of(const std::vector<std::pair<std::int64_t, double>>& points, std::size_t width) {
  constexpr std::array<const char*, 8> heights{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  if (points.size() < 2 || width == 0)
    return {};
  const auto [low, high] = std::minmax_element(
      points.begin(), points.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  const double span = high->second - low->second;
  std::string out;
  const std::size_t columns = std::min(width, points.size());
  for (std::size_t i = 0; i < columns; ++i) {
    const double value = points[(i + 1) * points.size() / columns - 1].second;
    const double part = span > 0 ? (value - low->second) / span : 0.5;
    out += heights[std::min<std::size_t>(static_cast<std::size_t>(part * 8), 7)];
  }
  return out;
}

void put_figures(std::vector<styled_line>& lines, const terminal_view& view, std::size_t width,
                 std::size_t height) {
  const auto& session = view.session();
  const auto& account = view.account();
  const auto& latency = view.latency();
  styled_line first(" ");
  first.add(session.date + "  open " + clock_text(session.open) + "  liquidation " +
            clock_text(session.liquidation) + "  close " + clock_text(session.close));
  put(lines, first, width, height);
  styled_line money(" equity ");
  money.add(money_text(account.equity), look::strong).add("  P&L ");
  const double share = account.opening_equity > 0 ? account.pnl / account.opening_equity : unknown_number;
  money.add(signed_money_text(account.pnl) + " (" + percent_text(share) + ")", look_of_sign(account.pnl));
  money.add("  drawdown " + percent_text(account.drawdown) + ", worst " + percent_text(account.max_drawdown));
  put(lines, money, width, height);
  styled_line rest(" cash ");
  rest.add(money_text(account.cash) + "  orders " + count_text(latency.orders) + ", event to wire p50 " +
           microseconds_text(latency.p50_ms * 1'000) + ", p99 " + microseconds_text(latency.p99_ms * 1'000));
  put(lines, rest, width, height);
  if (account.halted)
    put(lines, styled_line(" HALTED: ", look::bad).add(account.halt_reason, look::bad), width, height);
  else if (!account.halt_reason.empty())
    put(lines, styled_line(" NO ENTRIES: ", look::bad).add(account.halt_reason, look::bad), width, height);
  if (!session.data_note.empty())
    put(lines, styled_line(" " + session.data_note, look::warning), width, height);
  if (const std::string curve = curve_of(view.equity(), width > 12 ? width - 12 : 0); !curve.empty())
    put(lines, styled_line(" equity   ").add(curve, look_of_sign(account.pnl)), width, height);
}

std::vector<styled_line> draw_overview(const terminal_view& view, table_place& place, std::size_t width,
                                       std::size_t height) {
  std::vector<styled_line> lines;
  if (!view.has_snapshot()) {
    put(lines, styled_line(" no snapshot of this instance yet", look::faint), width, height);
  } else {
    put_figures(lines, view, width, height);
    put(lines, {}, width, height);
    const std::size_t left = height - lines.size();
    const std::size_t most = left / 3 + 1;
    const std::size_t held = view.positions().size();
    table_place still; // the cursor belongs to the ranking
    for (auto& line : draw_table(positions_table(view), still, width,
                                 std::min(left, std::max<std::size_t>(2, std::min(held + 1, most))), false))
      lines.push_back(std::move(line));
    if (held + 1 > most)
      put(lines, styled_line(" and " + std::to_string(held + 1 - most) + " more", look::faint), width,
          height);
    put(lines, {}, width, height);
    put_table(lines, ranking_table(view), place, width, height - lines.size());
  }
  return lines;
}

look look_of_state(const std::string& state) {
  return state == "up" ? look::good : state == "restarting" ? look::warning : look::bad;
}

std::vector<styled_line> draw_actors(const terminal_view& view, table_place& place, std::size_t width,
                                     std::size_t height) {
  text_table table{{{"ACTOR", 11, false},
                    {"ROLE", 10, false},
                    {"STATE", 10, false},
                    {"MAIL", 5},
                    {"MSG/S", 8},
                    {"P50", 8},
                    {"P99", 8},
                    {"RESTARTS", 8},
                    {"MESSAGES", 12},
                    {"LAST ERROR", 60, false}},
                   {},
                   "no actors known"};
  for (const auto& row : view.actors())
    table.rows.push_back({{row.name, look::strong},
                          {row.role},
                          {row.state, look_of_state(row.state)},
                          {count_text(row.mailbox), row.mailbox > 100 ? look::warning : look::plain},
                          {number_text(row.rate, 1)},
                          {microseconds_text(row.p50_us)},
                          {microseconds_text(row.p99_us)},
                          {count_text(row.restarts), row.restarts > 0 ? look::warning : look::plain},
                          {count_text(row.messages)},
                          {row.last_error, look::bad}});
  std::vector<styled_line> lines;
  put_table(lines, table, place, width, height > 1 ? height - 1 : 0);
  styled_line detail;
  if (place.cursor < view.actors().size() && !view.actors()[place.cursor].last_error.empty())
    detail.add(" " + view.actors()[place.cursor].name + ": ", look::strong)
        .add(view.actors()[place.cursor].last_error, look::bad);
  put(lines, detail, width, height);
  return lines;
}

std::vector<styled_line> draw_learners(const terminal_view& view, table_place& place, std::size_t width,
                                       std::size_t height) {
  text_table table{{{"SYMBOL", 8, false},
                    {"PROBABILITY", 11},
                    {"CONFIDENCE", 10},
                    {"ACCURACY", 8},
                    {"LEVERAGE", 9},
                    {"P MIN", 9},
                    {"P MAX", 9},
                    {"BARS", 8}},
                   {},
                   "no learners known"};
  for (const auto& row : view.learners())
    table.rows.push_back({{row.symbol, look::strong},
                          {number_text(row.probability, 4)},
                          {number_text(row.confidence, 4)},
                          {percent_text(row.accuracy, 1)},
                          {small_text(row.leverage), row.leverage > 0.5 ? look::warning : look::plain},
                          {small_text(row.p_min)},
                          {small_text(row.p_max)},
                          {count_text(row.bars)}});
  std::vector<styled_line> lines;
  put_table(lines, table, place, width, height);
  return lines;
}

look look_of_kind(const std::string& kind) {
  if (kind == "fill")
    return look::good;
  if (kind == "fault")
    return look::bad;
  return kind == "alert" || kind == "restart" ? look::warning : look::plain;
}

/// Newest first.
text_table events_table(const std::deque<event_row>& events, const char* who, const char* when_empty) {
  text_table table{
      {{"TIME", 8, false}, {"KIND", 8, false}, {who, 10, false}, {"TEXT", 20, false}}, {}, when_empty};
  std::size_t longest = table.columns.back().width;
  for (auto event = events.rbegin(); event != events.rend(); ++event) {
    longest = std::max(longest, columns_of(event->text));
    table.rows.push_back({{clock_text(event->at), look::faint},
                          {event->kind, look_of_kind(event->kind)},
                          {event->actor.empty() ? event->symbol : event->actor, look::strong},
                          {event->text}});
  }
  table.columns.back().width = longest;
  return table;
}

std::vector<styled_line> draw_orders(const terminal_view& view, table_place& place, std::size_t width,
                                     std::size_t height) {
  std::vector<styled_line> lines;
  put_table(lines, events_table(view.orders(), "SYMBOL", "no decisions, orders or fills yet"), place, width,
            height);
  return lines;
}

std::vector<styled_line> draw_faults(const terminal_view& view, table_place& place, std::size_t width,
                                     std::size_t height) {
  constexpr std::size_t most_counter_lines = 3;
  std::vector<styled_line> lines;
  styled_line counters(" ");
  for (const auto& [name, count] : view.counters()) {
    if (count == 0)
      continue;
    std::string shown = name;
    std::replace(shown.begin(), shown.end(), '_', ' ');
    shown += " " + count_text(count) + "   ";
    if (counters.columns() + columns_of(shown) > width && counters.columns() > 1) {
      if (lines.size() + 1 == most_counter_lines)
        break;
      put(lines, counters, width, height / 3);
      counters = styled_line(" ");
    }
    counters.add(shown);
  }
  put(lines, counters, width, std::max<std::size_t>(1, height / 3));
  put_table(lines, events_table(view.faults(), "WHO", "no faults, restarts, alerts or commands yet"), place,
            width, height - lines.size());
  return lines;
}

std::vector<styled_line> draw_instances(const terminal_view& view, table_place& place, std::size_t width,
                                        std::size_t height) {
  std::vector<styled_line> lines;
  if (!view.refusal().empty())
    put(lines, styled_line(" the hub refuses: " + view.refusal(), look::bad), width, height);
  put_table(lines, instances_table(view), place, width, height - lines.size() - (height > 3 ? 1 : 0));
  put(lines, styled_line(" Enter looks at the instance of the marked row; arrows scroll, also to the sides"),
      width, height);
  return lines;
}

} // namespace

std::vector<styled_line> draw_screen(const terminal_view& view, screen which, table_place& place,
                                     std::size_t width, std::size_t height) {
  std::vector<styled_line> lines;
  switch (which) {
  case screen::instances:
    lines = draw_instances(view, place, width, height);
    break;
  case screen::overview:
    lines = draw_overview(view, place, width, height);
    break;
  case screen::actors:
    lines = draw_actors(view, place, width, height);
    break;
  case screen::learners:
    lines = draw_learners(view, place, width, height);
    break;
  case screen::orders:
    lines = draw_orders(view, place, width, height);
    break;
  case screen::faults:
    lines = draw_faults(view, place, width, height);
    break;
  }
  while (lines.size() < height)
    lines.push_back(styled_line().window(0, width));
  return lines;
}

} // namespace sentio
