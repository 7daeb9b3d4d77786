// Where a session's files are, and what an earlier process left there.
#pragma once

#include "tools/sentio-actors/live_session_run.hpp"

#include <optional>

namespace sentio {

/// The newest session of any account at a venue (by its lock's name) that a start with these options would go
/// on with or finish: what is known while the venue cannot be asked. Empty: a start begins afresh.
std::optional<found_session> look_for_open_session(const live_options& options, const std::string& lock_name);
/// What an earlier process left of this very session, if it is to be gone on with.
std::optional<found_session> look_for_session(const session_run& run);
/// The account's newest session, when it was cut off and has closed since. `now`: venue time.
std::optional<found_session> look_for_unfinished(const session_run& run, time_ms now);
/// Says what was found, and refuses what cannot be gone on with. Throws usage_error or std::runtime_error.
void judge_found(session_run& run);
/// A session at an exchange that died with its process cannot be gone on with. Throws usage_error when it
/// lies in the way.
void mention_lost_local_session(const live_options& o, civil_date date);

/// Keeps everybody else out of --log-dir before anything is learned for it or read in it. Holds nothing when
/// none was given, or it is not there yet. Throws usage_error that names whoever writes there.
directory_lock lock_given_directory(const live_options& options, civil_date date);

/// A recovered session's directory, or a new one, with the record of whose session it is.
void settle_in(session_run& run);
/// Says of a session that is over why its tape cannot be gone on with, and what the account holds.
void mention_damaged_session(const session_run& run);
/// Of a start that failed before its tape began.
void leave_no_trace(const session_run& run);

} // namespace sentio
