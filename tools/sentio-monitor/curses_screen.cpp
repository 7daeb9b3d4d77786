#include "tools/sentio-monitor/curses_screen.hpp"

#include "tools/sentio-monitor/desk.hpp"

#include <array>
#include <clocale>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <langinfo.h>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <termios.h>
#include <unistd.h>
#include <utility>

#define NCURSES_NOMACROS
#include <curses.h>

namespace sentio {

namespace {

// What a handler of a fatal signal needs: only calls that are safe there.
termios before{};
std::array<char, 256> leave_text{};
std::size_t leave_size = 0;

extern "C" void leave_and_fall(int signal_number) {
  constexpr char sentence[] =
      "\r\nsentio-monitor: fell over a fault of its own or a message of the hub; start it "
      "again, and look at the hub if it repeats\r\n";
  [[maybe_unused]] auto ignored = write(STDOUT_FILENO, leave_text.data(), leave_size);
  tcsetattr(STDIN_FILENO, TCSANOW, &before);
  ignored = write(STDERR_FILENO, sentence, sizeof sentence - 1);
  raise(signal_number); // the handler is gone: this ends the process as it would have ended
}

/// The terminal's words for "normal screen, visible cursor, no colours", without the paddings of old ones.
void prepare_leaving() {
  std::string text;
  for (const char* name : {"sgr0", "cnorm", "rmcup"}) {

    const char* given = tigetstr(name);
    if (given && given != reinterpret_cast<const char*>(-1) && !std::strchr(given, '$'))
      text += given;
  }
  leave_size = std::min(text.size(), leave_text.size());
  std::memcpy(leave_text.data(), text.data(), leave_size);
  struct sigaction action {};
  action.sa_handler = leave_and_fall;
  action.sa_flags = static_cast<int>(SA_RESETHAND | static_cast<unsigned>(SA_NODEFER));
  for (const int fatal : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL})
    sigaction(fatal, &action, nullptr);
}

attr_t attribute_of(look style) {
  switch (style) {
  case look::plain:
    return A_NORMAL;
  case look::faint:
    return A_DIM;
  case look::strong:
    return A_BOLD;
  case look::heading:
    return A_UNDERLINE;
  case look::bar:
    return A_REVERSE;
  case look::good:
    return static_cast<attr_t>(COLOR_PAIR(1));
  case look::warning:
    return static_cast<attr_t>(COLOR_PAIR(2));
  case look::bad:
    return static_cast<attr_t>(COLOR_PAIR(3)) | A_BOLD;
  }
  return A_NORMAL;
}

std::uint32_t key_of(wint_t code) {
  switch (code) {
  case KEY_UP:
    return key::up;
  case KEY_DOWN:
    return key::down;
  case KEY_LEFT:
    return key::left;
  case KEY_RIGHT:
    return key::right;
  case KEY_PPAGE:
    return key::page_up;
  case KEY_NPAGE:
    return key::page_down;
  case KEY_HOME:
    return key::home;
  case KEY_END:
    return key::end;
  case KEY_BTAB:
    return key::back_tab;
  case KEY_ENTER:
    return key::enter;
  case KEY_BACKSPACE:
    return key::erase;
  default:
    return key::none; // a change of size is one of these
  }
}

} // namespace

curses_screen::curses_screen(bool ascii) {
  std::setlocale(LC_CTYPE, "");
  ascii_ = ascii || std::strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
  tcgetattr(STDIN_FILENO, &before);
  SCREEN* const made = newterm(nullptr, stdout, stdin);
  if (!made)
    throw std::runtime_error("the kind of this terminal is not known; set TERM to one that is, as in "
                             "TERM=xterm, or use --once --json");
  terminal_ = made;
  set_term(made);
  prepare_leaving();
  cbreak();
  noecho();
  nonl();
  keypad(stdscr, TRUE);
  // A terminal that does not follow the request for application keys sends these.
  for (const auto& [sent, code] : {std::pair{"\x1b[A", KEY_UP}, std::pair{"\x1b[B", KEY_DOWN},
                                   std::pair{"\x1b[C", KEY_RIGHT}, std::pair{"\x1b[D", KEY_LEFT}})
    define_key(sent, code);
  nodelay(stdscr, TRUE);
  set_escdelay(25);
  curs_set(0);
  if (has_colors()) {
    start_color();
    const short background = use_default_colors() == OK ? short{-1} : short{COLOR_BLACK};
    init_pair(1, COLOR_GREEN, background);
    init_pair(2, COLOR_YELLOW, background);
    init_pair(3, COLOR_RED, background);
  }
}

curses_screen::~curses_screen() {
  endwin();
  delscreen(static_cast<SCREEN*>(terminal_));
  for (const int fatal : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL})
    std::signal(fatal, SIG_DFL);
}

std::size_t curses_screen::width() const {
  return static_cast<std::size_t>(getmaxx(stdscr));
}

std::size_t curses_screen::height() const {
  return static_cast<std::size_t>(getmaxy(stdscr));
}

void curses_screen::draw(const std::vector<styled_line>& lines_to_draw) {
  werase(stdscr);
  for (std::size_t row = 0; row < lines_to_draw.size() && row < height(); ++row) {
    const styled_line line = ascii_ ? lines_to_draw[row].in_ascii() : lines_to_draw[row];
    wmove(stdscr, static_cast<int>(row), 0);
    for (const auto& piece : line.pieces()) {
      wattrset(stdscr, static_cast<int>(attribute_of(piece.style) | (line.marked ? A_REVERSE : A_NORMAL)));
      waddnstr(stdscr, piece.text.c_str(), -1);
    }
  }
  wattrset(stdscr, A_NORMAL);
  wrefresh(stdscr);
}

std::uint32_t curses_screen::read_key(std::chrono::milliseconds patience) {
  wint_t code = 0;
  int kind = wget_wch(stdscr, &code);
  if (kind == ERR) {
    pollfd waiting{STDIN_FILENO, POLLIN, 0};
    const int ready = poll(&waiting, 1, static_cast<int>(patience.count()));
    if (ready > 0 && (waiting.revents & (POLLHUP | POLLERR | POLLNVAL))) {
      gone_ = true;
      return key::none;
    }
    // Also when nothing came: a change of size is known to ncurses only once it is asked for a key.
    kind = wget_wch(stdscr, &code);
    if (kind == ERR)
      return key::none;
  }
  if (kind == KEY_CODE_YES)
    return key_of(code);
  return code == '\r' ? key::enter : static_cast<std::uint32_t>(code);
}

} // namespace sentio
