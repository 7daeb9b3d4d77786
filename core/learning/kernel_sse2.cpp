// The kernels for SSE2, part of every x86-64.
#define SENTIO_KERNEL_BYTES 16
#include "core/learning/kernel_template.hpp"

namespace sentio {

const kernel_table kernel_sse2 = table;

} // namespace sentio
