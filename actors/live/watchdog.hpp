// Finds an actor whose handler does not come back. Such a handler cannot be interrupted: whoever is told ends
// the process.
#pragma once

#include "messages/interfaces.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>

namespace sentio {

/// Asks every actor for its status once a second, without waiting for answers. Not thread-safe.
class watchdog {
public:
  using duration = std::chrono::steady_clock::duration;

  explicit watchdog(caf::actor_system& system, duration patience = std::chrono::seconds(5))
      : asker_(system), patience_(patience) {}

  /// From now on this one has the name; nothing changes when it has it already.
  void watch(const std::string& name, const caf::actor& handle, duration attended);
  /// Takes the answers that came and asks again. `attended` counts the time in which this process ran: one
  /// that was frozen as a whole is no stuck handler. Returns the name of one that has not answered for so
  /// long. A dead one is the supervisor's business.
  std::optional<std::string> look(duration attended);

private:
  struct watched {
    caf::actor handle;
    duration answered{};
    bool gone = false;
  };

  void take_answers(duration attended);

  caf::scoped_actor asker_;
  duration patience_;
  duration asked_{};
  std::map<std::string, watched> wards_;
};

} // namespace sentio
