// Lines of styled text of an exact width: what the screens are made of, without a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sentio {

/// How a piece of text looks. The terminal maps them to colours where it has some.
enum class look {
  plain,
  faint,   ///< stale, unknown, not in use
  strong,  ///< figures that count
  heading, ///< column heads and section titles
  bar,     ///< the lines at the top and the bottom
  good,
  warning,
  bad,
};

struct styled_piece {
  std::string text; ///< safe text
  look style = look::plain;
};

/// Pieces from left to right.
class styled_line {
public:
  styled_line() = default;
  styled_line(std::string_view text, look style = look::plain) { add(text, style); }

  styled_line& add(std::string_view text, look style = look::plain);
  styled_line& append(const styled_line& more);
  std::size_t columns() const { return columns_; }
  const std::vector<styled_piece>& pieces() const { return pieces_; }
  /// The text alone.
  std::string text() const;

  /// The columns [from, from + width), filled up with blanks in the look of `fill`.
  styled_line window(std::size_t from, std::size_t width, look fill = look::plain) const;
  /// All pieces in one look: a chosen row, or a stale screen.
  styled_line in(look style) const;
  /// For terminals without UTF-8.
  styled_line in_ascii() const;
  bool marked = false; ///< the row that the cursor is on

private:
  std::vector<styled_piece> pieces_;
  std::size_t columns_ = 0;
};

struct table_column {
  std::string head;
  std::size_t width = 0;
  bool right_aligned = true;
};

struct table_cell {
  std::string text; ///< safe text
  look style = look::plain;
};

using table_row = std::vector<table_cell>; ///< as many as there are columns

/// A table whose first column stays while the others scroll to the side.
struct text_table {
  std::vector<table_column> columns;
  std::vector<table_row> rows;
  std::string when_empty; ///< shown instead of rows
};

/// What a reader of a table looks at; draw_table keeps it inside the table.
struct table_place {
  std::size_t cursor = 0; ///< row
  std::size_t top = 0;    ///< first row on the screen
  std::size_t left = 0;   ///< columns that are scrolled away
};

/// Exactly `height` lines of `width` columns: the heads and as many rows as fit. The row of the cursor is
/// marked when `marks` says so. An empty height gives no lines.
std::vector<styled_line> draw_table(const text_table& table, table_place& place, std::size_t width,
                                    std::size_t height, bool marks);

} // namespace sentio
