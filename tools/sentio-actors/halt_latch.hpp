// HALTED, kept beyond the session and the process: a small file for each venue and account, which says that
// nothing may be bought until an operator re-arms.
#pragma once

#include <filesystem>
#include <functional>
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

/// ${XDG_STATE_HOME:-~/.local/state}/sentio-actors. Throws std::runtime_error when neither is known.
std::filesystem::path state_directory();
/// state_directory()/<lock name>-<account>.halted
std::filesystem::path latch_file(const std::string& lock_name, const std::string& account);

/// Empty when there is no such file. One that cannot be read counts as latched: safe rather than convenient.
std::optional<latch_record> read_latch(const std::filesystem::path& file);
/// Written aside, synced, renamed: after a crash it is there whole or not at all. Mode 0600. Throws
/// std::runtime_error naming it.
void write_latch(const std::filesystem::path& file, const latch_record& record);
void remove_latch(const std::filesystem::path& file);

/// "HALTED since 2025-12-01T14:41:00Z: drawdown 5.2 % ...".
std::string latch_text(const latch_record& record);

/// The latch of one running session. Thread-safe: the tape's actor writes it, the driver reads it.
class halt_keeper {
public:
  /// `say` gets a sentence when the file cannot be written; the session is HALTED all the same.
  halt_keeper(std::filesystem::path file, std::string session, std::function<void(const std::string&)> say);

  /// HALTED was latched or re-armed (live_config.latch).
  void changed(bool on, const std::string& reason);
  /// Why the next halt command is given: the portfolio knows only that there was one.
  void expect(const std::string& reason);
  /// The session ends: what its last command latches is not meant to outlive it.
  void ignore_from_now();
  std::optional<latch_record> state() const;
  /// The file as it was before this session said anything.
  const std::optional<latch_record>& found() const { return found_; }
  const std::filesystem::path& file() const { return file_; }

private:
  std::filesystem::path file_;
  std::optional<latch_record> found_;
  std::string session_;
  std::function<void(const std::string&)> say_;
  mutable std::mutex mutex_;
  std::string expected_;
  bool ignored_ = false;
  std::optional<latch_record> state_;
};

/// What the computer's clock says, as 2025-12-01T14:41:00Z.
std::string utc_now();

} // namespace sentio
