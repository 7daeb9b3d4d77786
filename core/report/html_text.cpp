#include "core/report/html_text.hpp"

#include "core/report/number_format.hpp"

namespace sentio {

std::string escape_html(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text)
    switch (c) {
    case '&':
      out += "&amp;";
      break;
    case '<':
      out += "&lt;";
      break;
    case '>':
      out += "&gt;";
      break;
    case '"':
      out += "&quot;";
      break;
    case '\'':
      out += "&#39;";
      break;
    default:
      out += c;
    }
  return out;
}

html_table::html_table(const std::vector<std::string>& headings, kind what) {
  const bool sortable = what == kind::sortable;
  out_ = "<div class=\"scroll\"><table";
  out_ += sortable ? " class=\"sort\"" : what == kind::wrapping ? " class=\"fit\"" : "";
  out_ += "><thead><tr>";
  for (const std::string& heading : headings)
    out_ += (sortable ? "<th><button type=\"button\">" : "<th>") + escape_html(heading) +
            (sortable ? "</button></th>" : "</th>");
  out_ += "</tr></thead><tbody>";
}

void html_table::begin_row(std::string_view row_class) {
  if (open_)
    out_ += "</tr>\n";
  open_ = true;
  out_ += row_class.empty() ? "<tr>" : "<tr class=\"" + std::string(row_class) + "\">";
}

void html_table::text(std::string_view html) {
  out_.append("<td class=\"t\">").append(html).append("</td>");
}

void html_table::number(std::string_view html, std::string_view cell_class) {
  if (cell_class.empty())
    out_ += "<td>";
  else
    out_.append("<td class=\"").append(cell_class).append("\">");
  out_.append(html).append("</td>");
}

void html_table::number(std::string_view html, double sort_value, std::string_view cell_class) {
  out_ += "<td data-v=\"" + fixed(sort_value, 6) + "\"";
  if (!cell_class.empty())
    out_.append(" class=\"").append(cell_class).append("\"");
  out_.append(">").append(html).append("</td>");
}

std::string html_table::html() && {
  if (open_)
    out_ += "</tr>\n";
  out_ += "</tbody></table></div>\n";
  return std::move(out_);
}

std::string_view tone(double value) {
  return value > 0 ? "gain" : value < 0 ? "loss" : "";
}

std::string section(std::string_view title, std::string_view how_to_read, std::string_view body) {
  std::string out = "<section><h2>" + escape_html(title) + "</h2>\n";
  if (!how_to_read.empty())
    out.append("<p class=\"how\">").append(how_to_read).append("</p>\n");
  return out.append(body).append("</section>\n");
}

std::string side_by_side(std::string_view left, std::string_view right) {
  return std::string("<div class=\"pair\"><div>")
      .append(left)
      .append("</div><div>")
      .append(right)
      .append("</div></div>\n");
}

std::string figure(std::string_view caption, std::string_view body) {
  return std::string("<figure><figcaption>")
      .append(caption)
      .append("</figcaption>")
      .append(body)
      .append("</figure>\n");
}

std::string legend(const std::vector<legend_entry>& entries, bool wide) {
  std::string out = wide ? "<ul class=\"legend wide\">" : "<ul class=\"legend\">";
  for (const legend_entry& entry : entries)
    out += "<li><i class=\"" + entry.css_class + "\"></i>" + escape_html(entry.text) + "</li>";
  return out + "</ul>";
}

std::string keep_units_together(std::string html) {
  constexpr std::string_view breaking = " %";
  constexpr std::string_view kept = "\u00a0%";
  for (std::size_t at = html.find(breaking); at != std::string::npos;
       at = html.find(breaking, at + kept.size()))
    html.replace(at, breaking.size(), kept);
  return html;
}

} // namespace sentio
