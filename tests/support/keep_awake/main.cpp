// Runs a command on processors that never sleep: a rented one is given to somebody else meanwhile and comes
// back late, by up to 40 ms as measured, which is half a minute of a session at 600 times real time.
//   keep_awake COMMAND ARGUMENTS...
#include "actors/live/awake_processors.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <optional>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: keep_awake COMMAND ARGUMENTS...\n");
    return 2;
  }
  const pid_t child = ::fork(); // before there are threads
  if (child == 0) {
    ::execvp(argv[1], argv + 1);
    std::fprintf(stderr, "keep_awake: %s: %s\n", argv[1], std::strerror(errno));
    ::_exit(127);
  }
  if (child < 0) {
    std::fprintf(stderr, "keep_awake: %s\n", std::strerror(errno));
    return 1;
  }
  std::optional<sentio::awake_processors> awake;
  try {
    awake.emplace();
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "keep_awake: going on without: %s\n", problem.what());
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0)
    if (errno != EINTR)
      return 1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
