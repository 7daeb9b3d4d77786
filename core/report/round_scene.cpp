#include "core/report/round_scene.hpp"

#include "core/journal/log_lines.hpp"
#include "core/report/rounds_log.hpp"

#include <algorithm>

namespace sentio {

namespace {

std::vector<fill_record> read_fills(const std::filesystem::path& file, std::span<const std::string> names) {
  std::vector<fill_record> fills;
  read_trades(file, [&](const trade_row& row) {
    fills.push_back(record_of(row, index_of(row.symbol, names, file.filename().string())));
  });
  return fills;
}

} // namespace

round_scene gather_scene(const std::filesystem::path& log_directory, std::span<const std::string> names,
                         civil_date date, const civil_date* previous, time_ms at) {
  const auto file = [&](std::string_view kind, civil_date day) {
    return log_directory / log_file_name(kind, to_string(day));
  };
  const auto name = [&](std::string_view symbol) { return index_of(symbol, names, to_string(date)); };
  round_scene scene;
  scene.rounds = read_rounds(file("signals", date), names);
  const auto found = std::find_if(scene.rounds.begin(), scene.rounds.end(),
                                  [&](const ranked_round& round) { return round.at == at; });
  if (found == scene.rounds.end())
    throw log_error(
        to_string(date) + " has no round at " + new_york_clock(at) + " New York; rounds run from " +
        (scene.rounds.empty()
             ? std::string("nowhere, the log is empty")
             : new_york_clock(scene.rounds.front().at) + " to " + new_york_clock(scene.rounds.back().at)));
  scene.rounds.erase(found + 1, scene.rounds.end());

  double peak = 0;
  read_positions(file("positions", date), [&](const position_row& row) {
    if (row.at > at)
      return;
    peak = std::max(peak, to_dollars(row.equity));
    scene.worst_drawdown = std::max(scene.worst_drawdown, peak - to_dollars(row.equity));
    if (row.at != at)
      return;
    scene.cash = row.cash;
    scene.equity = row.equity;
    scene.drawdown = row.drawdown;
    for (const position_row::item& held : row.positions)
      scene.positions.push_back({name(held.symbol), held.shares, held.entry_price, held.mark, held.rank,
                                 held.strength, held.bars_held});
  });
  read_decisions(file("decisions", date), [&](const decision_row& row) {
    if (row.at == at)
      scene.decisions[name(row.symbol)] = {row.kind, std::string(row.reason)};
  });
  scene.fills = read_fills(file("trades", date), names);
  if (previous) {
    scene.earlier_fills = read_fills(file("trades", *previous), names);
    read_positions(file("positions", *previous),
                   [&](const position_row& row) { scene.earlier_rounds.push_back(row.at); });
  }
  return scene;
}

} // namespace sentio
