#define SENTIO_LIMIT_BYTES 16
#include "tools/bench.d/limit_template.hpp"

namespace sentio {

double spin_sse2(unsigned long operations);
double spin_sse2(unsigned long operations) {
  return spin(operations);
}

} // namespace sentio
