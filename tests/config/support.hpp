// Helpers of the configuration tests.
#pragma once

#include "core/config/configuration.hpp"
#include "core/config/value_rule.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace sentio::test {

inline std::string shipped_file(const std::string& name) {
  std::ifstream in(std::string(SENTIO_SOURCE_DIR) + "/config/" + name, std::ios::binary);
  if (!in)
    throw std::runtime_error("cannot read config/" + name);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The only problem of a text, or what is wrong with expecting one.
inline std::string only_problem(std::string_view json) {
  const auto decoded = decode_configuration(json, "my.json");
  if (decoded.problems.size() == 1)
    return decoded.problems[0];
  std::string all = std::to_string(decoded.problems.size()) + " problems:";
  for (const auto& text : decoded.problems)
    all += "\n" + text;
  return all;
}

inline bool any_contains(const std::vector<std::string>& texts, std::string_view part) {
  return std::any_of(texts.begin(), texts.end(),
                     [&](const std::string& text) { return text.find(part) != std::string::npos; });
}

inline configuration defaults() {
  return decode_configuration("{}", "defaults").value;
}

} // namespace sentio::test
