// Run-time choice of the numeric kernels.
#pragma once

#include "core/learning/kernel_table.hpp"
#include "core/learning/symbol_model.hpp"

namespace sentio {

/// The kernels of an instruction set. Throws learner_error when this machine cannot run them.
const kernel_table& kernels_for(instruction_set isa);

} // namespace sentio
