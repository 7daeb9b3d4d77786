// What tools/simulate does.
#pragma once

#include "actors/mock_run.hpp"

#include <cstdint>
#include <string>

namespace sentio {

struct simulate_options {
  std::uint64_t seeds = 0;         ///< sessions with faults; 0: not asked for
  std::uint64_t interleavings = 0; ///< schedules of a mock session; 0: not asked for
  std::string crashes;              ///< places at which a session's process ends: a number, or "all"
  std::uint64_t double_crashes = 0; ///< sessions whose process ends twice
  std::uint64_t kill_each = 0;      ///< deaths of every kind of actor
  std::uint64_t kills_a_session = 10;
  std::string plan; ///< of one session of the still world, as it is printed
  std::uint64_t first_seed = 1;
  std::string data_dir;
  std::string date;           ///< of the mock session; empty: the last one
  std::uint32_t days = 1;     ///< sessions that the faults are spread over
  std::string faults = "all"; ///< a group's name or a JSON file
  bool shrink = false;
  std::string keep; ///< folder for the profiles of failing seeds; empty: not kept
  bool verbose = false;
  bool full_features = false;
  bool skip_threads = false;
  unsigned threads = 0; ///< 0: as many as there are cores
};

/// The configuration's defaults on the bars of the data folder, with all experts.
mock_setup simulation_setup(const simulate_options& asked);

/// They return the program's exit code: 0 when nothing was wrong.
int simulate_interleavings(const simulate_options& asked);
int simulate_faults(const simulate_options& asked);
int simulate_still(const simulate_options& asked);

} // namespace sentio
