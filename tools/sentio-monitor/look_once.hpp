// --once: what there is right now, for scripts.
#pragma once

#include "tools/sentio-monitor/hub_link.hpp"

#include <chrono>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>

namespace sentio {

struct once_result {
  nlohmann::ordered_json
      found;           ///< {"at", "hub", "instances": [{"id", "name", ..., "snapshot": {...} or null}]}
  std::string problem; ///< empty when at least one snapshot came
};

/// Waits for one snapshot of every instance that has an uplink, or of `instance` alone when it is not empty.
once_result look_once(hub_link& link, const std::string& instance, std::chrono::milliseconds patience,
                      const std::function<bool()>& interrupted);

} // namespace sentio
