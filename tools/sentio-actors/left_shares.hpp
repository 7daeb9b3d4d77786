// What a session left behind though it should have ended flat.
#pragma once

#include "tools/sentio-actors/live_session_run.hpp"

#include <cstdint>
#include <map>
#include <string>

namespace sentio {

struct left_shares {
  std::map<std::string, std::int64_t> shares; ///< by symbol, not 0: at the venue, or by the session's book
  std::string sentence; ///< names them, and says what to do; empty when nothing was left

  bool none() const { return sentence.empty(); }
};

/// Asks the venue for the session's symbols, a few times when it does not answer, and compares with the book
/// at the end of the tape. Nothing is left by a dry run, by a session whose positions were kept as asked, and
/// by one whose strategy holds over night. Says so when the venue cannot be asked. Does not throw.
left_shares look_for_left_shares(const session_run& run);

/// What the account holds of the run's symbols while no session is open, as a sentence; empty when it holds
/// nothing, or when the strategy holds over night. Does not throw.
std::string left_between_sessions(const session_run& run);

} // namespace sentio
