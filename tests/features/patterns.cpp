#define CAF_SUITE feature_patterns
#include "tests/support/test.hpp"

#include "core/features/feature_table.hpp"
#include "tests/features/series.hpp"

#include <vector>

using namespace sentio;
using namespace sentio::test;

namespace {

struct shape {
  double open, high, low, close;
};

/// The feature after 30 bars that move by `step` dollars each, then the given ones.
double after(double step, const std::vector<shape>& shapes, feature f) {
  const session_hours hours = made_up_session(0);
  feature_engine engine(feature_set::full126);
  engine.begin_session(hours);
  time_ms label = hours.open;
  double price = 50 - 30 * step;
  for (int i = 0; i < 30; ++i, label += minute_ms) {
    const double next = price + step;
    engine.update({label, price, std::max(price, next) + 0.01, std::min(price, next) - 0.01, next, 1000});
    price = next;
  }
  for (const shape& s : shapes) {
    engine.update({label, s.open, s.high, s.low, s.close, 1000});
    label += minute_ms;
  }
  return engine.values(feature_set::full126)[static_cast<std::size_t>(f)];
}

} // namespace

TEST(a doji has nearly no body) {
  CHECK_EQUAL(after(0.1, {{50.00, 50.10, 49.90, 50.02}}, feature::doji), 1.0);
  CHECK_EQUAL(after(0.1, {{50.00, 50.10, 49.90, 50.03}}, feature::doji), 0.0);
  CHECK_EQUAL(after(0.1, {{50.00, 50.00, 50.00, 50.00}}, feature::doji), 0.0);
}

TEST(a hammer needs a long lower wick after a fall) {
  const std::vector<shape> hammer{{50.00, 50.03, 49.80, 50.02}};
  CHECK_EQUAL(after(-0.1, hammer, feature::hammer), 1.0);
  CHECK_EQUAL(after(0.1, hammer, feature::hammer), 0.0);
  CHECK_EQUAL(after(-0.1, {{50.00, 50.20, 49.80, 50.02}}, feature::hammer), 0.0);
}

TEST(a shooting star needs a long upper wick after a rise) {
  const std::vector<shape> star{{50.00, 50.20, 49.97, 49.98}};
  CHECK_EQUAL(after(0.1, star, feature::shooting_star), 1.0);
  CHECK_EQUAL(after(-0.1, star, feature::shooting_star), 0.0);
  CHECK_EQUAL(after(0.1, {{50.00, 50.20, 49.80, 49.98}}, feature::shooting_star), 0.0);
}

TEST(an engulfing pair fires in both directions and only when the body is covered) {
  const shape falling{50.00, 50.02, 49.88, 49.90};
  CHECK_EQUAL(after(0.1, {falling, {49.89, 50.06, 49.87, 50.05}}, feature::engulfing), 1.0);
  CHECK_EQUAL(after(0.1, {falling, {49.90, 50.06, 49.87, 50.05}}, feature::engulfing), 1.0);
  CHECK_EQUAL(after(0.1, {falling, {49.90, 50.06, 49.87, 50.00}}, feature::engulfing), 0.0);
  CHECK_EQUAL(after(0.1, {falling, {49.92, 50.06, 49.87, 50.05}}, feature::engulfing), 0.0);
  const shape rising{49.90, 50.02, 49.88, 50.00};
  CHECK_EQUAL(after(0.1, {rising, {50.01, 50.02, 49.80, 49.85}}, feature::engulfing), -1.0);
  CHECK_EQUAL(after(0.1, {rising, {49.85, 50.06, 49.80, 50.05}}, feature::engulfing), 0.0);
}

TEST(a harami lies in the body before) {
  const shape falling{50.00, 50.02, 49.88, 49.90};
  CHECK_EQUAL(after(0.1, {falling, {49.92, 49.99, 49.91, 49.98}}, feature::harami), 1.0);
  CHECK_EQUAL(after(0.1, {falling, {49.92, 50.00, 49.91, 49.99}}, feature::harami), 0.0);
  CHECK_EQUAL(after(0.1, {{49.90, 50.02, 49.88, 50.00}, {49.98, 49.99, 49.91, 49.94}}, feature::harami),
              -1.0);
}

TEST(inside and outside bars and bars without wicks) {
  const shape wide{50.00, 50.20, 49.80, 50.10};
  CHECK_EQUAL(after(0.1, {wide, {50.00, 50.10, 49.90, 50.05}}, feature::containment), 1.0);
  CHECK_EQUAL(after(0.1, {wide, {50.00, 50.30, 49.70, 50.05}}, feature::containment), -1.0);
  CHECK_EQUAL(after(0.1, {wide, {50.00, 50.20, 49.80, 50.05}}, feature::containment), 0.0);
  CHECK_EQUAL(after(0.1, {{50.00, 50.10, 50.00, 50.09}}, feature::marubozu), 1.0);
  CHECK_EQUAL(after(0.1, {{50.10, 50.10, 50.00, 50.01}}, feature::marubozu), -1.0);
  CHECK_EQUAL(after(0.1, {{50.00, 50.10, 50.00, 50.08}}, feature::marubozu), 0.0);
}

TEST(a streak counts closes in one direction) {
  CHECK(close_to(after(0.1, {{50, 50, 49.8, 49.9}, {49.9, 49.9, 49.7, 49.8}}, feature::streak), -2.0 / 3,
                 1e-15));
  CHECK_EQUAL(after(0.1, {{50, 50, 49.8, 49.9}, {49.9, 49.9, 49.7, 49.9}}, feature::streak), 0.0);
  CHECK_EQUAL(after(0.1, {}, feature::streak), 5.0);
}
