#include "core/exchange/text.hpp"

#include "core/numeric/hash.hpp"
#include "core/numeric/random.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace sentio::venue {

namespace {

__extension__ using wide = __int128;

constexpr time_ns day_ns = 86'400'000'000'000;

constexpr std::int64_t power_of_ten(int places) {
  std::int64_t scale = 1;
  for (int i = 0; i < places; ++i)
    scale *= 10;
  return scale;
}

/// The digits of a number right to left, ending before `end`.
void put_digits(char* end, std::int64_t value, int count) {
  for (; count > 0; --count, value /= 10)
    *--end = static_cast<char>('0' + value % 10);
}

/// Date and time of day of an instant that was already moved to a zone, with its fraction.
std::string zone_text(time_ns local) {
  std::int64_t days = local / day_ns;
  time_ns rest = local % day_ns;
  if (rest < 0) {
    rest += day_ns;
    --days;
  }
  const std::int64_t second = rest / 1'000'000'000;
  const auto date = date_from_days(days);
  std::string text = "0000-00-00T00:00:00.000000000";
  put_digits(text.data() + 4, date.year, 4);
  put_digits(text.data() + 7, date.month, 2);
  put_digits(text.data() + 10, date.day, 2);
  char* const time = text.data() + text.size() - 18;
  put_digits(time + 2, second / 3600, 2);
  put_digits(time + 5, second / 60 % 60, 2);
  put_digits(time + 8, second % 60, 2);
  put_digits(time + 18, rest % 1'000'000'000, 9);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.')
    text.pop_back();
  return text;
}

std::optional<int> read_digits(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size())
    return std::nullopt;
  int value = 0;
  for (const char c : text.substr(at, count)) {
    if (c < '0' || c > '9')
      return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

/// "Z" or "+05:30" as the offset from UTC in minutes.
std::optional<int> read_zone(std::string_view text) {
  if (text == "Z" || text == "z")
    return 0;
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-' && text[0] != ' ') || text[3] != ':')
    return std::nullopt;
  const auto hours = read_digits(text, 1, 2), minutes = read_digits(text, 4, 2);
  if (!hours || !minutes || *hours > 23 || *minutes > 59)
    return std::nullopt;
  const int offset = *hours * 60 + *minutes; // a '+' that a query decoded as a blank is still a '+'
  return text[0] == '-' ? -offset : offset;
}

} // namespace

std::string utc_text(time_ns at) { return zone_text(at) + "Z"; }

std::string new_york_text(time_ns at) {
  const time_ms offset = new_york_offset_ms(at / ns_of_ms);
  return zone_text(at + offset * ns_of_ms) + (offset == -4 * 3'600'000 ? "-04:00" : "-05:00");
}

std::string http_date(time_ms at) {
  static constexpr const char* days[7] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  static constexpr const char* months[12] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                             "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::string text = utc_text(at * ns_of_ms); // 2026-07-29T09:27:57
  const civil_date date = *parse_date(text.substr(0, 10));
  return std::string(days[weekday(date)]) + ", " + text.substr(8, 2) + " " + months[date.month - 1] + " "
         + text.substr(0, 4) + " " + text.substr(11, 8) + " GMT";
}

std::optional<time_ns> parse_time(std::string_view text) {
  if (text.size() < 10)
    return std::nullopt;
  const auto date = parse_date(text.substr(0, 10));
  if (!date || date->year < 1970 || date->year > 2200)
    return std::nullopt;
  if (text.size() == 10)
    return new_york_to_utc(*date, 0, 0) * ns_of_ms;
  const auto hour = read_digits(text, 11, 2), minute = read_digits(text, 14, 2), second = read_digits(text, 17, 2);
  if ((text[10] != 'T' && text[10] != 't' && text[10] != ' ') || !hour || !minute || !second || text[13] != ':'
      || text[16] != ':' || *hour > 23 || *minute > 59 || *second > 60)
    return std::nullopt;
  std::size_t at = 19;
  std::int64_t fraction = 0;
  if (at < text.size() && text[at] == '.') {
    std::size_t digits = 0;
    for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, ++digits)
      if (digits < 9)
        fraction = fraction * 10 + (text[at] - '0');
    for (std::size_t i = digits; i < 9; ++i)
      fraction *= 10;
    if (digits == 0)
      return std::nullopt;
  }
  const auto zone = read_zone(text.substr(at));
  if (!zone)
    return std::nullopt;
  const std::int64_t seconds = days_since_epoch(*date) * 86'400 + (*hour * 60 + *minute - *zone) * 60 + *second;
  return seconds * 1'000'000'000 + fraction;
}

