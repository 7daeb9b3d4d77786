// Text from a venue, a file or a person on its way to a terminal, a log, a tape or a page: it may move no
// cursor, ring no bell, turn no line around, and never hold a key.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace sentio {

enum class line_ends : std::uint8_t {
  joined, ///< become blanks: nobody's text begins a line of its own
  kept,   ///< for texts of our own that have several lines
};

/// One character of UTF-8: its code point and its bytes. What begins no valid character is one byte with code
/// 0.
struct utf8_character {
  std::uint32_t code = 0;
  std::size_t bytes = 1;
};
/// `text` is not empty.
utf8_character first_character(std::string_view text);

/// The text as valid UTF-8 in which every character can be seen: controls (C0, C1, DEL), marks that turn the
/// direction of writing or have no width, separators of lines and invalid bytes become "?"; tabs and carriage
/// returns a blank.
std::string plain_text(std::string_view text, line_ends ends = line_ends::joined);

/// Whether plain_text would leave the text as it is.
bool is_plain(std::string_view text, line_ends ends = line_ends::joined);

/// What stands where a key was.
inline constexpr std::string_view masked_key = "[key]";

/// Replaces every occurrence of a key, also as JSON or an address would write it. Words of less than eight
/// letters are no keys. True: there was one.
bool mask_keys(std::string& text, std::span<const std::string> keys);

} // namespace sentio
