// Sessions of a still world: nothing fails but what the plan names, and nothing takes time. Whoever comes back
// within the same millisecond must leave the very session that an undisturbed run leaves.
#pragma once

#include "actors/log_sink.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace sentio {

/// Where the process ends, as if the power were cut: nobody says another word.
enum class crash_instant : std::uint8_t {
  before_write, ///< of the tape: none of its bytes reach the disk
  torn_write,   ///< half of them do
  after_write,  ///< all of them do, and nobody has been told yet
  before_order, ///< an order is decided and has not left
  after_order,  ///< the exchange has it, its answer is on the way
  disk_full     ///< no end of the process: half of the bytes are written, then the disk is full for once
};
inline constexpr std::size_t crash_instant_count = 6;
const char* to_string(crash_instant instant);

struct crash_point {
  crash_instant instant = crash_instant::before_write;
  std::uint64_t number = 1; ///< of the write or order, counted from 1 through all lives of the session
};

/// An actor is killed while the tape is written, so that others are in the middle of their work.
struct still_kill {
  std::uint64_t write = 1;
  std::string role; ///< as actor_kill has it
};

struct still_plan {
  std::vector<crash_point> crashes;
  std::vector<still_kill> kills;
};

struct still_result {
  std::map<log_kind, std::string> logs; ///< signals, decisions, trades, positions
  std::vector<std::string> learners;    ///< at the session's end
  std::string totals;                   ///< the session's line without its data counters
  std::uint64_t writes = 0;             ///< of the tape
  std::uint64_t orders = 0;             ///< that reached the network
  std::uint64_t crashes = 0;            ///< that were carried out
  std::uint64_t kills = 0;
  std::uint64_t longest_recovery_us = 0; ///< of one actor, virtual time
  std::vector<std::string> violations;   ///< what the judge of sessions with faults finds
};

/// Where two sessions differ first, in a few words; empty when they are the same.
std::string first_difference(const still_result& undisturbed, const still_result& other);
/// The same of the signals log alone.
std::string first_difference_of_signals(const still_result& undisturbed, const still_result& other);

} // namespace sentio
