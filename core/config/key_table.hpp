// The one table of configuration keys. Schema, documentation, decoding and canonical form all come from it.
#pragma once

#include "core/config/configuration.hpp"
#include "core/config/value_rule.hpp"

#include <string>
#include <vector>

namespace sentio {

enum class key_effect {
  live,    ///< sets a parameter
  mapped,  ///< an older key: sets the parameter of a live key, and says so
  ignored, ///< accepted without effect, with a warning that gives the reason
  comment  ///< for people and editors; never a warning
};

struct key_row {
  std::string section; ///< empty = top level
  std::string key;
  value_rule rule;
  std::string unit; ///< empty = none
  std::string meaning;
  key_effect effect = key_effect::live;
  json_value standard; ///< default value
  std::string note;    ///< mapped: the live key that it sets; ignored: "no effect here because <note>"

  /// Live keys. write takes a value that the rule has accepted.
  json_value (*read)(const configuration&) = nullptr;
  void (*write)(configuration&, const json_value&) = nullptr;
  /// Mapped keys: sets the parameter, returns what it now is: "sizing_config.kind = kelly".
  std::string (*map)(configuration&, const json_value&) = nullptr;
  /// Live keys that only act beside another setting: that setting, and whether it is made.
  std::string acts_with;
  bool (*acts)(const configuration&) = nullptr;

  std::string path() const { return section.empty() ? key : section + "." + key; }
};

/// All keys, in canonical order: sections together.
const std::vector<key_row>& key_table();
/// Sections in canonical order, the top level (empty name) first.
std::vector<std::string> section_names();

} // namespace sentio
