// The feed actor: sends sessions of bars as far as its consumer's credit goes, so memory stays flat.
#pragma once

#include "actors/common.hpp"

#include <memory>

namespace sentio {

/// Where sessions come from: files, memory, a generator.
class session_source {
public:
  session_source() = default;
  session_source(const session_source&) = delete;
  session_source& operator=(const session_source&) = delete;
  virtual ~session_source() = default;
  /// The next session in ascending order of dates, or null at the end. Throws on bad data, naming file and
  /// line.
  virtual session_block_ptr next() = 0;
};

struct feed_state : counted_state {
  std::shared_ptr<session_source> source;
  std::uint32_t granted = 0;
  std::uint32_t sent = 0;
  bool ended = false;
};

/// The gateway gets the same sessions: the simulated venue lives in the same market.
feed_actor::behavior_type feed_behavior(actor_pointer<feed_actor, feed_state> self,
                                        std::shared_ptr<session_source> source, tape_actor tape,
                                        gateway_actor gateway, supervisor_actor supervisor);

} // namespace sentio
