// The way home when nothing can be written any more.
#pragma once

#include "tools/sentio-actors/live_session_run.hpp"

#include <string>

namespace sentio {

/// Cancels this program's open orders, and sells what the account holds of the session's symbols, at the
/// venue itself; asks until nothing is left, for a minute at most. After the close nothing is sold: a market
/// order would wait for the next open. Touches no disk, so that a frozen one stops nothing. Returns a
/// sentence for the console. Does not throw.
std::string close_without_tape(const session_run& run);

} // namespace sentio
