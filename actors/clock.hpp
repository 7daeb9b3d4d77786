// The virtual clock: the phases and cut-offs of a day, from the exchange calendar.
#pragma once

#include "actors/common.hpp"

namespace sentio {

struct clock_state : counted_state {
  std::uint64_t days = 0;
};

/// Open, a cut-off at every minute boundary after it, liquidation two minutes before the close, close;
/// ascending, at one instant phases before the cut-off.
std::vector<clock_event> plan_of(const session_hours& hours);

clock_actor::behavior_type clock_behavior(actor_pointer<clock_actor, clock_state> self,
                                          supervisor_actor supervisor);

} // namespace sentio
