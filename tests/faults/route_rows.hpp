// Rows of the fault matrix in which the REST interface fails while the streams live: it must be said within
// seconds, nothing may be bought, and what is held must be sold as soon as that can be done.
#pragma once

#include "tests/faults/process_rows.hpp"

#include <vector>

namespace sentio::test {

std::vector<named_run> route_runs();

} // namespace sentio::test
