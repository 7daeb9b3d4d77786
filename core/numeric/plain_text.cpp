#include "core/numeric/plain_text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace sentio {

namespace {

/// Characters that are there and cannot be seen, or that turn what follows.
constexpr std::array<std::pair<std::uint32_t, std::uint32_t>, 10> unseen{{
    {0x00, 0x1F},
    {0x7F, 0x9F},
    {0xAD, 0xAD},     // soft hyphen
    {0x61C, 0x61C},   // Arabic letter mark
    {0x180E, 0x180E}, // Mongolian vowel separator
    {0x200B, 0x200F}, // zero width, directions
    {0x2028, 0x202E}, // line and paragraph separators, directions
    {0x2060, 0x206F},
    {0xFEFF, 0xFEFF},
    {0xE0000, 0xE0FFF}, // tags
}};

bool can_be_seen(std::uint32_t code) {
  return std::none_of(unseen.begin(), unseen.end(),
                      [code](const auto& block) { return code >= block.first && code <= block.second; });
}

bool is_plain_ascii(char letter) {
  return letter >= ' ' && letter <= '~';
}

std::string in_json(std::string_view key) {
  std::string text;
  for (const char letter : key) {
    if (letter == '/')
      text += '\\';
    text += letter;
  }
  return text;
}

std::string in_address(std::string_view key) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string text;
  for (const char letter : key) {
    if (letter != '/' && letter != '+' && letter != '=') {
      text += letter;
      continue;
    }
    text += '%';
    text += digits[static_cast<unsigned char>(letter) >> 4];
    text += digits[letter & 15];
  }
  return text;
}

bool mask(std::string& text, std::string_view key) {
  bool found = false;
  for (auto at = text.find(key); at != text.npos; at = text.find(key, at + masked_key.size())) {
    text.replace(at, key.size(), masked_key);
    found = true;
  }
  return found;
}

} // namespace

utf8_character first_character(std::string_view text) {
  const auto byte = [&](std::size_t i) -> std::uint32_t { return static_cast<unsigned char>(text[i]); };
  const std::uint32_t lead = byte(0);
  if (lead < 0x80)
    return {lead, 1};
  const std::size_t length = lead >= 0xC2 && lead < 0xE0   ? 2
                             : lead >= 0xE0 && lead < 0xF0 ? 3
                             : lead >= 0xF0 && lead < 0xF5 ? 4
                                                           : 0;
  if (length == 0 || text.size() < length)
    return {};
  std::uint32_t code = lead & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0u) != 0x80u)
      return {};
    code = (code << 6) | (byte(i) & 0x3Fu);
  }
  const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  const bool surrogate = code >= 0xD800 && code < 0xE000;
  return overlong || surrogate || code > 0x10FFFF ? utf8_character{} : utf8_character{code, length};
}

std::string plain_text(std::string_view text, line_ends ends) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto next = first_character(text);
    if (next.code == '\n' && ends == line_ends::kept)
      out += '\n';
    else if (next.code == '\t' || next.code == '\n' || next.code == '\r')
      out += ' ';
    else if (can_be_seen(next.code))
      out.append(text.substr(0, next.bytes));
    else
      out += '?';
    text.remove_prefix(next.bytes);
  }
  return out;
}

bool is_plain(std::string_view text, line_ends ends) {
  return std::all_of(text.begin(), text.end(), is_plain_ascii) || plain_text(text, ends) == text;
}

bool mask_keys(std::string& text, std::span<const std::string> keys) {
  constexpr std::size_t shortest_key = 8;
  bool found = false;
  for (const std::string& key : keys) {
    if (key.size() < shortest_key)
      continue;
    found |= mask(text, key);
    if (key.find_first_of("/+=") == key.npos)
      continue;
    found |= mask(text, in_json(key));
    found |= mask(text, in_address(key));
  }
  return found;
}

} // namespace sentio
