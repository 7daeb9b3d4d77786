#include "core/market/csv_reader.hpp"

#include "core/market/row_text.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace sentio {

namespace {

constexpr std::size_t messages_kept = 5;

constexpr std::array<std::string_view, 4> headers{
    "ts_utc,ts_nyt_epoch,open,high,low,close,volume",
    "timestamp,open,high,low,close,volume",
    "timestamp,open,high,low,close,volume,bar_id",
    "timestamp,symbol,open,high,low,close,volume",
};

std::vector<std::string> split(std::string_view line) {
  std::vector<std::string> names(1);
  for (const char letter : line) {
    if (letter == ',')
      names.emplace_back();
    else if (letter != ' ' && letter != '"')
      names.back() += letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  }
  return names;
}

std::string sorted_names(std::string_view line) {
  auto names = split(line);
  std::sort(names.begin(), names.end());
  std::string joined;
  for (const auto& name : names)
    joined += name + ',';
  return joined;
}

std::string excerpt(std::string_view text) {
  std::string shown;
  for (const char letter : text.substr(0, 80))
    shown += letter >= ' ' && letter <= '~' ? letter : '?';
  return text.size() > 80 ? shown + "..." : shown;
}

} // namespace

csv_bar_reader::csv_bar_reader(const std::filesystem::path& file, csv_options options)
    : options_(std::move(options)), lines_(file, options_.buffer_bytes) {
  read_header();
}

void csv_bar_reader::read_header() {
  std::string allowed;
  for (const auto header : headers)
    allowed += "\n  " + std::string(header);
  std::string_view line;
  if (!lines_.next(line))
    throw data_error(file().string() + ": the file is empty; its first line should be one of" + allowed);
  const std::string found = sorted_names(line);
  if (std::none_of(headers.begin(), headers.end(),
                   [&](std::string_view header) { return sorted_names(header) == found; }))
    throw data_error(file().string() + ":1: found the header \"" + excerpt(line) + "\"; it should be one of" +
                     allowed);
  for (const auto& name : split(line)) {
    column role = column::ignored;
    if (name == "ts_nyt_epoch" || name == "timestamp")
      role = column::time;
    else if (name == "symbol")
      role = column::symbol;
    else if (name == "open")
      role = column::open;
    else if (name == "high")
      role = column::high;
    else if (name == "low")
      role = column::low;
    else if (name == "close")
      role = column::close;
    else if (name == "volume")
      role = column::volume;
    if (role == column::symbol)
      symbol_position_ = columns_.size();
    columns_.push_back(role);
  }
}

csv_bar_reader::row_kind csv_bar_reader::refuse(bar_defect defect, std::string_view field,
                                                std::string_view expected) {
  counts_.bad.add(defect);
  if (options_.strict || messages_.size() < messages_kept) {
    std::string message = file().string() + ":" + std::to_string(line_number()) + ": " +
                          std::string(to_string(defect)) + ", found \"" + excerpt(field) + "\"; expected " +
                          std::string(expected);
    if (options_.strict)
      throw data_error(message);
    messages_.push_back(std::move(message));
  }
  return row_kind::bad;
}

csv_bar_reader::row_kind csv_bar_reader::read_row(std::string_view line, bar& out, bool only_label) {
  const char* at = line.data();
  const char* const end = at + line.size();
  const auto wrong_field_count = [&] {
    return refuse(bar_defect::wrong_field_count, line,
                  std::to_string(columns_.size()) + " fields, as in the header");
  };
  double* const values[] = {&out.open, &out.high, &out.low, &out.close, &out.volume};
  bool first = true;
  for (const column role : columns_) {
    if (!first) {
      if (at == end)
        return wrong_field_count();
      ++at; // the comma
    }
    first = false;
    const char* const field = at;
    if (role >= column::open) {
      const auto slot = static_cast<std::size_t>(role) - static_cast<std::size_t>(column::open);
      if (!take_decimal(at, end, *values[slot]))
        return refuse(bar_defect::malformed_number, line,
                      "decimal numbers for open, high, low, close and volume");
      continue;
    }
    const void* const comma = std::memchr(at, ',', static_cast<std::size_t>(end - at));
    at = comma ? static_cast<const char*>(comma) : end;
    const std::string_view text(field, static_cast<std::size_t>(at - field));
    if (role == column::time) {
      if (!parse_timestamp(text, out.label))
        return refuse(bar_defect::malformed_timestamp, text,
                      "epoch seconds, epoch milliseconds or ISO-8601 with an offset or Z");
      if (out.label < options_.skip_before)
        return row_kind::before_start;
      if (only_label)
        return row_kind::good;
    } else if (role == column::symbol && text != symbol_) {
      symbol_ = text;
    }
  }
  if (at != end)
    return wrong_field_count();
  const bar_defect defect = check_bar(out);
  if (defect != bar_defect::none)
    return refuse(defect, line, "0 < low <= open, close <= high, volume >= 0, finite, on a whole minute");
  return row_kind::good;
}

bool csv_bar_reader::is_wanted(std::string_view line) const {
  if (options_.wanted_symbol.empty() || symbol_position_ == no_symbol_column)
    return true;
  for (std::size_t i = 0; i < symbol_position_; ++i) {
    const std::size_t comma = line.find(',');
    if (comma == std::string_view::npos)
      return true; // too few fields to tell whose row it is: let it be refused and counted
    line.remove_prefix(comma + 1);
  }
  return line.substr(0, line.find(',')) == options_.wanted_symbol;
}

bool csv_bar_reader::next_row(bar& out, bool only_label) {
  std::string_view line;
  while (lines_.next(line)) {
    if (line.empty() || !is_wanted(line))
      continue;
    const row_kind kind = read_row(line, out, only_label);
    ++counts_.rows;
    if (kind == row_kind::before_start)
      ++counts_.skipped;
    else if (kind == row_kind::good)
      return true;
  }
  return false;
}

bool csv_bar_reader::next(bar& out) {
  return next_row(out, false);
}

bool csv_bar_reader::next_label(time_ms& label) {
  bar row;
  if (!next_row(row, true))
    return false;
  label = row.label;
  return true;
}

} // namespace sentio
