// What a long command shows and hears while it works: lines, a progress bar, and signals.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace sentio {

/// SIGINT, SIGTERM, SIGHUP and SIGQUIT only set a flag; the run looks at it between two steps. A SIGHUP that
/// was ignored from the start (nohup) stays so. Whoever has asked twice and asks again two seconds later ends
/// the process where it stands, also one that is stuck.
void watch_for_interrupts();
bool interrupted();
/// "SIGTERM", or "Ctrl-C" for SIGINT; of the last one that counted.
const char* interrupt_name();
/// From now on only the next signal counts. SIGHUP does not any more: a terminal that closes sends several.
void forget_interrupts();
/// The kill switch of a live session: SIGUSR1 sets a flag too.
void watch_for_kill_switch();
/// Whether it was pulled since the last call.
bool kill_switch_pulled();
/// Signals that would end or stop a process and mean nothing to this one (SIGUSR2, SIGALRM, SIGPIPE, Ctrl-Z
/// and the like) do neither.
void ignore_other_signals();

/// From now on nothing in this process waits for whoever reads its standard output and error: both have a
/// bounded queue and a thread of their own. For commands that hold shares.
void speak_without_waiting();
/// A line on standard error.
void say_line(const std::string& text);
/// Text on standard output, behind what was said so far.
void print_text(const std::string& text);
/// As printf on standard output and on standard error, in plain text: whoever named a file, a symbol or an
/// error moves no cursor (plain_text.hpp).
[[gnu::format(printf, 1, 2)]] void print(const char* format, ...);
[[gnu::format(printf, 1, 2)]] void print_error(const char* format, ...);
struct console_counts {
  std::uint64_t dropped = 0; ///< texts that nobody will see, since they were not read in time
  std::uint64_t waiting = 0;
};
/// All 0 for a command that waits for its reader.
console_counts console_state();
/// Gives what was said the chance to be seen, and waits no longer than this for a reader that takes nothing.
void drain_console(std::chrono::milliseconds patience);
/// At the end of the process: waits for the readers, but not for ever, and not after a signal. False when
/// standard output could not be written whole.
bool finish_console();

/// A bar on standard error, drawn at most ten times a second, and only when that is a terminal.
class progress_bar {
public:
  progress_bar(std::string what, std::uint64_t total, bool wanted);
  ~progress_bar() { clear(); }
  progress_bar(const progress_bar&) = delete;
  progress_bar& operator=(const progress_bar&) = delete;

  /// `note` stands behind the bar, for example the date at work.
  void show(std::uint64_t done, const std::string& note);
  /// Removes the bar from the screen.
  void clear();

private:
  std::string what_;
  std::uint64_t total_;
  bool active_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point last_{};
};

} // namespace sentio
