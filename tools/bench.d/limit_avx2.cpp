#define SENTIO_LIMIT_BYTES 32
#include "tools/bench.d/limit_template.hpp"

namespace sentio {

double spin_avx2(unsigned long operations);
double spin_avx2(unsigned long operations) {
  return spin(operations);
}

} // namespace sentio
