// RFC 3339 by hand: no host clock, no locale, no double.
#include "core/alpaca/wire.hpp"

#include <algorithm>
#include <cstddef>

namespace sentio::alpaca {

namespace {

constexpr std::int64_t day_ms = 24 * 60 * minute_ms;
constexpr std::size_t largest_fraction = 9; ///< nanoseconds

/// The digits at `from` as a number; -1 when one of them is none.
int digits(std::string_view text, std::size_t from, std::size_t count) {
  int value = 0;
  for (std::size_t i = from; i < from + count; ++i) {
    if (i >= text.size() || text[i] < '0' || text[i] > '9')
      return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

bool within(int value, int last) {
  return value >= 0 && value <= last;
}

/// "Z" or "-04:00" in milliseconds to subtract; empty when it is neither.
std::optional<time_ms> offset_ms(std::string_view text) {
  if (text == "Z" || text == "z")
    return 0;
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':')
    return std::nullopt;
  const int hours = digits(text, 1, 2);
  const int minutes = digits(text, 4, 2);
  if (!within(hours, 23) || !within(minutes, 59))
    return std::nullopt;
  const time_ms size = (hours * 60 + minutes) * minute_ms;
  return text[0] == '-' ? -size : size;
}

std::string padded(std::int64_t value, std::size_t width) {
  std::string text = std::to_string(value);
  return std::string(width - std::min(width, text.size()), '0') + text;
}

} // namespace

std::optional<time_ms> parse_timestamp(std::string_view text) {
  constexpr std::size_t fixed = std::string_view("2025-06-03T13:30:00").size();
  if (text.size() <= fixed || (text[10] != 'T' && text[10] != 't') || text[13] != ':' || text[16] != ':')
    return std::nullopt;
  const auto date = parse_date(text.substr(0, 10));
  const int hour = digits(text, 11, 2);
  const int minute = digits(text, 14, 2);
  const int second = digits(text, 17, 2);
  if (!date || !within(hour, 23) || !within(minute, 59) || !within(second, 59))
    return std::nullopt;
  std::size_t at = fixed;
  int millis = 0;
  if (text[at] == '.') {
    std::size_t count = 0;
    for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, ++count)
      if (count < 3)
        millis = millis * 10 + (text[at] - '0');
    if (count == 0 || count > largest_fraction)
      return std::nullopt;
    for (; count < 3; ++count)
      millis *= 10;
  }
  const auto offset = offset_ms(text.substr(at));
  if (!offset)
    return std::nullopt;
  const time_ms wall =
      days_since_epoch(*date) * day_ms + (hour * 60 + minute) * minute_ms + second * time_ms{1000} + millis;
  return wall - *offset;
}

std::string format_timestamp(time_ms at) {
  std::int64_t days = at / day_ms;
  time_ms rest = at % day_ms;
  if (rest < 0) {
    rest += day_ms;
    --days;
  }
  std::string text = to_string(date_from_days(days)) + 'T' + padded(rest / (60 * minute_ms), 2) + ':' +
                     padded(rest / minute_ms % 60, 2) + ':' + padded(rest / 1000 % 60, 2);
  if (rest % 1000 != 0)
    text += '.' + padded(rest % 1000, 3);
  return text + 'Z';
}

} // namespace sentio::alpaca
