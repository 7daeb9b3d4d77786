// The gateway to the simulated broker: carries orders in, and the venue's words back at their time.
#pragma once

#include "actors/common.hpp"
#include "core/account/simulated_venue.hpp"
#include "core/market/instrument.hpp"

#include <map>
#include <optional>

namespace sentio {

struct gateway_config {
  std::vector<instrument> instruments;
  cost_parameters costs;
  money cash; ///< of the venue's account at the start
};

struct gateway_state : counted_state {
  std::optional<simulated_venue> venue;
  std::map<civil_date, session_block_ptr> market; ///< days received and not yet over
  session_block_ptr today;
  std::optional<time_ms> asked; ///< the wake-up already asked for
  std::uint64_t orders = 0;
};

gateway_actor::behavior_type simulated_gateway(actor_pointer<gateway_actor, gateway_state> self,
                                               gateway_config config, tape_actor tape,
                                               supervisor_actor supervisor);

/// In a replay from a tape the venue's words are on the tape: nothing is carried anywhere.
gateway_actor::behavior_type recorded_gateway(actor_pointer<gateway_actor, counted_state> self,
                                              supervisor_actor supervisor);

} // namespace sentio
