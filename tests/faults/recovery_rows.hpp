// Rows of the fault matrix in which actors or the whole process die.
#pragma once

#include "tests/faults/process_rows.hpp"

#include <vector>

namespace sentio::test {

/// `kills`: how often kill -9 is given in all, over as many sessions as that takes.
std::vector<named_run> recovery_runs(unsigned kills);

} // namespace sentio::test
