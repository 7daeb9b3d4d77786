// What a configuration value may be. One rule checks a value, says what is allowed, and makes the schema.
#pragma once

#include <nlohmann/json.hpp>

#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace sentio {

/// Keeps the order in which keys were written.
using json_value = nlohmann::ordered_json;

enum class value_kind {
  boolean,
  integer,
  number,
  choice, ///< one of a list of words
  text,
  symbol, ///< a ticker: a capital letter, then up to nine of A-Z, 0-9 and the dot
  day,    ///< "2025-06-03"
  list,   ///< of one rule's values
  table,  ///< symbol -> one rule's values
  record  ///< named fields, each required
};

/// Allowed range of a number. An open end excludes its own value.
struct limits {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool low_open = false;
  bool high_open = false;

  bool hold(double x) const { return (low_open ? x > low : x >= low) && (high_open ? x < high : x <= high); }
};

constexpr limits between(double low, double high) {
  return {low, high, false, false};
}
constexpr limits above(double low, double high) {
  return {low, high, true, false};
}

struct value_rule {
  value_kind kind = value_kind::boolean;
  limits range;                     ///< integer and number
  std::vector<std::string> choices; ///< choice
  std::size_t least = 0;            ///< length of a list
  std::size_t most = 4096;
  std::vector<value_rule> item;    ///< list and table: one rule; record: one per field
  std::vector<std::string> fields; ///< names of a record's fields, in the order of item
};

/// "number above 0.9, at most 1"; "one of: edge, legacy"; "list of 1 to 6 integers, each 1 to 120".
std::string allowed_text(const value_rule& rule);

/// Adds one line "<place>: <what was found>; allowed: ..." for everything wrong in `value`.
void check_value(const json_value& value, const value_rule& rule, const std::string& place,
                 std::vector<std::string>& problems);

/// JSON schema (draft 2020-12) of the values that check_value accepts.
json_value value_schema(const value_rule& rule);

/// Shortest decimal that reads back as the same double; the same bytes on every machine.
std::string number_text(double value);
/// Like json_value::dump on one line, with numbers as number_text writes them.
std::string compact_json(const json_value& value);

bool is_symbol(std::string_view text);

} // namespace sentio
