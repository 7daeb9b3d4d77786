// What goes wrong in one simulated session: rates and a schedule, drawn from a seed. A plain value that can
// be printed, read and made smaller.
#pragma once

#include "core/exchange/faults.hpp"
#include "core/market/calendar.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sentio {

/// Of the messages of one kind on their way to the system, each on its own. Bars or order events only: what
/// opens a connection is not touched, since TCP loses nothing in the middle.
struct message_rates {
  double drop = 0;              ///< share that never arrives
  double duplicate = 0;         ///< share that comes twice
  double reorder = 0;           ///< share that comes after up to `reorder_span` later ones
  int reorder_span = 0;         ///< 0 to 5
  double delay = 0;             ///< share that comes late, after others
  time_ms longest_delay_ms = 0; ///< 0 to 90,000

  friend bool operator==(const message_rates&, const message_rates&) = default;
};

/// Of REST requests, each on its own.
struct request_rates {
  double lost = 0;          ///< never arrive: no answer until the timeout
  double answer_lost = 0;   ///< carried out, no answer until the timeout
  double too_many = 0;      ///< 429, not carried out
  double broken_before = 0; ///< 503, not carried out
  double broken_after = 0;  ///< 500, carried out
  double slow = 0;          ///< share whose way there takes up to longest_ms
  time_ms longest_ms = 0;   ///< 0 to 90,000

  friend bool operator==(const request_rates&, const request_rates&) = default;
};

enum class outage_kind : std::uint8_t { data, trading, rest, everything };
/// A part of the network is gone: connections end and new ones are refused.
struct outage {
  outage_kind what = outage_kind::data;
  time_ms at_ms = 0;   ///< after the open
  time_ms for_ms = 0;  ///< 1 s to 30 min
  bool silent = false; ///< connections end without a word: noticed only when pings stay unanswered

  friend bool operator==(const outage&, const outage&) = default;
};

/// The machine's clock jumps.
struct clock_step {
  time_ms at_ms = 0; ///< after the open
  time_ms by_ms = 0; ///< may be negative: the clock stood still

  friend bool operator==(const clock_step&, const clock_step&) = default;
};

struct actor_kill {
  time_ms at_ms = 0; ///< after the open
  std::string role;  ///< "symbol TQQQ", "ranking", "portfolio", "gateway", "feed", "clock", "journal", "tape"

  friend bool operator==(const actor_kill&, const actor_kill&) = default;
};

/// A stretch of the session.
struct fault_window {
  time_ms at_ms = 0; ///< after the open
  time_ms for_ms = 0;

  friend bool operator==(const fault_window&, const fault_window&) = default;
};

/// What an operator does with a whole session.
enum class session_order_kind : std::uint8_t {
  close, ///< flatten or Ctrl-C: everything is sold, and nothing is bought any more
  halt,  ///< the kill switch: the same, until it is re-armed
  keep   ///< Ctrl-C with positions kept: nothing is bought
};
struct session_order {
  session_order_kind kind = session_order_kind::close;
  time_ms at_ms = 0;  ///< after the open
  time_ms for_ms = 0; ///< of a halt: re-armed after so long; 0 = never

  friend bool operator==(const session_order&, const session_order&) = default;
};

/// Times are milliseconds after the session's open; everything but a halt into the close ends before the
/// quiet phase begins.
struct fault_profile {
  message_rates bars;
  message_rates order_events;
  request_rates requests;
  std::vector<outage> outages;
  std::vector<clock_step> clock_steps;
  std::vector<fault> venue; ///< of the exchange; after_ms counts from the open
  std::vector<actor_kill> kills;
  std::vector<fault_window> tape_errors;     ///< the tape cannot be written
  std::vector<fault_window> pauses;          ///< an operator pauses entries, and ends the pause
  std::vector<fault_window> freezes;         ///< the process stands still while the world goes on
  std::vector<fault_window> deaths;          ///< the process ends in a write, and is started again at the end
  std::vector<session_order> session_orders; ///< at any time, in the quiet phase too
  std::vector<fault_window> refused_starts;  ///< the venue cannot be used by a process that starts meanwhile
};

/// Which groups of faults a profile is drawn from.
struct fault_groups {
  bool data = true;    ///< bars, on their way and at the venue
  bool orders = true;  ///< what the venue does with orders
  bool network = true; ///< requests, outages, order events on their way, clocks
  bool kills = true;   ///< actors, the tape, the process, and operators' words
};
/// "all", "none", "data", "orders", "network" or "kills". Returns false for another name.
bool find_fault_groups(std::string_view name, fault_groups& out);

/// Execution ids of values that cannot be true begin so.
inline constexpr std::string_view extreme_mark = "extreme-";

/// How long before the close the last fault ends.
inline constexpr time_ms quiet_ms = 30 * minute_ms;

/// A function of its arguments alone. `symbols` are those that are traded.
fault_profile draw_profile(std::uint64_t seed, const fault_groups& groups, const session_hours& hours,
                           const std::vector<std::string>& symbols);

/// How many parts of a profile can be taken away one by one: rates that are not 0 and lines of the schedule.
std::size_t part_count(const fault_profile& profile);
/// The profile with only those parts for which `keep` is true; keep has part_count() elements.
fault_profile with_parts(const fault_profile& profile, const std::vector<bool>& keep);

/// JSON of several lines, in a fixed order, without what is 0 or empty.
std::string print_profile(const fault_profile& profile);
/// Returns what is wrong with the text, and then leaves `out` as it was; empty when it was read.
std::string parse_profile(std::string_view json, fault_profile& out);

const char* to_string(outage_kind kind);
const char* to_string(session_order_kind kind);

} // namespace sentio
