#define CAF_SUITE mixture
#include "tests/support/test.hpp"

#include "core/learning/mixture.hpp"
#include "core/numeric/random.hpp"

#include <cmath>

using namespace sentio;

namespace {

double sum(std::span<const double> values) {
  double total = 0;
  for (const double value : values)
    total += value;
  return total;
}

} // namespace

TEST(uniform weights stay equal) {
  mixture weights(mixture_kind::uniform, 4, 0.125, 0.001);
  const double predictions[] = {1, 0, -1, 0};
  weights.learn(predictions, 2);
  for (const double weight : weights.weights())
    CHECK_EQUAL(weight, 0.25);
}

TEST(fixed share follows its formula) {
  mixture weights(mixture_kind::fixed_share, 2, 0.125, 0.001);
  const double predictions[] = {1, 0};
  weights.learn(predictions, 2); // squared errors 1 and 4
  const double first = 1 / (1 + std::exp(-0.125 * 3));
  CHECK(test::close_to(weights.weights()[0], 0.999 * first + 0.0005, 1e-14));
  CHECK(test::close_to(sum(weights.weights()), 1, 1e-15));
}

TEST(weights sum to one and favour the better expert) {
  mixture weights(mixture_kind::fixed_share, 6, 0.125, 0.001);
  random_source random(4);
  bool one = true;
  bool alive = true;
  for (int bar = 0; bar < 20'000; ++bar) {
    const double target = 4 * random.uniform() - 2;
    const double predictions[] = {0.5 * target, -target, 2, -2, 1e3, 0};
    weights.learn(predictions, target);
    one = one && std::fabs(sum(weights.weights()) - 1) < 1e-12;
    for (const double weight : weights.weights())
      alive = alive && weight > 1e-4;
  }
  CHECK(one);
  CHECK(alive); // the share keeps every expert in reach
  CHECK(weights.weights()[0] > 0.95);
}
