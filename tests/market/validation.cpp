#define CAF_SUITE market_validation
#include "core/market/validation.hpp"

#include "core/numeric/random.hpp"
#include "tests/support/test.hpp"

#include <limits>

using namespace sentio;

namespace {

constexpr time_ms session = 1748957400000;
const bar good{session, 10, 11, 9, 10.5, 100};

bar with(double bar::*field, double value) {
  bar b = good;
  b.*field = value;
  return b;
}

bar at_minute(int minute, double close = 10.5) {
  bar b = good;
  b.label += minute * minute_ms;
  b.close = close;
  return b;
}

} // namespace

TEST(a sound bar has no defect) {
  CHECK(check_bar(good) == bar_defect::none);
  CHECK(check_bar({0, 5, 5, 5, 5, 0}) == bar_defect::none);
}

TEST(each defect has its reason) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  for (auto field : {&bar::open, &bar::high, &bar::low, &bar::close, &bar::volume}) {
    CHECK(check_bar(with(field, nan)) == bar_defect::not_finite);
    CHECK(check_bar(with(field, infinity)) == bar_defect::not_finite);
  }
  for (auto field : {&bar::open, &bar::high, &bar::low, &bar::close}) {
    CHECK(check_bar(with(field, 0)) == bar_defect::price_not_positive);
    CHECK(check_bar(with(field, -1)) == bar_defect::price_not_positive);
  }
  CHECK(check_bar(with(&bar::low, 10.2)) == bar_defect::inconsistent_range);
  CHECK(check_bar(with(&bar::high, 10.2)) == bar_defect::inconsistent_range);
  CHECK(check_bar(with(&bar::open, 12)) == bar_defect::inconsistent_range);
  CHECK(check_bar(with(&bar::close, 8)) == bar_defect::inconsistent_range);
  CHECK(check_bar(with(&bar::volume, -1)) == bar_defect::negative_volume);
  bar late = good;
  late.label += 1000;
  CHECK(check_bar(late) == bar_defect::not_on_a_minute);
}

TEST(every defect and arrival has its own words) {
  for (std::size_t i = 0; i < bar_defect_count; ++i) {
    CHECK(to_string(static_cast<bar_defect>(i)) != "unknown");
    for (std::size_t j = 0; j < i; ++j)
      CHECK(to_string(static_cast<bar_defect>(i)) != to_string(static_cast<bar_defect>(j)));
  }
  CHECK_EQUAL(to_string(bar_arrival::revision), "revision");
}

TEST(a sequence tells new bars from duplicates and revisions) {
  bar_sequence sequence;
  CHECK(sequence.offer(at_minute(0), session) == bar_arrival::accepted);
  CHECK(sequence.offer(at_minute(0), session) == bar_arrival::duplicate);
  CHECK(sequence.offer(at_minute(0, 10.6), session) == bar_arrival::revision);
  CHECK(sequence.offer(at_minute(2), session) == bar_arrival::accepted);
  // A label that was not seen before is no revision, however late it comes.
  CHECK(sequence.offer(at_minute(1), session) == bar_arrival::out_of_order);
  // None of these changes anything: the bar they came after is still the last.
  CHECK(sequence.offer(at_minute(2), session) == bar_arrival::duplicate);
  CHECK(sequence.last() == at_minute(2));
  CHECK_EQUAL(sequence.counts().accepted, 2u);
  CHECK_EQUAL(sequence.counts().duplicates, 2u);
  CHECK_EQUAL(sequence.counts().revisions, 1u);
  CHECK_EQUAL(sequence.counts().out_of_order, 1u);
}

TEST(a price outside the range by the last bits of a double widens it) {
  bar adjusted = with(&bar::high, 10.5 * (1 - 1e-15));
  CHECK(check_bar(adjusted) == bar_defect::inconsistent_range);
  CHECK(admit_bar(adjusted) == bar_defect::none);
  CHECK_EQUAL(adjusted.high, 10.5);
  CHECK(check_bar(adjusted) == bar_defect::none);
  bar below = with(&bar::low, 10 * (1 + 9e-10));
  CHECK(admit_bar(below) == bar_defect::none);
  CHECK_EQUAL(below.low, 10.0);
  bar turned{0, 10, 10 * (1 - 1e-15), 10 * (1 + 1e-15), 10, 1}; // high < low, both beside the price
  CHECK(admit_bar(turned) == bar_defect::none);
  CHECK_EQUAL(turned.high, 10.0);
  CHECK_EQUAL(turned.low, 10.0);
}

TEST(a contradiction beyond the tolerance is refused and stays as it is) {
  for (const bar& wrong : {with(&bar::high, 10.5 * (1 - 2e-9)), with(&bar::low, 10 * (1 + 2e-9)),
                           with(&bar::high, 10.49), with(&bar::low, 10.01)}) {
    bar offered = wrong;
    CHECK(admit_bar(offered) == bar_defect::inconsistent_range);
    CHECK(offered == wrong);
  }
  bar late = with(&bar::high, 10.5 * (1 - 1e-15));
  late.label += 1000; // the range is mended, the label is not
  CHECK(admit_bar(late) == bar_defect::not_on_a_minute);
}

