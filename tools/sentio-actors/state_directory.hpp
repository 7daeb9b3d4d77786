// The state directory: HALTED, the locks on accounts, and the counters of signed commands. It is one for
// every program on a computer that trades on the same accounts, whatever their log directories, their
// temporary directories and their environment are: whoever looks elsewhere would not see that an account is
// HALTED, or that somebody trades on it.
#pragma once

#include <filesystem>
#include <string>

namespace sentio {

/// Where the unit of tools/ops and the commands beside it meet.
inline constexpr const char* system_state_directory = "/var/lib/sentio-actors/state";

inline constexpr const char* state_directory_help =
    "where HALTED and the locks on accounts are kept: one for everybody who trades on them (default: "
    "$SENTIO_STATE_DIR, /var/lib/sentio-actors/state where that is there, else ~/.local/state/sentio-actors)";

/// The first of: `given` (--state-dir); the variable SENTIO_STATE_DIR; system_state_directory when it is
/// there; .local/state/sentio-actors in the home directory that the password database names. HOME,
/// XDG_STATE_HOME and TMPDIR change nothing. Absolute. Throws usage_error when none is known.
std::filesystem::path state_directory(const std::string& given = {});

/// The directory, open and checked.
class state_folder {
public:
  enum class missing : unsigned char {
    make,  ///< with mode 0700
    refuse ///< throws std::runtime_error
  };
  /// Never changes what is there already: throws usage_error for a symbolic link, another user's directory
  /// and one in which others may write, std::runtime_error for what cannot be made or opened.
  explicit state_folder(std::filesystem::path path, missing then = missing::make);
  ~state_folder();
  state_folder(const state_folder&) = delete;
  state_folder& operator=(const state_folder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  int handle() const { return handle_; }

private:
  std::filesystem::path path_;
  int handle_ = -1;
};

/// Held as long as it lives; freed by the kernel when the process dies.
class account_lock {
public:
  /// `venue`: lock_name_of. Throws usage_error when another process holds it (the file names that process) or
  /// the file is not one of ours.
  account_lock(const state_folder& state, const std::string& venue, const std::string& account);
  ~account_lock();
  account_lock(const account_lock&) = delete;
  account_lock& operator=(const account_lock&) = delete;

private:
  int handle_ = -1;
};

/// Of the counters of the signed commands that an instance has taken. `account`: whose, "paper-PA1234", or
/// "local" and "mock" for what has no account.
std::filesystem::path counters_file(const std::filesystem::path& state, const std::string& account,
                                    const std::string& instance);

} // namespace sentio
