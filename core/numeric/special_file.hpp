// What stands where a file of bytes is expected.
#pragma once

#include <filesystem>
#include <string>

namespace sentio {

/// "it is a directory", "it is a named pipe" and the like; empty for a regular file, and where there is
/// nothing, which opening it tells. Whoever opens a pipe waits for its other end, perhaps for ever: ask
/// first.
std::string why_no_regular_file(const std::filesystem::path& path);

} // namespace sentio
