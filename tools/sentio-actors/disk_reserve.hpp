// Room on the disk for a session's end, kept from its start: a disk that others fill must not cost the record
// of what was traded.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace sentio {

/// Bytes that a session writes.
struct disk_needs {
  std::uint64_t while_trading = 0; ///< tape and logs up to the close
  std::uint64_t at_end = 0;        ///< learners, run.json, report
};

/// For so many symbols and minutes. Measured on the bundled sample (tape 350 bytes and logs 650 a symbol and
/// minute, learners 130 kB and report 20 kB a symbol), and a third more.
disk_needs disk_needs_of(std::uint64_t symbols, std::uint64_t minutes);

/// Files of those sizes, and empty ones for the inodes, in <log directory>/.reserve. A process that was
/// killed leaves them to the one that goes on with its session.
class disk_reserve {
public:
  explicit disk_reserve(std::filesystem::path log_dir);
  ~disk_reserve(); ///< as release()
  disk_reserve(const disk_reserve&) = delete;
  disk_reserve& operator=(const disk_reserve&) = delete;

  /// Throws std::runtime_error with what is missing: bytes, inodes, or the right to write.
  void take(const disk_needs& needs);
  /// What is wrong with the disk: "is full" when hardly anything is left besides, which is the time to give
  /// way, or "is read-only". Empty: nothing. One system call.
  std::string trouble() const;
  /// Frees what is kept for trading: tape and logs go on to the close.
  void give_way();
  /// Frees everything, just before the end is written.
  void release();

private:
  void make_file(const char* name, std::uint64_t bytes) const;

  std::filesystem::path log_dir_;
  std::filesystem::path folder_;
};

} // namespace sentio
