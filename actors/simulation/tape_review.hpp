// What a session's own tape says against it, beside what the venue saw.
#pragma once

#include "actors/recovery.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace sentio {

/// What was seen of the program from outside, whatever the tape says.
struct seen_from_outside {
  std::set<std::string> canceled;             ///< the venue's ids of orders that were asked to be canceled
  std::map<std::string, std::uint64_t> posts; ///< how often each order was sent out, by our ids
  std::map<time_ms, time_ms> closed;          ///< when each minute was closed, by the world's clock
  /// Venue times since and until when no call of the REST interface was answered, of a program that was there
  /// all the time.
  std::vector<std::pair<time_ms, time_ms>> dead_routes{};
  /// The same whoever was there, ascending: no call could reach the venue.
  std::vector<std::pair<time_ms, time_ms>> unreachable{};
};

/// So long after the venue stopped answering the tape has said so, and nothing is bought: the longest pause
/// between two questions, the patience, and what the simulation's rarer looks and the clocks' errors add.
inline constexpr time_ms dead_route_bound_ms = 60'000;
/// The tape goes by the program's clock, which may be so far off after steps of it and lies of the venue's.
inline constexpr time_ms clock_doubt_ms = 10'000;

/// Sentences, one for each: buys after the command that closes the session, or while HALTED by a command,
/// REST interfaces that were dead without a word, or with entries decided meanwhile, rows without trades that
/// became bars,
/// buys that were decided in a minute that had long been over, or between a pause of entries and its end,
/// cancels that never left though their order lived on, orders that were called refused though the venue took
/// them, and attempts that did not grow after a known refusal. `venue_orders`: the list of exchange::state.
std::vector<std::string> review_tape(const history& past, const nlohmann::json& venue_orders,
                                     const seen_from_outside& seen);

} // namespace sentio
