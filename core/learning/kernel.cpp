#include "core/learning/kernel.hpp"

#include "core/learning/learner_error.hpp"

#include <string>

namespace sentio {

bool is_supported(instruction_set isa) {
  __builtin_cpu_init();
  switch (isa) {
  case instruction_set::sse2:
    return true;
  case instruction_set::avx2:
    return __builtin_cpu_supports("avx2") != 0;
  case instruction_set::avx512:
    return __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512dq") != 0 &&
           __builtin_cpu_supports("avx512vl") != 0;
  }
  return false;
}

instruction_set best_instruction_set() {
  if (is_supported(instruction_set::avx512))
    return instruction_set::avx512;
  return is_supported(instruction_set::avx2) ? instruction_set::avx2 : instruction_set::sse2;
}

std::string_view to_string(instruction_set isa) {
  switch (isa) {
  case instruction_set::sse2:
    return "sse2";
  case instruction_set::avx2:
    return "avx2";
  case instruction_set::avx512:
    return "avx512";
  }
  return "unknown";
}

const kernel_table& kernels_for(instruction_set isa) {
  if (!is_supported(isa))
    throw learner_error("this machine cannot run the " + std::string(to_string(isa)) +
                        " kernels; the widest it has is " + std::string(to_string(best_instruction_set())));
  switch (isa) {
  case instruction_set::avx512:
    return kernel_avx512;
  case instruction_set::avx2:
    return kernel_avx2;
  case instruction_set::sse2:
    break;
  }
  return kernel_sse2;
}

} // namespace sentio
