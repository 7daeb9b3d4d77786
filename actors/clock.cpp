#include "actors/clock.hpp"

namespace sentio {

std::vector<clock_event> plan_of(const session_hours& hours) {
  std::vector<clock_event> plan;
  plan.reserve(static_cast<std::size_t>(hours.minutes()) + 3);
  plan.push_back({hours.open, false, session_phase::open});
  for (time_ms at = hours.open + minute_ms; at <= hours.close; at += minute_ms) {
    if (at == hours.liquidation)
      plan.push_back({at, false, session_phase::liquidation});
    if (at == hours.close)
      plan.push_back({at, false, session_phase::close});
    plan.push_back({at, true, session_phase::open});
  }
  return plan;
}

clock_actor::behavior_type clock_behavior(actor_pointer<clock_actor, clock_state> self,
                                          supervisor_actor supervisor) {
  report_failures(self, supervisor, "clock");
  return {
      [self](const plan_request& request) {
        const auto handling = self->state.count();
        ++self->state.days;
        return std::make_shared<const std::vector<clock_event>>(plan_of(request.hours));
      },
      [self](status_atom) {
        return status_of(self, "clock", {{"days", self->state.days}});
      },
  };
}

} // namespace sentio
