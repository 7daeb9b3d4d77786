#include "actors/live/start_policy.hpp"

#include <algorithm>

namespace sentio {

std::optional<std::chrono::seconds> wait_before_start(start_refusal why, const start_circumstances& of,
                                                      int round) {
  constexpr int longest_s = 30;
  if (!of.session_open && (!of.every_session || why == start_refusal::wrong_keys))
    return std::nullopt;
  return std::chrono::seconds(std::min(longest_s, 1 << std::clamp(round, 0, 5)));
}

} // namespace sentio
