// session.json in a live session's log directory: whose session it is, so that an interrupted one is gone on
// with by the same account only.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace sentio {

struct session_record {
  std::string account;
  std::string venue; ///< the lock's name of the venue, or "local"
  std::string title; ///< paper or real
  std::string date;  ///< of the session, 2025-12-01
  bool dry_run = false;
  int process = 0;
  int starts = 1;      ///< of this session; more than one after a recovery
  std::string started; ///< the last of them, UTC
};

/// Whether both are about one session of one account.
bool same_session(const session_record& a, const session_record& b);
/// Throws std::runtime_error naming the file.
void write_session_record(const std::filesystem::path& log_dir, const session_record& record);
/// Empty when there is none, or none that can be read.
std::optional<session_record> read_session_record(const std::filesystem::path& log_dir);

inline constexpr const char* session_record_name = "session.json";

} // namespace sentio
