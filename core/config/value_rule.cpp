#include "core/config/value_rule.hpp"

#include "core/config/suggestion.hpp"
#include "core/market/calendar.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <stdexcept>

namespace sentio {

namespace {

constexpr std::string_view symbol_pattern = "^[A-Z][A-Z0-9.]{0,9}$";
constexpr std::string_view day_pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$";

std::string range_text(const limits& range) {
  const bool low = std::isfinite(range.low);
  const bool high = std::isfinite(range.high);
  if (low && high && !range.low_open && !range.high_open)
    return number_text(range.low) + " to " + number_text(range.high);
  std::string text;
  if (low)
    text = (range.low_open ? "above " : "at least ") + number_text(range.low);
  if (high)
    text +=
        (low ? ", " : "") + std::string(range.high_open ? "below " : "at most ") + number_text(range.high);
  return text;
}

std::string with_range(std::string name, const limits& range) {
  const std::string text = range_text(range);
  return text.empty() ? name : name + ", " + text;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words)
    text += (text.empty() ? "" : ", ") + word;
  return text;
}

bool is_whole(const json_value& value) {
  if (value.is_number_integer())
    return true;
  return value.is_number_float() && std::floor(value.get<double>()) == value.get<double>();
}

bool has_kind(const json_value& value, value_kind kind) {
  switch (kind) {
  case value_kind::boolean:
    return value.is_boolean();
  case value_kind::integer:
    return is_whole(value);
  case value_kind::number:
    return value.is_number();
  case value_kind::choice:
  case value_kind::text:
  case value_kind::symbol:
  case value_kind::day:
    return value.is_string();
  case value_kind::list:
    return value.is_array();
  case value_kind::table:
  case value_kind::record:
    return value.is_object();
  }
  return false;
}

/// The value as it stands in the file, cut so that a message stays one readable line.
std::string shown(const json_value& value) {
  std::string text = compact_json(value);
  if (text.size() > 60)
    text = text.substr(0, 57) + "...";
  return text;
}

std::string refusal_text(const std::string& place, const json_value& value, const std::string& what,
                         const value_rule& rule) {
  return place + ": " + shown(value) + " " + what + "; allowed: " + allowed_text(rule);
}

void check_record(const json_value& value, const value_rule& rule, const std::string& place,
                  std::vector<std::string>& problems) {
  for (std::size_t i = 0; i < rule.fields.size(); ++i) {
    const auto& name = rule.fields[i];
    const auto& field = rule.item.at(i);
    if (value.contains(name))
      check_value(value[name], field, place + "." + name, problems);
    else
      problems.push_back(place + ": field " + name + " is missing; it is a " + allowed_text(field));
  }
  for (const auto& [name, ignored] : value.items())
    if (std::find(rule.fields.begin(), rule.fields.end(), name) == rule.fields.end())
      problems.push_back(place + "." + name + ": unknown field" + did_you_mean(name, rule.fields) +
                         "; allowed: " + joined(rule.fields));
}

} // namespace

bool is_symbol(std::string_view text) {
  if (text.empty() || text.size() > 10 || text[0] < 'A' || text[0] > 'Z')
    return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.'; });
}

std::string number_text(double value) {
  std::array<char, 32> raw{};
  char* const end = raw.data() + raw.size();
  // Whole amounts read better as 100000 than as 1e+05; adding 0 turns -0 into 0.
  const bool whole_amount = std::floor(value) == value && std::fabs(value) < 1e15;
  const auto written = whole_amount ? std::to_chars(raw.data(), end, value + 0.0, std::chars_format::fixed)
                                    : std::to_chars(raw.data(), end, value);
  return std::string(raw.data(), written.ptr);
}

std::string compact_json(const json_value& value) {
  if (value.is_number_float())
    return number_text(value.get<double>());
  if (!value.is_structured())
    return value.dump(-1, ' ', false, json_value::error_handler_t::replace);
  std::string text(1, value.is_array() ? '[' : '{');
  for (const auto& [name, item] : value.items()) {
    if (text.size() > 1)
      text += ',';
    if (value.is_object())
      text += json_value(name).dump(-1, ' ', false, json_value::error_handler_t::replace) + ":";
    text += compact_json(item);
  }
  return text + (value.is_array() ? ']' : '}');
}

