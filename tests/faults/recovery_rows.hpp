// Rows of the fault matrix in which actors or the whole process die.
#pragma once

#include "tests/faults/child.hpp"
#include "tests/faults/process_rows.hpp"

#include <filesystem>
#include <vector>

namespace sentio::test {

/// `kills`: how often kill -9 is given in all, over as many sessions as that takes.
std::vector<named_run> recovery_runs(unsigned kills);

/// Kills actors of a session that writes below folder/logs, in an order and at times that are drawn from the
/// seed. Returns how many kills were obeyed.
unsigned kill_actors(const run_place& place, const std::filesystem::path& folder, child& session,
                     unsigned seed);

} // namespace sentio::test
