// The kernels for AVX2.
#define SENTIO_KERNEL_BYTES 32
#include "core/learning/kernel_template.hpp"

namespace sentio {

const kernel_table kernel_avx2 = table;

} // namespace sentio
