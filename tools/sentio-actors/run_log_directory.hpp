// The directory that a run's logs go to.
#pragma once

#include "tools/sentio-actors/directory_lock.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace sentio {

/// A directory made ready, and nobody else's as long as this lives.
struct log_directory {
  std::filesystem::path path;
  directory_lock lock;
};

/// Given by the user: must be empty or new, unless `overwrite`, which removes an earlier run's own files from
/// it and nothing else. `command` is what others are told of the lock's holder. Throws usage_error when
/// somebody else writes there (`overwrite` or not) or when it is not empty, and then nothing was touched;
/// std::filesystem::filesystem_error when it cannot be made.
/// `held`: the lock on it, when the caller has it already.
log_directory use_log_directory(const std::filesystem::path& given, bool overwrite, std::string_view command,
                                directory_lock held = {});

/// logs/mock_trading/<first>_<last>_<n> with the next free n; the link `latest` beside it points to it.
log_directory next_log_directory(const std::filesystem::path& root, const std::string& stem,
                                 std::string_view command);

/// Whether a directory holds nothing of a run or of the user's: what a lock leaves there does not count.
bool is_unused(const std::filesystem::path& directory);

/// For a run that failed before it wrote anything: removes the empty directory, and `latest` if it points
/// there.
void remove_if_empty(const std::filesystem::path& directory);

/// Writes a small file whole: to a temporary name, then renamed. Throws std::runtime_error naming it.
void write_whole_file(const std::filesystem::path& file, const std::string& bytes);

/// The file's bytes. Throws std::runtime_error naming it.
std::string read_whole_file(const std::filesystem::path& file);

} // namespace sentio
