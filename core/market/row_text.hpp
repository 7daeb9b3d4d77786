// The two hot conversions of a bar file: decimal numbers and timestamps, without locale or time zone.
#pragma once

#include "core/market/bar.hpp"

#include <array>
#include <cstddef>
#include <string_view>

namespace sentio {

/// Any text that std::from_chars takes whole (signs, exponents, nan, inf); the slow way of parse_decimal.
bool parse_decimal_slowly(std::string_view text, double& value);

/// Reads a number that ends at a comma or at `end`, moves `at` to that place, and gives the double
/// nearest to the decimal. False when the field is no number; `at` is then undefined.
inline bool take_decimal(const char*& at, const char* end, double& value) {
  static constexpr std::array<double, 23> powers_of_ten{1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                        1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                        1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  const char* const begin = at;
  std::uint64_t mantissa = 0;
  const auto take_digits = [&] {
    for (; at != end; ++at) {
      const unsigned digit = static_cast<unsigned char>(*at) - unsigned{'0'};
      if (digit > 9)
        break;
      mantissa = mantissa * 10 + digit;
    }
  };
  take_digits();
  std::size_t fraction_digits = 0;
  std::size_t digits = static_cast<std::size_t>(at - begin);
  if (at != end && *at == '.') {
    const char* const point = at++;
    take_digits();
    fraction_digits = static_cast<std::size_t>(at - point) - 1;
    digits += fraction_digits;
  }
  // Clinger 1990: an integer up to 2^53 divided by an exact power of ten is rounded once, so correctly.
  // 18 digits cannot overflow the mantissa.
  if ((at == end || *at == ',') && digits - 1 < 18 && mantissa <= (std::uint64_t{1} << 53)) {
    value = static_cast<double>(mantissa) / powers_of_ten[fraction_digits];
    return true;
  }
  while (at != end && *at != ',')
    ++at;
  return parse_decimal_slowly({begin, static_cast<std::size_t>(at - begin)}, value);
}

/// ISO-8601 with an offset or Z: "2025-04-01T09:30:00-04:00", "2025-04-01 13:30Z". False when
/// the text is not that, or names an impossible day or time. Fractions of a second must be zero or whole ms.
bool parse_iso_timestamp(std::string_view text, time_ms& value);

/// Epoch seconds, epoch milliseconds (from 10^11 on, which as seconds would be the year 5138), or ISO-8601.
inline bool parse_timestamp(std::string_view text, time_ms& value) {
  std::uint64_t number = 0; // long texts may wrap round; they are refused below
  for (const char letter : text) {
    const unsigned digit = static_cast<unsigned char>(letter) - unsigned{'0'};
    if (digit > 9)
      return parse_iso_timestamp(text, value);
    number = number * 10 + digit;
  }
  if (text.empty() || text.size() > 15)
    return false;
  const auto epoch = static_cast<std::int64_t>(number);
  value = epoch >= 100'000'000'000 ? epoch : epoch * 1000;
  return true;
}

} // namespace sentio
