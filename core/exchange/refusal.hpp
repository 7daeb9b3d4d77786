// Error answers of the trading API (spec section 3.5).
#pragma once

#include "core/exchange/exchange.hpp"
#include "core/exchange/json_text.hpp"
#include "core/exchange/text.hpp"

#include <string>
#include <utility>

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
inline http_response no_content() {
  http_response r;
  r.status = 204;
  return r;
}

/// Value of a query parameter, empty when absent.
inline std::string query_value(const http_request& request, std::string_view key) {
  for (const auto& [name, value] : request.query)
    if (name == key)
      return value;
  return {};
}

} // namespace sentio::venue
