#include "tools/sentio-exchange/answer_text.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace sentio::serving {

namespace {

const char* reason_of(int status) {
  static constexpr std::array<std::pair<int, const char*>, 18> reasons{
      {{200, "OK"},
       {204, "No Content"},
       {207, "Multi-Status"},
       {400, "Bad Request"},
       {401, "Unauthorized"},
       {403, "Forbidden"},
       {404, "Not Found"},
       {405, "Method Not Allowed"},
       {409, "Conflict"},
       {411, "Length Required"},
       {413, "Content Too Large"},
       {422, "Unprocessable Entity"},
       {429, "Too Many Requests"},
       {500, "Internal Server Error"},
       {501, "Not Implemented"},
       {502, "Bad Gateway"},
       {503, "Service Unavailable"},
       {504, "Gateway Timeout"}}};
  const auto* found = std::find_if(reasons.begin(), reasons.end(), [&](const auto& one) { return one.first == status; });
  return found == reasons.end() ? "Status" : found->second;
}

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && blank(text.back()))
    text.remove_suffix(1);
  return text;
}

bool same_word(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
    return std::tolower(x) == std::tolower(y);
  });
}

} // namespace

std::string answer_head(const http_response& answer, std::optional<std::size_t> length, bool close) {
  std::string out = "HTTP/1.1 " + std::to_string(answer.status) + " " + reason_of(answer.status) + "\r\n";
  const auto add = [&](const std::string& name, const std::string& value) {
    if ((name + value).find_first_of("\r\n") == std::string::npos)
      out += name + ": " + value + "\r\n";
  };
  const bool has_type = std::any_of(answer.headers.begin(), answer.headers.end(),
                                    [](const auto& one) { return same_word(one.first, "content-type"); });
  if (length && !has_type)
    add("Content-Type", answer.body.starts_with('<') ? "text/html; charset=UTF-8" : "application/json; charset=UTF-8");
  if (length)
    add("Content-Length", std::to_string(*length));
  for (const auto& [name, value] : answer.headers)
    add(name, value);
  if (close)
    add("Connection", "close");
  return out + "\r\n";
}

bool allows_gzip(std::string_view accept_encoding) {
  for (std::string_view rest = accept_encoding; !rest.empty();) {
    const auto comma = rest.find(',');
    const std::string_view one = trimmed(rest.substr(0, comma));
    rest = comma == rest.npos ? std::string_view() : rest.substr(comma + 1);
    const auto semicolon = one.find(';');
    const std::string_view coding = trimmed(one.substr(0, semicolon));
    if (!same_word(coding, "gzip") && !same_word(coding, "x-gzip") && coding != "*")
      continue;
    std::string_view weight = semicolon == one.npos ? std::string_view("q=1") : trimmed(one.substr(semicolon + 1));
    if (weight.starts_with("q=") || weight.starts_with("Q="))
      weight.remove_prefix(2);
    return weight.find_first_not_of("0.") != weight.npos;
  }
  return false;
}

std::optional<std::string> gzipped(std::string_view text) {
  z_stream stream{};
  constexpr int window_of_gzip = 15 + 16;
  // The fastest level: bodies are JSON, which shrinks to a fifth at any.
  if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, window_of_gzip, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    return std::nullopt;
  std::string out(deflateBound(&stream, static_cast<uLong>(text.size())) + 32, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data())); // zlib does not write there
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const bool good = deflate(&stream, Z_FINISH) == Z_STREAM_END;
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return good ? std::optional(std::move(out)) : std::nullopt;
}

} // namespace sentio::serving
