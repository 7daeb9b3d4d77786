// The two things that tools/simulate does.
#pragma once

#include "actors/mock_run.hpp"

#include <cstdint>
#include <string>

namespace sentio {

struct simulate_options {
  std::uint64_t seeds = 0;         ///< sessions with faults; 0: not asked for
  std::uint64_t interleavings = 0; ///< schedules of a mock session; 0: not asked for
  std::uint64_t first_seed = 1;
  std::string data_dir;
  std::string date;           ///< of the mock session; empty: the last one
  std::uint32_t days = 1;     ///< sessions that the faults are spread over
  std::string faults = "all"; ///< a group's name or a JSON file
  bool shrink = false;
  std::string keep; ///< folder for the profiles of failing seeds; empty: not kept
  bool verbose = false;
  bool carry_out_kills = false; ///< of actors; else they are drawn and left out
  bool full_features = false;
  bool skip_threads = false;
  unsigned threads = 0; ///< 0: as many as there are cores
};

/// The configuration's defaults on the bars of the data folder, with all experts.
mock_setup simulation_setup(const simulate_options& asked);

/// Both return the program's exit code: 0 when nothing was wrong.
int simulate_interleavings(const simulate_options& asked);
int simulate_faults(const simulate_options& asked);

} // namespace sentio
