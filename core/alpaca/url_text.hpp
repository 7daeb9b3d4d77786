// Percent encoding (RFC 3986, section 2.1). Private to this room.
#pragma once

#include <string>
#include <string_view>

namespace sentio::alpaca {

/// Everything but letters, digits and - . _ ~ becomes %XX.
inline std::string url_encoded(std::string_view text) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string out;
  for (const char letter : text) {
    const bool plain = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                       (letter >= '0' && letter <= '9') || letter == '-' || letter == '.' || letter == '_' ||
                       letter == '~';
    const auto byte = static_cast<unsigned char>(letter);
    if (plain)
      out += letter;
    else
      out += {'%', hex[byte / 16], hex[byte % 16]};
  }
  return out;
}

} // namespace sentio::alpaca
