#include "tools/sentio-exchange/markets.hpp"

#include "core/generator/market.hpp"
#include "core/market/bar_file.hpp"
#include "core/market/data_error.hpp"
#include "core/market/session_reader.hpp"

#include <algorithm>

namespace sentio {

namespace {

chosen_market read_files(const market_choice& choice) {
  chosen_market out;
  out.symbols = choice.symbols.empty() ? list_bar_symbols(choice.data_dir) : choice.symbols;
  if (out.symbols.empty())
    throw data_error(choice.data_dir.string() + " holds no bar file such as TQQQ.csv or TQQQ_RTH_NH.csv.gz");
  session_read_options options;
  options.first = choice.first;
  options.last = choice.last;
  session_bar_source files(choice.data_dir, out.symbols, options);
  out.symbols = files.symbols();
  std::vector<std::vector<bar>> bars(out.symbols.size());
  market_day day;
  while (files.next(day)) {
    out.sessions.push_back(day.hours.date);
    for (std::size_t s = 0; s < bars.size(); ++s)
      bars[s].insert(bars[s].end(), day.bars[s].begin(), day.bars[s].end());
  }
  if (out.sessions.empty())
    throw data_error("the bar files of " + choice.data_dir.string() +
                     " have no bar in the sessions asked for");
  out.source = make_memory_market(out.symbols, std::move(bars));
  return out;
}

chosen_market make_up(const market_choice& choice) {
  generator_options options;
  options.seed = choice.seed;
  options.days = choice.days;
  options.start = choice.first;
  if (!choice.symbols.empty())
    options.symbols = choice.symbols;
  validate(options);
  chosen_market out;
  std::vector<std::vector<bar>> bars;
  for (generated_series& series : generate_market(options)) {
    out.symbols.push_back(series.symbol);
    for (const bar& one : series.bars)
      if (const civil_date date = new_york_date(one.label);
          out.sessions.empty() || out.sessions.back() < date)
        out.sessions.push_back(date);
    bars.push_back(std::move(series.bars));
  }
  out.source = make_memory_market(out.symbols, std::move(bars));
  return out;
}

} // namespace

chosen_market choose_market(const market_choice& choice) {
  return choice.data_dir.empty() ? make_up(choice) : read_files(choice);
}

} // namespace sentio
