// The way back after a process died in a session: which tape it left, how far it goes, and what the next one
// would do with it.
#pragma once

#include "actors/recovery.hpp"
#include "tools/sentio-actors/halt_latch.hpp"
#include "tools/sentio-actors/live_venue.hpp"
#include "tools/sentio-actors/session_record.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace sentio {

enum class session_state : unsigned char {
  none,        ///< there is no session of this account
  unbegun,     ///< cut off before its first input: nothing can have been ordered
  interrupted, ///< to be gone on with
  complete,    ///< its tape ends as it should
  damaged      ///< its tape is not what was written, or cannot be folded
};

/// A session that was found in a log directory.
struct found_session {
  session_state state = session_state::none;
  std::filesystem::path log_dir;
  std::filesystem::path tape;
  session_record record;
  std::shared_ptr<const resumed_session>
      session; ///< with interrupted, complete, and when it cannot be folded
  std::uint64_t torn_bytes = 0;                   ///< behind the last good record
  std::string problem;                            ///< with damaged: a sentence with file and record
};

/// The session of a record in one directory.
found_session look_into(const std::filesystem::path& log_dir, const session_record& wanted);
/// The latest one below logs/paper_trading or logs/real_trading.
found_session look_below(const std::filesystem::path& root, const session_record& wanted);
/// The account's latest one up to the record's day, in a directory <date>_<n> or <date> below `root`.
found_session look_back(const std::filesystem::path& root, session_record wanted);

/// Positions, orders and HALTED as of the end of the tape. Throws std::runtime_error naming the record that
/// cannot be folded and why.
portfolio folded_book(const resumed_session& session);

/// "500 SVIX, 3 TQQQ", or "nothing": all that the account holds, as the venue says; or why that is not known.
std::string account_text(const venue_desk& desk);

/// The last decided minute, or 0.
time_ms decided_up_to(const resumed_session& session);
/// "recovering DIR: 1,234 records, the last one torn: 57 bytes cut off; decided up to 10:31; ...".
std::string recovery_text(const found_session& found, const portfolio& book);

/// What --recover-only prints: everything a start would go by. Sends nothing but questions.
void print_recovery(const found_session& found, const venue_desk& desk, time_ms now,
                    const std::optional<latch_record>& halt, bool as_json);

} // namespace sentio
