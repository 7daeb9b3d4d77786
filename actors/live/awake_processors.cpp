#include "actors/live/awake_processors.hpp"

#include "actors/transport/thread_signals.hpp"

#include <algorithm>
#include <cstring>
#include <future>
#include <pthread.h>
#include <sched.h>
#include <stdexcept>

namespace sentio {

namespace {

/// For the processor: a wait in a loop. It costs less power, and a sibling thread of the core gets more of
/// it.
inline void relax() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

/// The result of setting the priority goes to `set`; 0 is success.
void spin(const std::stop_token& stop, std::promise<int> set) {
  leave_signals_to_others();
  sched_param none{};
  const int failure = pthread_setschedparam(pthread_self(), SCHED_IDLE, &none);
  set.set_value(failure);
  while (failure == 0 && !stop.stop_requested())
    relax();
}

} // namespace

awake_processors::awake_processors() {
  const auto count = std::max(1u, std::thread::hardware_concurrency());
  for (unsigned i = 0; i < count; ++i) {
    std::promise<int> set;
    auto result = set.get_future();
    threads_.emplace_back(
        [](const std::stop_token& stop, std::promise<int> told) { spin(stop, std::move(told)); },
        std::move(set));
    if (const int failure = result.get())
      throw std::runtime_error(std::string("the system refuses a thread of idle priority: ") +
                               std::strerror(failure) + "; leave --keep-awake out");
  }
}

} // namespace sentio
