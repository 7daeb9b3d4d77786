// The clock of the live runtime: phases, the end of each minute's grace, the rungs of the liquidation ladder,
// all by venue time.
#pragma once

#include "actors/common.hpp"
#include "actors/live/live_config.hpp"

#include <variant>
#include <vector>

namespace sentio {

/// To itself: look what is due.
struct clock_tick {};

} // namespace sentio
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sentio::clock_tick)

namespace sentio {

using live_clock_actor = clock_actor::extend<caf::reacts_to<clock_tick>,
                                             caf::reacts_to<wiring_ptr>>; // supervisor: a new gateway

/// What the clock says, to the tape or to the gateway, at `at`.
struct clock_word {
  time_ms at = 0;
  std::variant<phase_change, minute_due, close_everything, session_over> word;
};

/// All words of a session, ascending, without what lies before the start; a session joined after its
/// liquidation time begins with it. Rungs (spec F24): liquidation again 90, 60 and 30 s before the close,
/// everything the venue still holds 20 and 10 s before it. With a past: what it does not hold yet, and
/// after the close only the minutes and the end.
std::vector<clock_word> words_of(const live_config& config);

struct live_clock_state : counted_state {
  std::vector<clock_word> words;
  closing_actor closer;
  std::size_t next = 0;
};

live_clock_actor::behavior_type live_clock(actor_pointer<live_clock_actor, live_clock_state> self,
                                           live_config_ptr config, live_tape_actor tape, closing_actor closer,
                                           supervisor_actor supervisor);

} // namespace sentio
