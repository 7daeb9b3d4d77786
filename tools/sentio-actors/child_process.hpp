// Other programs of this system, started beside the trading process: without its open files and without its
// environment, in which the account's keys are.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <sys/types.h>
#include <vector>

namespace sentio {

/// "sentio-hub" beside the running program. Throws std::runtime_error naming where it should be.
std::filesystem::path program_beside_this(const std::string& name);

/// Other processes of the same user, children too, can no longer read this one's memory and environment
/// (which hold the account's keys) through /proc; there are no core files any more either. Not in builds
/// with sanitizers, whose leak check needs that access.
void hide_memory();

class child_process {
public:
  child_process() = default;
  /// Starts a program with a clean environment, /dev/null as standard input, and standard output going where
  /// standard error goes. `inherited`: a descriptor that becomes number 3, or -1. It is in a process group
  /// of its own: an operator's Ctrl-C is not for it. Throws std::runtime_error when it cannot be started.
  child_process(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                int inherited = -1);
  /// Kills it when it still runs.
  ~child_process();
  child_process(child_process&& other) noexcept;
  child_process& operator=(child_process&& other) noexcept;

  /// Never blocks. False after its end and without a child.
  bool running();
  /// How it ended, "with exit code 1" or "by signal 9"; "" while it runs.
  const std::string& end() const { return end_; }
  pid_t id() const { return process_; }
  void signal(int number) const;
  /// SIGTERM, and SIGKILL when it has not ended within the patience. Waits for it, at most a second longer.
  void stop(std::chrono::milliseconds patience);

private:
  bool wait(std::chrono::milliseconds patience);

  pid_t process_ = -1; ///< -1 when it was waited for
  std::string end_;
};

} // namespace sentio
