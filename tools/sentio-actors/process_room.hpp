// What a live session needs of the limits that its process runs under.
#pragma once

namespace sentio {

/// Throws std::runtime_error with a sentence when the limits (ulimit, or the service manager's) do not leave
/// the memory, threads and files that a session takes: it would be lost later, with shares held.
void require_room_for_session();

} // namespace sentio
