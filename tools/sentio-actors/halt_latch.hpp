// HALTED, kept beyond the session and the process: a small file for each venue and account, which says that
// nothing may be bought until an operator re-arms.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace sentio {

/// What the file holds. Times are UTC.
struct latch_record {
  std::string since;
  std::string reason;
  std::string session; ///< log directory of the session that latched it
  std::string rearmed; ///< not empty: an operator re-armed it while no session ran
};

/// STATE/<lock name>-<account>.halted
std::filesystem::path latch_file(const std::filesystem::path& state, const std::string& lock_name,
                                 const std::string& account);

/// Empty only when it is sure that there is no such file. Whatever else there is counts as latched: a file
/// that cannot be read, a link wherever it leads, a pipe, a folder that is missing. Never waits for anybody.
std::optional<latch_record> read_latch(const std::filesystem::path& file);
/// Written aside, synced, renamed: after a crash it is there whole or not at all. Mode 0600. On return it is
/// on the disk. Throws std::runtime_error naming it.
void write_latch(const std::filesystem::path& file, const latch_record& record);
/// On return it is gone from the disk. Throws std::runtime_error naming it.
void remove_latch(const std::filesystem::path& file);

/// "HALTED since 2025-12-01T14:41:00Z: drawdown 5.2 % ...".
std::string latch_text(const latch_record& record);

/// The latch of one running session. Thread-safe: the tape's actor writes it, the driver reads it.
class halt_keeper : public std::enable_shared_from_this<halt_keeper> {
public:
  /// `say` gets a sentence when the file cannot be written; the session is HALTED all the same.
  halt_keeper(std::filesystem::path file, std::string session, std::function<void(const std::string&)> say);

  /// HALTED was latched or re-armed (live_config.latch).
  void changed(bool on, const std::string& reason);
  /// Why the next halt command is given: the portfolio knows only that there was one.
  void expect(const std::string& reason);
  /// The session ends: what its last command latches is not meant to outlive it.
  void ignore_from_now();
  /// A person halts: when this returns the latch is on the disk, whatever the session has made of the
  /// command. Empty, or why it is not, or not yet. The keeper has to be owned by a std::shared_ptr.
  std::string keep(std::chrono::milliseconds patience);
  /// Waits until a re-arm, which is on its way through the session, has removed the latch from the disk.
  /// Empty, or why it has not.
  std::string wait_until_rearmed(std::chrono::milliseconds patience) const;
  std::optional<latch_record> state() const;
  /// The file as it was before this session said anything.
  const std::optional<latch_record>& found() const { return found_; }
  const std::filesystem::path& file() const { return file_; }

private:
  std::string write();
  void remove();

  std::filesystem::path file_;
  std::optional<latch_record> found_;
  std::string session_;
  std::function<void(const std::string&)> say_;
  std::mutex disk_; ///< of the file; locked before mutex_, and for as long as the disk takes
  mutable std::mutex mutex_;
  std::string expected_;
  bool ignored_ = false;
  std::string unremoved_; ///< why the last re-arm left the file; empty: it did not
  std::optional<latch_record> state_;
};

/// What the computer's clock says, as 2025-12-01T14:41:00Z.
std::string utc_now();

} // namespace sentio
