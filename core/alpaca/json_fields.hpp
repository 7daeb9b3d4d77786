// Reading fields of foreign JSON without ever throwing: numbers may be strings or the reverse, nulls count as
// absent, and the first thing that is wrong is kept as a sentence. Private to this room.
#pragma once

#include "core/account/money.hpp"
#include "core/alpaca/json_value.hpp"
#include "core/market/bar.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sentio::alpaca {

/// The member of an object; null pointer when it is absent, null, or `value` is no object.
const json_value* member(const json_value& value, std::string_view name);

/// An exact decimal, "-23140.2"; digits behind the sixth place round half away from zero. Empty when the text
/// is something else or does not fit.
std::optional<money> money_from_text(std::string_view text);
/// "271", "-3", "271.000"; empty for fractions and what does not fit.
std::optional<std::int64_t> whole_from_text(std::string_view text);
/// A decimal number, with an exponent if need be; empty when not finite.
std::optional<double> number_from_text(std::string_view text);

std::optional<std::string> as_text(const json_value& value); ///< integers are written out
std::optional<double> as_number(const json_value& value);    ///< finite
std::optional<std::int64_t> as_whole(const json_value& value);
std::optional<money> as_money(const json_value& value);
std::optional<bool> as_flag(const json_value& value);
/// The texts of an array; anything else in it is left out.
std::vector<std::string> as_texts(const json_value* value);

/// Takes an object apart. A required field that is absent, or any field of the wrong kind, becomes the
/// problem; later problems do not replace the first.
class field_reader {
public:
  explicit field_reader(const json_value& object) : object_(object) {
    if (!object.is_object())
      problem_ = "the body is no JSON object";
  }

  std::string text(const char* name);
  double number(const char* name);
  std::int64_t whole(const char* name);
  money amount(const char* name);
  time_ms time(const char* name);      ///< RFC 3339
  time_ms unix_time(const char* name); ///< Unix milliseconds, 1970 to 9999
  bool flag(const char* name);

  std::string text_or_empty(const char* name);
  std::int64_t whole_or_zero(const char* name);
  money amount_or_zero(const char* name);
  time_ms time_or_zero(const char* name);
  bool flag_or_false(const char* name);

  void complain(std::string what) {
    if (problem_.empty())
      problem_ = std::move(what);
  }
  bool good() const { return problem_.empty(); }
  const std::string& problem() const { return problem_; }

private:
  template <class T, class Convert>
  T take(const char* name, bool required, const char* expected, Convert convert);

  const json_value& object_;
  std::string problem_;
};

} // namespace sentio::alpaca
