// What a hub knows, in Prometheus' text format 0.0.4. A value that is unknown has no line.
#pragma once

#include "core/monitor/session_history.hpp"

#include <cstdint>
#include <limits>
#include <map>
#include <span>
#include <string>
#include <utility>

namespace sentio {

/// One instance at the moment of the scrape.
struct instance_figures {
  std::string id;
  bool connected = false; ///< its uplink is there, and it told of itself within 5 s
  double snapshot_age_s = std::numeric_limits<double>::quiet_NaN();
  double clock_offset_s =
      std::numeric_limits<double>::quiet_NaN(); ///< hub's time minus snapshot's, when it arrived
  std::uint64_t dropped = 0;                    ///< snapshots and events that viewers missed
  const session_history* history = nullptr;
};

/// The hub itself.
struct hub_figures {
  std::uint64_t pages = 0;     ///< that look now
  std::uint64_t terminals = 0; ///< that look now
  /// By (instance, why); an empty instance: before it was known who speaks.
  std::map<std::pair<std::string, std::string>, std::uint64_t> refused;
};

inline constexpr const char* metrics_content_type = "text/plain; version=0.0.4; charset=utf-8";

/// Figures of a session are given while its instance is connected; what it last said of itself stays only in
/// `sentio_flat_after_close_violation`, since nobody else looks after those positions then.
std::string metrics_text(std::span<const instance_figures> instances, const hub_figures& hub);

} // namespace sentio
