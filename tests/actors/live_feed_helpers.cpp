#define CAF_SUITE live_feed_helpers
#include "tests/support/test.hpp"

#include "actors/live/live_feed.hpp"
#include "actors/live/venue_time.hpp"

#include <limits>
#include <set>
#include <stdexcept>

using namespace sentio;
using std::chrono::milliseconds;

namespace {

const venue_time::steady::time_point start = venue_time::steady::time_point{} + std::chrono::hours{10};
constexpr time_ms noon = 1'748'966'400'000;

} // namespace

TEST(waits double up to thirty seconds within a fifth) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    backoff waits(seed);
    for (const int seconds : {1, 2, 4, 8, 16, 30, 30, 30, 30}) {
      const auto wait = waits.next().count();
      CHECK(wait >= 800 * seconds);
      CHECK(wait <= 1'200 * seconds);
    }
  }
}

TEST(waits stay at thirty seconds however many there are) {
  backoff waits(3);
  for (int i = 0; i < 1'000; ++i)
    waits.next();
  CHECK(waits.next() <= milliseconds{36'000});
  CHECK(waits.next() >= milliseconds{24'000});
}

TEST(after a reset the waits begin again) {
  backoff waits(5);
  for (int i = 0; i < 7; ++i)
    waits.next();
  waits.reset();
  CHECK(waits.next() <= milliseconds{1'200});
  CHECK(waits.next() >= milliseconds{1'600});
}

TEST(waits are drawn so that not everybody comes back at once) {
  backoff waits(9);
  std::set<std::int64_t> drawn;
  for (int i = 0; i < 50; ++i) {
    waits.reset();
    drawn.insert(waits.next().count());
  }
  CHECK(drawn.size() > 30u);
  CHECK(*drawn.rbegin() - *drawn.begin() > 250);
}

TEST(venue time is an affine map of the steady clock) {
  for (const double speed : {0.5, 1.0, 60.0, 600.0}) {
    const venue_time time(speed, noon, start);
    CHECK_EQUAL(time.at(start), noon);
    CHECK_EQUAL(time.at(start + milliseconds{1'000}), noon + static_cast<time_ms>(1'000 * speed));
    CHECK_EQUAL(time.at(start - milliseconds{2'000}), noon - static_cast<time_ms>(2'000 * speed));
    CHECK(time.speed() == speed);
  }
}

TEST(a correction moves venue time and says by how much) {
  venue_time time(60, noon, start);
  const auto then = start + milliseconds{1'000};
  CHECK_EQUAL(time.correct(noon + 60'700, then), 700);
  CHECK_EQUAL(time.at(then), noon + 60'700);
  CHECK_EQUAL(time.at(then + milliseconds{10}), noon + 60'700 + 600);
  CHECK_EQUAL(time.correct(noon + 60'200, then), -500);
  CHECK_EQUAL(time.at(start), noon + 200);
  CHECK_EQUAL(time.correct(noon + 200, start), 0);
}

TEST(waiting for a venue instant takes its real time and nothing for the past) {
  const auto now = venue_time::steady::now();
  const venue_time time(600, noon, now);
  CHECK_EQUAL(time.until(noon - 1).count(), 0);
  CHECK_EQUAL(time.until(noon - 86'400'000).count(), 0);
  const auto wait = time.until(noon + 6'000'000); // 10 s
  CHECK(wait <= std::chrono::seconds{10});
  CHECK(wait > std::chrono::seconds{8});
  CHECK(time.real(60'000) == milliseconds{100});
  CHECK(time.real(0) == milliseconds{0});
  CHECK(time.real(-60'000) == milliseconds{-100});
}

TEST(a venue clock that stands still or runs backwards is refused so that nothing divides by zero) {
  for (const double speed :
       {0.0, -1.0, 1e9, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
    bool refused = false;
    try {
      const venue_time time(speed, noon, start);
    } catch (const std::invalid_argument&) {
      refused = true;
    }
    CHECK(refused);
  }
  const venue_time slow(0.001, noon, venue_time::steady::now());
  CHECK(slow.until(noon + 1'000) <= std::chrono::seconds{1'000});
  CHECK(slow.until(noon + 1'000) > std::chrono::seconds{990});
}
