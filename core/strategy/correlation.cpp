#include "core/strategy/correlation.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace sentio {

return_grid::return_grid(std::size_t symbols)
    : symbols_(symbols), returns_(symbols * capacity, std::numeric_limits<double>::quiet_NaN()),
      last_(symbols) {}

void return_grid::observe(const ranked_round& round) {
  double* column = returns_.data() + (columns_ % capacity) * symbols_;
  ++columns_;
  for (std::size_t s = 0; s < symbols_; ++s) {
    const ranked_symbol& symbol = round.symbols[s];
    column[s] = std::numeric_limits<double>::quiet_NaN();
    if (!symbol.fresh)
      continue;
    last_bar& last = last_[s];
    if (last.close > 0 && symbol.signal.label - last.label == minute_ms)
      column[s] = symbol.signal.close / last.close - 1;
    last = {symbol.signal.label, symbol.signal.close};
  }
}

std::optional<double> return_grid::correlation(symbol_index a, symbol_index b, std::size_t window,
                                               std::size_t minimum) const {
  std::array<double, capacity> left;
  std::array<double, capacity> right;
  const std::size_t wanted = std::min(window, capacity);
  const std::size_t reach = std::min({columns_, capacity, 4 * wanted});
  std::size_t count = 0;
  double left_sum = 0;
  double right_sum = 0;
  for (std::size_t back = 1; back <= reach && count < wanted; ++back) {
    const double* column = returns_.data() + ((columns_ - back) % capacity) * symbols_;
    if (std::isnan(column[a]) || std::isnan(column[b]))
      continue;
    left[count] = column[a];
    right[count] = column[b];
    left_sum += column[a];
    right_sum += column[b];
    ++count;
  }
  if (count < std::max<std::size_t>(minimum, 2))
    return std::nullopt;
  const double left_mean = left_sum / static_cast<double>(count);
  const double right_mean = right_sum / static_cast<double>(count);
  double left_square = 0;
  double right_square = 0;
  double product = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const double x = left[i] - left_mean;
    const double y = right[i] - right_mean;
    left_square += x * x;
    right_square += y * y;
    product += x * y;
  }
  if (!(left_square > 0 && right_square > 0))
    return std::nullopt;
  return product / std::sqrt(left_square * right_square);
}

} // namespace sentio
