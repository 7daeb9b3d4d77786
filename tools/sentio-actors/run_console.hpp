// What a long command shows and hears while it works: a progress bar, and Ctrl-C.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace sentio {

/// SIGINT and SIGTERM only set a flag; the run looks at it between two steps.
void watch_for_interrupts();
bool interrupted();
/// From now on only the next signal counts.
void forget_interrupts();
/// The kill switch of a live session: SIGUSR1 sets a flag too.
void watch_for_kill_switch();
/// Whether it was pulled since the last call.
bool kill_switch_pulled();

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
