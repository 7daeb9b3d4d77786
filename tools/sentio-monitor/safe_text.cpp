#include "tools/sentio-monitor/safe_text.hpp"

#include "core/numeric/plain_text.hpp"

#include <array>
#include <cstdint>
#include <utility>

namespace sentio {

namespace {

/// Blocks whose characters take one column in every terminal, stand alone and can be seen. Everything else is
/// not worth the risk of a broken screen.
constexpr std::array<std::pair<std::uint32_t, std::uint32_t>, 10> narrow_blocks{{
    {0x20, 0x7E},
    {0xA1, 0xAC},
    {0xAE, 0x24F},    // Latin; without the soft hyphen
    {0x391, 0x3C9},   // Greek
    {0x410, 0x44F},   // Cyrillic
    {0x2010, 0x2027}, // dashes, quotation marks, bullets
    {0x2030, 0x2044},
    {0x2190, 0x2199}, // arrows
    {0x2200, 0x2265}, // signs of mathematics
    {0x2500, 0x25FC}, // lines, blocks, shapes
}};

bool is_narrow(std::uint32_t code) {
  for (const auto& [first, last] : narrow_blocks)
    if (code >= first && code <= last)
      return true;
  return false;
}

std::string_view nearest_of_ascii(std::uint32_t code) {
  switch (code) {
  case 0x2010:
  case 0x2011:
  case 0x2012:
  case 0x2013:
  case 0x2014:
  case 0x2212:
  case 0x2500:
    return "-";
  case 0x2502:
    return "|";
  case 0x2018:
  case 0x2019:
    return "'";
  case 0x201C:
  case 0x201D:
    return "\"";
  case 0x2026:
    return ".";
  case 0x25CF:
  case 0x2022:
    return "*";
  case 0x25CB:
    return "o";
  case 0x2192:
    return ">";
  case 0x2190:
    return "<";
  case 0x2191:
    return "^";
  case 0x2193:
    return "v";
  case 0x2581:
  case 0x2582:
    return "_";
  case 0x2583:
  case 0x2584:
    return ".";
  case 0x2585:
  case 0x2586:
    return "+";
  case 0x2587:
  case 0x2588:
    return "#";
  default:
    return "?";
  }
}

} // namespace

std::string safe_text(std::string_view text, std::size_t longest) {
  std::string out;
  for (std::size_t count = 0; !text.empty() && count < longest; ++count) {
    const utf8_character next = first_character(text);
    if (is_narrow(next.code))
      out += text.substr(0, next.bytes);
    else
      out += next.code == '\t' || next.code == '\n' || next.code == 0xA0 ? ' ' : '?';
    text.remove_prefix(next.bytes);
  }
  return out;
}

std::size_t columns_of(std::string_view safe) {
  std::size_t count = 0;
  for (; !safe.empty(); ++count)
    safe.remove_prefix(first_character(safe).bytes);
  return count;
}

std::string columns_between(std::string_view safe, std::size_t from, std::size_t count) {
  std::string out;
  for (std::size_t at = 0; !safe.empty() && at < from + count; ++at) {
    const utf8_character next = first_character(safe);
    if (at >= from)
      out += safe.substr(0, next.bytes);
    safe.remove_prefix(next.bytes);
  }
  return out;
}

std::string fitted(std::string_view safe, std::size_t width, bool right_aligned) {
  const std::size_t columns = columns_of(safe);
  if (columns > width)
    return width == 0 ? "" : columns_between(safe, 0, width - 1) + "~";
  const std::string blanks(width - columns, ' ');
  return right_aligned ? blanks + std::string(safe) : std::string(safe) + blanks;
}

std::string ascii_text(std::string_view safe) {
  std::string out;
  while (!safe.empty()) {
    const utf8_character next = first_character(safe);
    if (next.code >= 0x20 && next.code < 0x7F)
      out += static_cast<char>(next.code);
    else
      out += nearest_of_ascii(next.code);
    safe.remove_prefix(next.bytes);
  }
  return out;
}

} // namespace sentio
