#define CAF_SUITE clock_judge
#include "actors/live/clock_judge.hpp"
#include "tests/support/test.hpp"

using namespace sentio;

namespace {

constexpr std::int64_t hour_ms = 3'600'000;

/// A clock that is right, asked every two seconds.
struct bench {
  clock_judge judge;
  std::int64_t now = 1'000;
  std::int64_t wall_lead = 77'000;

  bench() { CHECK(hears(0)); }
  bool hears(std::int64_t off) {
    now += clock_judge::retry_ms;
    return judge.believes({off, now, wall_lead});
  }
};

} // namespace

TEST(an ordinary error is gone by at once) {
  bench b;
  for (const std::int64_t off : {300, -1'999, 1'999, 0}) {
    CHECK(b.hears(off));
    CHECK(!b.judge.in_doubt());
  }
}

TEST(one answer that is hours off is doubt until the next one is right) {
  for (const std::int64_t off : {7 * hour_ms, -7 * hour_ms}) {
    bench b;
    CHECK(!b.hears(off));
    CHECK(b.judge.in_doubt());
    CHECK(b.hears(4));
    CHECK(!b.judge.in_doubt());
  }
}

TEST(a step of seconds is gone by when three answers in a row name it) {
  bench b;
  CHECK(!b.hears(5'000));
  CHECK(!b.hears(5'100));
  CHECK(b.hears(4'900));
  CHECK(b.judge.in_doubt()); // until an answer fits the clock that was set
  CHECK(b.hears(-100));
  CHECK(!b.judge.in_doubt());
}

TEST(answers that contradict each other are never gone by) {
  bench b;
  for (int i = 0; i < 20; ++i)
    CHECK(!b.hears(i % 2 == 0 ? 5'000 : -5'000));
  CHECK(b.judge.in_doubt());
}

TEST(three answers in one moment are not enough) {
  bench b;
  for (int i = 0; i < 3; ++i)
    CHECK(!b.judge.believes({5'000, b.now, b.wall_lead}));
}

TEST(hours are not gone by however often they are said) {
  bench b;
  for (int i = 0; i < 100; ++i)
    CHECK(!b.hears(-7 * hour_ms));
}

TEST(a machine that was suspended for hours goes by the venue since its wall clock says the same) {
  bench b;
  b.wall_lead += 3 * hour_ms;
  CHECK(!b.hears(3 * hour_ms));
  CHECK(!b.hears(3 * hour_ms + 40));
  CHECK(b.hears(3 * hour_ms - 20));
  CHECK(b.hears(10));
  // The same lie later has no wall clock beside it any more.
  for (int i = 0; i < 10; ++i)
    CHECK(!b.hears(3 * hour_ms));
}
