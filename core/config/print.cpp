// The printed forms of a configuration: canonical JSON, schema, and a table for people.
#include "core/config/configuration.hpp"
#include "core/config/instruments.hpp"
#include "core/config/key_table.hpp"
#include "core/config/value_codec.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sentio {

namespace {

configuration sorted(configuration value) {
  std::sort(value.symbols.begin(), value.symbols.end());
  std::sort(value.portfolio.risk.restricted.begin(), value.portfolio.risk.restricted.end());
  sort_by_name(value.instruments);
  return value;
}

const char* effect_note(key_effect effect) {
  switch (effect) {
  case key_effect::mapped:
    return "Older key, sets ";
  case key_effect::ignored:
    return "Accepted, no effect because ";
  case key_effect::live:
  case key_effect::comment:
    return "";
  }
  return "";
}

json_value row_schema(const key_row& row) {
  json_value schema = value_schema(row.rule);
  std::string text = row.meaning;
  if (!row.unit.empty())
    text += " [" + row.unit + "]";
  if (!row.note.empty())
    text += ". " + std::string(effect_note(row.effect)) + row.note;
  schema["description"] = text;
  if (!row.standard.is_null() && row.effect != key_effect::comment)
    schema["default"] = row.standard;
  if (row.effect == key_effect::mapped || row.effect == key_effect::ignored)
    schema["deprecated"] = true;
  return schema;
}

json_value object_schema() {
  return {{"type", "object"}, {"properties", json_value::object()}, {"additionalProperties", false}};
}

/// One printed line of the table.
struct line {
  std::string key, value, standard, unit, allowed, meaning;
};

std::string cell(const json_value& value) {
  if (value.is_null())
    return "-";
  if (value.is_string())
    return value.get<std::string>();
  std::string text = compact_json(value);
  if (text.size() > 34)
    text = value.is_structured() ? std::to_string(value.size()) + " rows" : text.substr(0, 31) + "...";
  return text;
}

/// Shorter than in messages: "(0.9, 1]" for numbers, the word's list for choices.
std::string range_cell(const value_rule& rule) {
  if (rule.kind == value_kind::integer || rule.kind == value_kind::number)
    return fmt::format("{}{} ... {}{}", rule.range.low_open ? ">" : "", number_text(rule.range.low),
                       rule.range.high_open ? "<" : "", number_text(rule.range.high));
  if (rule.kind == value_kind::choice)
    return fmt::format("{}", fmt::join(rule.choices, "|"));
  if (rule.kind == value_kind::boolean)
    return "true|false";
  if (rule.kind == value_kind::list && rule.item.at(0).kind != value_kind::record)
    return "list: " + range_cell(rule.item.at(0));
  if (rule.kind == value_kind::symbol)
    return "ticker";
  if (rule.kind == value_kind::table)
    return "ticker: " + range_cell(rule.item.at(0));
  return rule.kind == value_kind::text ? "text" : "rows";
}

void print_rows(std::string& out, const std::vector<line>& lines) {
  std::size_t key = 0, value = 0, standard = 0, unit = 0, allowed = 0;
  for (const auto& l : lines) {
    key = std::max(key, l.key.size());
    value = std::max(value, l.value.size());
    standard = std::max(standard, l.standard.size());
    unit = std::max(unit, l.unit.size());
    allowed = std::max(allowed, l.allowed.size());
  }
  for (const auto& l : lines)
    out += fmt::format("{:<{}}  {:<{}}  {:<{}}  {:<{}}  {:<{}}  {}\n", l.key, key, l.value, value, l.standard,
                       standard, l.unit, unit, l.allowed, allowed, l.meaning);
}

} // namespace

std::string canonical_json(const configuration& value) {
  const configuration fixed = sorted(value);
  json_value document = json_value::object();
  for (const auto& row : key_table())
    if (row.effect == key_effect::live)
      (row.section.empty() ? document : document[row.section])[row.key] = row.read(fixed);
  return compact_json(document);
}

std::string configuration_schema() {
  json_value schema{{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                    {"title", "sentio-actors configuration"}};
  schema.update(object_schema());
  for (const auto& row : key_table()) {
    json_value& properties = schema["properties"];
    if (row.section.empty()) {
      properties[row.key] = row_schema(row);
      continue;
    }
    if (!properties.contains(row.section))
      properties[row.section] = object_schema();
    properties[row.section]["properties"][row.key] = row_schema(row);
  }
  return schema.dump(2) + "\n";
}

std::string describe_configuration(const configuration& value) {
  const configuration fixed = sorted(value);
  std::vector<line> lines{{"key", "value", "default", "unit", "allowed", "meaning"}};
  for (const auto& row : key_table())
    if (row.effect == key_effect::live)
      lines.push_back({row.path(), cell(row.read(fixed)), cell(row.standard), row.unit, range_cell(row.rule),
                       row.meaning + (row.acts_with.empty() ? "" : "; acts with " + row.acts_with)});
  std::string text;
  print_rows(text, lines);

  text += "\nThe symbols to trade:\n";
  lines = {{"symbol", "leverage", "boost", "half spread bp", "tick", "underlying"}};
  for (const auto& symbol : fixed.symbols)
    if (const instrument* row = find_instrument(fixed.instruments, symbol))
      lines.push_back({row->name, number_text(row->leverage), number_text(row->boost),
                       number_text(row->half_spread_bp), number_text(row->tick), row->underlying});
  print_rows(text, lines);

  text += "\nThe experts of each symbol:\n";
  lines = {{"expert", "features", "a2", "rho", "", ""}};
  for (const auto& expert : fixed.learner.experts)
    lines.push_back({std::to_string(lines.size()), cell(encode_value(expert.features)),
                     number_text(expert.a2), number_text(expert.rho), "", ""});
  print_rows(text, lines);

  text += "\nOlder keys that are accepted:\n";
  for (const auto& row : key_table())
    if (row.effect == key_effect::mapped || row.effect == key_effect::ignored)
      text += fmt::format("{}: {}. {}{}.\n", row.path(), row.meaning, effect_note(row.effect), row.note);
  return text;
}

} // namespace sentio
