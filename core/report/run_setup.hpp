// The configuration and instruments of a run, as its run.json has them.
#pragma once

#include "core/config/configuration.hpp"
#include "core/journal/records.hpp"

#include <vector>

namespace sentio {

/// Throws log_error when the configuration inside is refused.
configuration run_configuration(const run_description& run);
/// Of the run's symbols, in their order. Throws log_error when one is unknown.
std::vector<instrument> run_instruments(const configuration& config, const run_description& run);

} // namespace sentio
