// The two written forms of an audit.
#include "core/market/data_audit.hpp"

#include <algorithm>
#include <array>

namespace sentio {

namespace {

std::string place(time_ms label) {
  return to_string(new_york_date(label)) + ' ' + new_york_clock(label);
}

void pad_left(std::string& out, const std::string& text, std::size_t width) {
  out.append(width > text.size() ? width - text.size() : 0, ' ');
  out += text;
}

struct table_column {
  std::string_view title;
  std::string (*value)(const file_audit&);
};

std::string date_or_dash(const std::optional<civil_date>& date) {
  return date ? to_string(*date) : "-";
}

constexpr std::array<table_column, 15> table_columns{{
    {"symbol", [](const file_audit& a) { return a.symbol; }},
    {"first", [](const file_audit& a) { return date_or_dash(a.first_date); }},
    {"last", [](const file_audit& a) { return date_or_dash(a.last_date); }},
    {"sessions", [](const file_audit& a) { return std::to_string(a.sessions); }},
    {"half", [](const file_audit& a) { return std::to_string(a.half_days); }},
    {"absent", [](const file_audit& a) { return std::to_string(a.absent_sessions); }},
    {"rows", [](const file_audit& a) { return std::to_string(a.rows); }},
    {"missing", [](const file_audit& a) { return std::to_string(a.missing_minutes); }},
    {"widest", [](const file_audit& a) { return std::to_string(a.widest_hole.length); }},
    {"double", [](const file_audit& a) { return std::to_string(a.duplicates); }},
    {"revised", [](const file_audit& a) { return std::to_string(a.revisions); }},
    {"invalid", [](const file_audit& a) { return std::to_string(a.invalid.total()); }},
    {"16:00", [](const file_audit& a) { return std::to_string(a.closing_rows); }},
    {"moves", [](const file_audit& a) { return std::to_string(a.flagged_moves); }},
    {"tradable", [](const file_audit& a) { return std::string(a.tradable() ? "yes" : "NO"); }},
}};

void add_stretches(std::string& out, const std::vector<bar_stretch>& stretches, std::string_view what) {
  constexpr std::size_t shown = 5;
  for (std::size_t i = 0; i < std::min(shown, stretches.size()); ++i)
    out += "  " + std::to_string(stretches[i].length) + " bars with " + std::string(what) + " from " +
           place(stretches[i].begin) + '\n';
  if (stretches.size() > shown)
    out += "  and " + std::to_string(stretches.size() - shown) + " more stretches with " + std::string(what) +
           '\n';
}

/// The places worth a look; empty when there are none.
std::string remarks(const file_audit& audit) {
  std::string out;
  for (const auto& reason : audit.reasons)
    out += "  cannot be traded: " + reason + '\n';
  for (const auto& warning : audit.warnings)
    out += "  warning: " + warning + '\n';
  if (audit.widest_hole.length > 1)
    out += "  widest hole: " + std::to_string(audit.widest_hole.length) + " minutes from " +
           place(audit.widest_hole.begin) + '\n';
  for (const auto& note : audit.notes)
    out += "  " + note + '\n';
  if (audit.idle_rows != 0)
    out += "  " + std::to_string(audit.idle_rows) +
           " rows without trades (volume 0, the price of the row before): minutes that are missing\n";
  if (audit.outside_rows != 0)
    out += "  " + std::to_string(audit.outside_rows) + " rows outside regular hours\n";
  for (std::size_t i = 1; i < bar_defect_count; ++i) {
    const auto defect = static_cast<bar_defect>(i);
    if (audit.invalid.of(defect) != 0)
      out +=
          "  " + std::to_string(audit.invalid.of(defect)) + " rows: " + std::string(to_string(defect)) + '\n';
  }
  add_stretches(out, audit.constant_price, "one price");
  add_stretches(out, audit.constant_volume, "one volume");
  for (const auto& message : audit.messages)
    out += "  " + message + '\n';
  return out;
}

std::string json_text(std::string_view text) {
  constexpr std::string_view hexadecimal = "0123456789abcdef";
  std::string out = "\"";
  for (const char letter : text) {
    if (letter == '"' || letter == '\\') {
      out += '\\';
      out += letter;
    } else if (static_cast<unsigned char>(letter) < 0x20) {
      out += "\\u00";
      out += hexadecimal[static_cast<unsigned char>(letter) >> 4];
      out += hexadecimal[static_cast<unsigned char>(letter) & 15];
    } else {
      out += letter;
    }
  }
  return out + '"';
}

/// Writes `"name":value` members with their commas.
class json_object {
public:
  void member(std::string_view name, const std::string& json) {
    text_ += text_.empty() ? "{" : ",";
    text_ += json_text(name) + ':' + json;
  }
  void number(std::string_view name, std::uint64_t value) { member(name, std::to_string(value)); }
  void count(std::string_view name, int value) { member(name, std::to_string(value)); }
  std::string text() const { return text_.empty() ? "{}" : text_ + '}'; }

private:
  std::string text_;
};

template <class Range, class Function>
std::string json_array(const Range& range, Function&& to_json) {
  std::string out = "[";
  for (const auto& element : range) {
    if (out.size() > 1)
      out += ',';
    out += to_json(element);
  }
  return out + ']';
}

std::string json_stretch(const bar_stretch& stretch) {
  json_object out;
  out.member("begin", json_text(place(stretch.begin)));
  out.member("begin_ms", std::to_string(stretch.begin));
  out.count("length", stretch.length);
  return out.text();
}

/// Four digits after the point: enough to tell a split's ratio.
std::string ratio_text(double ratio) {
  const auto scaled = static_cast<std::uint64_t>(ratio * 10'000 + 0.5);
  const auto digits = std::to_string(scaled % 10'000);
  return std::to_string(scaled / 10'000) + '.' + std::string(4 - digits.size(), '0') + digits;
}

std::string json_jump(const overnight_jump& jump) {
  json_object out;
  out.member("before", json_text(to_string(jump.before)));
  out.member("after", json_text(to_string(jump.after)));
  out.member("ratio", ratio_text(jump.ratio));
  out.count("new_shares", jump.new_shares);
  out.count("old_shares", jump.old_shares);
  out.member("undone", jump.undone ? json_text(to_string(*jump.undone)) : "null");
  return out.text();
}

/// The defect's words as a JSON key: "price_not_positive".
std::string key_of(bar_defect defect) {
  std::string key(to_string(defect));
  std::replace(key.begin(), key.end(), ' ', '_');
  return key;
}

std::string json_file(const file_audit& audit) {
  const auto json_date = [](const std::optional<civil_date>& date) {
    return date ? json_text(to_string(*date)) : std::string("null");
  };
  json_object invalid;
  for (std::size_t i = 1; i < bar_defect_count; ++i)
    invalid.number(key_of(static_cast<bar_defect>(i)), audit.invalid.of(static_cast<bar_defect>(i)));
  json_object out;
  out.member("symbol", json_text(audit.symbol));
  out.member("file", json_text(audit.file));
  out.member("tradable", audit.tradable() ? "true" : "false");
  out.member("reasons", json_array(audit.reasons, json_text));
  out.member("warnings", json_array(audit.warnings, json_text));
  out.member("jumps", json_array(audit.jumps, json_jump));
  out.member("first_date", json_date(audit.first_date));
  out.member("last_date", json_date(audit.last_date));
  out.count("sessions", audit.sessions);
  out.count("half_days", audit.half_days);
  out.count("absent_sessions", audit.absent_sessions);
  out.number("rows", audit.rows);
  out.number("regular_bars", audit.regular_bars);
  out.number("session_minutes", audit.session_minutes);
  out.number("missing_minutes", audit.missing_minutes);
  out.member("widest_hole", audit.widest_hole.length == 0 ? "null" : json_stretch(audit.widest_hole));
  out.number("duplicates", audit.duplicates);
  out.number("revisions", audit.revisions);
  out.number("idle_rows", audit.idle_rows);
  out.number("out_of_order", audit.out_of_order);
  out.number("misplaced_sessions", audit.misplaced_sessions);
  out.number("invalid_rows", audit.invalid.total());
  out.member("invalid", invalid.text());
  out.number("closing_rows", audit.closing_rows);
  out.number("outside_rows", audit.outside_rows);
  out.number("flagged_moves", audit.flagged_moves);
  out.member("constant_price", json_array(audit.constant_price, json_stretch));
  out.member("constant_volume", json_array(audit.constant_volume, json_stretch));
  out.member("notes", json_array(audit.notes, json_text));
  out.member("messages", json_array(audit.messages, json_text));
  return out.text();
}

} // namespace

std::string audit_table(const std::vector<file_audit>& files) {
  std::string out;
  std::array<std::size_t, table_columns.size()> widths{};
  for (std::size_t c = 0; c < table_columns.size(); ++c) {
    widths[c] = table_columns[c].title.size();
    for (const auto& audit : files)
      widths[c] = std::max(widths[c], table_columns[c].value(audit).size());
  }
  for (std::size_t c = 0; c < table_columns.size(); ++c)
    pad_left(out, std::string(table_columns[c].title), widths[c] + (c == 0 ? 0 : 2));
  out += '\n';
  for (const auto& audit : files) {
    for (std::size_t c = 0; c < table_columns.size(); ++c)
      pad_left(out, table_columns[c].value(audit), widths[c] + (c == 0 ? 0 : 2));
    out += '\n';
  }
  for (const auto& audit : files)
    if (const auto text = remarks(audit); !text.empty())
      out += '\n' + audit.symbol + (audit.file.empty() ? "" : " (" + audit.file + ")") + '\n' + text;
  return out;
}

std::string audit_json(const std::vector<file_audit>& files) {
  const bool tradable =
      std::all_of(files.begin(), files.end(), [](const file_audit& audit) { return audit.tradable(); });
  json_object out;
  out.member("tradable", tradable ? "true" : "false");
  out.member("files", json_array(files, json_file));
  return out.text();
}

} // namespace sentio
