// What this machine could do at best: multiplications and additions on registers, no memory, no waiting.
#pragma once

#include "core/learning/symbol_model.hpp"

#include <cstddef>

namespace sentio {

/// Runs at least that many multiplications and as many additions of doubles, in vectors of the instruction
/// set, in enough independent chains to keep every unit busy. Returns a number, so that nothing can be left
/// out.
double spin_registers(instruction_set isa, std::size_t operations);

double spin_sse2(std::size_t operations);
double spin_avx2(std::size_t operations);
double spin_avx512(std::size_t operations);

/// Multiplications (as many additions, within 3 %) that the learner does for a bar: p features padded to
/// whole blocks of 8, one covariance, `horizons` labels learned and predictions made.
///   blocks left of the diagonal:  3 an element: P - u u', its row's product with x, its mirror image's
///   blocks on the diagonal:       2 an element, stored in full
///   a horizon's weights:          4 an element: error, correction, prediction, decay
///   gain and update vectors:      2 an element
constexpr std::size_t learner_operations(std::size_t features, std::size_t horizons) {
  const std::size_t blocks = (features + 7) / 8;
  const std::size_t lower = blocks * (blocks - 1) / 2 * 64;
  return 3 * lower + 2 * blocks * 64 + (4 * horizons + 2) * blocks * 8;
}

} // namespace sentio
