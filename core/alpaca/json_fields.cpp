#include "core/alpaca/json_fields.hpp"

#include "core/alpaca/wire.hpp"

#include <charconv>
#include <cmath>
#include <limits>

namespace sentio::alpaca {

namespace {

using kind = json_value::kind;

constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t micros_per_dollar = 1'000'000;

bool is_digit(char letter) {
  return letter >= '0' && letter <= '9';
}

bool take_sign(std::string_view& text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+'))
    text.remove_prefix(1);
  return negative;
}

/// value * 10 + digit; false when it does not fit.
bool append_digit(std::int64_t& value, char digit) {
  return !__builtin_mul_overflow(value, std::int64_t{10}, &value) &&
         !__builtin_add_overflow(value, std::int64_t{digit - '0'}, &value);
}

} // namespace

const json_value* member(const json_value& value, std::string_view name) {
  const json_value* const found = value.find(name);
  return found && !found->is_null() ? found : nullptr;
}

std::optional<money> money_from_text(std::string_view text) {
  const bool negative = take_sign(text);
  std::int64_t micros = 0;
  std::size_t digits = 0;
  int places = -1; // -1: still before the point
  for (const char letter : text) {
    if (letter == '.' && places < 0) {
      places = 0;
      continue;
    }
    if (!is_digit(letter))
      return std::nullopt;
    ++digits;
    if (places < 6 && !append_digit(micros, letter))
      return std::nullopt;
    if (places == 6 && letter >= '5') {
      if (micros == largest)
        return std::nullopt;
      ++micros; // half away from zero: the first digit behind decides
    }
    if (places >= 0 && places < 7)
      ++places;
  }
  if (digits == 0)
    return std::nullopt;
  for (int place = std::max(places, 0); place < 6; ++place)
    if (__builtin_mul_overflow(micros, std::int64_t{10}, &micros))
      return std::nullopt;
  return money{negative ? -micros : micros};
}

std::optional<std::int64_t> whole_from_text(std::string_view text) {
  const bool negative = take_sign(text);
  std::int64_t value = 0;
  std::size_t digits = 0;
  bool fraction = false;
  for (const char letter : text) {
    if (letter == '.' && !fraction) {
      fraction = true;
      continue;
    }
    if (!is_digit(letter) || (fraction && letter != '0'))
      return std::nullopt;
    ++digits;
    if (!fraction && !append_digit(value, letter))
      return std::nullopt;
  }
  if (digits == 0)
    return std::nullopt;
  return negative ? -value : value;
}

std::optional<double> number_from_text(std::string_view text) {
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data(), end, value);
  if (fault != std::errc{} || stop != end || !std::isfinite(value))
    return std::nullopt;
  return value;
}

std::optional<std::string> as_text(const json_value& value) {
  switch (value.what) {
  case kind::text:
    return std::string(value.letters);
  case kind::natural:
    return std::to_string(value.natural);
  case kind::integer:
    return std::to_string(value.integer);
  default:
    return std::nullopt;
  }
}

std::optional<double> as_number(const json_value& value) {
  switch (value.what) {
  case kind::text:
    return number_from_text(value.letters);
  case kind::natural:
    return static_cast<double>(value.natural);
  case kind::integer:
    return static_cast<double>(value.integer);
  case kind::real:
    return std::isfinite(value.real) ? std::optional(value.real) : std::nullopt;
  default:
    return std::nullopt;
  }
}

std::optional<std::int64_t> as_whole(const json_value& value) {
  switch (value.what) {
  case kind::text:
    return whole_from_text(value.letters);
  case kind::natural:
    return value.natural <= static_cast<std::uint64_t>(largest)
               ? std::optional(static_cast<std::int64_t>(value.natural))
               : std::nullopt;
  case kind::integer:
    return value.integer;
  case kind::real:
    // Beyond 2^53 a double no longer says which whole number was meant.
    if (!(std::abs(value.real) <= 0x1.0p53) || value.real != std::trunc(value.real))
      return std::nullopt;
    return static_cast<std::int64_t>(value.real);
  default:
    return std::nullopt;
  }
}

std::optional<money> as_money(const json_value& value) {
  if (value.is_text())
    return money_from_text(value.letters);
  if (value.what == kind::real) {
    if (!(std::abs(value.real) < 9e12)) // from_dollars throws from 9.22e12 on
      return std::nullopt;
    return from_dollars(value.real);
  }
  const auto dollars = as_whole(value);
  std::int64_t micros = 0;
  if (!dollars || __builtin_mul_overflow(*dollars, micros_per_dollar, &micros))
    return std::nullopt;
  return money{micros};
}

std::optional<bool> as_flag(const json_value& value) {
  if (value.what == kind::boolean)
    return value.flag;
  if (value.says("true"))
    return true;
  if (value.says("false"))
    return false;
  return std::nullopt;
}

std::vector<std::string> as_texts(const json_value* value) {
  std::vector<std::string> texts;
  if (value && value->is_list())
    for (const auto& element : *value)
      if (auto text = as_text(element))
        texts.push_back(std::move(*text));
  return texts;
}

template <class T, class Convert>
T field_reader::take(const char* name, bool required, const char* expected, Convert convert) {
  const json_value* const found = member(object_, name);
  if (!found) {
    if (required)
      complain(std::string(name) + " is missing");
    return T{};
  }
  if (auto value = convert(*found))
    return *value;
  complain(std::string(name) + " is not " + expected);
  return T{};
}

namespace {

/// Beyond the year 9999 a sum of two times might no longer fit.
std::optional<time_ms> as_unix_time(const json_value& value) {
  constexpr time_ms last = 253'402'300'799'999;
  const auto at = as_whole(value);
  return at && *at >= 0 && *at <= last ? at : std::nullopt;
}

std::optional<time_ms> as_time(const json_value& value) {
  return value.is_text() ? parse_timestamp(value.letters) : std::nullopt;
}

} // namespace

std::string field_reader::text(const char* name) {
  return take<std::string>(name, true, "a text", as_text);
}
double field_reader::number(const char* name) {
  return take<double>(name, true, "a finite number", as_number);
}
std::int64_t field_reader::whole(const char* name) {
  return take<std::int64_t>(name, true, "a whole number", as_whole);
}
money field_reader::amount(const char* name) {
  return take<money>(name, true, "an amount of money", as_money);
}
time_ms field_reader::time(const char* name) {
  return take<time_ms>(name, true, "an RFC 3339 time", as_time);
}
time_ms field_reader::unix_time(const char* name) {
  return take<time_ms>(name, true, "a time in Unix milliseconds", as_unix_time);
}
bool field_reader::flag(const char* name) {
  return take<bool>(name, true, "true or false", as_flag);
}
std::string field_reader::text_or_empty(const char* name) {
  return take<std::string>(name, false, "a text", as_text);
}
std::int64_t field_reader::whole_or_zero(const char* name) {
  return take<std::int64_t>(name, false, "a whole number", as_whole);
}
money field_reader::amount_or_zero(const char* name) {
  return take<money>(name, false, "an amount of money", as_money);
}
time_ms field_reader::time_or_zero(const char* name) {
  return take<time_ms>(name, false, "an RFC 3339 time", as_time);
}
bool field_reader::flag_or_false(const char* name) {
  return take<bool>(name, false, "true or false", as_flag);
}

} // namespace sentio::alpaca
