#include "core/numeric/number_text.hpp"

#include <array>
#include <bit>
#include <cstring>
#include <stdexcept>

namespace sentio {
namespace {

// 10^-14 ... 10^22, the last of which are exact.
constexpr std::array<double, 37> powers_of_ten{
    1e-14, 1e-13, 1e-12, 1e-11, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2,
    1e-1,  1e0,   1e1,   1e2,   1e3,   1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
    1e12,  1e13,  1e14,  1e15,  1e16,  1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

constexpr double power_of_ten(int exponent) {
  return powers_of_ten[static_cast<std::size_t>(exponent + 14)];
}

constexpr auto digit_pairs = [] {
  std::array<char, 200> pairs{};
  for (std::size_t i = 0; i < 100; ++i) {
    pairs[2 * i] = static_cast<char>('0' + i / 10);
    pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return pairs;
}();

void put_pair(char* out, std::uint32_t below_100) {
  std::memcpy(out, &digit_pairs[2 * std::size_t{below_100}], 2);
}

void put_eight_digits(char* out, std::uint32_t value) {
  const std::uint32_t high = value / 10'000;
  const std::uint32_t low = value % 10'000;
  put_pair(out, high / 100);
  put_pair(out + 2, high % 100);
  put_pair(out + 4, low / 100);
  put_pair(out + 6, low % 100);
}

char* put_unsigned(char* out, std::uint64_t value) {
  char reversed[20];
  char* at = reversed + sizeof reversed;
  while (value >= 100) {
    at -= 2;
    put_pair(at, static_cast<std::uint32_t>(value % 100));
    value /= 100;
  }
  if (value >= 10) {
    at -= 2;
    put_pair(at, static_cast<std::uint32_t>(value));
  } else {
    *--at = static_cast<char>('0' + value);
  }
  const auto size = static_cast<std::size_t>(reversed + sizeof reversed - at);
  std::memcpy(out, at, size);
  return out + size;
}

/// x = digits * 10^(exponent - 8), digits in 10^8 ... 10^9 - 1.
struct nine_digits {
  std::uint32_t digits;
  int exponent;
};

nine_digits round_to_nine(double x) {
  int moved = 0;
  // Sizes that no log has in earnest: brought into the range of the tables, at the price of a last digit.
  for (; x < 1e-14; moved -= 22)
    x *= 1e22;
  for (; x >= 1e22; moved += 22)
    x /= 1e22;
  const int binary = static_cast<int>(std::bit_cast<std::uint64_t>(x) >> 52) - 1023;
  int exponent = (binary * 78'913) >> 18; // floor(binary * log10(2)), at most one too small
  if (x >= power_of_ten(exponent + 1))
    ++exponent;
  const int shift = 8 - exponent;
  const double scaled = shift >= 0 ? x * power_of_ten(shift) : x / power_of_ten(-shift);
  auto digits = static_cast<std::uint32_t>(static_cast<std::int64_t>(scaled + 0.5));
  if (digits >= 1'000'000'000) {
    digits = 100'000'000;
    ++exponent;
  }
  return {digits, exponent + moved};
}

char* put_exponent(char* out, int exponent) {
  *out++ = 'e';
  *out++ = exponent < 0 ? '-' : '+';
  const auto size = static_cast<std::uint32_t>(exponent < 0 ? -exponent : exponent);
  if (size >= 100)
    return put_unsigned(out, size);
  put_pair(out, size);
  return out + 2;
}

} // namespace

char* write_int(char* out, std::int64_t value) {
  auto size = static_cast<std::uint64_t>(value);
  if (value < 0) {
    *out++ = '-';
    size = 0 - size; // also right for the smallest value
  }
  return put_unsigned(out, size);
}

char* write_micros(char* out, std::int64_t micros) {
  auto size = static_cast<std::uint64_t>(micros);
  if (micros < 0) {
    *out++ = '-';
    size = 0 - size;
  }
  out = put_unsigned(out, size / 1'000'000);
  const auto fraction = static_cast<std::uint32_t>(size % 1'000'000);
  *out++ = '.';
  put_pair(out, fraction / 10'000);
  if (fraction % 10'000 == 0)
    return out + 2;
  put_pair(out + 2, fraction / 100 % 100);
  put_pair(out + 4, fraction % 100);
  char* end = out + 6;
  while (end[-1] == '0')
    --end;
  return end;
}

char* write_g9(char* out, double x) {
  if (x < 0) {
    *out++ = '-';
    x = -x;
  }
  if (x < 1e9) { // also false for NaN
    const auto whole = static_cast<std::uint32_t>(x);
    if (static_cast<double>(whole) == x)
      return put_unsigned(out, whole);
  } else if (!(x <= 1.7976931348623157e308)) {
    throw std::logic_error("a number for the logs is not finite");
  }
  const nine_digits value = round_to_nine(x);
  char digits[9];
  digits[0] = static_cast<char>('0' + value.digits / 100'000'000);
  put_eight_digits(digits + 1, value.digits % 100'000'000);
  int count = 9;
  while (digits[count - 1] == '0')
    --count;
  const auto copy = [&](int from, int to) {
    std::memcpy(out, digits + from, static_cast<std::size_t>(to - from));
    out += to - from;
  };
  if (value.exponent < -6 || value.exponent >= 15) {
    copy(0, 1);
    if (count > 1) {
      *out++ = '.';
      copy(1, count);
    }
    return put_exponent(out, value.exponent);
  }
  if (value.exponent < 0) {
    std::memcpy(out, "0.000000", 8);
    out += 1 - value.exponent;
    copy(0, count);
    return out;
  }
  const int whole_digits = value.exponent + 1;
  if (count <= whole_digits) {
    copy(0, count);
    std::memset(out, '0', static_cast<std::size_t>(whole_digits - count));
    return out + (whole_digits - count);
  }
  copy(0, whole_digits);
  *out++ = '.';
  copy(whole_digits, count);
  return out;
}

} // namespace sentio
