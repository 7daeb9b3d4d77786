#define CAF_SUITE generator_normal
#include "core/generator/normal.hpp"

#include "core/generator/planted_momentum.hpp"
#include "tests/generator/statistics.hpp"
#include "tests/support/test.hpp"

using namespace sentio;
using namespace sentio::test;

TEST(quantiles agree with the tables) {
  CHECK_EQUAL(fast_normal_quantile(.5), 0.0);
  CHECK(close_to(fast_normal_quantile(.975), 1.959963984540054, 1e-8));
  CHECK(close_to(fast_normal_quantile(.025), -1.959963984540054, 1e-8));
  CHECK(close_to(fast_normal_quantile(.99), 2.326347874040841, 1e-8));
  CHECK(close_to(fast_normal_quantile(1e-6), -4.753424308822899, 1e-8));
  CHECK(close_to(fast_normal_quantile(.8413447460685429), 1, 1e-8));
}

TEST(deviates have the moments of a normal variable) {
  random_source random(11);
  constexpr int count = 1'000'000;
  double sums[4] = {};
  for (int i = 0; i < count; ++i) {
    const double x = normal_deviate(random);
    double power = x;
    for (double& sum : sums) {
      sum += power;
      power *= x;
    }
  }
  CHECK(std::fabs(sums[0] / count) < .004);
  CHECK(std::fabs(sums[1] / count - 1) < .006);
  CHECK(std::fabs(sums[2] / count) < .012);
  CHECK(std::fabs(sums[3] / count - 3) < .05);
}

TEST(planted momentum explains what its formula promises) {
  for (const double wanted : {.05, .1, .2}) {
    random_source random(3);
    planted_momentum momentum(wanted);
    std::vector<double> forecast;
    std::vector<double> z;
    for (int i = 0; i < 200'000; ++i) {
      z.push_back(momentum.expected_next() + normal_deviate(random));
      momentum.update(z.back());
      forecast.push_back(momentum.expected_five());
    }
    std::vector<double> outcome;
    for (std::size_t i = 0; i + 5 < z.size(); ++i)
      outcome.push_back(z[i + 1] + z[i + 2] + z[i + 3] + z[i + 4] + z[i + 5]);
    forecast.resize(outcome.size());
    CHECK(std::fabs(correlation(ranks(forecast), ranks(outcome)) - wanted) < .015);
  }
}

TEST(no momentum is exactly none) {
  planted_momentum momentum(0);
  momentum.update(3);
  CHECK_EQUAL(momentum.gain(), 0.0);
  CHECK_EQUAL(momentum.expected_next(), 0.0);
  CHECK_EQUAL(momentum.expected_five(), 0.0);
}
