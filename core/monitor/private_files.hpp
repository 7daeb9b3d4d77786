// Files that hold keys, and small files whose loss must not be silent.
#pragma once

#include <cstddef>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

namespace sentio {

/// A file that cannot be used: its message names the file, what is wrong with it and what to do.
class file_problem : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// Who may touch a file that is read.
enum class file_guard {
  open_to_all,  ///< anybody may read it: a certificate
  own_to_write, ///< only the owner or root may change it, and it is this user's or root's: a public key
  owner_only,   ///< this user's, and nobody else may read it (mode 0600 or less): a private key
};

/// The whole text of a regular file of at most `most_bytes`. Throws file_problem: missing, no regular file,
/// unreadable, another user's, permissions too wide, too long.
std::string read_guarded(const std::filesystem::path& file, file_guard guard, std::size_t most_bytes);

/// Writes a file that must not be there yet (O_EXCL, mode as given); with `overwrite` an older one is
/// replaced whole, never half. Throws file_problem.
void write_once(const std::filesystem::path& file, std::string_view text, unsigned mode, bool overwrite);

/// Writes a file so that after the return it is on the disk, even if the power fails: written beside its
/// place, synced, moved there, the folder synced. Throws file_problem.
void write_durably(const std::filesystem::path& file, std::string_view text, unsigned mode);

} // namespace sentio
