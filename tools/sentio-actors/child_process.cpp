#include "tools/sentio-actors/child_process.hpp"

#include "core/monitor/sanitized.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sched.h>
#include <spawn.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace sentio {

namespace {

constexpr int inherited_number = 3;
/// What a program may need to know of its surroundings. An account's keys can never be among these.
constexpr std::array<const char*, 9> kept_variables{
    "PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"};

std::vector<std::string> clean_environment() {
  std::vector<std::string> out;
  for (const char* name : kept_variables)
    if (const char* value = std::getenv(name))
      out.push_back(std::string(name) + "=" + value);
  return out;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (auto& text : texts)
    out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

/// posix_spawn's two descriptions, freed at the end of the scope.
struct spawn_plan {
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  spawn_plan() {
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
  }
  ~spawn_plan() {
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
  }
  spawn_plan(const spawn_plan&) = delete;
  spawn_plan& operator=(const spawn_plan&) = delete;
};

void prepare(spawn_plan& plan, int inherited) {
  // First, so that a parent without standard descriptors does not lose it.
  if (inherited >= 0)
    posix_spawn_file_actions_adddup2(&plan.files, inherited, inherited_number);
  posix_spawn_file_actions_addopen(&plan.files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&plan.files, STDERR_FILENO, STDOUT_FILENO);
  posix_spawn_file_actions_addclosefrom_np(&plan.files,
                                           inherited >= 0 ? inherited_number + 1 : STDERR_FILENO + 1);
  // Threads of the trading process block and ignore signals that a child must take.
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&plan.attributes, &none);
  posix_spawnattr_setsigdefault(&plan.attributes, &all);
  posix_spawnattr_setpgroup(&plan.attributes, 0);
  // Whoever watches does not inherit a real-time priority of the trading process.
  const sched_param ordinary{};
  posix_spawnattr_setschedpolicy(&plan.attributes, SCHED_OTHER);
  posix_spawnattr_setschedparam(&plan.attributes, &ordinary);
  posix_spawnattr_setflags(&plan.attributes,
                           static_cast<short>(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
                                              POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSCHEDULER));
}

} // namespace

std::filesystem::path program_beside_this(const std::string& name) {
  const auto self = std::filesystem::read_symlink("/proc/self/exe");
  const auto file = self.parent_path() / name;
  if (::access(file.c_str(), X_OK) != 0)
    throw std::runtime_error(file.string() + " is not there or cannot be run (" + std::strerror(errno) +
                             "); it is built and installed together with " + self.filename().string());
  return file;
}

void hide_memory() {
  if (!built_with_sanitizer)
    ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

child_process::child_process(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                             int inherited) {
  std::vector<std::string> words{program.string()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  auto variables = clean_environment();
  spawn_plan plan;
  prepare(plan, inherited);
  pid_t process = -1;
  const int problem = posix_spawn(&process, program.c_str(), &plan.files, &plan.attributes,
                                  pointers(words).data(), pointers(variables).data());
  if (problem != 0)
    throw std::runtime_error(program.string() + " cannot be started: " + std::strerror(problem));
  process_ = process;
}

child_process::~child_process() {
  if (!running())
    return;
  signal(SIGKILL);
  wait(std::chrono::seconds(1));
}

child_process::child_process(child_process&& other) noexcept
    : process_(std::exchange(other.process_, -1)), end_(std::move(other.end_)) {}

child_process& child_process::operator=(child_process&& other) noexcept {
  std::swap(process_, other.process_);
  std::swap(end_, other.end_);
  return *this;
}

bool child_process::running() {
  if (process_ < 0)
    return false;
  int status = 0;
  const pid_t found = ::waitpid(process_, &status, WNOHANG);
  if (found == 0 || (found < 0 && errno == EINTR))
    return true;
  if (found < 0)
    end_ = "unseen"; // somebody else waited for it
  else
    end_ = WIFEXITED(status) ? "with exit code " + std::to_string(WEXITSTATUS(status))
                             : "by signal " + std::to_string(WTERMSIG(status));
  process_ = -1;
  return false;
}

void child_process::signal(int number) const {
  if (process_ > 0)
    ::kill(process_, number);
}

bool child_process::wait(std::chrono::milliseconds patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  while (running()) {
    if (std::chrono::steady_clock::now() > until)
      return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

void child_process::stop(std::chrono::milliseconds patience) {
  if (!running())
    return;
  signal(SIGTERM);
  if (wait(patience))
    return;
  signal(SIGKILL);
  wait(std::chrono::seconds(1));
}

} // namespace sentio
