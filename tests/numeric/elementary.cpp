#define CAF_SUITE elementary
#include "tests/support/test.hpp"

#include "core/numeric/elementary.hpp"
#include "core/numeric/random.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

using namespace sentio;

namespace {

/// |value - truth| in units of the last place of truth.
double ulps(double value, long double truth) {
  const double nearest = static_cast<double>(truth);
  const double spacing =
      std::nextafter(std::abs(nearest), std::numeric_limits<double>::infinity()) - std::abs(nearest);
  return static_cast<double>(std::abs(static_cast<long double>(value) - truth) /
                             static_cast<long double>(spacing));
}

double between(random_source& random, double low, double high) {
  return low + (high - low) * random.uniform();
}

constexpr int points = 400'000;

} // namespace

TEST(the logarithm is within two ulp of the truth) {
  random_source random(1);
  double worst = 0;
  for (int i = 0; i < points; ++i) {
    const double x = i % 2 == 0
                         ? between(random, 0.5, 2.0)
                         : std::ldexp(between(random, 1, 2), static_cast<int>(random.below(2000)) - 1000);
    worst = std::max(worst, ulps(det_log(x), std::log(static_cast<long double>(x))));
  }
  CAF_MESSAGE("worst log error in ulp: " << worst);
  CHECK(worst < 2);
}

TEST(the exponential is within two ulp of the truth) {
  random_source random(2);
  double worst = 0;
  for (int i = 0; i < points; ++i) {
    const double x = i % 2 == 0 ? between(random, -2, 2) : between(random, -700, 709);
    worst = std::max(worst, ulps(det_exp(x), std::exp(static_cast<long double>(x))));
  }
  CAF_MESSAGE("worst exp error in ulp: " << worst);
  CHECK(worst < 2);
}

TEST(tanh is close to the truth near zero and far away) {
  random_source random(3);
  double worst = 0;
  for (int i = 0; i < points; ++i) {
    const double x = i % 2 == 0 ? between(random, -1, 1) : between(random, -25, 25);
    worst = std::max(worst, ulps(det_tanh(x), std::tanh(static_cast<long double>(x))));
  }
  CAF_MESSAGE("worst tanh error in ulp: " << worst);
  CHECK(worst < 4);
  CHECK_EQUAL(det_tanh(1e-300), 1e-300);
  CHECK_EQUAL(det_tanh(40.0), 1.0);
  CHECK_EQUAL(det_tanh(-40.0), -1.0);
}

TEST(sine and cosine hold their absolute error up to a hundred thousand radians) {
  random_source random(4);
  double worst = 0;
  for (int i = 0; i < points; ++i) {
    const double x = i % 2 == 0 ? between(random, -10, 10) : between(random, -1e5, 1e5);
    const auto exact = static_cast<long double>(x);
    worst = std::max(worst,
                     static_cast<double>(std::abs(static_cast<long double>(det_sin(x)) - std::sin(exact))));
    worst = std::max(worst,
                     static_cast<double>(std::abs(static_cast<long double>(det_cos(x)) - std::cos(exact))));
  }
  CAF_MESSAGE("worst sine or cosine error: " << worst);
  CHECK(worst < 1e-15);
  CHECK_EQUAL(det_sin(0), 0.0);
  CHECK_EQUAL(det_cos(0), 1.0);
}

TEST(the edges of the domain are as documented) {
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK_EQUAL(det_log(1), 0.0);
  CHECK(det_log(0) == -infinity);
  CHECK(std::isnan(det_log(-1)));
  CHECK(std::isnan(det_log(std::nan(""))));
  CHECK(det_log(infinity) == infinity);
  const double smallest = std::numeric_limits<double>::denorm_min();
  CHECK(ulps(det_log(smallest), std::log(static_cast<long double>(smallest))) < 2);
  CHECK_EQUAL(det_exp(0), 1.0);
  CHECK(det_exp(710) == infinity);
  CHECK(det_exp(infinity) == infinity);
  CHECK_EQUAL(det_exp(-746), 0.0);
  CHECK_EQUAL(det_exp(-infinity), 0.0);
  CHECK(det_exp(-740) > 0);
  CHECK(std::isfinite(det_exp(709.7)));
  CHECK(std::isnan(det_exp(std::nan(""))));
  CHECK(std::isnan(det_tanh(std::nan(""))));
}

TEST(every bit is the same on every machine) {
  // The digest of many results, fixed once: a compiler or CPU that changes one bit changes it.
  random_source random(5);
  std::uint64_t digest = 0xcbf29ce484222325ULL;
  const auto mix = [&](double value) {
    digest = (digest ^ std::bit_cast<std::uint64_t>(value)) * 0x100000001b3ULL;
  };
  for (int i = 0; i < 20'000; ++i) {
    const double x = between(random, -20, 20);
    mix(det_exp(x));
    mix(det_log(std::abs(x) + 1e-9));
    mix(det_tanh(x));
    mix(det_sin(x));
    mix(det_cos(x));
  }
  CHECK_EQUAL(digest, std::uint64_t{0xad359d0d4d54d98aULL});
}
