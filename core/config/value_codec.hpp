// Between the members of `configuration` and JSON values: one overload set per C++ type.
#pragma once

#include "core/account/parameters.hpp"
#include "core/config/value_rule.hpp"
#include "core/learning/learner_parameters.hpp"
#include "core/market/instrument.hpp"
#include "core/portfolio/parameters.hpp"
#include "core/strategy/parameters.hpp"

#include <array>
#include <concepts>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace sentio {

/// The words of an enumeration, in the order of its values.
template <class Enum>
struct words;
template <>
struct words<feature_set> {
  static constexpr std::array<std::string_view, 2> list{"compact16", "full126"};
};
template <>
struct words<learner_kind> {
  static constexpr std::array<std::string_view, 2> list{"stationary", "classic"};
};
template <>
struct words<mixture_kind> {
  static constexpr std::array<std::string_view, 2> list{"uniform", "fixed_share"};
};
template <>
struct words<probability_map> {
  static constexpr std::array<std::string_view, 2> list{"platt", "legacy_tanh"};
};
template <>
struct words<confidence_kind> {
  static constexpr std::array<std::string_view, 2> list{"sound", "legacy"};
};
template <>
struct words<strength_formula> {
  static constexpr std::array<std::string_view, 2> list{"edge", "legacy"};
};
template <>
struct words<sizing_kind> {
  static constexpr std::array<std::string_view, 3> list{"equal_weight", "inverse_volatility", "kelly"};
};
template <>
struct words<fill_model> {
  static constexpr std::array<std::string_view, 2> list{"next_open", "close"};
};

template <class T>
concept enumeration = std::is_enum_v<T>;
template <class T>
concept whole = std::integral<T> && !std::same_as<T, bool>;

/// The rule of a member's type; numbers, lists and tables take the limits of their elements.
template <class T>
value_rule rule_of(const limits& range) {
  value_rule rule;
  rule.range = range;
  if constexpr (std::same_as<T, bool>) {
    rule.kind = value_kind::boolean;
  } else if constexpr (enumeration<T>) {
    rule.kind = value_kind::choice;
    rule.choices.assign(words<T>::list.begin(), words<T>::list.end());
  } else if constexpr (whole<T>) {
    rule.kind = value_kind::integer;
  } else if constexpr (std::same_as<T, double>) {
    rule.kind = value_kind::number;
  } else {
    static_assert(std::same_as<T, std::string>);
    rule.kind = value_kind::text;
  }
  return rule;
}

template <enumeration T>
json_value encode_value(T value) {
  return std::string(words<T>::list.at(static_cast<std::size_t>(value)));
}
template <class T>
requires std::same_as<T, bool> || whole<T> || std::same_as<T, double> || std::same_as<T, std::string>
    json_value encode_value(const T& value) {
  return value;
}
json_value encode_value(const expert_parameters& value);
json_value encode_value(const fee_row& value);
json_value encode_value(const instrument& value);
template <class T>
json_value encode_value(const std::vector<T>& values) {
  json_value list = json_value::array();
  for (const T& value : values)
    list.push_back(encode_value(value));
  return list;
}

/// Each takes a value that its rule has accepted.
template <enumeration T>
void decode_value(const json_value& value, T& target) {
  const auto& word = value.get_ref<const std::string&>();
  for (std::size_t i = 0; i < words<T>::list.size(); ++i)
    if (words<T>::list[i] == word) {
      target = static_cast<T>(i);
      return;
    }
  throw std::logic_error("decode: the rule let the unknown word '" + word + "' pass");
}
template <whole T>
void decode_value(const json_value& value, T& target) {
  // A whole number may be written 5 or 5.0; the rule has checked its range.
  target = value.is_number_float() ? static_cast<T>(value.get<double>()) : value.get<T>();
}
template <class T>
requires std::same_as<T, bool> || std::same_as<T, double> || std::same_as<T, std::string>
void decode_value(const json_value& value, T& target) {
  target = value.get<T>();
}
void decode_value(const json_value& value, expert_parameters& target);
void decode_value(const json_value& value, fee_row& target);
void decode_value(const json_value& value, instrument& target);
template <class T>
void decode_value(const json_value& value, std::vector<T>& target) {
  target.clear();
  for (const auto& item : value)
    decode_value(item, target.emplace_back());
}

value_rule expert_rule();
value_rule fee_rule();
value_rule instrument_rule();

} // namespace sentio
