#include "tools/sentio-monitor/styled_text.hpp"

#include "tools/sentio-monitor/safe_text.hpp"

#include <algorithm>

namespace sentio {

namespace {

std::size_t width_of(const text_table& table) {
  std::size_t width = 0;
  for (const auto& column : table.columns)
    width += column.width + 1;
  return width;
}

/// The first column stays; the others are seen through a window.
styled_line slide(const styled_line& whole, std::size_t fixed, std::size_t left, std::size_t width) {
  if (left == 0 || width <= fixed)
    return whole.window(0, width);
  styled_line out = whole.window(0, fixed);
  out.append(whole.window(fixed + left, width - fixed));
  return out;
}

styled_line heads_of(const text_table& table) {
  styled_line line;
  for (const auto& column : table.columns)
    line.add(fitted(column.head, column.width, column.right_aligned) + " ", look::heading);
  return line;
}

styled_line line_of(const text_table& table, const table_row& row) {
  styled_line line;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const auto& column = table.columns[i];
    const bool given = i < row.size();
    line.add(fitted(given ? row[i].text : "", column.width, column.right_aligned),
             given ? row[i].style : look::plain);
    line.add(" ");
  }
  return line;
}

} // namespace

styled_line& styled_line::add(std::string_view text, look style) {
  if (text.empty())
    return *this;
  columns_ += columns_of(text);
  if (!pieces_.empty() && pieces_.back().style == style)
    pieces_.back().text += text;
  else
    pieces_.push_back({std::string(text), style});
  return *this;
}

styled_line& styled_line::append(const styled_line& more) {
  for (const auto& piece : more.pieces_)
    add(piece.text, piece.style);
  return *this;
}

std::string styled_line::text() const {
  std::string out;
  for (const auto& piece : pieces_)
    out += piece.text;
  return out;
}

styled_line styled_line::window(std::size_t from, std::size_t width, look fill) const {
  styled_line out;
  out.marked = marked;
  std::size_t at = 0;
  for (const auto& piece : pieces_) {
    const std::size_t columns = columns_of(piece.text);
    if (at + columns > from && at < from + width) {
      const std::size_t skip = from > at ? from - at : 0;
      out.add(columns_between(piece.text, skip, std::min(columns - skip, from + width - (at + skip))),
              piece.style);
    }
    at += columns;
  }
  if (out.columns() < width)
    out.add(std::string(width - out.columns(), ' '), fill);
  return out;
}

styled_line styled_line::in(look style) const {
  styled_line out(text(), style);
  out.marked = marked;
  return out;
}

styled_line styled_line::in_ascii() const {
  styled_line out;
  for (const auto& piece : pieces_)
    out.add(ascii_text(piece.text), piece.style);
  out.marked = marked;
  return out;
}

std::vector<styled_line> draw_table(const text_table& table, table_place& place, std::size_t width,
                                    std::size_t height, bool marks) {
  std::vector<styled_line> lines;
  if (height == 0)
    return lines;
  const std::size_t fixed = table.columns.empty() ? 0 : table.columns.front().width + 1;
  const std::size_t whole = width_of(table);
  place.left = std::min(place.left, whole > width ? whole - width : 0);
  lines.push_back(slide(heads_of(table), fixed, place.left, width));
  const std::size_t shown = height - 1;
  const std::size_t count = table.rows.size();
  place.cursor = std::min(place.cursor, count > 0 ? count - 1 : 0);
  place.top = std::min(place.top, count > shown ? count - shown : 0);
  if (shown > 0 && marks)
    place.top = std::clamp(place.top, place.cursor + 1 > shown ? place.cursor + 1 - shown : 0, place.cursor);
  for (std::size_t i = place.top; i < count && lines.size() < height; ++i) {
    lines.push_back(slide(line_of(table, table.rows[i]), fixed, place.left, width));
    lines.back().marked = marks && i == place.cursor;
  }
  if (count == 0 && lines.size() < height)
    lines.push_back(styled_line(table.when_empty, look::faint).window(0, width));
  while (lines.size() < height)
    lines.push_back(styled_line().window(0, width));
  return lines;
}

} // namespace sentio
