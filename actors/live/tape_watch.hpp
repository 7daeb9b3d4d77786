// Whether the tape of a running session is still the file that it was: what was acknowledged is on disk only
// as long as nobody removes, renames, replaces or cuts that file.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>

namespace sentio {

class tape_watch {
public:
  /// Of a file that exists. Looks from then on at the file that has that name now.
  explicit tape_watch(std::filesystem::path file);
  ~tape_watch();
  tape_watch(const tape_watch&) = delete;
  tape_watch& operator=(const tape_watch&) = delete;

  /// What is wrong with it, as "was removed, or moved to another folder"; empty while it is as it should be.
  /// A few system calls and 128 bytes read, whatever the tape's size.
  std::string look();
  /// Its writer has cut a torn end away: what there is now is the beginning.
  void forget();

private:
  static constexpr std::size_t window = 64; ///< bytes that are compared at either end
  struct part {
    std::uint64_t at = 0;
    std::size_t size = 0;
    std::array<char, window> bytes{};
  };

  bool read(part& into) const;
  bool is_unchanged(const part& known) const;

  std::filesystem::path file_;
  int handle_ = -1; ///< its own: a writer's may be closed at any time
  part first_;
  part last_; ///< before size_ at the last look
  std::uint64_t size_ = 0;
};

} // namespace sentio
