// The lock on a log directory: one process writes there, everybody else is refused by name.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace sentio {

/// A lock on the directory itself, not on its name: symbolic links, `..`, bind mounts and renames lead to the
/// same lock. The kernel frees it when the process ends, however it ends. While it is held the file .lock in
/// the directory names the holder, for the sentence that others get; removing that file does not free the
/// lock.
class directory_lock {
public:
  enum class mode : unsigned char {
    owner, ///< of the directory: nobody else may write there
    guest  ///< puts one file there: several may, but not beside an owner
  };

  /// Holds nothing.
  directory_lock() = default;
  /// `command`: what this process does there, "live" or "mock". Throws usage_error with the holder's process,
  /// command and start when somebody else holds it, std::runtime_error when the directory cannot be opened or
  /// its file system has no locks.
  directory_lock(const std::filesystem::path& directory, std::string_view command, mode wanted = mode::owner);
  ~directory_lock();
  directory_lock(directory_lock&& other) noexcept;
  directory_lock& operator=(directory_lock&& other) noexcept;

  bool held() const { return directory_ >= 0; }

private:
  void take(const std::filesystem::path& directory, mode wanted);
  void free();

  int directory_ = -1;
  int file_ = -1; ///< on file systems that lock no directories: of .lock
  bool named_ = false;
};

/// Names in a log directory that are not part of a run: the lock's and the reserve's.
bool is_housekeeping(const std::filesystem::path& name);

} // namespace sentio
