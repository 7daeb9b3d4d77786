#include "tests/faults/child.hpp"

#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace sentio::test {

std::string text_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

child::child(const std::vector<std::string>& command, const std::filesystem::path& folder,
             const std::string& stem, const std::vector<std::string>& environment)
    : out_(folder / (stem + ".out")), err_(folder / (stem + ".err")) {
  std::filesystem::create_directories(folder);
  std::vector<char*> words;
  for (const auto& word : command)
    words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  process_ = fork();
  if (process_ < 0)
    throw std::runtime_error("fork failed");
  if (process_ > 0)
    return;
  const int out = open(out_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  const int err = open(err_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  dup2(out, STDOUT_FILENO);
  dup2(err, STDERR_FILENO);
  for (const auto& one : environment)
    putenv(const_cast<char*>(one.c_str()));
  execv(words[0], words.data());
  _exit(127);
}

child::~child() {
  if (process_ > 0 && running()) {
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
  }
}

void child::signal(int number) const {
  kill(process_, number);
}

bool child::running() {
  if (process_ <= 0)
    return false;
  int status = 0;
  if (waitpid(process_, &status, WNOHANG) == 0)
    return true;
  process_ = -1;
  code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return false;
}

int child::wait(std::chrono::seconds limit, bool then_kill) {
  const auto until = std::chrono::steady_clock::now() + limit;
  while (running()) {
    if (std::chrono::steady_clock::now() > until) {
      if (!then_kill)
        return -1;
      kill(process_, SIGKILL);
      waitpid(process_, nullptr, 0);
      process_ = -1;
      return code_ = -1;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return code_;
}

long child::resident_kb() const {
  std::ifstream in("/proc/" + std::to_string(process_) + "/statm");
  long total = 0, resident = 0;
  in >> total >> resident;
  return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

std::string child::output() const {
  return text_of(out_);
}
std::string child::errors() const {
  return text_of(err_);
}

} // namespace sentio::test