TEST(adjusted prices are never refused) {
  random_source random(5);
  for (int i = 0; i < 100'000; ++i) {
    const auto cents = [&](std::uint64_t from, std::uint64_t range) {
      return static_cast<double>(from + random.below(range)) / 100;
    };
    bar raw;
    raw.low = cents(100, 20'000);
    raw.high = raw.low + static_cast<double>(random.below(3)) / 100;
    raw.open = random.below(2) == 0 ? raw.low : raw.high;
    raw.close = random.below(2) == 0 ? raw.low : raw.high;
    // As yfinance adjusts: every price times the ratio of the adjusted close to the close.
    const double adjusted_close = raw.close * cents(1, 200);
    bar scaled = raw;
    for (auto field : {&bar::open, &bar::high, &bar::low})
      scaled.*field = raw.*field * (adjusted_close / raw.close);
    scaled.close = adjusted_close;
    REQUIRE(admit_bar(scaled) == bar_defect::none);
    REQUIRE(check_bar(scaled) == bar_defect::none);
  }
}

TEST(a minute without trades repeats the price before it with no volume) {
  idle_minutes minutes;
  const auto flat = [](int minute, double price, double volume) {
    return bar{session + minute * minute_ms, price, price, price, price, volume};
  };
  CHECK(!minutes.is_idle(at_minute(0), session)); // closes at 10.5
  CHECK(minutes.is_idle(flat(1, 10.5, 0), session));
  CHECK(minutes.is_idle(flat(2, 10.5, 0), session)); // and so does the next: the price is still that
  CHECK(minutes.is_idle(flat(3, 10.5 * (1 + 1e-15), 0), session));
  CHECK(!minutes.is_idle(flat(4, 10.5, 1), session));  // one share was traded
  CHECK(!minutes.is_idle(flat(5, 10.51, 0), session)); // a source with prices and no volumes
  bar moving = at_minute(6);
  moving.volume = 0;
  CHECK(!minutes.is_idle(moving, session));
  moving.label += minute_ms;
  CHECK(minutes.is_idle(moving, session)); // all four prices of the row before: filled forwards
}

TEST(a first row of a session without volume is no traded minute at any price) {
  idle_minutes minutes;
  CHECK(!minutes.is_idle(at_minute(0), session));
  const time_ms next_day = session + 24 * 60 * minute_ms;
  CHECK(minutes.is_idle({next_day, 12, 12, 12, 12, 0}, next_day));
  CHECK(minutes.is_idle({next_day + minute_ms, 12, 12, 12, 12, 0}, next_day));
  CHECK(!minutes.is_idle({next_day + 2 * minute_ms, 12, 12, 12, 12, 5}, next_day));
  // A first row whose price moves was traded, whatever its volume says.
  idle_minutes others;
  CHECK(!others.is_idle({next_day, 12, 13, 12, 12, 0}, next_day));
}

TEST(a bar that comes after a row without trades for its minute counts) {
  bar_sequence sequence;
  CHECK(sequence.offer(at_minute(0), session) == bar_arrival::accepted);
  CHECK(sequence.offer({session + minute_ms, 10.5, 10.5, 10.5, 10.5, 0}, session) == bar_arrival::idle);
  CHECK(sequence.offer(at_minute(1, 10.6), session) == bar_arrival::accepted);
  CHECK(sequence.offer({session + minute_ms, 10.6, 10.6, 10.6, 10.6, 0}, session) == bar_arrival::idle);
  CHECK_EQUAL(sequence.counts().accepted, 2u);
  CHECK_EQUAL(sequence.counts().idle, 2u);
  CHECK_EQUAL(sequence.counts().revisions, 0u);
}

TEST(a wild move is flagged and accepted) {
  bar_sequence sequence;
  sequence.offer({0, 10, 10, 10, 10, 1}, 0);
  CHECK(sequence.offer({minute_ms, 11.6, 11.6, 11.6, 11.6, 1}, 0) == bar_arrival::accepted);
  CHECK_EQUAL(sequence.counts().flagged_moves, 1u);
  CHECK(sequence.offer({2 * minute_ms, 11.6, 11.7, 11.6, 11.7, 1}, 0) == bar_arrival::accepted);
  CHECK_EQUAL(sequence.counts().flagged_moves, 1u);
  // An overnight gap is no one-minute move, a fall within a bar is.
  CHECK(sequence.offer({1000 * minute_ms, 20, 20, 20, 20, 1}, 0) == bar_arrival::accepted);
  CHECK_EQUAL(sequence.counts().flagged_moves, 1u);
  CHECK(sequence.offer({2000 * minute_ms, 20, 20, 18, 18, 1}, 0) == bar_arrival::accepted);
  CHECK_EQUAL(sequence.counts().flagged_moves, 2u);
}
