// Base64 by RFC 4648, section 4, of OpenSSL's making.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sentio {

/// With padding, without line breaks.
std::string base64(std::string_view bytes);
/// The bytes; empty when a character is none of base64's or the length cannot be right. Padding may be
/// missing.
std::optional<std::string> parse_base64(std::string_view text);

} // namespace sentio