void append_decimal(std::string& out, std::int64_t value, int places) {
  std::array<char, 48> letters;
  char* const end = letters.data() + letters.size();
  char* first = end;
  const char* last = nullptr; // behind the last digit to be shown
  auto rest = value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
  for (int i = 0; i < places; ++i, rest /= 10) {
    *--first = static_cast<char>('0' + rest % 10);
    if (!last && *first != '0')
      last = first + 1;
  }
  if (last)
    *--first = '.';
  else
    last = first;
  do {
    *--first = static_cast<char>('0' + rest % 10);
    rest /= 10;
  } while (rest != 0);
  if (value < 0)
    *--first = '-';
  out.append(first, static_cast<std::size_t>(last - first));
}

std::string decimal_text(std::int64_t value, int places) {
  std::string text;
  append_decimal(text, value, places);
  return text;
}

std::optional<std::int64_t> parse_decimal(std::string_view text, int places) {
  const bool negative = !text.empty() && text[0] == '-';
  if (negative || (!text.empty() && text[0] == '+'))
    text.remove_prefix(1);
  std::int64_t value = 0;
  int left = -1; // decimals still to come, once the point was seen
  bool digits = false;
  for (const char c : text) {
    if (c == '.' && left < 0) {
      left = places;
    } else if (c >= '0' && c <= '9') {
      digits = true;
      if (left == 0) {
        if (c != '0')
          return std::nullopt;
        continue;
      }
      value = value * 10 + (c - '0');
      left = left > 0 ? left - 1 : left;
      if (value >= 1'000'000'000 && left < 0)
        return std::nullopt;
    } else {
      return std::nullopt;
    }
  }
  if (!digits)
    return std::nullopt;
  value *= power_of_ten(left < 0 ? places : left);
  return negative ? -value : value;
}

std::string plain_text(const json& value) {
  if (value.is_string())
    return value.get<std::string>();
  if (!value.is_number_float())
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
  std::array<char, 400> digits; // a double in fixed notation has at most 309 places before the point
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value.get<double>(),
                                 std::chars_format::fixed).ptr;
  return {digits.data(), end};
}

std::optional<std::int64_t> json_decimal(const json& value, int places) {
  if (!value.is_string() && !value.is_number())
    return std::nullopt;
  return parse_decimal(plain_text(value), places);
}

json number(double value) {
  if (value == std::floor(value) && std::abs(value) < 1e15)
    return static_cast<std::int64_t>(value);
  return value;
}

micros value_of(quantity shares, micros price) {
  const wide product = static_cast<wide>(shares) * price;
  const wide half = product < 0 ? -(whole_share / 2) : whole_share / 2;
  return static_cast<micros>((product + half) / whole_share);
}

quantity shares_for(micros amount, micros price) {
  return price <= 0 ? 0 : static_cast<quantity>(static_cast<wide>(amount) * whole_share / price);
}

std::uint64_t mix(std::uint64_t seed, std::string_view name, std::uint64_t counter) {
  random_source source(fnv1a64(name, fnv1a64_start ^ (seed * 0x9e3779b97f4a7c15ULL)) + counter);
  source.next();
  return source.next();
}

std::string uuid_of(std::uint64_t seed, std::string_view kind, std::uint64_t counter) {
  const std::uint64_t high = (mix(seed, kind, counter) & ~0xf000ULL) | 0x4000ULL;
  const std::uint64_t low = (mix(seed ^ 0x5555ULL, kind, counter) & 0x3fffffffffffffffULL) | 0x8000000000000000ULL;
  std::string text;
  for (int i = 0; i < 32; ++i) {
    const std::uint64_t half = i < 16 ? high : low;
    text.push_back("0123456789abcdef"[(half >> (60 - 4 * (i % 16))) & 15U]);
    if (i == 7 || i == 11 || i == 15 || i == 19)
      text.push_back('-');
  }
  return text;
}

bool is_symbol(std::string_view text) {
  if (text.empty() || text.size() > 12)
    return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '/'; });
}

} // namespace sentio::venue
