// bench_wake_ups: how late this machine wakes a thread that waits, in milliseconds, with its processors left
// to sleep and kept awake. A latency measured on it cannot be better than this: say so beside every one.
#include "actors/live/awake_processors.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <optional>
#include <poll.h>
#include <sys/eventfd.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

using steady = std::chrono::steady_clock;

constexpr std::size_t wake_count = 200;
constexpr std::chrono::milliseconds pause{100}; ///< long enough for a processor to fall asleep

/// Milliseconds from a write to the return of the poll that waits for it, in another thread; sorted.
std::vector<double> wake_ups() {
  const int door = eventfd(0, EFD_CLOEXEC);
  if (door < 0)
    throw std::runtime_error("no eventfd");
  steady::time_point written;
  std::vector<double> late;
  std::thread sleeper([&] {
    for (std::size_t i = 0; i < wake_count; ++i) {
      pollfd wait{door, POLLIN, 0};
      poll(&wait, 1, -1);
      const auto now = steady::now();
      std::uint64_t value = 0;
      if (read(door, &value, sizeof value) == sizeof value) // orders the access to `written`, too
        late.push_back(std::chrono::duration<double, std::milli>(now - written).count());
    }
  });
  for (std::size_t i = 0; i < wake_count; ++i) {
    std::this_thread::sleep_for(pause);
    written = steady::now();
    const std::uint64_t one = 1;
    if (write(door, &one, sizeof one) != sizeof one)
      throw std::runtime_error("no write to an eventfd");
  }
  sleeper.join();
  close(door);
  std::sort(late.begin(), late.end());
  return late;
}

void print(const char* name, const std::vector<double>& late) {
  const auto at = [&](double share) {
    return late[static_cast<std::size_t>(share * static_cast<double>(late.size() - 1))];
  };
  std::printf("  %s: %zu wake-ups, p50 %.3f ms, p99 %.3f ms, slowest %.3f ms\n", name, late.size(), at(0.5),
              at(0.99), late.back());
}

} // namespace

int main() {
  try {
    print("processors left to sleep", wake_ups());
    const sentio::awake_processors awake;
    print("processors kept awake   ", wake_ups());
    return 0;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "bench_wake_ups: %s\n", e.what());
    return 1;
  }
}