std::string allowed_text(const value_rule& rule) {
  switch (rule.kind) {
  case value_kind::boolean:
    return "true or false";
  case value_kind::integer:
    return with_range("integer", rule.range);
  case value_kind::number:
    return with_range("number", rule.range);
  case value_kind::choice:
    return "one of: " + joined(rule.choices);
  case value_kind::text:
    return "text";
  case value_kind::symbol:
    return "ticker in capital letters";
  case value_kind::day:
    return "day as \"2025-06-03\"";
  case value_kind::list: {
    std::string length = "list";
    if (rule.least > 0 || rule.most < 4096)
      length += " of " + std::to_string(rule.least) + " to " + std::to_string(rule.most);
    return length + ", each: " + allowed_text(rule.item.at(0));
  }
  case value_kind::table:
    return "object ticker: " + allowed_text(rule.item.at(0));
  case value_kind::record:
    return "object with " + joined(rule.fields);
  }
  throw std::logic_error("allowed_text: a value kind without a text");
}

void check_value(const json_value& value, const value_rule& rule, const std::string& place,
                 std::vector<std::string>& problems) {
  const auto refuse = [&](const std::string& what) {
    problems.push_back(refusal_text(place, value, what, rule));
  };
  if (!has_kind(value, rule.kind))
    return refuse("has the wrong type");
  switch (rule.kind) {
  case value_kind::boolean:
  case value_kind::text:
    return;
  case value_kind::integer:
  case value_kind::number:
    if (!rule.range.hold(value.get<double>()))
      refuse("is out of range");
    return;
  case value_kind::choice:
    if (const auto& word = value.get_ref<const std::string&>();
        std::find(rule.choices.begin(), rule.choices.end(), word) == rule.choices.end())
      refuse("is no known word" + did_you_mean(word, rule.choices));
    return;
  case value_kind::symbol:
    if (!is_symbol(value.get_ref<const std::string&>()))
      refuse("is no ticker");
    return;
  case value_kind::day:
    if (!parse_date(value.get_ref<const std::string&>()))
      refuse("is no day");
    return;
  case value_kind::list:
    if (value.size() < rule.least || value.size() > rule.most)
      refuse("has " + std::to_string(value.size()) + " elements");
    for (std::size_t i = 0; i < value.size(); ++i)
      check_value(value[i], rule.item.at(0), place + "[" + std::to_string(i) + "]", problems);
    return;
  case value_kind::table:
    for (const auto& [name, item] : value.items()) {
      if (!is_symbol(name))
        problems.push_back(place + "." + name + ": is no ticker; allowed: ticker in capital letters");
      check_value(item, rule.item.at(0), place + "." + name, problems);
    }
    return;
  case value_kind::record:
    return check_record(value, rule, place, problems);
  }
}

namespace {

/// A bound as an integer where it is one, so that the schema reads as people write it.
json_value bound(double value) {
  if (std::floor(value) == value && std::fabs(value) < 1e15)
    return static_cast<std::int64_t>(value);
  return value;
}

void add_range(json_value& schema, const limits& range) {
  if (std::isfinite(range.low))
    schema[range.low_open ? "exclusiveMinimum" : "minimum"] = bound(range.low);
  if (std::isfinite(range.high))
    schema[range.high_open ? "exclusiveMaximum" : "maximum"] = bound(range.high);
}

json_value record_schema(const value_rule& rule) {
  json_value schema{{"type", "object"}};
  json_value properties = json_value::object();
  json_value required = json_value::array();
  for (std::size_t i = 0; i < rule.fields.size(); ++i) {
    properties[rule.fields[i]] = value_schema(rule.item.at(i));
    required.push_back(rule.fields[i]);
  }
  schema["properties"] = properties;
  schema["required"] = required;
  schema["additionalProperties"] = false;
  return schema;
}

} // namespace

json_value value_schema(const value_rule& rule) {
  json_value schema = json_value::object();
  switch (rule.kind) {
  case value_kind::boolean:
    schema["type"] = "boolean";
    return schema;
  case value_kind::integer:
  case value_kind::number:
    schema["type"] = rule.kind == value_kind::integer ? "integer" : "number";
    add_range(schema, rule.range);
    return schema;
  case value_kind::choice:
    schema["type"] = "string";
    schema["enum"] = rule.choices;
    return schema;
  case value_kind::text:
    schema["type"] = "string";
    return schema;
  case value_kind::symbol:
  case value_kind::day:
    schema["type"] = "string";
    schema["pattern"] = rule.kind == value_kind::symbol ? symbol_pattern : day_pattern;
    return schema;
  case value_kind::list:
    schema["type"] = "array";
    schema["minItems"] = rule.least;
    schema["maxItems"] = rule.most;
    schema["items"] = value_schema(rule.item.at(0));
    return schema;
  case value_kind::table:
    schema["type"] = "object";
    schema["propertyNames"] = {{"pattern", symbol_pattern}};
    schema["additionalProperties"] = value_schema(rule.item.at(0));
    return schema;
  case value_kind::record:
    return record_schema(rule);
  }
  throw std::logic_error("value_schema: a value kind without a schema");
}

} // namespace sentio
