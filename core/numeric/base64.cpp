#include "core/numeric/base64.hpp"

#include <openssl/evp.h>

#include <limits>
#include <stdexcept>

namespace sentio {

namespace {

const unsigned char* octets(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

/// OpenSSL counts in int; nothing here comes near that.
constexpr std::size_t longest = std::numeric_limits<int>::max() / 2;

} // namespace

std::string base64(std::string_view bytes) {
  if (bytes.size() > longest)
    throw std::length_error("a text of " + std::to_string(bytes.size()) + " bytes is too long for base64");
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0'); // OpenSSL adds a zero
  text.resize(static_cast<std::size_t>(EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                                       octets(bytes), static_cast<int>(bytes.size()))));
  return text;
}

std::optional<std::string> parse_base64(std::string_view text) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (int padding = 0; padding < 2 && text.ends_with('='); ++padding)
    text.remove_suffix(1);
  // OpenSSL would skip spaces at both ends.
  if (text.size() > longest || text.size() % 4 == 1 || text.find_first_not_of(digits) != text.npos)
    return std::nullopt;
  std::string padded(text);
  padded.resize((text.size() + 3) / 4 * 4, '=');
  std::string bytes(padded.size() / 4 * 3, '\0');
  if (EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()), octets(padded),
                      static_cast<int>(padded.size())) < 0)
    return std::nullopt;
  bytes.resize(text.size() * 3 / 4); // without what the padding stands for
  return bytes;
}

} // namespace sentio
