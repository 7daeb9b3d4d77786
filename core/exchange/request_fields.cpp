#include "core/exchange/request_fields.hpp"

namespace sentio::venue {

bool given(const json& body, const char* key) {
  const auto found = body.find(key);
  return found != body.end() && !found->is_null() && !(found->is_string() && found->get_ref<const std::string&>().empty());
}

problem read_word(const json& body, const char* key, std::string& out) {
  if (!given(body, key))
    return std::nullopt;
  if (!body[key].is_string())
    return refuse(400, 40010000, "request body format is invalid");
  out = body[key].get<std::string>();
  return std::nullopt;
}

problem read_amount(const json& body, const char* key, int places, std::optional<std::int64_t>& out) {
  if (!given(body, key))
    return std::nullopt;
  const auto value = json_decimal(body[key], places);
  if (!value)
    return unprocessable(std::string("invalid ") + key + " " + plain_text(body[key]));
  if (*value <= 0)
    return unprocessable(std::string(key) + " must be > 0");
  out = value;
  return std::nullopt;
}

problem read_price(const json& body, const char* key, std::optional<micros>& out, const std::string& name) {
  if (!given(body, key))
    return std::nullopt;
  const auto value = json_decimal(body[key], 6);
  const std::string text = plain_text(body[key]);
  if (!value && !parse_decimal(text, 18))
    return unprocessable("invalid " + name + " " + text);
  if (value && *value <= 0)
    return unprocessable(name + " must be > 0");
  if (!value || *value % (*value >= dollar ? 10'000 : 100) != 0)
    return unprocessable("invalid " + name + " " + text
                         + ". sub-penny increment does not fulfill minimum pricing criteria");
  out = value;
  return std::nullopt;
}

} // namespace sentio::venue
