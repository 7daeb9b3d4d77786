// Small pieces of HTML.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sentio {

/// & < > " ' replaced, for text and attribute values.
std::string escape_html(std::string_view text);

/// A table that scrolls in its own container. Cells are HTML already.
class html_table {
public:
  enum class kind {
    plain,
    sortable, ///< a click on a heading sorts, by data-v where a cell has one
    wrapping  ///< cells may break lines, so that the table fits a phone
  };
  explicit html_table(const std::vector<std::string>& headings, kind what = kind::plain);

  /// The first column is text and left-aligned, the others as given.
  void begin_row(std::string_view row_class = {});
  void text(std::string_view html);
  void number(std::string_view html, std::string_view cell_class = {});
  /// A number whose sorting value differs from its text.
  void number(std::string_view html, double sort_value, std::string_view cell_class = {});
  std::string html() &&;

private:
  std::string out_;
  bool open_ = false;
};

/// "gain", "loss" or nothing, by the sign of a value.
std::string_view tone(double value);

/// <section> with a heading, and a sentence that says how to read what follows.
std::string section(std::string_view title, std::string_view how_to_read, std::string_view body);
/// Two figures side by side on a wide screen, one below the other on a phone.
std::string side_by_side(std::string_view left, std::string_view right);
/// A figure with a caption above it.
std::string figure(std::string_view caption, std::string_view body);

struct legend_entry {
  std::string css_class; ///< colour of the mark
  std::string text;
};
/// wide: for several plots, so not set in to the plot's left edge.
std::string legend(const std::vector<legend_entry>& entries, bool wide = false);

/// A number and its percent sign stay on one line.
std::string keep_units_together(std::string html);

} // namespace sentio
