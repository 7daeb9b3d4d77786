#include "core/generator/options.hpp"

#include "core/market/data_error.hpp"

#include <algorithm>

namespace sentio {

namespace {

bool valid_letter(char letter) {
  return (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z') ||
         (letter >= '0' && letter <= '9') || letter == '.' || letter == '-';
}

} // namespace

void validate(const generator_options& options) {
  if (options.days < 1 || options.days > 5000)
    throw data_error("days is " + std::to_string(options.days) + "; it must be 1 to 5000");
  if (!(options.edge >= 0 && options.edge <= 0.2))
    throw data_error("edge is " + std::to_string(options.edge) +
                     "; it must be 0 to 0.2 (stronger ones make prices run away)");
  if (options.edge > 0 && !options.from_base.empty())
    throw data_error("an edge cannot be planted into real index bars; give either edge or from-base");
  if (options.start && options.start->year < 2000)
    throw data_error("start is " + to_string(*options.start) + "; the calendar begins with 2000");
  if (options.symbols.empty())
    throw data_error("no symbols given; name at least one");
  auto symbols = options.symbols;
  std::sort(symbols.begin(), symbols.end());
  if (const auto twice = std::adjacent_find(symbols.begin(), symbols.end()); twice != symbols.end())
    throw data_error("symbol " + *twice + " is listed twice; each symbol may be given once");
  for (const auto& symbol : symbols)
    if (symbol.empty() || symbol.front() == '.' || !std::all_of(symbol.begin(), symbol.end(), valid_letter))
      throw data_error("symbol \"" + symbol + "\" is no ticker; letters, digits, '.' and '-' are allowed");
}

std::string note_of(const generator_options& options) {
  const std::string seed = ", seed " + std::to_string(options.seed);
  if (!options.from_base.empty())
    return "synthetic funds derived from real index bars" + seed;
  return (options.edge > 0 ? "synthetic data with a planted edge" : "synthetic data without an edge") + seed;
}

} // namespace sentio
