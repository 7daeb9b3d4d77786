#define CAF_SUITE calibration
#include "tests/learning/support.hpp"
#include "tests/support/test.hpp"

#include "core/learning/calibration.hpp"
#include "core/learning/confidence.hpp"
#include "core/learning/legacy_probability.hpp"

#include <cmath>

using namespace sentio;
using test::close_to;
using test::noise;

TEST(the slope finds how much a prediction was shrunk) {
  slope_regression slope;
  CHECK_EQUAL(slope.slope(), 1.0);
  random_source random(1);
  for (int bar = 0; bar < 40'000; ++bar) {
    const double z = 0.1 * noise(random);
    slope.learn(z, 6 * z + noise(random));
  }
  CHECK(slope.slope() > 5);
  CHECK(slope.slope() < 7);
}

TEST(the slope is bounded and never trades against the model) {
  slope_regression wrong;
  slope_regression steep;
  for (int bar = 0; bar < 5000; ++bar) {
    const double z = bar % 2 == 0 ? 0.5 : -0.5;
    wrong.learn(z, -4 * z);
    steep.learn(z * 0.02, z * 4);
  }
  CHECK_EQUAL(wrong.slope(), 0.0);
  CHECK_EQUAL(steep.slope(), 20.0);
  slope_regression silent;
  for (int bar = 0; bar < 5000; ++bar)
    silent.learn(0, 1);
  CHECK_EQUAL(silent.slope(), 1.0);
}

TEST(platt scaling turns a planted edge into calibrated probabilities) {
  platt_scaling platt;
  CHECK_EQUAL(platt.scale(), 1.6);
  CHECK_EQUAL(platt.probability(0), 0.5);
  random_source random(2);
  double expected = 0;
  double happened = 0;
  int confident = 0;
  for (int bar = 0; bar < 60'000; ++bar) {
    const double z = 0.1 * noise(random);
    const double p = platt.probability(z);
    const double y = 5 * z + noise(random);
    if (bar > 20'000 && p > 0.65) {
      ++confident;
      expected += p;
      happened += y > 0 ? 1 : 0;
    }
    platt.learn(z, y);
  }
  CHECK(confident > 1000);
  CHECK(std::fabs(expected - happened) / confident < 0.02);
  CHECK(platt.scale() > 6);
  CHECK(platt.scale() < 10);
}

TEST(platt scaling skips zeros and keeps its scale above zero) {
  platt_scaling platt;
  for (int bar = 0; bar < 1000; ++bar)
    platt.learn(1, 0);
  CHECK_EQUAL(platt.scale(), 1.6);
  for (int bar = 0; bar < 5000; ++bar)
    platt.learn(bar % 2 == 0 ? 1 : -1, bar % 2 == 0 ? -1 : 1);
  CHECK_EQUAL(platt.scale(), 0.0);
  CHECK(platt.probability(1e300) < 1);
  CHECK(platt.probability(-1e300) > 0);
}

TEST(white noise teaches nothing) {
  slope_regression slope;
  platt_scaling platt;
  random_source random(3);
  for (int bar = 0; bar < 40'000; ++bar) {
    const double z = 0.1 * noise(random);
    const double y = noise(random);
    slope.learn(z, y);
    platt.learn(z, y);
  }
  CHECK(slope.slope() < 0.4);
  CHECK(std::fabs(platt.probability(0.1) - 0.5) < 0.02);
}

TEST(sound confidence follows its formula and reaches its range) {
  confidence_record none(confidence_kind::sound);
  CHECK(close_to(none.value(), 0.35 + 0.15, 1e-12));
  confidence_record perfect(confidence_kind::sound);
  confidence_record hopeless(confidence_kind::sound);
  for (int bar = 0; bar < 100'000; ++bar) {
    const double y = bar % 2 == 0 ? 1 : -1;
    perfect.learn(y, y, 0.001);
    hopeless.learn(-1e6 * y, y, 0.001);
  }
  CHECK(perfect.value() > 0.99);
  CHECK(perfect.value() <= 1);
  CHECK(hopeless.value() < 0.01);
  CHECK(hopeless.value() >= 0);
  confidence_record three(confidence_kind::sound);
  three.learn(0.5, 1, 1);
  three.learn(0.5, -1, 1);
  three.learn(0, 2, 1); // no sign to count
  const double ratio = std::sqrt((0.25 + 2.25 + 4) / (1 + 1 + 4));
  CHECK(close_to(three.value(), 0.7 / (1 + ratio) + 0.3 * 0.5, 1e-12));
}

TEST(a constant series has confidence without a division by zero) {
  confidence_record record(confidence_kind::sound);
  for (int bar = 0; bar < 100; ++bar)
    record.learn(0, 0, 0.00005);
  CHECK(close_to(record.value(), 0.5, 1e-12));
}

TEST(legacy confidence has a window of a hundred and a ramp of two hundred) {
  confidence_record record(confidence_kind::legacy);
  for (int bar = 0; bar < 100; ++bar)
    record.learn(0.5, 1, 0.002); // error 0.001 in plain return
  CHECK(close_to(record.value(), 0.65 * (0.7 / 1.1 + 0.3), 1e-12));
  for (int bar = 0; bar < 100; ++bar)
    record.learn(-1, 1, 0.01); // error 0.02, wrong sign: only these count now
  CHECK(close_to(record.value(), 0.7 / 3, 1e-12));
}

TEST(the legacy map and the bands move the probability within their bounds) {
  CHECK_EQUAL(legacy_probability(0), 0.5);
  CHECK(close_to(legacy_probability(0.01), 0.5 + 0.4 * std::tanh(0.5), 1e-14));
  CHECK(close_to(legacy_probability(1), 0.9, 1e-12));
  bollinger_parameters parameters;
  parameters.enabled = true;
  parameters.period = 4;
  bollinger_amplifier bands(parameters);
  for (const double close : {10.0, 12.0, 12.0})
    bands.update(close);
  CHECK_EQUAL(bands.amplify(0.6), 0.6); // not enough closes yet
  bands.update(10.0);
  // Mean 11, standard deviation 1, bands 9 ... 13: the close lies a quarter above the lower band.
  CHECK(close_to(bands.amplify(0.6), 0.6 + 0.1 * (1 - 0.25 / 0.3), 1e-12));
  CHECK_EQUAL(bands.amplify(0.4), 0.4);
  CHECK_EQUAL(bands.amplify(0.5), 0.5);
  for (int bar = 0; bar < 4; ++bar)
    bands.update(10.0);
  CHECK_EQUAL(bands.amplify(0.6), 0.6); // no spread
  parameters.enabled = false;
  bollinger_amplifier off(parameters);
  off.update(1);
  CHECK_EQUAL(off.amplify(0.7), 0.7);
}
