#include "core/market/row_text.hpp"

#include "core/market/calendar.hpp"

#include <charconv>
#include <cmath>

namespace sentio {

bool parse_decimal_slowly(std::string_view text, double& value) {
  if (text.starts_with('+') && !text.starts_with("+-"))
    text.remove_prefix(1);
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  return error == std::errc{} && stop == end;
}

namespace {

/// Cuts `count` digits from the front; -1 when they are not there.
int take_number(std::string_view& text, std::size_t count) {
  if (text.size() < count)
    return -1;
  int value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const int digit = text[i] - '0';
    if (digit < 0 || digit > 9)
      return -1;
    value = value * 10 + digit;
  }
  text.remove_prefix(count);
  return value;
}

bool take_letter(std::string_view& text, char letter) {
  if (!text.starts_with(letter))
    return false;
  text.remove_prefix(1);
  return true;
}

/// ".5", ".000", ".000000": milliseconds; -1 when finer than that.
int take_fraction_ms(std::string_view& text) {
  if (!take_letter(text, '.'))
    return 0;
  int value = 0;
  int digits = 0;
  for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; text.remove_prefix(1), ++digits) {
    if (digits < 3)
      value = value * 10 + (text.front() - '0');
    else if (text.front() != '0')
      return -1;
  }
  if (digits == 0)
    return -1;
  for (; digits < 3; ++digits)
    value *= 10;
  return value;
}

/// "Z", "-04:00", "+0530", "-05": minutes east of UTC; false for anything else, an absent offset included.
bool take_offset(std::string_view& text, int& minutes_east) {
  if (text == "Z" || text == "z") {
    minutes_east = 0;
    return true;
  }
  const bool west = text.starts_with('-');
  if (!west && !text.starts_with('+'))
    return false;
  text.remove_prefix(1);
  const int hours = take_number(text, 2);
  int minutes = 0;
  if (!text.empty()) {
    take_letter(text, ':');
    minutes = take_number(text, 2);
  }
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || !text.empty())
    return false;
  minutes_east = (hours * 60 + minutes) * (west ? -1 : 1);
  return true;
}

} // namespace

bool parse_iso_timestamp(std::string_view text, time_ms& value) {
  if (text.size() < 17)
    return false;
  const auto date = parse_date(text.substr(0, 10));
  text.remove_prefix(10);
  if (!date || !(take_letter(text, 'T') || take_letter(text, ' ')))
    return false;
  const int hour = take_number(text, 2);
  if (!take_letter(text, ':'))
    return false;
  const int minute = take_number(text, 2);
  int second = 0;
  int fraction = 0;
  if (take_letter(text, ':')) {
    second = take_number(text, 2);
    fraction = take_fraction_ms(text);
  }
  int minutes_east = 0;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59 || fraction < 0 ||
      !take_offset(text, minutes_east))
    return false;
  const std::int64_t minutes = days_since_epoch(*date) * 1440 + hour * 60 + minute - minutes_east;
  value = minutes * minute_ms + second * 1000 + fraction;
  return true;
}

bool parse_timestamp_slowly(std::string_view text, time_ms& value) {
  if (parse_iso_timestamp(text, value))
    return true;
  constexpr double longest = 9e18; // beyond the nanoseconds of any year that is near
  double number = 0;
  return parse_decimal_slowly(text, number) && number >= 0 && number < longest &&
         number == std::floor(number) && epoch_to_ms(static_cast<std::uint64_t>(number), value);
}

void timestamp_column::remember(std::string_view text, time_ms value) {
  size_ = static_cast<std::size_t>(-1);
  if (text.size() > last_.size() || text[13] != ':')
    return;
  const unsigned hour = two_digits(text.data() + 11);
  const unsigned minute = two_digits(text.data() + 14);
  if (hour > 23 || minute > 59)
    return;
  text.copy(last_.data(), text.size());
  size_ = text.size();
  midnight_ = value - static_cast<time_ms>(hour * 60 + minute) * minute_ms;
}

} // namespace sentio
