#include "core/config/json_document.hpp"

#include <algorithm>
#include <exception>

namespace sentio {

namespace {

/// "[json.exception.parse_error.101] parse error at line 3, column 5: ..." without the library's own name.
std::string without_prefix(std::string text) {
  if (const auto end = text.find("] "); text.starts_with("[json.exception") && end != std::string::npos)
    text.erase(0, end + 2);
  return text;
}

} // namespace

std::optional<json_value> parse_document(std::string_view text, std::string_view file,
                                         std::vector<std::string>& problems) {
  std::vector<std::vector<std::string>> open_objects;
  const auto watch = [&](int, json_value::parse_event_t event, json_value& parsed) {
    if (event == json_value::parse_event_t::object_start) {
      open_objects.emplace_back();
    } else if (event == json_value::parse_event_t::object_end) {
      open_objects.pop_back();
    } else if (event == json_value::parse_event_t::key) {
      auto& names = open_objects.back();
      const auto& name = parsed.get_ref<const std::string&>();
      if (std::find(names.begin(), names.end(), name) != names.end())
        problems.push_back(std::string(file) + ": " + name +
                           " is written twice in one object; allowed: once");
      names.push_back(name);
    }
    return true;
  };
  try {
    return json_value::parse(text, watch);
  } catch (const std::exception& error) {
    problems.push_back(std::string(file) + ": no valid JSON: " + without_prefix(error.what()));
    return std::nullopt;
  }
}

} // namespace sentio
