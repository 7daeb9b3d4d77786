// The two hot conversions of a bar file: decimal numbers and timestamps, without locale or time zone.
#pragma once

#include "core/market/bar.hpp"

#include <array>
#include <cstddef>
#include <cstring>
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

/// The slow way of parse_timestamp: ISO-8601, or an epoch written as a decimal ("1745000000.0", "1.745e9").
bool parse_timestamp_slowly(std::string_view text, time_ms& value);

/// Epoch seconds, milliseconds (from 10^11 on, which as seconds would be the year 5138), microseconds (from
/// 10^14 on) or nanoseconds (from 10^17 on). False when it is finer than a millisecond.
inline bool epoch_to_ms(std::uint64_t number, time_ms& value) {
  if (number < 100'000'000'000) {
    value = static_cast<time_ms>(number * 1000);
    return true;
  }
  const std::uint64_t unit = number < 100'000'000'000'000       ? 1
                             : number < 100'000'000'000'000'000 ? 1000
                                                                : 1'000'000;
  value = static_cast<time_ms>(number / unit);
  return number % unit == 0;
}

/// An epoch of any of those units, or ISO-8601.
inline bool parse_timestamp(std::string_view text, time_ms& value) {
  std::uint64_t number = 0; // long texts may wrap round; they are refused below
  for (const char letter : text) {
    const unsigned digit = static_cast<unsigned char>(letter) - unsigned{'0'};
    if (digit > 9)
      return parse_timestamp_slowly(text, value);
    number = number * 10 + digit;
  }
  return !text.empty() && text.size() <= 19 && epoch_to_ms(number, value);
}

/// Reads one column of timestamps. ISO texts mostly repeat the date and the offset of the row before them,
/// and then only hour and minute are read.
class timestamp_column {
public:
  bool parse(std::string_view text, time_ms& value) {
    if (text.size() == size_ && std::memcmp(text.data(), last_.data(), minute_begin) == 0 &&
        ends_like_the_last(text.data())) {
      const unsigned hour = two_digits(text.data() + 11);
      const unsigned minute = two_digits(text.data() + 14);
      if (hour < 24 && minute < 60 && text[13] == ':') {
        value = midnight_ + static_cast<time_ms>(hour * 60 + minute) * minute_ms;
        return true;
      }
    }
    if (!parse_timestamp(text, value))
      return false;
    if (text.size() > minute_end)
      remember(text, value);
    return true;
  }

private:
  static constexpr std::size_t minute_begin = 11; ///< "2025-06-03T" comes before it
  static constexpr std::size_t minute_end = 16;   ///< ":00-04:00" or "Z" after it

  /// Two loads of eight bytes, which may overlap, where there is room for them.
  bool ends_like_the_last(const char* at) const {
    if (size_ < minute_end + 8)
      return std::memcmp(at + minute_end, last_.data() + minute_end, size_ - minute_end) == 0;
    return std::memcmp(at + minute_end, last_.data() + minute_end, 8) == 0 &&
           (size_ <= minute_end + 16 ||
            std::memcmp(at + minute_end + 8, last_.data() + minute_end + 8, 8) == 0) &&
           std::memcmp(at + size_ - 8, last_.data() + size_ - 8, 8) == 0;
  }
  /// 100 or more when they are no digits.
  static unsigned two_digits(const char* at) {
    const unsigned tens = static_cast<unsigned char>(at[0]) - unsigned{'0'};
    const unsigned ones = static_cast<unsigned char>(at[1]) - unsigned{'0'};
    return tens > 9 || ones > 9 ? 100 : tens * 10 + ones;
  }

  void remember(std::string_view text, time_ms value);

  std::array<char, 40> last_{};
  std::size_t size_ = static_cast<std::size_t>(-1); ///< of last_; no text has this size
  time_ms midnight_ = 0;                            ///< the time of 00:00 on the date of last_
};

} // namespace sentio
