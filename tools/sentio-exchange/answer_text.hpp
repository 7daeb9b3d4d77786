// The head of an HTTP answer, and its body compressed for clients that ask for it.
#pragma once

#include "core/exchange/exchange.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace sentio::serving {

/// Status line and headers with the empty line, always as HTTP/1.1. `length` is that of the body, absent with 204;
/// header values with line breaks in them are left out.
std::string answer_head(const http_response& answer, std::optional<std::size_t> length, bool close);
/// Whether an Accept-Encoding header allows gzip: "gzip, deflate" does, "gzip;q=0" does not.
bool allows_gzip(std::string_view accept_encoding);
/// Empty when zlib fails.
std::optional<std::string> gzipped(std::string_view text);

} // namespace sentio::serving
