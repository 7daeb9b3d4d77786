// Rows of the fault matrix in which the venue says what cannot be true, or a tape cannot be folded.
#pragma once

#include "tests/faults/process_rows.hpp"

#include <vector>

namespace sentio::test {

std::vector<named_run> impossible_runs();

} // namespace sentio::test
