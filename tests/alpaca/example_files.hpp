// The recorded answers and frames of the shared folder; a test that needs them says so and returns.
#pragma once

#include "tests/support/test.hpp"

#include <fstream>
#include <sstream>

namespace sentio::test {

inline std::filesystem::path example_folder() {
  return std::filesystem::path(SENTIO_SOURCE_DIR) / ".." / "shared" / "examples" / "alpaca";
}

inline bool have_examples() {
  if (std::filesystem::exists(example_folder() / "INDEX.md"))
    return true;
  CAF_MESSAGE("skipped: no recorded examples at " << example_folder().string());
  return false;
}

inline std::string example(const std::string& name) {
  std::ifstream in(example_folder() / name, std::ios::binary);
  if (!in)
    throw std::runtime_error("no example " + name);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

} // namespace sentio::test
