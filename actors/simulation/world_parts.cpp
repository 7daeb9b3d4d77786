#include "actors/simulation/world_parts.hpp"

#include <algorithm>
#include <charconv>

namespace sentio {

std::string plain_text_of(std::string_view coded) {
  std::string plain;
  for (std::size_t i = 0; i < coded.size(); ++i) {
    unsigned value = 0;
    const auto* digits = coded.data() + i + 1;
    if (coded[i] == '%' && i + 2 < coded.size() &&
        std::from_chars(digits, digits + 2, value, 16).ptr == digits + 2) {
      plain += static_cast<char>(value);
      i += 2;
    } else {
      plain += coded[i];
    }
  }
  return plain;
}

http_request http_of(const rest_request& request) {
  http_request out;
  out.method = request.method;
  out.body = request.body;
  out.key_id = simulated_key;
  out.secret = simulated_secret;
  const std::string_view target = request.target;
  const auto question = std::min(target.find('?'), target.size());
  out.path = plain_text_of(target.substr(0, question));
  auto rest = target.substr(std::min(question + 1, target.size()));
  while (!rest.empty()) {
    const auto end = std::min(rest.find('&'), rest.size());
    const auto part = rest.substr(0, end);
    const auto equals = std::min(part.find('='), part.size());
    out.query.emplace_back(plain_text_of(part.substr(0, equals)),
                           plain_text_of(part.substr(std::min(equals + 1, part.size()))));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return out;
}

std::vector<std::pair<std::string, std::string>>
lower_case_headers(std::vector<std::pair<std::string, std::string>> headers) {
  for (auto& header : headers)
    std::transform(header.first.begin(), header.first.end(), header.first.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return headers;
}

} // namespace sentio
