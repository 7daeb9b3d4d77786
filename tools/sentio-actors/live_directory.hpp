// Where a session's files are, and what an earlier process left there.
#pragma once

#include "tools/sentio-actors/live_session_run.hpp"

#include <optional>

namespace sentio {

/// What an earlier process left of this very session, if it is to be gone on with.
std::optional<found_session> look_for_session(const session_run& run);
/// The account's newest session, when it was cut off and has closed since. `now`: venue time.
std::optional<found_session> look_for_unfinished(const session_run& run, time_ms now);
/// Says what was found, and refuses what cannot be gone on with. Throws usage_error or std::runtime_error.
void judge_found(session_run& run);
/// A session at an exchange that died with its process cannot be gone on with. Throws usage_error when it
/// lies in the way.
void mention_lost_local_session(const live_options& o, civil_date date);

/// A recovered session's directory, or a new one, with the record of whose session it is.
void settle_in(session_run& run);
/// Of a start that failed before its tape began.
void leave_no_trace(const session_run& run);

} // namespace sentio
