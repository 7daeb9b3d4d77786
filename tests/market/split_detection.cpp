#define CAF_SUITE market_split_detection
#include "core/market/split_detection.hpp"

#include "core/market/session_reader.hpp"
#include "tests/market/bar_text.hpp"
#include "tests/support/test.hpp"

#include <cstdlib>

using namespace sentio;
using namespace sentio::test;

namespace {

/// Sessions from 2025-06-02 on that open where the list says and move by nothing within the day.
std::vector<overnight_jump> jumps_of(const std::vector<double>& prices) {
  split_detector detector;
  auto date = next_session({2025, 6, 2});
  for (const double price : prices) {
    detector.offer(date, price, price);
    date = next_session(add_days(date, 1));
  }
  return detector.jumps();
}

} // namespace

TEST(every ratio is found in both directions within five percent) {
  for (const int n : {2, 3, 4, 5, 8, 10, 20})
    for (const double night : {0.96, 1.0, 1.04}) {
      const auto forward = jumps_of({100, 100.0 / n * night});
      REQUIRE(forward.size() == 1u);
      CHECK_EQUAL(forward[0].new_shares, n);
      CHECK_EQUAL(forward[0].old_shares, 1);
      CHECK_EQUAL(to_string(forward[0].before), "2025-06-02");
      CHECK_EQUAL(to_string(forward[0].after), "2025-06-03");
      const auto reverse = jumps_of({100, 100.0 * n * night});
      REQUIRE(reverse.size() == 1u);
      CHECK_EQUAL(reverse[0].new_shares, 1);
      CHECK_EQUAL(reverse[0].old_shares, n);
    }
}

TEST(three for two is found within three percent) {
  CHECK_EQUAL(jumps_of({100, 66.7 * 1.02}).size(), 1u);
  CHECK_EQUAL(jumps_of({100, 150 * 0.98}).size(), 1u);
  CHECK(jumps_of({100, 66.7 * 1.05}).empty());
  CHECK(jumps_of({100, 150 * 1.05}).empty());
}

TEST(nights of leveraged funds are no splits) {
  for (const double move : {0.72, 0.8, 0.9, 1.1, 1.2, 1.3, 1.4, 0.56, 1.85})
    CHECK(jumps_of({100, 100 * move}).empty());
}

TEST(a jump and its opposite are days on another scale) {
  const auto jumps = jumps_of({100, 20.2, 20.4, 102, 103});
  REQUIRE(jumps.size() == 1u);
  REQUIRE(jumps[0].undone.has_value());
  CHECK_EQUAL(to_string(*jumps[0].undone), "2025-06-05");
  CHECK(contains(split_sentence("A", jumps[0]), "are on another scale"));
  CHECK(!contains(split_sentence("A", jumps[0]), "probable"));
}

TEST(the opposite of a split long ago is a split of its own) {
  std::vector<double> prices(30, 10.0);
  prices.front() = 50;
  prices.back() = 50;
  const auto jumps = jumps_of(prices);
  REQUIRE(jumps.size() == 2u);
  CHECK(!jumps[0].undone && !jumps[1].undone);
}

TEST(two splits in the same direction are two) {
  CHECK_EQUAL(jumps_of({100, 50, 25}).size(), 2u);
}

TEST(a hole of more than a week is no night) {
  split_detector detector;
  detector.offer({2025, 6, 2}, 100, 100);
  detector.offer({2025, 6, 10}, 50, 50);
  CHECK(detector.jumps().empty());
}

TEST(the bars of real funds have no false alarm) {
  const char* const directory = std::getenv("SENTIO_REAL_BARS");
  if (!directory) {
    CAF_MESSAGE("skipped: SENTIO_REAL_BARS names no directory");
    return;
  }
  std::size_t sessions = 0;
  for (const auto& symbol : list_bar_symbols(directory)) {
    session_bar_source source(directory, {symbol}, {});
    split_detector detector;
    for (market_day day; source.next(day); ++sessions)
      detector.offer(day.hours.date, day.bars[0].front().open, day.bars[0].back().close);
    for (const auto& jump : detector.jumps())
      CAF_MESSAGE(split_sentence(symbol, jump));
    CHECK(detector.jumps().empty());
  }
  CHECK(sessions > 0);
}
