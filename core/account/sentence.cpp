#include "core/account/sentence.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace sentio {

sentence& sentence::append_integer(std::int64_t value) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  text_.append(digits.data(), end);
  return *this;
}

sentence& sentence::fixed(double value, int places) {
  static constexpr std::array<std::int64_t, 7> scales{1, 10, 100, 1'000, 10'000, 100'000, 1'000'000};
  const std::int64_t scale = scales.at(static_cast<std::size_t>(places));
  const double scaled = std::round(std::fabs(value) * static_cast<double>(scale));
  if (!(scaled < 1e15)) { // too large for cents to matter, infinite, or not a number
    std::array<char, 32> digits;
    text_.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr);
    return *this;
  }
  const auto units = static_cast<std::int64_t>(scaled);
  if (value < 0 && units != 0)
    text_.push_back('-');
  append_integer(units / scale);
  if (places == 0)
    return *this;
  text_.push_back('.');
  std::int64_t rest = units % scale;
  for (std::int64_t digit = scale / 10; digit > 0; digit /= 10) {
    text_.push_back(static_cast<char>('0' + rest / digit));
    rest %= digit;
  }
  return *this;
}

sentence& sentence::strength(double value) {
  const double size = std::fabs(value);
  return fixed(value, size != 0 && size < 0.1 ? 4 : 2);
}

} // namespace sentio
