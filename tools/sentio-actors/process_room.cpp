#include "tools/sentio-actors/process_room.hpp"

#include <algorithm>
#include <cstdint>
#include <future>
#include <pthread.h>
#include <stdexcept>
#include <string>
#include <sys/mman.h>
#include <sys/resource.h>
#include <system_error>
#include <thread>
#include <vector>

namespace sentio {

namespace {

constexpr std::uint64_t mebibyte = 1 << 20;
constexpr std::uint64_t own_memory = 384 * mebibyte; ///< bars, learners, tape, TLS: more than was ever seen
constexpr unsigned own_threads = 16;                 ///< besides one a processor for the actors
constexpr rlim_t own_files = 128;                    ///< connections, logs, the tape

constexpr const char* way_on = "; raise the limit, or start without it, and start again";

unsigned threads_needed() {
  return own_threads + std::max(2U, std::thread::hardware_concurrency());
}

std::uint64_t stack_bytes() {
  pthread_attr_t attributes;
  std::size_t bytes = 8 * mebibyte;
  if (pthread_getattr_default_np(&attributes) == 0) {
    pthread_attr_getstacksize(&attributes, &bytes);
    pthread_attr_destroy(&attributes);
  }
  return bytes;
}

/// Address space only: no page of it is ever touched.
void require_memory() {
  const auto bytes = own_memory + threads_needed() * stack_bytes();
  void* const place =
      mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (place != MAP_FAILED) {
    munmap(place, bytes);
    return;
  }
  rlimit limit{};
  std::string found;
  if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
    found = " (ulimit -v is " + std::to_string(limit.rlim_cur / 1024) + ")";
  throw std::runtime_error("this process may not have the " + std::to_string(bytes / mebibyte) +
                           " MiB of memory that a session takes with its " +
                           std::to_string(threads_needed()) + " threads" + found + way_on);
}

void require_threads() {
  std::promise<void> end;
  const auto ended = end.get_future().share();
  std::vector<std::thread> threads;
  std::string problem;
  try {
    while (threads.size() < threads_needed())
      threads.emplace_back([ended] { ended.wait(); });
  } catch (const std::system_error& refused) {
    problem = "this process may not have the " + std::to_string(threads_needed()) +
              " threads that a session takes: number " + std::to_string(threads.size() + 1) +
              " was refused (" + refused.code().message() + "; ulimit -u, TasksMax= of a service)" + way_on;
  }
  end.set_value();
  for (auto& thread : threads)
    thread.join();
  if (!problem.empty())
    throw std::runtime_error(problem);
}

void require_files() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < own_files)
    throw std::runtime_error("this process may open " + std::to_string(limit.rlim_cur) +
                             " files, and a session takes up to " + std::to_string(own_files) +
                             " (ulimit -n)" + way_on);
}

} // namespace

void require_room_for_session() {
  require_memory();
  require_threads();
  require_files();
}

} // namespace sentio
