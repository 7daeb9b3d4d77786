#include "tools/sentio-actors/run_console.hpp"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <unistd.h>

namespace sentio {

namespace {

volatile std::sig_atomic_t interrupt_seen = 0;
volatile std::sig_atomic_t kill_switch_seen = 0;

extern "C" void note_interrupt(int) {
  interrupt_seen = 1;
}
extern "C" void note_kill_switch(int) {
  kill_switch_seen = 1;
}

} // namespace

void watch_for_interrupts() {
  std::signal(SIGINT, note_interrupt);
  std::signal(SIGTERM, note_interrupt);
}

void forget_interrupts() {
  interrupt_seen = 0;
}

bool interrupted() {
  return interrupt_seen != 0;
}

void watch_for_kill_switch() {
  std::signal(SIGUSR1, note_kill_switch);
}

bool kill_switch_pulled() {
  const bool pulled = kill_switch_seen != 0;
  if (pulled)
    kill_switch_seen = 0;
  return pulled;
}

progress_bar::progress_bar(std::string what, std::uint64_t total, bool wanted)
    : what_(std::move(what)), total_(std::max<std::uint64_t>(total, 1)),
      active_(wanted && isatty(STDERR_FILENO)) {}

void progress_bar::show(std::uint64_t done, const std::string& note) {
  if (!active_)
    return;
  const auto now = std::chrono::steady_clock::now();
  if (drawn_ && now - last_ < std::chrono::milliseconds(100))
    return;
  last_ = now;
  drawn_ = true;
  constexpr std::uint64_t width = 30;
  const auto filled = std::min(width, done * width / total_);
  std::fprintf(stderr, "\r%s [%s%s] %3u %%  %s\033[K", what_.c_str(), std::string(filled, '#').c_str(),
               std::string(width - filled, '.').c_str(),
               static_cast<unsigned>(std::min<std::uint64_t>(100, done * 100 / total_)), note.c_str());
  std::fflush(stderr);
}

void progress_bar::clear() {
  if (active_ && drawn_)
    std::fputs("\r\033[K", stderr);
  drawn_ = false;
}

} // namespace sentio
