// The kernels for AVX-512.
#define SENTIO_KERNEL_BYTES 64
#include "core/learning/kernel_template.hpp"

namespace sentio {

const kernel_table kernel_avx512 = table;

} // namespace sentio
