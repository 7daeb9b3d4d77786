// The terminal itself, by ncurses. Nothing here knows what the lines mean.
#pragma once

#include "tools/sentio-monitor/styled_text.hpp"

#include <chrono>
#include <cstdint>
#include <vector>

namespace sentio {

/// One at a time in a process. The terminal is as it was before when this ends, also when the process is
/// brought down by a fault.
class curses_screen {
public:
  /// `ascii`: draws no character beyond ASCII; so it does where the locale has no UTF-8. Throws
  /// std::runtime_error when the terminal is of no known kind.
  explicit curses_screen(bool ascii);
  curses_screen(const curses_screen&) = delete;
  curses_screen& operator=(const curses_screen&) = delete;
  ~curses_screen();

  std::size_t width() const;
  std::size_t height() const;
  void draw(const std::vector<styled_line>& lines);
  /// The next key, or key::none after `patience`, at a change of size or at a signal.
  std::uint32_t read_key(std::chrono::milliseconds patience);
  /// The terminal is gone: nobody will ever press a key again.
  bool is_gone() const { return gone_; }

private:
  void* terminal_ = nullptr; ///< ncurses' SCREEN; its header's macros stay out of ours
  bool ascii_ = false;
  bool gone_ = false;
};

} // namespace sentio
