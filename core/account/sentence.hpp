// Reasons and alerts: text built quickly and with the same bytes on every machine.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace sentio {

/// Appends text and numbers to one string. Several are built per round, so no stream and no locale.
class sentence {
public:
  sentence() { text_.reserve(64); }

  sentence& operator<<(std::string_view part) {
    text_.append(part);
    return *this;
  }
  template <std::integral T>
  sentence& operator<<(T value) {
    return append_integer(static_cast<std::int64_t>(value));
  }
  /// `places` decimals (0 ... 6), half away from zero; "-0.00" is never written.
  sentence& fixed(double value, int places);
  /// A threshold or strength: two decimals, or four when two would hide it (legacy strengths are near 0.01).
  sentence& strength(double value);
  /// A fraction as a percentage with two decimals: 0.0155 gives "1.55%".
  sentence& percent(double fraction) { return fixed(fraction * 100, 2) << "%"; }

  std::string take() { return std::move(text_); }

private:
  sentence& append_integer(std::int64_t value);
  std::string text_;
};

} // namespace sentio
