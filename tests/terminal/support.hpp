// What the tests of the lines share.
#pragma once

#include "tests/support/test.hpp"
#include "tests/terminal/messages.hpp"
#include "tools/sentio-monitor/desk.hpp"
#include "tools/sentio-monitor/safe_text.hpp"

#include <string>
#include <vector>

namespace sentio::test {

/// A view that looks at desk-1 and has seen history and snapshot at time 1000.
inline terminal_view watching_view() {
  terminal_view view;
  view.take(hello().dump(), 1'000);
  view.choose("desk-1");
  view.take(history().dump(), 1'000);
  view.take(snapshot().dump(), 1'000);
  return view;
}

inline desk connected_desk(bool has_key = false) {
  desk made("localhost:7443", has_key);
  made.set_link({true, "connected", 0});
  return made;
}

inline std::string text_of(const std::vector<styled_line>& lines) {
  std::string out;
  for (const auto& line : lines)
    out += line.text() + "\n";
  return out;
}

inline bool shows(const std::vector<styled_line>& lines, const std::string& part) {
  if (text_of(lines).find(part) != std::string::npos)
    return true;
  CAF_MESSAGE("not found: " << part << "\nin:\n" << text_of(lines));
  return false;
}

/// Empty when the lines fill the screen exactly and hold nothing that could move a cursor.
inline std::string flaw_of(const std::vector<styled_line>& lines, std::size_t width, std::size_t height) {
  if (lines.size() != height)
    return std::to_string(lines.size()) + " lines instead of " + std::to_string(height);
  for (const auto& line : lines) {
    const std::string text = line.text();
    if (columns_of(text) != width)
      return std::to_string(columns_of(text)) + " columns instead of " + std::to_string(width) + ": " + text;
    if (safe_text(text, text.size()) != text)
      return "unsafe: " + text;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const auto byte = static_cast<unsigned char>(text[i]);
      const bool c1 = byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
      if (byte < 0x20 || byte == 0x7F || c1)
        return "a control character: " + text;
    }
    for (const char c : line.in_ascii().text())
      if (c < 0x20 || c > 0x7E)
        return "not ASCII: " + text;
  }
  return {};
}

} // namespace sentio::test
