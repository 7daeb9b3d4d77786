#define CAF_SUITE awake_processors

#include "actors/live/awake_processors.hpp"
#include "tests/support/test.hpp"

#include <algorithm>
#include <filesystem>
#include <sched.h>
#include <string>
#include <thread>

namespace {

/// Threads of this process with the idle priority.
std::size_t idle_threads() {
  std::size_t count = 0;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task"))
    if (sched_getscheduler(std::stoi(task.path().filename().string())) == SCHED_IDLE)
      ++count;
  return count;
}

} // namespace

TEST(processors are kept awake by one thread of idle priority each and left alone afterwards) {
  // The framework keeps references: what a temporary holds must not be handed to it (std::max returns one).
  const std::size_t processors = std::max<std::size_t>(1, std::thread::hardware_concurrency());
  CHECK_EQUAL(idle_threads(), 0u);
  {
    const sentio::awake_processors awake;
    CHECK_EQUAL(idle_threads(), processors);
  }
  CHECK_EQUAL(idle_threads(), 0u);
}
