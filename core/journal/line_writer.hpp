// Builds one JSON object at the end of a string, without temporary strings.
#pragma once

#include "core/account/money.hpp"
#include "core/numeric/number_text.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace sentio {

void append_json_text(std::string& out, std::string_view text);

/// Keys are literals of our own and need no escaping. Every call appends ,"key":value.
class line_writer {
public:
  explicit line_writer(std::string& out) : out_(out) { out_ += '{'; }

  void text(std::string_view key, std::string_view value) {
    name(key);
    append_json_text(out_, value);
  }
  /// Text known to need no escaping: symbols, dates, names of rules.
  void word(std::string_view key, std::string_view value) {
    name(key);
    out_ += '"';
    out_.append(value);
    out_ += '"';
  }
  void integer(std::string_view key, std::int64_t value) {
    name(key);
    append_integer(value);
  }
  void number(std::string_view key, double value) {
    name(key);
    append_number(value);
  }
  void decimal(std::string_view key, money value) {
    name(key);
    char room[number_text_room];
    out_.append(room, write_micros(room, value.micros));
  }
  void boolean(std::string_view key, bool value) {
    name(key);
    out_.append(value ? "true" : "false");
  }
  template <class Range>
  void numbers(std::string_view key, const Range& values) {
    name(key);
    out_ += '[';
    bool first = true;
    for (const double value : values) {
      if (!first)
        out_ += ',';
      first = false;
      append_number(value);
    }
    out_ += ']';
  }
  /// Starts a nested value; the caller appends it.
  std::string& nested(std::string_view key) {
    name(key);
    return out_;
  }
  void end_object() { out_ += '}'; }
  void end_line() { out_.append("}\n"); }

private:
  void name(std::string_view key) {
    out_.append(empty_ ? "\"" : ",\"");
    empty_ = false;
    out_.append(key);
    out_.append("\":");
  }
  void append_integer(std::int64_t value) {
    char room[number_text_room];
    out_.append(room, write_int(room, value));
  }
  void append_number(double value) {
    char room[number_text_room];
    out_.append(room, write_g9(room, value));
  }

  std::string& out_;
  bool empty_ = true;
};

} // namespace sentio
