#define CAF_SUITE money
#include "core/account/money.hpp"
#include "core/account/sentence.hpp"
#include "tests/support/test.hpp"

#include <cstdint>
#include <limits>
#include <stdexcept>

using namespace sentio;

namespace {

template <class Action>
bool overflows(Action action) {
  try {
    action();
  } catch (const std::overflow_error&) {
    return true;
  }
  return false;
}

constexpr money largest{std::numeric_limits<std::int64_t>::max()};
constexpr money smallest{std::numeric_limits<std::int64_t>::min()};

} // namespace

TEST(dollars become the nearest millionth with halves away from zero) {
  CHECK_EQUAL(from_dollars(12.5).micros, 12'500'000);
  CHECK_EQUAL(from_dollars(65.123456).micros, 65'123'456);
  CHECK_EQUAL(from_dollars(0.0000005).micros, 1);
  CHECK_EQUAL(from_dollars(-0.0000005).micros, -1);
  CHECK_EQUAL(from_dollars(-0.0000004).micros, 0);
}

TEST(fractions in basis points round halves away from zero) {
  CHECK_EQUAL(fraction_bp(from_dollars(100), 1).micros, 10'000);
  CHECK_EQUAL(fraction_bp({5'000}, 1).micros, 1); // 0.5 of a millionth
  CHECK_EQUAL(fraction_bp({-5'000}, 1).micros, -1);
  CHECK_EQUAL(fraction_bp({4'999}, 1).micros, 0);
  CHECK_EQUAL(fraction_bp(from_dollars(31'650), 0.67).micros, 2'120'550); // 31650 * 0.000067
}

TEST(arithmetic is exact and refuses to overflow) {
  CHECK_EQUAL((from_dollars(0.1) + from_dollars(0.2)).micros, 300'000);
  CHECK_EQUAL((from_dollars(1.23) * 1'000).micros, 1'230'000'000);
  CHECK_EQUAL((-from_dollars(1.23)).micros, -1'230'000);
  CHECK(overflows([] { return largest + money{1}; }));
  CHECK(overflows([] { return smallest - money{1}; }));
  CHECK(overflows([] { return -smallest; }));
  CHECK(overflows([] { return largest * 2; }));
  CHECK(overflows([] { return from_dollars(1e13); }));
  CHECK(overflows([] { return from_dollars(std::numeric_limits<double>::quiet_NaN()); }));
  CHECK(overflows([] { return fraction_bp(largest, 20'000); }));
  CHECK(!overflows([] { return largest - money{1}; }));
}

TEST(text is the exact decimal with two places at least) {
  CHECK_EQUAL(to_string(from_dollars(12.5)), "12.50");
  CHECK_EQUAL(to_string(money{-166}), "-0.000166");
  CHECK_EQUAL(to_string(money{0}), "0.00");
  CHECK_EQUAL(to_string(from_dollars(1234.567)), "1234.567");
  CHECK_EQUAL(to_string(largest), "9223372036854.775807");
  CHECK_EQUAL(to_string(smallest), "-9223372036854.775808");
}

TEST(sentences write numbers the same way everywhere) {
  CHECK_EQUAL((sentence() << "held " << 3 << " of " << 5u).take(), "held 3 of 5");
  CHECK_EQUAL(sentence().fixed(-0.004, 2).take(), "0.00");
  CHECK_EQUAL(sentence().fixed(-1.005, 2).take(), "-1.00"); // the double lies below the half
  CHECK_EQUAL(sentence().fixed(2.5, 0).take(), "3");
  CHECK_EQUAL(sentence().strength(0.0041).take(), "0.0041");
  CHECK_EQUAL(sentence().strength(-0.5).take(), "-0.50");
  CHECK_EQUAL(sentence().strength(0).take(), "0.00");
  CHECK_EQUAL(sentence().percent(0.0155).take(), "1.55%");
  CHECK_EQUAL(sentence().fixed(std::numeric_limits<double>::infinity(), 2).take(), "inf");
}
