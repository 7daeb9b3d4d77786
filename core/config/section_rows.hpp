// How rows of the key table are written down: one call per key.
#pragma once

#include "core/config/key_table.hpp"
#include "core/config/value_codec.hpp"

#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace sentio {

inline value_rule list_of(value_rule item, std::size_t least, std::size_t most) {
  value_rule rule;
  rule.kind = value_kind::list;
  rule.item.push_back(std::move(item));
  rule.least = least;
  rule.most = most;
  return rule;
}

inline value_rule rule_kind(value_kind kind) {
  value_rule rule;
  rule.kind = kind;
  return rule;
}

inline value_rule yes_or_no() {
  return rule_kind(value_kind::boolean);
}
inline value_rule number(const limits& range) {
  return rule_of<double>(range);
}
inline value_rule integer(const limits& range) {
  return rule_of<std::uint32_t>(range);
}

/// Collects the rows of one section. `Access` is a lambda without captures: configuration -> member.
class section_rows {
public:
  explicit section_rows(std::string section) : section_(std::move(section)) {}

  template <class Access>
  section_rows& live(const std::string& key, const value_rule& rule, const std::string& unit,
                     const std::string& meaning, Access) {
    key_row& row = add(key, rule, unit, meaning, key_effect::live);
    row.read = [](const configuration& c) { return encode_value(Access{}(c)); };
    row.write = [](configuration& c, const json_value& value) { decode_value(value, Access{}(c)); };
    const configuration standard;
    row.standard = encode_value(Access{}(standard));
    return *this;
  }
  /// The rule follows from the member's type and the limits.
  template <class Access>
  section_rows& live(const std::string& key, const limits& range, const std::string& unit,
                     const std::string& meaning, Access access) {
    using member = std::remove_cvref_t<decltype(access(std::declval<configuration&>()))>;
    return live(key, rule_of<member>(range), unit, meaning, access);
  }
  section_rows& mapped(const std::string& key, const value_rule& rule, const json_value& standard,
                       const std::string& unit, const std::string& target, const std::string& meaning,
                       std::string (*map)(configuration&, const json_value&)) {
    key_row& row = add(key, rule, unit, meaning, key_effect::mapped);
    row.standard = standard;
    row.note = target;
    row.map = map;
    return *this;
  }
  section_rows& ignored(const std::string& key, const value_rule& rule, const json_value& standard,
                        const std::string& meaning, const std::string& reason) {
    key_row& row = add(key, rule, "", meaning, key_effect::ignored);
    row.standard = standard;
    row.note = reason;
    return *this;
  }
  section_rows& comment(const std::string& key, const std::string& meaning) {
    add(key, rule_kind(value_kind::text), "", meaning, key_effect::comment).standard = "";
    return *this;
  }
  /// A live key with its own reader and writer.
  section_rows& special(const std::string& key, const value_rule& rule, const std::string& meaning,
                        json_value (*read)(const configuration&),
                        void (*write)(configuration&, const json_value&)) {
    key_row& row = add(key, rule, "", meaning, key_effect::live);
    row.read = read;
    row.write = write;
    return *this;
  }
  /// The row just added acts only when this holds.
  section_rows& with(const std::string& setting, bool (*holds)(const configuration&)) {
    rows_.back().acts_with = setting;
    rows_.back().acts = holds;
    return *this;
  }
  std::vector<key_row> take() { return std::move(rows_); }

private:
  key_row& add(const std::string& key, const value_rule& rule, const std::string& unit,
               const std::string& meaning, key_effect effect) {
    key_row& row = rows_.emplace_back();
    row.section = section_;
    row.key = key;
    row.rule = rule;
    row.unit = unit;
    row.meaning = meaning;
    row.effect = effect;
    return row;
  }
  std::string section_;
  std::vector<key_row> rows_;
};

/// The sections, in the files keys_of_*.cpp.
std::vector<key_row> top_rows();
std::vector<key_row> symbol_rows();
std::vector<key_row> learner_rows();
std::vector<key_row> ensemble_rows();
std::vector<key_row> strength_rows();
std::vector<key_row> aggregator_rows();
std::vector<key_row> rotation_rows();
std::vector<key_row> sizing_rows();
std::vector<key_row> risk_rows();
std::vector<key_row> cost_rows();
std::vector<key_row> account_rows();
std::vector<key_row> data_rows();
std::vector<key_row> target_rows();

} // namespace sentio
