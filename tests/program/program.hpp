// Runs the built program as a user does, and keeps what it printed.
#pragma once

#include "tests/support/test.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <sys/wait.h>

namespace sentio::test {

struct program_result {
  int code = -1;
  std::string out;
  std::string error;
};

/// The bytes of a regular file; empty when there is none.
inline std::string file_text(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary | std::ios::ate);
  if (!in)
    return {};
  std::string text(static_cast<std::size_t>(in.tellg()), '\0');
  in.seekg(0);
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  return text;
}

inline void write_file(const std::filesystem::path& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary);
  out << text;
  if (!out.flush())
    throw std::runtime_error("cannot write " + file.string());
}

/// The program beside this test's own binary; SENTIO_PROGRAM may name another sentio-actors.
inline std::filesystem::path program_path(const std::string& name = "sentio-actors") {
  if (const char* given = std::getenv("SENTIO_PROGRAM"); given && name == "sentio-actors")
    return given;
  const auto path = std::filesystem::read_symlink("/proc/self/exe").parent_path() / name;
  if (!std::filesystem::exists(path))
    throw std::runtime_error("no program at " + path.string() + "; build " + name);
  return path;
}

/// One run with its own working directory. `before` stands in front of the program: "TZ=Asia/Tokyo", for
/// example.
class program {
public:
  explicit program(std::string name = "sentio-actors") : name_(std::move(name)) {}
  program_result run(const std::string& arguments, const std::string& before = "") const {
    const auto out = streams_.path() / "out";
    const auto error = streams_.path() / "error";
    const std::string line = "cd '" + folder_.path().string() + "' && " + before + " '" +
                             program_path(name_).string() + "' " + arguments + " >'" + out.string() +
                             "' 2>'" + error.string() + "'";
    const int status = std::system(line.c_str());
    program_result result;
    result.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    result.out = file_text(out);
    result.error = file_text(error);
    return result;
  }
  /// The working directory of the runs.
  const std::filesystem::path& folder() const { return folder_.path(); }

private:
  std::string name_;
  scratch_folder folder_;
  scratch_folder streams_;
};

inline bool contains(const std::string& text, const std::string& part) {
  if (text.find(part) != std::string::npos)
    return true;
  CAF_MESSAGE("not found: " << part << "\nin: " << text);
  return false;
}

} // namespace sentio::test
