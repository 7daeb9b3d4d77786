// Typed access to the fields of one parsed JSON object, with errors that say where.
#pragma once

#include "core/account/money.hpp"

#include <simdjson.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace sentio {

/// Fields are looked up from where the last one was found, so reading them in the order of writing costs one
/// comparison each; any other order works too. All functions throw log_error: "<place>: field ...".
class json_fields {
public:
  json_fields(const simdjson::dom::object& object, const std::string& file, std::uint64_t line)
      : object_(object), next_(object.begin()), file_(&file), line_(line) {}

  std::int64_t integer(std::string_view key);
  std::int32_t small_integer(std::string_view key);
  double number(std::string_view key);
  /// A JSON number of dollars, exact to the millionth below four billion.
  money decimal(std::string_view key);
  bool boolean(std::string_view key);
  std::string_view text(std::string_view key);
  /// Fills the front of `values`, and returns how many there were.
  std::size_t numbers(std::string_view key, std::span<double> values);
  void skip(std::string_view key) { find(key); }
  simdjson::dom::object object(std::string_view key);

  template <class Each>
  void objects(std::string_view key, const Each& each) {
    simdjson::dom::array list;
    if (find(key).get(list))
      wrong(key, "a list");
    for (const simdjson::dom::element item : list) {
      simdjson::dom::object object;
      if (item.get(object))
        wrong(key, "a list of objects");
      json_fields fields(object, *file_, line_);
      each(fields);
    }
  }

  [[noreturn]] void refuse(const std::string& what) const;

private:
  simdjson::dom::element find(std::string_view key);
  [[noreturn]] void wrong(std::string_view key, std::string_view wanted) const;

  simdjson::dom::object object_;
  simdjson::dom::object::iterator next_;
  const std::string* file_;
  std::uint64_t line_;
};

} // namespace sentio
