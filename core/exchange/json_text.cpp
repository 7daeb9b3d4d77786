#include "core/exchange/json_text.hpp"

#include <algorithm>
#include <cmath>

namespace sentio::venue {

std::string dumped(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

void append_text(std::string& out, std::string_view text) {
  const bool plain = std::all_of(text.begin(), text.end(),
                                 [](char c) { return c >= ' ' && c < '\x7f' && c != '"' && c != '\\'; });
  if (!plain) {
    out += dumped(json(text));
    return;
  }
  out += '"';
  out += text;
  out += '"';
}

void append_price(std::string& out, double value) {
  const double millionths = std::round(value * 1e6);
  if (!(std::abs(millionths) < 9e15)) // beyond it not every whole number is a double
    out += dumped(number(millionths / 1e6));
  else
    append_decimal(out, static_cast<std::int64_t>(millionths), 6);
}

void append_element(std::string& list, std::string_view element) {
  if (!list.empty() && !element.empty())
    list += ',';
  list += element;
}

} // namespace sentio::venue
