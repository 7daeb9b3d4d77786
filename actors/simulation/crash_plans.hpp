// Where sessions of a still world are disturbed.
#pragma once

#include "actors/simulation/still_session.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sentio {

struct named_plan {
  std::string group; ///< for a table
  still_plan plan;
  /// A restart that takes a second and stops entries meanwhile may change what is bought, but no signal.
  bool signals_only = false;
};

/// One crash each: `count` places, evenly spread, a fifth at each of the five instants (fewer where there are
/// fewer); 0: all of them. A tenth as many disks that are full for one write.
std::vector<named_plan> crash_plans(const still_result& undisturbed, std::uint64_t count);
/// Two crashes each, at places drawn from the seed: in every other session the second strikes the recovery from the
/// first.
std::vector<named_plan> double_crash_plans(const still_result& undisturbed, std::uint64_t count,
                                           std::uint64_t seed);
/// So many deaths of every kind of actor, `a_session` of them in each session but at most so many that none is
/// given up.
std::vector<named_plan> kill_plans(const still_result& undisturbed, const std::vector<std::string>& symbols,
                                   std::uint64_t count, std::uint64_t a_session, std::uint64_t seed);

/// "after_write:812,ranking@40".
std::string describe(const still_plan& plan);
/// Reads what describe() wrote. Throws std::invalid_argument.
named_plan read_plan(std::string_view text);

} // namespace sentio
