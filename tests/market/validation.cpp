#define CAF_SUITE market_validation
#include "core/market/validation.hpp"

#include "tests/support/test.hpp"

#include <limits>

using namespace sentio;

namespace {

const bar good{1748957400000, 10, 11, 9, 10.5, 100};

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
  CHECK(sequence.offer(at_minute(0)) == bar_arrival::accepted);
  CHECK(sequence.offer(at_minute(0)) == bar_arrival::duplicate);
  CHECK(sequence.offer(at_minute(0, 10.6)) == bar_arrival::revision);
  CHECK(sequence.offer(at_minute(2)) == bar_arrival::accepted);
  CHECK(sequence.offer(at_minute(1)) == bar_arrival::revision);
  // A revision changes nothing: the bar it came after is still the last.
  CHECK(sequence.offer(at_minute(2)) == bar_arrival::duplicate);
  CHECK(sequence.last() == at_minute(2));
  CHECK_EQUAL(sequence.counts().accepted, 2u);
  CHECK_EQUAL(sequence.counts().duplicates, 2u);
  CHECK_EQUAL(sequence.counts().revisions, 2u);
  CHECK_EQUAL(sequence.counts().out_of_order, 1u);
}

TEST(a wild move is flagged and accepted) {
  bar_sequence sequence;
  sequence.offer({0, 10, 10, 10, 10, 1});
  CHECK(sequence.offer({minute_ms, 11.6, 11.6, 11.6, 11.6, 1}) == bar_arrival::accepted);
  CHECK_EQUAL(sequence.counts().flagged_moves, 1u);
  CHECK(sequence.offer({2 * minute_ms, 11.6, 11.7, 11.6, 11.7, 1}) == bar_arrival::accepted);
  CHECK_EQUAL(sequence.counts().flagged_moves, 1u);
  // An overnight gap is no one-minute move, a fall within a bar is.
  CHECK(sequence.offer({1000 * minute_ms, 20, 20, 20, 20, 1}) == bar_arrival::accepted);
  CHECK_EQUAL(sequence.counts().flagged_moves, 1u);
  CHECK(sequence.offer({2000 * minute_ms, 20, 20, 18, 18, 1}) == bar_arrival::accepted);
  CHECK_EQUAL(sequence.counts().flagged_moves, 2u);
}
