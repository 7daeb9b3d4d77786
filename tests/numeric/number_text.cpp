#define CAF_SUITE number_text
#include "tests/support/test.hpp"

#include "core/numeric/number_text.hpp"
#include "core/numeric/random.hpp"

#include <cstdio>
#include <limits>
#include <string>

using namespace sentio;

namespace {

std::string g9(double x) {
  char text[number_text_room];
  return {text, write_g9(text, x)};
}

std::string integer(std::int64_t value) {
  char text[number_text_room];
  return {text, write_int(text, value)};
}

std::string micros(std::int64_t value) {
  char text[number_text_room];
  return {text, write_micros(text, value)};
}

bool throws(double x) {
  try {
    g9(x);
  } catch (const std::logic_error&) {
    return true;
  }
  return false;
}

} // namespace

TEST(hand made values have the documented form) {
  CHECK_EQUAL(g9(0), "0");
  CHECK_EQUAL(g9(-0.0), "0");
  CHECK_EQUAL(g9(1.5), "1.5");
  CHECK_EQUAL(g9(-2), "-2");
  CHECK_EQUAL(g9(0.000123456789), "0.000123456789");
  CHECK_EQUAL(g9(0.1), "0.1");
  CHECK_EQUAL(g9(100), "100");
  CHECK_EQUAL(g9(123456.7894), "123456.789");
  CHECK_EQUAL(g9(0.9999999996), "1");
  CHECK_EQUAL(g9(99999.99996), "100000");
  CHECK_EQUAL(g9(1e-6), "0.000001");
  CHECK_EQUAL(g9(1e-9), "1e-09");
  CHECK_EQUAL(g9(-1.25e-7), "-1.25e-07");
  CHECK_EQUAL(g9(123456789012.0), "123456789000");
  CHECK_EQUAL(g9(1e14), "100000000000000");
  CHECK_EQUAL(g9(1e15), "1e+15");
  CHECK_EQUAL(g9(2.5e15), "2.5e+15");
  CHECK_EQUAL(g9(1e100), "1e+100");
  CHECK_EQUAL(g9(1.25e-200), "1.25e-200");
}

TEST(a number that is not finite is refused) {
  CHECK(throws(std::nan("")));
  CHECK(throws(std::numeric_limits<double>::infinity()));
  CHECK(throws(-std::numeric_limits<double>::infinity()));
  CHECK(!throws(std::numeric_limits<double>::max()));
  CHECK(!throws(std::numeric_limits<double>::denorm_min()));
}

TEST(random values parse back and equal printf in the range of the logs) {
  random_source random(6);
  int far = 0;
  int unlike_printf = 0;
  int malformed = 0;
  constexpr int count = 300'000;
  for (int i = 0; i < count; ++i) {
    const int binary_exponent =
        i % 3 == 0 ? static_cast<int>(random.below(2000)) - 1000 : static_cast<int>(random.below(66)) - 20;
    const double size = std::ldexp(1 + random.uniform(), binary_exponent);
    const double x = (random.next() & 1) != 0 ? -size : size;
    const std::string text = g9(x);
    char* end = nullptr;
    const double back = std::strtod(text.c_str(), &end);
    malformed += *end != 0 || text.size() >= number_text_room;
    far += std::abs(back - x) > 5.0001e-9 * size;
    if (size > 1e-14 && size < 1e22) {
      char expected[40];
      std::snprintf(expected, sizeof expected, "%.9g", x);
      unlike_printf += std::strtod(expected, nullptr) != back;
    }
  }
  CHECK_EQUAL(malformed, 0);
  CHECK_EQUAL(far, 0);
  // Only products that round onto a half differ; printf rounds those by the exact binary value.
  CHECK(unlike_printf <= count / 10'000);
  CAF_MESSAGE("unlike printf: " << unlike_printf << " of " << count);
}

TEST(prices and cents are written as a person would) {
  int wrong = 0;
  for (int cents = 1; cents < 2'000'000; cents += 7) {
    char expected[40];
    std::snprintf(expected, sizeof expected, "%.9g", cents / 100.0);
    wrong += g9(cents / 100.0) != expected;
  }
  CHECK_EQUAL(wrong, 0);
}

TEST(integers over their whole range) {
  CHECK_EQUAL(integer(0), "0");
  CHECK_EQUAL(integer(-7), "-7");
  CHECK_EQUAL(integer(10), "10");
  CHECK_EQUAL(integer(1'743'514'200'000), "1743514200000");
  CHECK_EQUAL(integer(std::numeric_limits<std::int64_t>::max()), "9223372036854775807");
  CHECK_EQUAL(integer(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808");
  random_source random(7);
  int wrong = 0;
  for (int i = 0; i < 100'000; ++i) {
    const auto value = static_cast<std::int64_t>(random.next() >> random.below(63));
    wrong += integer(value) != std::to_string(value);
  }
  CHECK_EQUAL(wrong, 0);
}

TEST(millionths are exact with at least two places) {
  CHECK_EQUAL(micros(0), "0.00");
  CHECK_EQUAL(micros(12'500'000), "12.50");
  CHECK_EQUAL(micros(65'123'400), "65.1234");
  CHECK_EQUAL(micros(-166), "-0.000166");
  CHECK_EQUAL(micros(-1'000'000), "-1.00");
  CHECK_EQUAL(micros(10'000), "0.01");
  CHECK_EQUAL(micros(1'001'000), "1.001");
  CHECK_EQUAL(micros(1'000'001), "1.000001");
  CHECK_EQUAL(micros(std::numeric_limits<std::int64_t>::min()), "-9223372036854.775808");
  random_source random(8);
  int wrong = 0;
  for (int i = 0; i < 100'000; ++i) {
    const auto value = static_cast<std::int64_t>(random.below(100'000'000'000));
    wrong += std::llround(std::strtod(micros(value).c_str(), nullptr) * 1e6) != value;
  }
  CHECK_EQUAL(wrong, 0);
}
