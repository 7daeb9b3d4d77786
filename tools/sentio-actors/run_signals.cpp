#include "tools/sentio-actors/run_console.hpp"

#include <csignal>
#include <ctime>
#include <unistd.h>

namespace sentio {

namespace {

/// Between the second request to end and one that is not negotiable.
constexpr std::sig_atomic_t unhurried_s = 2;

volatile std::sig_atomic_t interrupt_seen = 0; ///< the signal; 0: none
volatile std::sig_atomic_t kill_switch_seen = 0;
volatile std::sig_atomic_t interrupts = 0; ///< that counted, in all
volatile std::sig_atomic_t last_at = 0;    ///< seconds of the steady clock
volatile std::sig_atomic_t last_signal = 0;

extern "C" void note_interrupt(int number) {
  if (number == SIGHUP && interrupts > 0)
    return; // no second wish of a person
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  const auto at = static_cast<std::sig_atomic_t>(now.tv_sec);
  if (interrupts >= 2 && at - last_at > unhurried_s)
    _exit(128 + number);
  interrupts = interrupts + 1;
  last_at = at;
  last_signal = number;
  interrupt_seen = number;
}
extern "C" void note_kill_switch(int) {
  kill_switch_seen = 1;
}

/// Unless somebody else has a use for it already.
void set_unless_taken(int number, void (*handler)(int)) {
  struct sigaction now {};
  if (sigaction(number, nullptr, &now) == 0 && now.sa_handler == SIG_DFL)
    std::signal(number, handler);
}

} // namespace

void watch_for_interrupts() {
  for (const int number : {SIGINT, SIGTERM, SIGQUIT})
    std::signal(number, note_interrupt);
  set_unless_taken(SIGHUP, note_interrupt);
}

void forget_interrupts() {
  interrupt_seen = 0;
}

bool interrupted() {
  return interrupt_seen != 0;
}

const char* interrupt_name() {
  switch (last_signal) {
  case SIGTERM:
    return "SIGTERM";
  case SIGHUP:
    return "SIGHUP";
  case SIGQUIT:
    return "SIGQUIT";
  default:
    return "Ctrl-C";
  }
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

void ignore_other_signals() {
  for (const int number : {SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGPIPE, SIGIO, SIGPWR, SIGSTKFLT, SIGXCPU,
                           SIGXFSZ, SIGTSTP, SIGTTIN, SIGTTOU})
    set_unless_taken(number, SIG_IGN);
  for (int number = SIGRTMIN; number <= SIGRTMAX; ++number)
    set_unless_taken(number, SIG_IGN);
}

} // namespace sentio
