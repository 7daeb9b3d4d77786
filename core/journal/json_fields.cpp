#include "core/journal/json_fields.hpp"

#include "core/journal/log_reader.hpp"

#include <limits>

namespace sentio {

void json_fields::refuse(const std::string& what) const {
  throw log_error(*file_ + ":" + std::to_string(line_) + ": " + what);
}

void json_fields::wrong(std::string_view key, std::string_view wanted) const {
  refuse("field " + std::string(key) + " is not " + std::string(wanted));
}

simdjson::dom::element json_fields::find(std::string_view key) {
  if (next_ != object_.end() && next_.key() == key) {
    const simdjson::dom::element value = next_.value();
    ++next_;
    return value;
  }
  for (auto at = object_.begin(); at != object_.end(); ++at)
    if (at.key() == key) {
      const simdjson::dom::element value = at.value();
      next_ = ++at;
      return value;
    }
  refuse("field " + std::string(key) + " is missing");
}

std::int64_t json_fields::integer(std::string_view key) {
  std::int64_t value = 0;
  if (find(key).get(value))
    wrong(key, "an integer");
  return value;
}

std::int32_t json_fields::small_integer(std::string_view key) {
  const std::int64_t value = integer(key);
  if (value < std::numeric_limits<std::int32_t>::min() || value > std::numeric_limits<std::int32_t>::max())
    wrong(key, "an integer of 32 bits");
  return static_cast<std::int32_t>(value);
}

double json_fields::number(std::string_view key) {
  double value = 0;
  if (find(key).get(value))
    wrong(key, "a number");
  return value;
}

money json_fields::decimal(std::string_view key) {
  return from_dollars(number(key));
}

bool json_fields::boolean(std::string_view key) {
  bool value = false;
  if (find(key).get(value))
    wrong(key, "true or false");
  return value;
}

std::string_view json_fields::text(std::string_view key) {
  std::string_view value;
  if (find(key).get(value))
    wrong(key, "a text");
  return value;
}

std::size_t json_fields::numbers(std::string_view key, std::span<double> values) {
  simdjson::dom::array list;
  if (find(key).get(list))
    wrong(key, "a list of numbers");
  std::size_t count = 0;
  for (const simdjson::dom::element item : list) {
    if (count == values.size())
      refuse("field " + std::string(key) + " has more than " + std::to_string(values.size()) + " numbers");
    if (item.get(values[count++]))
      wrong(key, "a list of numbers");
  }
  return count;
}

simdjson::dom::object json_fields::object(std::string_view key) {
  simdjson::dom::object value;
  if (find(key).get(value))
    wrong(key, "an object");
  return value;
}

} // namespace sentio
