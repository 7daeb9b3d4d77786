// Rows of the fault matrix of a hostile world: a second trader, messages without bounds, a latch that is no file, a disk
// that freezes.
#pragma once

#include "tests/faults/process_rows.hpp"

#include <vector>

namespace sentio::test {

std::vector<named_run> hostile_runs();

} // namespace sentio::test
