// Validates a value against a JSON schema: the keywords that our schema uses, each by its own definition
// (draft 2020-12), independent of the decoder.
#pragma once

#include "core/config/value_rule.hpp"

#include <regex>
#include <set>
#include <string>
#include <vector>

namespace sentio::test {

class schema_validator {
public:
  /// One line per violation.
  std::vector<std::string> validate(const json_value& value, const json_value& schema) {
    faults_.clear();
    check(value, schema, "$");
    return faults_;
  }

private:
  void fault(const std::string& place, const std::string& keyword) {
    faults_.push_back(place + ": " + keyword);
  }

  static bool has_type(const json_value& value, const std::string& type) {
    if (type == "boolean")
      return value.is_boolean();
    if (type == "string")
      return value.is_string();
    if (type == "array")
      return value.is_array();
    if (type == "object")
      return value.is_object();
    if (type == "number")
      return value.is_number();
    return type == "integer" && value.is_number() &&
           value.get<double>() == static_cast<double>(value.get<long long>());
  }

  void check(const json_value& value, const json_value& schema, const std::string& place) {
    static const std::set<std::string> known{"$schema",
                                             "title",
                                             "description",
                                             "default",
                                             "deprecated",
                                             "type",
                                             "enum",
                                             "minimum",
                                             "maximum",
                                             "exclusiveMinimum",
                                             "exclusiveMaximum",
                                             "pattern",
                                             "minItems",
                                             "maxItems",
                                             "items",
                                             "properties",
                                             "required",
                                             "additionalProperties",
                                             "propertyNames"};
    for (const auto& [keyword, ignored] : schema.items())
      if (!known.contains(keyword))
        fault(place, "the schema uses " + keyword + ", which this validator does not know");
    if (schema.contains("type") && !has_type(value, schema["type"].get<std::string>()))
      return fault(place, "type");
    if (schema.contains("enum") &&
        std::find(schema["enum"].begin(), schema["enum"].end(), value) == schema["enum"].end())
      fault(place, "enum");
    if (value.is_number())
      check_number(value.get<double>(), schema, place);
    if (value.is_string() && schema.contains("pattern") &&
        !std::regex_search(value.get<std::string>(), std::regex(schema["pattern"].get<std::string>())))
      fault(place, "pattern");
    if (value.is_array())
      check_list(value, schema, place);
    if (value.is_object())
      check_object(value, schema, place);
  }

  void check_number(double value, const json_value& schema, const std::string& place) {
    if (schema.contains("minimum") && value < schema["minimum"].get<double>())
      fault(place, "minimum");
    if (schema.contains("maximum") && value > schema["maximum"].get<double>())
      fault(place, "maximum");
    if (schema.contains("exclusiveMinimum") && value <= schema["exclusiveMinimum"].get<double>())
      fault(place, "exclusiveMinimum");
    if (schema.contains("exclusiveMaximum") && value >= schema["exclusiveMaximum"].get<double>())
      fault(place, "exclusiveMaximum");
  }

  void check_list(const json_value& value, const json_value& schema, const std::string& place) {
    if (schema.contains("minItems") && value.size() < schema["minItems"].get<std::size_t>())
      fault(place, "minItems");
    if (schema.contains("maxItems") && value.size() > schema["maxItems"].get<std::size_t>())
      fault(place, "maxItems");
    if (schema.contains("items"))
      for (std::size_t i = 0; i < value.size(); ++i)
        check(value[i], schema["items"], place + "[" + std::to_string(i) + "]");
  }

  void check_object(const json_value& value, const json_value& schema, const std::string& place) {
    if (schema.contains("required"))
      for (const auto& name : schema["required"])
        if (!value.contains(name.get<std::string>()))
          fault(place, "required " + name.get<std::string>());
    for (const auto& [name, item] : value.items()) {
      if (schema.contains("propertyNames"))
        check(json_value(name), schema["propertyNames"], place + "." + name);
      if (schema.contains("properties") && schema["properties"].contains(name))
        check(item, schema["properties"][name], place + "." + name);
      else if (schema.contains("additionalProperties") && schema["additionalProperties"].is_boolean()) {
        if (!schema["additionalProperties"].get<bool>())
          fault(place + "." + name, "additionalProperties");
      } else if (schema.contains("additionalProperties"))
        check(item, schema["additionalProperties"], place + "." + name);
    }
  }

  std::vector<std::string> faults_;
};

} // namespace sentio::test
