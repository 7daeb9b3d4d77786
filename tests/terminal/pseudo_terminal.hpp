// A terminal for the program: a pseudo-terminal, and what a VT100 would show of what is written to it.
#pragma once

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <poll.h>
#include <pty.h>
#include <stdexcept>
#include <string>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace sentio::test {

/// The few orders of a VT100 that ncurses uses.
class vt100_screen {
public:
  vt100_screen(std::size_t width, std::size_t height) { resize(width, height); }

  void resize(std::size_t width, std::size_t height) {
    width_ = width;
    cells_.assign(height, std::string(width, ' '));
    row_ = column_ = 0;
  }
  void take(char c) {
    if (!order_.empty())
      return take_order(c);
    if (c == '\x1b')
      order_ = "\x1b";
    else if (c == '\r')
      column_ = 0;
    else if (c == '\n')
      row_ = std::min(row_ + 1, cells_.size() - 1);
    else if (c == '\b')
      column_ -= column_ > 0 ? 1 : 0;
    else if (c >= ' ' && c <= '~')
      put(c);
    else if (c != '\0' && c != '\x0e' && c != '\x0f')
      ++strange_; // a byte that moves cursors or rings bells, or is none of ASCII
  }
  std::string text() const {
    std::string out;
    for (const auto& line : cells_)
      out += line + "\n";
    return out;
  }
  /// Bytes and orders that were not understood.
  int strange() const { return strange_; }

private:
  void put(char c) {
    if (column_ >= width_)
      return;
    cells_[row_][column_++] = c;
  }
  void take_order(char c) {
    order_ += c;
    if (order_.size() == 2 && (c == '[' || c == '(' || c == ')'))
      return;
    if (order_[1] == '[' && (c < '@' || c > '~'))
      return;
    if (order_[1] == '[')
      obey(c);
    else if (order_[1] != '(' && order_[1] != ')' && order_[1] != '>' && order_[1] != '=' &&
             order_[1] != '7' && order_[1] != '8')
      ++strange_;
    order_.clear();
  }
  void obey(char last) {
    std::array<std::size_t, 2> given{0, 0};
    std::size_t which = 0;
    for (const char c : order_.substr(2, order_.size() - 3)) {
      if (c == ';')
        which = std::min<std::size_t>(which + 1, 1);
      else if (c >= '0' && c <= '9')
        given[which] = given[which] * 10 + static_cast<std::size_t>(c - '0');
    }
    const std::size_t count = std::max<std::size_t>(given[0], 1);
    switch (last) {
    case 'H':
      row_ = std::min(count, cells_.size()) - 1;
      column_ = std::min(std::max<std::size_t>(given[1], 1), width_) - 1;
      break;
    case 'A':
      row_ -= std::min(row_, count);
      break;
    case 'B':
      row_ = std::min(row_ + count, cells_.size() - 1);
      break;
    case 'C':
      column_ = std::min(column_ + count, width_ - 1);
      break;
    case 'D':
      column_ -= std::min(column_, count);
      break;
    case 'K':
      given[0] == 0 ? clear(row_, column_, width_) : clear(row_, 0, given[0] == 1 ? column_ + 1 : width_);
      break;
    case 'J':
      clear(row_, given[0] == 2 ? 0 : column_, width_);
      for (std::size_t row = given[0] == 2 ? 0 : row_ + 1; row < cells_.size(); ++row)
        clear(row, 0, width_);
      break;
    case 'm':
    case 'r':
    case 'h':
    case 'l':
      break;
    default:
      ++strange_;
    }
  }
  void clear(std::size_t row, std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i)
      cells_[row][i] = ' ';
  }

  std::size_t width_ = 0;
  std::vector<std::string> cells_;
  std::size_t row_ = 0, column_ = 0;
  std::string order_;
  int strange_ = 0;
};

/// A program in a terminal of its own.
class terminal_run {
public:
  terminal_run(std::vector<std::string> arguments, std::size_t width, std::size_t height)
      : screen_(width, height) {
    winsize size{static_cast<unsigned short>(height), static_cast<unsigned short>(width), 0, 0};
    const pid_t child = forkpty(&terminal_, nullptr, nullptr, &size);
    if (child < 0)
      throw std::runtime_error("no pseudo-terminal");
    if (child == 0) {
      setenv("TERM", "vt100", 1);
      setenv("LC_ALL", "C", 1);
      unsetenv("LINES");
      unsetenv("COLUMNS");
      std::vector<char*> words;
      for (auto& argument : arguments)
        words.push_back(argument.data());
      words.push_back(nullptr);
      execv(words[0], words.data());
      _exit(127);
    }
    child_ = child;
  }
  terminal_run(const terminal_run&) = delete;
  terminal_run& operator=(const terminal_run&) = delete;
  ~terminal_run() {
    if (child_ > 0) {
      ::kill(child_, SIGKILL);
      waitpid(child_, nullptr, 0);
    }
    close(terminal_);
  }

  /// Reads until the screen shows the text; false when it does not within ten seconds.
  bool wait_for(const std::string& part, std::chrono::milliseconds patience = std::chrono::seconds(10)) {
    const auto limit = std::chrono::steady_clock::now() + patience;
    while (std::chrono::steady_clock::now() < limit) {
      if (screen_.text().find(part) != std::string::npos)
        return true;
      read_some();
    }
    return false;
  }
  void press(const std::string& keys) {
    if (write(terminal_, keys.data(), keys.size()) != static_cast<ssize_t>(keys.size()))
      throw std::runtime_error("the pseudo-terminal takes no keys");
  }
  void resize(std::size_t width, std::size_t height) {
    screen_.resize(width, height);
    winsize size{static_cast<unsigned short>(height), static_cast<unsigned short>(width), 0, 0};
    ioctl(terminal_, TIOCSWINSZ, &size); // sends SIGWINCH
  }
  void signal(int number) { ::kill(child_, number); }
  /// The exit code, 128 + signal, or -1 when the program does not end within ten seconds.
  int end() {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (std::chrono::steady_clock::now() < limit) {
      int status = 0;
      if (waitpid(child_, &status, WNOHANG) == child_) {
        child_ = -1;
        while (read_some()) {
        }
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
      }
      read_some();
    }
    return -1;
  }
  /// Does the terminal echo and gather lines, as a shell wants it?
  bool is_as_before() const {
    termios now{};
    return tcgetattr(terminal_, &now) == 0 && (now.c_lflag & ECHO) != 0 && (now.c_lflag & ICANON) != 0;
  }
  const vt100_screen& screen() const { return screen_; }
  const std::string& everything() const { return everything_; }

private:
  bool read_some() {
    pollfd waiting{terminal_, POLLIN, 0};
    if (poll(&waiting, 1, 50) <= 0)
      return false;
    std::array<char, 4096> bytes{};
    const ssize_t count = read(terminal_, bytes.data(), bytes.size());
    if (count <= 0) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10)); // the program has ended
      return false;
    }
    for (ssize_t i = 0; i < count; ++i)
      screen_.take(bytes[static_cast<std::size_t>(i)]);
    everything_.append(bytes.data(), static_cast<std::size_t>(count));
    return true;
  }

  vt100_screen screen_;
  int terminal_ = -1;
  pid_t child_ = -1;
  std::string everything_;
};

inline std::string monitor_program() {
  const auto path = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "sentio-monitor";
  if (!std::filesystem::exists(path))
    throw std::runtime_error("no program at " + path.string() + "; build sentio-monitor");
  return path.string();
}

} // namespace sentio::test
