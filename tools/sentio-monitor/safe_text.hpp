// Texts from outside, made safe for a terminal: whatever they hold, they move no cursor, ring no bell and
// take one column a character.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sentio {

inline constexpr std::size_t longest_shown_text = 500; ///< characters, as in contract.md

/// UTF-8 of narrow printable characters only, each one column wide: controls, invalid bytes, characters that
/// are wide, combining, invisible or turn the direction of writing become "?"; tabs and line ends a blank. At
/// most `longest` characters.
std::string safe_text(std::string_view text, std::size_t longest = longest_shown_text);

/// How many columns a safe text takes.
std::size_t columns_of(std::string_view safe);

/// The columns [from, from + count) of a safe text; fewer when it ends before.
std::string columns_between(std::string_view safe, std::size_t from, std::size_t count);

/// The safe text in exactly `width` columns: filled with blanks, or cut with "~" as its last column.
std::string fitted(std::string_view safe, std::size_t width, bool right_aligned = false);

/// For terminals without UTF-8: every character beyond ASCII becomes its nearest of ASCII, or "?".
std::string ascii_text(std::string_view safe);

} // namespace sentio
