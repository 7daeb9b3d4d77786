#define CAF_SUITE correlation
#include "core/strategy/correlation.hpp"
#include "tests/strategy/support.hpp"
#include "tests/support/test.hpp"

#include <cmath>

using namespace sentio;
using namespace sentio::test;

namespace {

constexpr time_ms start = 1'748'957'400'000;

/// Feeds closes minute by minute; a price of 0 is a hole.
void feed(return_grid& grid, std::size_t symbols, int minutes,
          const std::function<double(symbol_index, int)>& close, time_ms from = start) {
  for (int m = 0; m < minutes; ++m) {
    ranked_round round;
    round.at = from + (m + 1) * minute_ms;
    round.symbols.resize(symbols);
    for (symbol_index s = 0; s < symbols; ++s)
      if (const double price = close(s, m); price > 0) {
        round.symbols[s].fresh = true;
        round.symbols[s].signal.label = from + m * minute_ms;
        round.symbols[s].signal.close = price;
      }
    grid.observe(round);
  }
}

double walk(std::uint64_t seed, int minute) {
  random_source random(seed);
  double price = 100;
  for (int m = 0; m <= minute; ++m)
    price *= 1 + 0.01 * (random.uniform() - 0.5);
  return price;
}

/// Two-pass Pearson correlation of the returns over consecutive minutes present in both, the last `window`
/// ones.
double reference(const std::function<double(symbol_index, int)>& close, int minutes, std::size_t window) {
  std::vector<double> x;
  std::vector<double> y;
  for (int m = 1; m < minutes; ++m)
    if (close(0, m) > 0 && close(0, m - 1) > 0 && close(1, m) > 0 && close(1, m - 1) > 0) {
      x.push_back(close(0, m) / close(0, m - 1) - 1);
      y.push_back(close(1, m) / close(1, m - 1) - 1);
    }
  const std::size_t first = x.size() > window ? x.size() - window : 0;
  const auto count = static_cast<double>(x.size() - first);
  double mx = 0;
  double my = 0;
  for (std::size_t i = first; i < x.size(); ++i) {
    mx += x[i] / count;
    my += y[i] / count;
  }
  double xx = 0;
  double yy = 0;
  double xy = 0;
  for (std::size_t i = first; i < x.size(); ++i) {
    xx += (x[i] - mx) * (x[i] - mx);
    yy += (y[i] - my) * (y[i] - my);
    xy += (x[i] - mx) * (y[i] - my);
  }
  return xy / std::sqrt(xx * yy);
}

} // namespace

TEST(twins correlate by one and opposites by minus one) {
  return_grid grid(3);
  feed(grid, 3, 61, [](symbol_index s, int m) {
    const double up = walk(1, m) / 100;
    return s == 0 ? 50 * up : s == 1 ? 20 * up : 100 * (2 - up);
  });
  CHECK(close_to(grid.correlation(0, 1, 60, 30).value_or(0), 1, 1e-12));
  CHECK(grid.correlation(0, 2, 60, 30).value_or(0) < -0.99);
}

TEST(thirty common returns are needed) {
  return_grid grid(2);
  const auto prices = [](symbol_index s, int m) { return walk(s + 1, m); };
  feed(grid, 2, 30, prices); // 29 returns
  CHECK(!grid.correlation(0, 1, 60, 30));
  CHECK(grid.correlation(0, 1, 60, 29).has_value());
  feed(
      grid, 2, 1, [](symbol_index s, int) { return walk(s + 1, 30); }, start + 30 * minute_ms);
  CHECK(grid.correlation(0, 1, 60, 30).has_value());
}

TEST(holes are skipped and the last sixty common returns count as in a two pass reference) {
  const auto prices = [](symbol_index s, int m) {
    const bool hole = (s == 0 && m % 5 == 1) || (s == 1 && m % 7 == 2);
    return hole ? 0.0 : walk(s + 5, m);
  };
  return_grid grid(2);
  feed(grid, 2, 300, prices);
  const auto found = grid.correlation(0, 1, 60, 30);
  REQUIRE(found.has_value());
  CHECK(close_to(*found, reference(prices, 300, 60), 1e-12));
  CHECK(!close_to(*found, reference(prices, 300, 40), 1e-6)); // the window matters
  CHECK(close_to(grid.correlation(0, 1, 40, 30).value_or(9), reference(prices, 300, 40), 1e-12));
}

TEST(no return spans a night) {
  return_grid grid(2);
  const auto flat = [](symbol_index, int) { return 50.0; };
  feed(grid, 2, 40, flat);
  feed(
      grid, 2, 40, [](symbol_index s, int) { return s == 0 ? 60.0 : 70.0; }, start + 86'400'000);
  CHECK(!grid.correlation(0, 1, 60, 30)); // the jump over night is no return, so nothing ever moved
}

TEST(a symbol that never moved has no correlation) {
  return_grid grid(2);
  feed(grid, 2, 61, [](symbol_index s, int m) { return s == 0 ? walk(1, m) : 50.0; });
  CHECK(!grid.correlation(0, 1, 60, 30));
}
