#include "core/monitor/endpoint.hpp"

#include <algorithm>
#include <charconv>

namespace sentio {

namespace {

constexpr std::size_t longest_host = 253;

bool is_host(std::string_view text, bool bracketed) {
  return !text.empty() && text.size() <= longest_host && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || (!bracketed && c == '_') || (bracketed && (c == ':' || c == '%'));
  });
}

} // namespace

std::optional<endpoint> parse_endpoint(std::string_view text, bool any_port) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos)
    return std::nullopt;
  std::string_view host = text.substr(0, colon);
  const std::string_view digits = text.substr(colon + 1);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed)
    host = host.substr(1, host.size() - 2);
  endpoint out{std::string(host), 0};
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out.port);
  if (error != std::errc() || end != digits.data() + digits.size() || (out.port == 0 && !any_port) ||
      !is_host(host, bracketed))
    return std::nullopt;
  return out;
}

std::string to_string(const endpoint& place) {
  const bool six = place.host.find(':') != std::string::npos;
  return (six ? "[" + place.host + "]" : place.host) + ":" + std::to_string(place.port);
}

} // namespace sentio
