#include "tools/bench.d/part_data.hpp"

#include "core/learning/symbol_model.hpp"

#include <algorithm>
#include <numeric>

namespace sentio {

std::size_t part_data::bars() const {
  return std::accumulate(sessions.begin(), sessions.end(), std::size_t{0},
                         [](std::size_t sum, const market_day& day) { return sum + day.bars[0].size(); });
}

part_data load_part_data(const std::filesystem::path& directory, std::vector<std::string> symbols,
                         std::size_t sessions) {
  if (symbols.empty()) {
    symbols = list_bar_symbols(directory);
    symbols.resize(std::min<std::size_t>(symbols.size(), 6));
  }
  if (symbols.empty())
    throw data_error(directory.string() + ": no bar files there");
  session_bar_source source(directory, symbols);
  part_data data;
  data.directory = directory;
  data.symbols = source.symbols();
  data.file = source.file(0);
  market_day day;
  while (data.sessions.size() < sessions && source.next(day))
    data.sessions.push_back(day);
  if (data.bars() == 0)
    throw data_error(data.file.string() + ": no bar in the first " + std::to_string(sessions) + " sessions");
  return data;
}

std::vector<ranked_round> make_rounds(const part_data& data, std::size_t count) {
  std::vector<symbol_model> models;
  for (std::size_t i = 0; i < data.symbols.size(); ++i)
    models.emplace_back(learner_parameters{}, best_instruction_set());
  std::vector<ranked_round> rounds;
  for (const market_day& day : data.sessions) {
    for (symbol_model& model : models)
      model.begin_session(day.hours);
    rounds.clear();
    for (std::size_t minute = 0; minute < day.bars[0].size(); ++minute) {
      ranked_round round;
      round.at = decision_time(day.bars[0][minute]);
      round.symbols.resize(models.size());
      for (std::size_t i = 0; i < models.size(); ++i) {
        if (minute >= day.bars[i].size())
          continue;
        ranked_symbol& symbol = round.symbols[i];
        symbol.signal = models[i].update(day.bars[i][minute]);
        symbol.fresh = symbol.rankable = true;
        symbol.strength = symbol.entry_strength = symbol.signal.edge_bp;
        round.order.push_back(static_cast<symbol_index>(i));
      }
      if (rounds.size() < count)
        rounds.push_back(std::move(round));
    }
    for (symbol_model& model : models)
      model.end_session();
  }
  return rounds;
}

} // namespace sentio
