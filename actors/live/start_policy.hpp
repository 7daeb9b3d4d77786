// Whether a start waits for a venue that cannot be used, and how long.
#pragma once

#include "core/market/calendar.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace sentio {

enum class start_refusal : unsigned char {
  outage,    ///< no answer, a server's error, a page that is not the venue's own
  wrong_keys ///< the venue's own words
};

struct start_circumstances {
  bool session_open = false;  ///< an earlier process left a session that may hold shares
  bool every_session = false; ///< the program runs day after day, without anybody who looks
};

/// 1, 2, 4 ... 30 s before question `round` + 1, endlessly: nobody else looks after an open session. Empty:
/// the start ends instead, for a person to put right.
std::optional<std::chrono::seconds> wait_before_start(start_refusal why, const start_circumstances& of,
                                                      int round);

/// Why a session must not begin by a venue's clock: it and this computer's are more than half an hour apart.
/// One of them is wrong, and nobody can tell which. Both in ms since the epoch. Empty: they agree. Not for a
/// venue with a time of its own, as the bundled exchange.
std::string why_clocks_disagree(time_ms venue, time_ms machine);

} // namespace sentio
