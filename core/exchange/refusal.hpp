// Error answers of the trading API (spec section 3.5).
#pragma once

#include "core/exchange/exchange.hpp"
#include "core/exchange/json_text.hpp"
#include "core/exchange/text.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace sentio::venue {

/// The body is JSON already.
inline http_response answer_text(int status, std::string body) {
  http_response r;
  r.status = status;
  r.body = std::move(body);
  return r;
}

inline http_response answer(int status, const json& body) { return answer_text(status, dumped(body)); }

inline http_response refuse(int status, std::int64_t code, const std::string& message, json extra = json::object()) {
  extra["code"] = code;
  extra["message"] = message;
  return answer(status, extra);
}

inline http_response unprocessable(const std::string& message) { return refuse(422, 42210000, message); }
/// A parameter that is missing or has a value that there is not: HTTP 422 with a code that begins with 400.
inline http_response bad_parameter(const std::string& message) { return refuse(422, 40010001, message); }
inline http_response no_content() {
  http_response r;
  r.status = 204;
  return r;
}

/// "a,b" as its parts; nothing of an empty text.
inline std::vector<std::string> comma_parts(const std::string& text) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t comma = std::min(text.find(',', at), text.size());
    parts.push_back(text.substr(at, comma - at));
    at = comma + 1;
  }
  return parts;
}

/// Value of a query parameter, empty when absent.
inline std::string query_value(const http_request& request, std::string_view key) {
  for (const auto& [name, value] : request.query)
    if (name == key)
      return value;
  return {};
}

} // namespace sentio::venue
