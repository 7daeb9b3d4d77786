// The gateway to a live venue: carries the order desk's requests over REST and the trade_updates stream into
// it. It decides nothing.
#pragma once

#include "actors/common.hpp"
#include "actors/live/clock_judge.hpp"
#include "actors/live/live_config.hpp"
#include "actors/live/live_feed.hpp"
#include "actors/live/order_desk.hpp"
#include "actors/live/reconnecting_socket.hpp"
#include "actors/live/route_watch.hpp"

#include <map>
#include <memory>
#include <optional>

namespace sentio {

/// To itself: what is due by now?
struct gateway_tick {};

} // namespace sentio
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sentio::gateway_tick)

namespace sentio {

using live_gateway_actor = gateway_actor::extend<caf::reacts_to<socket_event>, caf::reacts_to<rest_answer>,
                                                 caf::reacts_to<reconnect>, caf::reacts_to<gateway_tick>,
                                                 caf::reacts_to<close_everything>>;

struct live_gateway_state : counted_state {
  live_config_ptr config;
  live_tape_actor tape;
  std::optional<order_desk> desk;
  std::unique_ptr<rest_port> rest;
  std::optional<reconnecting_socket> socket;
  bool listening = false;

  clock_judge clock;
  route_watch route;
  std::optional<bool> route_told; ///< the tape's pause because of the route; empty: not known to be right

  std::map<std::uint64_t, desk_request> under_way; ///< by number; clock and account requests have no entry
  std::uint64_t last_number = 0;
  std::uint64_t clock_request = 0;
  std::uint64_t account_request = 0;
  time_ms reconciled_at = 0;
  time_ms clock_asked_at = 0;
  std::int64_t reconciled_really_at = 0;
  std::int64_t clock_asked_really_at = 0;
  std::int64_t warmed_at = 0; ///< real
  time_ms early_close = 0;    ///< the venue closes before the calendar; 0 = it does not
  time_ms early_said = 0;     ///< next_close of the last answer, when it was before the calendar's
  bool early_told = false;
  bool entries_stopped = false; ///< because the clocks differ
  bool doubt_told = false;      ///< the tape's pause because positions are in doubt

  std::uint64_t orders = 0;
  std::uint64_t requests = 0;
  std::uint64_t malformed = 0;
  std::uint64_t alarms = 0;
  time_ms worst_clock_residual = 0;
};

live_gateway_actor::behavior_type live_gateway(actor_pointer<live_gateway_actor, live_gateway_state> self,
                                               live_config_ptr config, live_tape_actor tape,
                                               supervisor_actor supervisor);

} // namespace sentio
