#include "core/market/csv_reader.hpp"

#include "core/market/calendar.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace sentio {

namespace {

constexpr std::size_t messages_kept = 5;

/// Shown to whoever has another header. Any order will do, and any mixture of their columns.
constexpr std::array<std::string_view, 7> headers{
    "ts_utc,ts_nyt_epoch,open,high,low,close,volume",
    "timestamp,open,high,low,close,volume",
    "timestamp,open,high,low,close,volume,bar_id",
    "timestamp,symbol,open,high,low,close,volume",
    "symbol,timestamp,open,high,low,close,volume,trade_count,vwap (alpaca-py)",
    "ticker,volume,open,close,high,low,window_start,transactions (Polygon's flat files)",
    "Datetime,Open,High,Low,Close,Adj Close,Volume (yfinance)",
};

/// Names of times, the most trusted first: in old files ts_utc is local time.
constexpr std::array<std::string_view, 5> time_names{"ts_nyt_epoch", "timestamp", "window_start", "datetime",
                                                     "ts_utc"};
constexpr std::array<std::string_view, 2> symbol_names{"symbol", "ticker"};
constexpr std::array<std::string_view, 5> value_names{"open", "high", "low", "close", "volume"};
/// Known and of no use here. Prices stay as they were traded, so adjusted closes are passed over.
constexpr std::array<std::string_view, 8> passed_over{
    "bar_id", "trade_count", "vwap", "transactions", "adjclose", "dividends", "stocksplits", "capitalgains"};

template <class Names>
bool is_among(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

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

std::string excerpt(std::string_view text) {
  std::string shown;
  for (const char letter : text.substr(0, 80))
    shown += letter >= ' ' && letter <= '~' ? letter : '?';
  return text.size() > 80 ? shown + "..." : shown;
}

constexpr std::string_view around = " \t\"";

/// Without the spaces and quotes around it.
std::string_view bare(std::string_view text) {
  const auto first = text.find_first_not_of(around);
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(around) - first + 1);
}

std::string expectation(bar_defect defect, std::size_t fields) {
  switch (defect) {
  case bar_defect::wrong_field_count:
    return std::to_string(fields) + " fields, as in the header";
  case bar_defect::malformed_timestamp:
    return "epoch seconds, milliseconds or nanoseconds, or ISO-8601 with an offset or Z";
  case bar_defect::malformed_number:
    return "decimal numbers for open, high, low, close and volume";
  default:
    return "0 < low <= open, close <= high, volume >= 0, finite, on a whole minute";
  }
}

constexpr time_ms day_ms = 24 * 60 * minute_ms;

/// Milliseconds since the midnight of its UTC day.
time_ms time_of_day(time_ms at) {
  return (at % day_ms + day_ms) % day_ms;
}

civil_date utc_date(time_ms at) {
  return date_from_days((at - time_of_day(at)) / day_ms);
}

std::string utc_text(time_ms at) {
  const auto minute = time_of_day(at) / minute_ms;
  const auto two = [](time_ms value) { return (value < 10 ? "0" : "") + std::to_string(value); };
  return to_string(utc_date(at)) + ' ' + two(minute / 60) + ':' + two(minute % 60) + " UTC";
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
  read_columns(line);
  const auto count = [&](column role) { return std::count(columns_.begin(), columns_.end(), role); };
  bool good = count(column::time) == 1 && count(column::second_time) <= 1 && count(column::symbol) <= 1;
  for (const auto role : {column::open, column::high, column::low, column::close, column::volume})
    good = good && count(role) == 1;
  for (const auto& name : split(line))
    good = good && (is_among(time_names, name) || is_among(symbol_names, name) ||
                    is_among(value_names, name) || is_among(passed_over, name));
  if (!good)
    throw data_error(file().string() + ":1: found the header \"" + excerpt(line) + "\"; it should be one of" +
                     allowed);
  leading_columns_ = static_cast<std::size_t>(1 + count(column::second_time) + count(column::symbol));
}

void csv_bar_reader::read_columns(std::string_view header) {
  const auto names = split(header);
  const auto trusted = std::find_if(time_names.begin(), time_names.end(),
                                    [&](std::string_view name) { return is_among(names, name); });
  for (const auto& name : names) {
    column role = column::ignored;
    if (trusted != time_names.end() && name == *trusted) {
      role = column::time;
      time_name_ = name;
    } else if (is_among(time_names, name)) {
      role = column::second_time;
      second_time_name_ = name;
    } else if (is_among(symbol_names, name)) {
      role = column::symbol;
      symbol_position_ = columns_.size();
    } else if (const auto value = std::find(value_names.begin(), value_names.end(), name);
               value != value_names.end()) {
      role = static_cast<column>(static_cast<std::ptrdiff_t>(column::open) + (value - value_names.begin()));
    }
    columns_.push_back(role);
  }
}

csv_bar_reader::row_kind csv_bar_reader::bad_row(bar_defect defect, std::string_view field) {
  defect_ = defect;
  defect_field_ = field;
  return row_kind::bad;
}

void csv_bar_reader::refuse() {
  counts_.bad.add(defect_);
  if (!options_.strict && messages_.size() >= messages_kept)
    return;
  std::string message = file().string() + ":" + std::to_string(line_number()) + ": " +
                        std::string(to_string(defect_)) + ", found \"" + excerpt(defect_field_) +
                        "\"; expected " + expectation(defect_, columns_.size());
  if (options_.strict)
    throw data_error(message);
  messages_.push_back(std::move(message));
}

/// False when the two times of the row at hand are not to be understood; throws when they contradict each
/// other.
bool csv_bar_reader::compare_times(time_ms label) {
  const std::string_view text = second_time_text_;
  time_ms other = 0;
  if (text.empty()) // nothing that could contradict
    return true;
  std::string reading;
  if (second_time_column_.parse(text, other)) {
    if (other == label)
      return true;
    reading = utc_text(other);
  } else if (parse_iso_timestamp(std::string(text) + 'Z', other)) {
    const auto minute = static_cast<int>(time_of_day(other) / minute_ms);
    const time_ms local = new_york_to_utc(utc_date(other), minute / 60, minute % 60) + other % minute_ms;
    if (other == label || local == label)
      return true;
    reading = utc_text(other) + ", or " + utc_text(local) + " if it is New York time";
  } else {
    return false;
  }
  throw data_error(file().string() + ":" + std::to_string(line_number()) +
                   ": the two times of this row contradict each other: " + time_name_ + " \"" +
                   excerpt(time_text_) + "\" is " + utc_text(label) + ", " + second_time_name_ + " \"" +
                   excerpt(text) + "\" is " + reading +
                   "; find out which one is right, and correct or delete the other column");
}

/// A time or the symbol; false when a time is malformed.
bool csv_bar_reader::read_leading_field(column role, std::string_view text, bar& out) {
  switch (role) {
  case column::time:
    time_text_ = text;
    return time_column_.parse(text, out.label);
  case column::second_time:
    second_time_text_ = text;
    return true;
  default:
    if (text != symbol_)
      symbol_ = bare(text);
    return true;
  }
}

csv_bar_reader::row_kind csv_bar_reader::read_row(std::string_view line, bar& out, bool only_label) {
  const char* at = line.data();
  const char* const end = at + line.size();
  double* const values[] = {&out.open, &out.high, &out.low, &out.close, &out.volume};
  std::size_t leading = 0;
  bool first = true;
  for (const column role : columns_) {
    if (!first) {
      if (at == end)
        return bad_row(bar_defect::wrong_field_count, line);
      ++at; // the comma
    }
    first = false;
    const char* const field = at;
    if (role >= column::open) {
      const auto slot = static_cast<std::size_t>(role) - static_cast<std::size_t>(column::open);
      if (only_label) {
        const void* const comma = std::memchr(at, ',', static_cast<std::size_t>(end - at));
        at = comma ? static_cast<const char*>(comma) : end;
      } else if (!take_decimal(at, end, *values[slot])) {
        return bad_row(bar_defect::malformed_number, line);
      }
      continue;
    }
    const void* const comma = std::memchr(at, ',', static_cast<std::size_t>(end - at));
    at = comma ? static_cast<const char*>(comma) : end;
    if (role == column::ignored)
      continue;
    const std::string_view text(field, static_cast<std::size_t>(at - field));
    if (!read_leading_field(role, text, out))
      return bad_row(bar_defect::malformed_timestamp, text);
    if (++leading != leading_columns_)
      continue;
    if (!second_time_name_.empty() && !compare_times(out.label))
      return bad_row(bar_defect::malformed_timestamp, second_time_text_);
    if (out.label < options_.skip_before)
      return row_kind::before_start;
    if (only_label)
      return row_kind::good;
  }
  if (at != end)
    return bad_row(bar_defect::wrong_field_count, line);
  const bar_defect defect = admit_bar(out);
  return defect == bar_defect::none ? row_kind::good : bad_row(defect, line);
}

/// Once more without quotes and the spaces around fields; a comma within quotes stays in its field.
csv_bar_reader::row_kind csv_bar_reader::read_untidy_row(std::string_view line, bar& out, bool only_label) {
  if (line.find_first_of(around) == std::string_view::npos)
    return row_kind::bad;
  std::string plain(line);
  bool quoted = false;
  for (char& letter : plain) {
    quoted = quoted != (letter == '"');
    if (quoted && letter == ',')
      letter = ';';
  }
  tidied_.clear();
  for (std::string_view rest = plain;;) {
    const auto comma = rest.find(',');
    tidied_ += bare(rest.substr(0, comma));
    if (comma == std::string_view::npos)
      break;
    tidied_ += ',';
    rest.remove_prefix(comma + 1);
  }
  return read_row(tidied_, out, only_label);
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
  const std::string_view field = line.substr(0, line.find(','));
  return field == options_.wanted_symbol || bare(field) == options_.wanted_symbol;
}

bool csv_bar_reader::next_row(bar& out, bool only_label) {
  std::string_view line;
  while (lines_.next(line)) {
    if (line.empty() || !is_wanted(line))
      continue;
    row_kind kind = read_row(line, out, only_label);
    if (kind == row_kind::bad)
      kind = read_untidy_row(line, out, only_label);
    ++counts_.rows;
    if (kind == row_kind::bad)
      refuse();
    else if (kind == row_kind::before_start)
      ++counts_.skipped;
    else
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
