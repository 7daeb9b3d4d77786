#include "core/tape/sinks.hpp"

#include "core/numeric/hash.hpp"
#include "core/tape/tape_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace sentio {
namespace {

template <class Range, class Append>
void append_list(std::string& out, const Range& values, Append append) {
  out += '[';
  bool first = true;
  for (const auto& value : values) {
    if (!first)
      out += ',';
    first = false;
    append(value);
  }
  out += ']';
}

/// As it is when it is one plain word, else quoted: a line must stay a line, whatever a tape says.
void append_word(std::string& out, std::string_view word) {
  const auto is_plain = [](char c) { return c > ' ' && c < 0x7f && c != '"'; };
  if (!word.empty() && std::all_of(word.begin(), word.end(), is_plain))
    out.append(word);
  else
    append_json_text(out, word);
}

std::string size_and_checksum(std::string_view bytes) {
  return fmt::format("{} bytes, crc32 {:08x}", bytes.size(), crc32(bytes));
}

} // namespace

std::string symbol_name(std::span<const std::string> names, symbol_index symbol) {
  return symbol < names.size() ? names[symbol] : "#" + std::to_string(symbol);
}

std::string& text_sink::begin(std::string_view key) {
  if (!out_.empty() && out_.back() != '{')
    out_ += ' ';
  out_.append(key);
  out_ += '=';
  return out_;
}

void text_sink::text(std::string_view key, std::string_view value) {
  append_json_text(begin(key), value);
}
void text_sink::word(std::string_view key, std::string_view value) {
  append_word(begin(key), value);
}
void text_sink::integer(std::string_view key, std::int64_t value) {
  begin(key).append(std::to_string(value));
}
void text_sink::count(std::string_view key, std::uint64_t value) {
  begin(key).append(std::to_string(value));
}

void text_sink::number(std::string_view key, double value) {
  fmt::format_to(std::back_inserter(begin(key)), "{}", value);
}

void text_sink::numbers(std::string_view key, std::span<const double> values) {
  append_list(begin(key), values,
              [&](double value) { fmt::format_to(std::back_inserter(out_), "{}", value); });
}

void text_sink::decimal(std::string_view key, money value) {
  begin(key).append(to_string(value));
}
void text_sink::flag(std::string_view key, bool value) {
  begin(key).append(value ? "yes" : "no");
}
void text_sink::time(std::string_view key, time_ms value) {
  begin(key).append(utc_text(value));
}

void text_sink::symbol(std::string_view key, symbol_index value) {
  append_word(begin(key), symbol_name(names_, value));
}

void text_sink::symbols(std::string_view key, std::span<const symbol_index> values) {
  append_list(begin(key), values, [&](symbol_index value) { append_word(out_, symbol_name(names_, value)); });
}

void text_sink::words(std::string_view key, std::span<const std::string> values) {
  append_list(begin(key), values, [&](const std::string& value) { append_word(out_, value); });
}

void text_sink::document(std::string_view key, std::string_view value) {
  bytes(key, value);
}

void text_sink::bytes(std::string_view key, std::string_view value) {
  begin(key).append("<").append(size_and_checksum(value)).append(">");
}

void text_sink::rows(std::string_view key, std::size_t size,
                     const std::function<void(std::size_t)>& describe) {
  begin(key) += '[';
  for (std::size_t i = 0; i < size; ++i) {
    out_.append(i == 0 ? "{" : " {");
    describe(i);
    out_ += '}';
  }
  out_ += ']';
}

std::string& json_sink::begin(std::string_view key) {
  out_.append(first_ ? "\"" : ",\"");
  first_ = false;
  out_.append(key).append("\":");
  return out_;
}

/// JSON has no word for what is not finite; a tape that holds such a number must still be shown.
void json_sink::append_number(double value) {
  if (std::isfinite(value))
    fmt::format_to(std::back_inserter(out_), "{}", value);
  else
    fmt::format_to(std::back_inserter(out_), "\"{}\"", value);
}

void json_sink::text(std::string_view key, std::string_view value) {
  append_json_text(begin(key), value);
}
void json_sink::word(std::string_view key, std::string_view value) {
  append_json_text(begin(key), value);
}
void json_sink::integer(std::string_view key, std::int64_t value) {
  begin(key).append(std::to_string(value));
}
void json_sink::count(std::string_view key, std::uint64_t value) {
  begin(key).append(std::to_string(value));
}

void json_sink::number(std::string_view key, double value) {
  begin(key);
  append_number(value);
}

void json_sink::numbers(std::string_view key, std::span<const double> values) {
  append_list(begin(key), values, [&](double value) { append_number(value); });
}

void json_sink::decimal(std::string_view key, money value) {
  begin(key).append(to_string(value));
}
void json_sink::flag(std::string_view key, bool value) {
  begin(key).append(value ? "true" : "false");
}
void json_sink::time(std::string_view key, time_ms value) {
  begin(key).append(std::to_string(value));
}

void json_sink::symbol(std::string_view key, symbol_index value) {
  append_json_text(begin(key), symbol_name(names_, value));
}

void json_sink::symbols(std::string_view key, std::span<const symbol_index> values) {
  append_list(begin(key), values,
              [&](symbol_index value) { append_json_text(out_, symbol_name(names_, value)); });
}

void json_sink::words(std::string_view key, std::span<const std::string> values) {
  append_list(begin(key), values, [&](const std::string& value) { append_json_text(out_, value); });
}

void json_sink::document(std::string_view key, std::string_view value) {
  text(key, value);
}
void json_sink::bytes(std::string_view key, std::string_view value) {
  text(key, size_and_checksum(value));
}

void json_sink::rows(std::string_view key, std::size_t size,
                     const std::function<void(std::size_t)>& describe) {
  begin(key) += '[';
  for (std::size_t i = 0; i < size; ++i) {
    out_.append(i == 0 ? "{" : ",{");
    first_ = true;
    describe(i);
    out_ += '}';
  }
  out_ += ']';
  first_ = false;
}

} // namespace sentio
