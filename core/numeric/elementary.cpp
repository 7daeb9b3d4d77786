// Method: exact argument reduction, then Taylor polynomials long enough that their remainder is below half
// an ulp. Only +, -, *, / on doubles, so IEEE 754 fixes every bit (the build forbids contraction to FMA).
// The way log keeps its last bit, f - (f^2/2 - s (f^2/2 + R)), and the split constants ln 2 and pi/2 with
// trailing zero bits are those of fdlibm (Sun Microsystems 1993), e_log.c and e_rem_pio2.c.
#include "core/numeric/elementary.hpp"

#include <bit>
#include <cstdint>
#include <limits>

namespace sentio {
namespace {

constexpr double ln2_high = 6.93147180369123816490e-01; // 33 bits: k * ln2_high is exact for |k| < 2^20
constexpr double ln2_low = 1.90821492927058770002e-10;
constexpr double half_pi_high = 1.57079632673412561417e+00; // 33 bits each
constexpr double half_pi_middle = 6.07710050630396597660e-11;
constexpr double half_pi_low = 2.02226624879595063154e-21;
// Adding 1.5 * 2^52 rounds to the nearest integer, which then sits in the low bits.
constexpr double integer_shifter = 0x1.8p52;

/// 2^k for -1022 <= k <= 1023.
double power_of_two(std::int64_t k) {
  return std::bit_cast<double>(static_cast<std::uint64_t>(k + 1023) << 52);
}

struct nearest_integer {
  double value;
  std::int64_t integer;
};

nearest_integer round_to_nearest(double x) {
  const double shifted = x + integer_shifter;
  const std::int64_t bits =
      std::bit_cast<std::int64_t>(shifted) - std::bit_cast<std::int64_t>(integer_shifter);
  return {shifted - integer_shifter, bits};
}

/// 2/3 z + 2/5 z^2 + ... for z = s^2 <= 0.0295: what log((1+s)/(1-s)) adds to 2s, divided by s.
double log_series(double z) {
  const double z2 = z * z;
  const double z4 = z2 * z2;
  const double a = 2.0 / 3 + z * (2.0 / 5);
  const double b = 2.0 / 7 + z * (2.0 / 9);
  const double c = 2.0 / 11 + z * (2.0 / 13);
  const double d = 2.0 / 15 + z * (2.0 / 17);
  const double e = 2.0 / 19 + z * (2.0 / 21);
  return z * ((a + z2 * b) + z4 * ((c + z2 * d) + z4 * e));
}

/// e^r - 1 - r, for |r| <= 0.35.
double exp_tail(double r) {
  const double r2 = r * r;
  const double r4 = r2 * r2;
  const double a = 1.0 / 2 + r * (1.0 / 6);
  const double b = 1.0 / 24 + r * (1.0 / 120);
  const double c = 1.0 / 720 + r * (1.0 / 5040);
  const double d = 1.0 / 40320 + r * (1.0 / 362880);
  const double e = 1.0 / 3628800 + r * (1.0 / 39916800);
  const double f = 1.0 / 479001600 + r * (1.0 / 6227020800.0);
  return r2 * ((a + r2 * b) + r4 * ((c + r2 * d) + r4 * (e + r2 * f)));
}

/// sin r for |r| <= pi/4.
double sine_series(double r) {
  const double z = r * r;
  const double z2 = z * z;
  const double z4 = z2 * z2;
  const double a = -1.0 / 6 + z * (1.0 / 120);
  const double b = -1.0 / 5040 + z * (1.0 / 362880);
  const double c = -1.0 / 39916800 + z * (1.0 / 6227020800.0);
  const double d = -1.0 / 1307674368000.0 + z * (1.0 / 355687428096000.0);
  return r + r * z * ((a + z2 * b) + z4 * (c + z2 * d));
}

/// cos r for |r| <= pi/4.
double cosine_series(double r) {
  const double z = r * r;
  const double z2 = z * z;
  const double z4 = z2 * z2;
  const double a = 1.0 / 24 + z * (-1.0 / 720);
  const double b = 1.0 / 40320 + z * (-1.0 / 3628800);
  const double c = 1.0 / 479001600 + z * (-1.0 / 87178291200.0);
  const double d = 1.0 / 20922789888000.0;
  return 1 - (0.5 * z - z2 * ((a + z2 * b) + z4 * (c + z2 * d)));
}

/// sin(x + quarter_turns * pi/2)
double sine_of_turned(double x, std::int64_t quarter_turns) {
  const nearest_integer n = round_to_nearest(x * 6.36619772367581382433e-01); // 2 / pi
  const double r = ((x - n.value * half_pi_high) - n.value * half_pi_middle) - n.value * half_pi_low;
  const std::int64_t quadrant = (n.integer + quarter_turns) & 3;
  const double value = (quadrant & 1) != 0 ? cosine_series(r) : sine_series(r);
  return (quadrant & 2) != 0 ? -value : value;
}

} // namespace

double det_log(double x) {
  std::uint64_t bits = std::bit_cast<std::uint64_t>(x);
  std::int64_t exponent = 0;
  // One unsigned comparison sends zero, subnormal, negative, infinite and NaN arguments aside.
  if (bits - 0x0010000000000000ULL >= 0x7fe0000000000000ULL) {
    if (x == 0)
      return -std::numeric_limits<double>::infinity();
    if (x < 0)
      return std::numeric_limits<double>::quiet_NaN();
    if (!(x < std::numeric_limits<double>::infinity()))
      return x;
    bits = std::bit_cast<std::uint64_t>(x * 0x1p54);
    exponent = -54;
  }
  // x = 2^k m with m in [sqrt(1/2), sqrt(2)): 0x3fe6a09e... is sqrt(1/2).
  const std::uint64_t shifted = bits - 0x3fe6a09e667f3bcdULL;
  exponent += static_cast<std::int64_t>(shifted) >> 52;
  const double m = std::bit_cast<double>((shifted & 0x000fffffffffffffULL) + 0x3fe6a09e667f3bcdULL);
  const double f = m - 1;
  const double s = f / (2 + f);
  const double half_square = 0.5 * f * f;
  const double k = static_cast<double>(exponent);
  return k * ln2_high - ((half_square - (s * (half_square + log_series(s * s)) + k * ln2_low)) - f);
}

double det_exp(double x) {
  if (!(x > -745.2)) // the negation lets NaN through to the next line
    return x < 0 ? 0 : x;
  if (x > 709.79)
    return std::numeric_limits<double>::infinity();
  const nearest_integer n = round_to_nearest(x * 1.44269504088896338700);
  const double high = x - n.value * ln2_high;
  const double low = n.value * ln2_low;
  const double r = high - low;
  const double lost = (high - r) - low; // what rounding r threw away
  const double y = 1 + (r + (exp_tail(r) + lost));
  // Two factors, because 2^1024 and subnormal powers are not normal numbers.
  const std::int64_t half = n.integer / 2;
  return y * power_of_two(half) * power_of_two(n.integer - half);
}

double det_tanh(double x) {
  const double size = x < 0 ? -x : x;
  if (size < 0.35) { // sinh / cosh, since 1 - 2 / (e^2x + 1) would cancel
    const double z = x * x;
    const double sinh_tail =
        z * (1.0 / 6 + z * (1.0 / 120 + z * (1.0 / 5040 + z * (1.0 / 362880 + z / 39916800.0))));
    const double cosh_tail =
        z * (1.0 / 2 +
             z * (1.0 / 24 + z * (1.0 / 720 + z * (1.0 / 40320 + z * (1.0 / 3628800 + z / 479001600.0)))));
    return x + x * ((sinh_tail - cosh_tail) / (1 + cosh_tail));
  }
  if (!(size < 22)) // 1 - tanh(22) is below half an ulp
    return size >= 22 ? (x < 0 ? -1.0 : 1.0) : x;
  const double value = 1 - 2 / (det_exp(2 * size) + 1);
  return x < 0 ? -value : value;
}

double det_sin(double x) {
  return sine_of_turned(x, 0);
}

double det_cos(double x) {
  return sine_of_turned(x, 1);
}

} // namespace sentio
