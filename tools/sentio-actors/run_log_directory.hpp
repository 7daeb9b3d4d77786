// The directory that a run's logs go to.
#pragma once

#include <filesystem>
#include <string>

namespace sentio {

/// A directory made ready, or a sentence that says why not.
struct log_directory {
  std::filesystem::path path;
  std::string problem; ///< not empty: wrong usage, nothing was touched
};

/// Given by the user: must be empty or new, unless `overwrite`, which removes an earlier run's own files from
/// it and nothing else. Throws std::filesystem::filesystem_error when it cannot be made.
log_directory use_log_directory(const std::filesystem::path& given, bool overwrite);

/// logs/mock_trading/<first>_<last>_<n> with the next free n; the link `latest` beside it points to it.
std::filesystem::path next_log_directory(const std::filesystem::path& root, const std::string& stem);

/// For a run that failed before it wrote anything: removes the empty directory, and `latest` if it points there.
void remove_if_empty(const std::filesystem::path& directory);

/// Writes a small file whole: to a temporary name, then renamed. Throws std::runtime_error naming it.
void write_whole_file(const std::filesystem::path& file, const std::string& bytes);

/// The file's bytes. Throws std::runtime_error naming it.
std::string read_whole_file(const std::filesystem::path& file);

} // namespace sentio
