// The kernels, written once for any vector width. Included by one source per instruction set, which defines
// SENTIO_KERNEL_BYTES (16, 32 or 64): GCC's vectors of another than the native width fall apart into scalars.
// No header guard would help here: it must be included exactly once per source.
#include "core/learning/kernel_table.hpp"

#ifdef __clang__
#define SENTIO_UNROLL _Pragma("unroll")
#else
#define SENTIO_UNROLL _Pragma("GCC unroll 4")
#endif
/// GCC would load a value used twice twice, straight from memory, and the loop below would wait for the load
/// ports.
#define SENTIO_KEEP_IN_REGISTER(value) asm("" : "+x"(value))

namespace sentio {
namespace {

using count = kernel_table::count;
using vector = double __attribute__((vector_size(SENTIO_KERNEL_BYTES), may_alias));
using couple = double __attribute__((vector_size(16), may_alias));
using mask = long long __attribute__((vector_size(SENTIO_KERNEL_BYTES)));

constexpr count lanes = 8;
constexpr count width = SENTIO_KERNEL_BYTES / sizeof(double);
constexpr count strips = lanes / width;

inline __attribute__((always_inline)) const vector& at(const double* from) {
  return *reinterpret_cast<const vector*>(from);
}
inline __attribute__((always_inline)) vector& at(double* from) {
  return *reinterpret_cast<vector*>(from);
}
inline __attribute__((always_inline)) const couple& couple_at(const double* from) {
  return *reinterpret_cast<const couple*>(from);
}

/// The one order in which 8 lanes become a sum.
inline __attribute__((always_inline)) double fold(const double* t) {
  return ((t[0] + t[4]) + (t[1] + t[5])) + ((t[2] + t[6]) + (t[3] + t[7]));
}

/// The same order for two sums at once.
inline __attribute__((always_inline)) couple fold_two(const double* t) {
  const couple a01 = couple_at(t) + couple_at(t + 4), a23 = couple_at(t + 2) + couple_at(t + 6);
  const couple b01 = couple_at(t + 8) + couple_at(t + 12), b23 = couple_at(t + 10) + couple_at(t + 14);
  return (__builtin_shufflevector(a01, b01, 0, 2) + __builtin_shufflevector(a01, b01, 1, 3)) +
         (__builtin_shufflevector(a23, b23, 0, 2) + __builtin_shufflevector(a23, b23, 1, 3));
}

/// Two rows of P, left of the diagonal block and inside it; their products with x go to sums, 8 lanes a row.
/// Two rows and whole blocks of columns: four rows need more than AVX2's sixteen registers, and half blocks
/// would touch one half of each cache line only, whose banks then serve one access at a time.
inline __attribute__((always_inline)) void sweep_rows(double* __restrict p, count columns,
                                                      const double* __restrict u, const double* __restrict x,
                                                      double* __restrict y, const double* ui,
                                                      const double* xi, double* sums) {
  // Negated, so that the addition can take its other operand from memory; p + (-u) v is p - u v to the bit.
  const double u0 = -ui[0], u1 = -ui[1], x0 = xi[0], x1 = xi[1];
  vector s0[strips] = {}, s1[strips] = {};
  for (count j = 0; j < columns; j += lanes, p += 2 * lanes) {
    SENTIO_UNROLL
    for (count lane = 0; lane < lanes; lane += width) {
      vector uj = at(u + j + lane), xj = at(x + j + lane);
      SENTIO_KEEP_IN_REGISTER(uj);
      SENTIO_KEEP_IN_REGISTER(xj);
      const vector a0 = at(p + lane) + u0 * uj, a1 = at(p + lanes + lane) + u1 * uj;
      at(p + lane) = a0;
      at(p + lanes + lane) = a1;
      s0[lane / width] += a0 * xj;
      s1[lane / width] += a1 * xj;
      // The same element serves the mirrored half of the triangle.
      at(y + j + lane) += x0 * a0 + x1 * a1;
    }
  }
  SENTIO_UNROLL
  for (count lane = 0; lane < lanes; lane += width) {
    const vector uj = at(u + columns + lane), xj = at(x + columns + lane);
    const vector a0 = at(p + lane) + u0 * uj, a1 = at(p + lanes + lane) + u1 * uj;
    at(p + lane) = a0;
    at(p + lanes + lane) = a1;
    at(sums + lane) = s0[lane / width] + a0 * xj;
    at(sums + lanes + lane) = s1[lane / width] + a1 * xj;
  }
}

void advance(double* p, count blocks, double inflation, const double* u, const double* x, double* y,
             double* diagonal) {
  for (count row = 0; row < blocks * lanes; row += lanes) {
    alignas(64) double sums[lanes * lanes];
    for (count two = 0; two < lanes; two += 2) {
      sweep_rows(p, row, u, x, y, u + row + two, x + row + two, sums + two * lanes);
      // The inflation enters P, and P x below, only here: it touches nothing but the diagonal.
      double* in_diagonal_block = p + 2 * row + two;
      diagonal[row + two] = in_diagonal_block[0] += inflation;
      diagonal[row + two + 1] = in_diagonal_block[lanes + 1] += inflation;
      p += 2 * (row + lanes);
    }
    // Later rows add what this row's elements owe them; nothing was added to these yet.
    for (count two = 0; two < lanes; two += 2)
      *reinterpret_cast<couple*>(y + row + two) =
          fold_two(sums + two * lanes) + inflation * couple_at(x + row + two);
  }
}

inline __attribute__((always_inline)) double dot(const double* a, const double* b, count blocks) {
  vector sums[strips] = {};
  for (count i = 0; i < blocks * lanes; i += lanes) {
    SENTIO_UNROLL
    for (count lane = 0; lane < lanes; lane += width)
      sums[lane / width] += at(a + i + lane) * at(b + i + lane);
  }
  alignas(64) double t[lanes];
  SENTIO_UNROLL
  for (count lane = 0; lane < lanes; lane += width)
    at(t + lane) = sums[lane / width];
  return fold(t);
}

/// Three products at once: alone, each would wait for its own chain of additions.
inline __attribute__((always_inline)) void dot_three(const double* w, count stride, const double* x,
                                                     double* products) {
  vector s0[strips] = {}, s1[strips] = {}, s2[strips] = {};
  for (count i = 0; i < stride; i += lanes) {
    SENTIO_UNROLL
    for (count lane = 0; lane < lanes; lane += width) {
      const vector xi = at(x + i + lane);
      s0[lane / width] += at(w + i + lane) * xi;
      s1[lane / width] += at(w + stride + i + lane) * xi;
      s2[lane / width] += at(w + 2 * stride + i + lane) * xi;
    }
  }
  alignas(64) double t[3 * lanes];
  SENTIO_UNROLL
  for (count lane = 0; lane < lanes; lane += width) {
    at(t + lane) = s0[lane / width];
    at(t + lanes + lane) = s1[lane / width];
    at(t + 2 * lanes + lane) = s2[lane / width];
  }
  products[0] = fold(t);
  products[1] = fold(t + lanes);
  products[2] = fold(t + 2 * lanes);
}

void multiply(const double* w, count rows, count blocks, const double* x, double* products) {
  const count stride = blocks * lanes;
  count row = 0;
  for (; row + 3 <= rows; row += 3)
    dot_three(w + row * stride, stride, x, products + row);
  for (; row < rows; ++row)
    products[row] = dot(w + row * stride, x, blocks);
}

double correct(double* w, count blocks, const double* x, const double* k, double y) {
  const double error = y - dot(x, w, blocks);
  for (count i = 0; i < blocks * lanes; i += width)
    at(w + i) += error * at(k + i);
  return error;
}

void spread(const double* v, count blocks, double a, double b, double* first, double* second) {
  for (count i = 0; i < blocks * lanes; i += width) {
    const vector value = at(v + i);
    at(first + i) = a * value;
    at(second + i) = b * value;
  }
}

void scale(double* v, count blocks, double a) {
  for (count i = 0; i < blocks * lanes; i += width)
    at(v + i) *= a;
}

bool within(const double* v, count blocks, double low, double high) {
  mask good = ~mask{};
  for (count i = 0; i < blocks * lanes; i += width)
    good &= (at(v + i) > low) & (at(v + i) <= high);
  bool all = true;
  for (count i = 0; i < width; ++i)
    all = all && good[i] != 0;
  return all;
}

constexpr kernel_table table{&advance, &multiply, &correct, &spread, &scale, &within};

} // namespace
} // namespace sentio
