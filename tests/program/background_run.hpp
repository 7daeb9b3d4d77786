// A program that runs while the test goes on, and what it leaves.
#pragma once

#include "tests/program/mock_lab.hpp"

#include <chrono>
#include <csignal>
#include <nlohmann/json.hpp>
#include <thread>
#include <unistd.h>

namespace sentio::test {

/// A run in the background, killed at the end of the scope if it still lives.
class background_run {
public:
  /// `arguments` are separated by single spaces; the streams go to the files `out` and `error` in the folder.
  /// `before` stands in front of the program: "TZ=Asia/Tokyo", for example.
  background_run(const std::filesystem::path& folder, const std::string& arguments,
                 const std::string& before = "", const std::filesystem::path& binary = program_path()) {
    const auto line = "cd '" + folder.string() + "' && exec env " + before + " '" + binary.string() + "' " +
                      arguments + " >out 2>error";
    process_ = fork();
    if (process_ < 0)
      throw std::runtime_error("cannot start a process");
    if (process_ == 0) {
      execl("/bin/sh", "sh", "-c", line.c_str(), static_cast<char*>(nullptr));
      _exit(127);
    }
  }
  background_run(const background_run&) = delete;
  background_run& operator=(const background_run&) = delete;
  ~background_run() {
    if (process_ > 0) {
      kill(process_, SIGKILL);
      waitpid(process_, nullptr, 0);
    }
  }
  void signal(int number) const {
    if (process_ > 0)
      kill(process_, number);
  }

  /// The exit code, or 128 + signal; -1 when it still runs after so many seconds.
  int wait(int seconds) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
    int status = 0;
    while (waitpid(process_, &status, WNOHANG) == 0) {
      if (std::chrono::steady_clock::now() > end)
        return -1;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    process_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

private:
  pid_t process_ = -1;
};

/// Waits for a file, at most 15 s.
inline bool appears(const std::filesystem::path& file) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(15);
  while (!std::filesystem::exists(file)) {
    if (std::chrono::steady_clock::now() > end)
      return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

/// Every line is whole JSON, the last one too.
inline bool valid_lines(const std::string& text) {
  const auto lines = lines_of(text);
  return (text.empty() || text.back() == '\n') &&
         std::all_of(lines.begin(), lines.end(),
                     [](const auto& line) { return nlohmann::json::accept(line); });
}

} // namespace sentio::test
