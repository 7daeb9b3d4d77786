// The feed of the live runtime: a minute stream of Alpaca or Polygon, reconnected for ever, with gaps filled
// from REST before what follows them.
#pragma once

#include "actors/common.hpp"
#include "actors/live/live_config.hpp"
#include "actors/live/reconnecting_socket.hpp"
#include "core/alpaca/wire.hpp"
#include "core/market/validation.hpp"

#include <deque>
#include <memory>
#include <optional>

namespace sentio {

/// From the REST thread.
struct rest_answer {
  std::uint64_t number = 0; ///< of the request, as the actor gave it
  rest_response response;
};
/// To itself: is data still coming?
struct watchdog_tick {};

} // namespace sentio
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sentio::rest_answer)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sentio::watchdog_tick)

namespace sentio {

using live_feed_actor = feed_actor::extend<caf::reacts_to<socket_event>, caf::reacts_to<rest_answer>,
                                           caf::reacts_to<reconnect>, caf::reacts_to<watchdog_tick>>;

struct live_feed_state : counted_state {
  enum class stage : std::uint8_t { connecting, connected, authenticating, subscribing, up };

  live_config_ptr config;
  live_tape_actor tape;
  std::unique_ptr<rest_port> rest;
  std::optional<reconnecting_socket> socket;
  stage now = stage::connecting;
  bool polygon = false;
  std::size_t acknowledged = 0; ///< topics
  int asked_again = 0;
  venue_time::steady::time_point tried_at{}; ///< the running attempt to connect began
  bool waiting = false;                      ///< for the next attempt
  bool refused = false; ///< the venue wants nothing of us; the tape is told, and told when that is over

  // A back-fill that is under way.
  std::uint64_t request = 0; ///< its number; answers of earlier ones are dropped
  bool filling = false;
  bool suspicious = false; ///< started by the watchdog: a new bar means that the stream is dead
  time_ms fill_from = 0;
  time_ms fill_to = 0;
  int pages = 0;
  std::vector<alpaca::named_bar> filled;
  std::deque<alpaca::stream_bar> held; ///< from the stream, meanwhile

  time_ms newest = 0; ///< label of the newest bar of any symbol
  time_ms watched_since = 0;
  std::uint32_t credits = 0; ///< bars that the tape has room for
  time_ms gap_from = 0;      ///< oldest bar that it had no room for; 0: none
  std::vector<bool> halted;
  std::vector<double> last_close; ///< by symbol, at first that of the session before; 0 = unknown
  std::vector<idle_minutes> idle; ///< by symbol
  std::size_t fill_page = 0;      ///< symbol of the running page, with Polygon

  std::uint64_t bars = 0;
  std::uint64_t back_filled = 0;
  std::uint64_t malformed = 0;
  std::uint64_t unknown = 0;
  std::uint64_t refused_bars = 0;
  std::uint64_t idle_bars = 0; ///< of minutes without trades: as if the venue had sent none
  std::uint64_t postponed = 0; ///< bars without room at the tape, left to REST
  std::uint64_t alarms = 0;
};

/// Sender of the pause while the venue refuses the stream.
inline constexpr std::string_view no_stream = "feed: no stream";

/// What the session has shown so far, for a feed that begins.
void know_the_past(live_feed_state& state);

live_feed_actor::behavior_type live_feed(actor_pointer<live_feed_actor, live_feed_state> self,
                                         live_config_ptr config, live_tape_actor tape,
                                         supervisor_actor supervisor);

} // namespace sentio
