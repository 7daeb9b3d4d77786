#include "tools/sentio-exchange/request_text.hpp"

#include "core/numeric/base64.hpp"

namespace sentio::serving {

namespace {

int hexadecimal(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  if (c >= 'A' && c <= 'F')
    return c - 'A' + 10;
  return -1;
}

} // namespace

std::string percent_decoded(std::string_view text, bool plus) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hexadecimal(text[i + 1]) >= 0 &&
        hexadecimal(text[i + 2]) >= 0) {
      out += static_cast<char>(hexadecimal(text[i + 1]) * 16 + hexadecimal(text[i + 2]));
      i += 2;
    } else {
      out += plus && text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

std::vector<std::pair<std::string, std::string>> parse_query(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> out;
  while (!text.empty()) {
    const auto end = text.find('&');
    const std::string_view part = text.substr(0, end);
    text = end == text.npos ? std::string_view() : text.substr(end + 1);
    if (part.empty())
      continue;
    const auto equals = part.find('=');
    out.emplace_back(percent_decoded(part.substr(0, equals), true),
                     equals == part.npos ? std::string() : percent_decoded(part.substr(equals + 1), true));
  }
  return out;
}

std::optional<std::pair<std::string, std::string>> basic_credentials(std::string_view authorization) {
  constexpr std::string_view scheme = "Basic ";
  if (!authorization.starts_with(scheme))
    return std::nullopt;
  const auto text = parse_base64(authorization.substr(scheme.size()));
  const auto colon = text ? text->find(':') : std::string::npos;
  if (colon == std::string::npos)
    return std::nullopt;
  return std::pair(text->substr(0, colon), text->substr(colon + 1));
}

std::optional<std::string> bearer_token(std::string_view authorization) {
  constexpr std::string_view scheme = "Bearer ";
  if (!authorization.starts_with(scheme) || authorization.size() == scheme.size())
    return std::nullopt;
  return std::string(authorization.substr(scheme.size()));
}

} // namespace sentio::serving
