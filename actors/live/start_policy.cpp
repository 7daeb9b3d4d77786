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

std::string why_clocks_disagree(time_ms venue, time_ms machine) {
  constexpr time_ms most_apart = 30 * minute_ms;
  const time_ms apart = venue > machine ? venue - machine : machine - venue;
  if (apart <= most_apart)
    return {};
  return "the venue says that it is " + to_string(new_york_date(venue)) + " " + new_york_clock(venue) +
         " New York, and this computer " + to_string(new_york_date(machine)) + " " + new_york_clock(machine) +
         ": one of the two clocks is wrong, so no session begins; set the computer's (timedatectl), or wait "
         "for the venue's";
}

} // namespace sentio
