#define SENTIO_LIMIT_BYTES 64
#include "tools/bench.d/limit_template.hpp"

namespace sentio {

double spin_avx512(unsigned long operations);
double spin_avx512(unsigned long operations) {
  return spin(operations);
}

} // namespace sentio
