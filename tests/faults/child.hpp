// A child process with its output in files.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace sentio::test {

class child {
public:
  /// Starts a program with its standard output and error in two files of a folder. Extra environment:
  /// NAME=value.
  child(const std::vector<std::string>& command, const std::filesystem::path& folder, const std::string& stem,
        const std::vector<std::string>& environment = {});
  ~child(); ///< kills what still runs
  child(const child&) = delete;
  child& operator=(const child&) = delete;

  void signal(int number) const;
  /// Exit code, 128 + signal when it was killed, or -1 when the time is over; then it is killed, if that is
  /// wanted.
  int wait(std::chrono::seconds limit, bool then_kill = true);
  bool running();
  long resident_kb() const; ///< memory in use now; 0 when it has ended
  std::string output() const;
  std::string errors() const;

private:
  std::filesystem::path out_;
  std::filesystem::path err_;
  int process_ = -1;
  int code_ = -1;
};

std::string text_of(const std::filesystem::path& file);

} // namespace sentio::test
