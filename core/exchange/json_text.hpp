// JSON written straight into text, for what is sent often. Members are to be added in the order of their names, in
// which nlohmann writes them.
#pragma once

#include "core/exchange/text.hpp"

#include <string>
#include <string_view>

namespace sentio::venue {

/// A JSON document as text; what is no UTF-8 is replaced.
std::string dumped(const json& value);
/// A text with its quotes.
void append_text(std::string& out, std::string_view text);
/// A price or a volume: six decimals at most, and no last bits of doubles.
void append_price(std::string& out, double value);
/// "a,b" for the two parts; either may be empty.
void append_element(std::string& list, std::string_view element);

/// An object, member by member.
class object_text {
public:
  object_text() { out_.reserve(256); }

  object_text& text(std::string_view name, std::string_view value) {
    append_text(member(name), value);
    return *this;
  }
  object_text& text_or_null(std::string_view name, std::string_view value) {
    return value.empty() ? ready(name, "null") : text(name, value);
  }
  object_text& price(std::string_view name, double value) {
    append_price(member(name), value);
    return *this;
  }
  object_text& whole(std::string_view name, std::int64_t value) {
    member(name) += std::to_string(value);
    return *this;
  }
  /// An integer count of 10^-places, as a text.
  object_text& decimal(std::string_view name, std::int64_t value, int places) {
    auto& out = member(name);
    out += '"';
    append_decimal(out, value, places);
    out += '"';
    return *this;
  }
  object_text& flag(std::string_view name, bool value) { return ready(name, value ? "true" : "false"); }
  object_text& null(std::string_view name) { return ready(name, "null"); }
  /// A value that is JSON already.
  object_text& ready(std::string_view name, std::string_view value) {
    member(name) += value;
    return *this;
  }
  std::string take() {
    out_ += out_.empty() ? "{}" : "}";
    return std::move(out_);
  }

private:
  std::string& member(std::string_view name) {
    out_ += out_.empty() ? '{' : ',';
    out_ += '"';
    out_ += name;
    out_ += "\":";
    return out_;
  }

  std::string out_;
};

} // namespace sentio::venue
