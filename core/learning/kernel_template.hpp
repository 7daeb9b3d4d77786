// The kernels, written once for any vector width. Included by one source per instruction set, which defines
// SENTIO_KERNEL_BYTES (16, 32 or 64): GCC's vectors of another than the native width fall apart into scalars.
// No header guard would help here: it must be included exactly once per source.
#include "core/learning/kernel_table.hpp"

#ifdef __clang__
#define SENTIO_UNROLL _Pragma("unroll")
#else
#define SENTIO_UNROLL _Pragma("GCC unroll 4")
#endif

namespace sentio {
namespace {

using count = kernel_table::count;
using vector = double __attribute__((vector_size(SENTIO_KERNEL_BYTES), may_alias));
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

/// The one order in which 8 lanes become a sum.
inline __attribute__((always_inline)) double fold(const double* t) {
  return ((t[0] + t[4]) + (t[1] + t[5])) + ((t[2] + t[6]) + (t[3] + t[7]));
}

/// Two rows of P left of the diagonal block and inside it. Whole blocks of columns, not strips of them:
/// touching only one half of each cache line keeps every access in the same banks of the cache, at half its
/// speed.
inline __attribute__((always_inline)) void sweep_rows(double* __restrict p, count columns, double alpha,
                                                      const double* __restrict u, const double* __restrict x,
                                                      double* __restrict y, const double* ui,
                                                      const double* xi, double* sums) {
  const double u0 = ui[0], u1 = ui[1], x0 = xi[0], x1 = xi[1];
  vector s0[strips] = {}, s1[strips] = {};
  for (count block = 0; block < columns; ++block, p += 64, u += lanes, x += lanes, y += lanes) {
    SENTIO_UNROLL
    for (count strip = 0; strip < strips; ++strip) {
      const count lane = strip * width;
      const vector uj = at(u + lane), xj = at(x + lane);
      const vector a0 = alpha * at(p + lane) - u0 * uj, a1 = alpha * at(p + lanes + lane) - u1 * uj;
      at(p + lane) = a0;
      at(p + lanes + lane) = a1;
      s0[strip] += a0 * xj;
      s1[strip] += a1 * xj;
      // The same element serves the mirrored half of the triangle.
      at(y + lane) += x0 * a0 + x1 * a1;
    }
  }
  SENTIO_UNROLL
  for (count strip = 0; strip < strips; ++strip) {
    const count lane = strip * width;
    const vector uj = at(u + lane), xj = at(x + lane);
    const vector a0 = alpha * at(p + lane) - u0 * uj, a1 = alpha * at(p + lanes + lane) - u1 * uj;
    at(p + lane) = a0;
    at(p + lanes + lane) = a1;
    at(sums + lane) = s0[strip] + a0 * xj;
    at(sums + lanes + lane) = s1[strip] + a1 * xj;
  }
}

void advance(double* p, count blocks, double alpha, double inflation, const double* u, const double* x,
             double* y, double* diagonal) {
  for (count i = 0; i < blocks * lanes; ++i)
    y[i] = 0;
  for (count row = 0; row < blocks; ++row) {
    for (count pair = 0; pair < lanes; pair += 2) {
      const count first = row * lanes + pair;
      alignas(64) double sums[2 * lanes];
      sweep_rows(p + pair * lanes, row, alpha, u, x, y, u + first, x + first, sums);
      // The inflation enters P, and P x, only here: it touches nothing but the diagonal.
      for (count r = 0; r < 2; ++r) {
        double& element = p[row * 64 + (pair + r) * (lanes + 1)];
        element += inflation;
        diagonal[first + r] = element;
        y[first + r] += fold(sums + r * lanes) + inflation * x[first + r];
      }
    }
    p += (row + 1) * 64;
  }
}

inline __attribute__((always_inline)) double dot(const double* a, const double* b, count blocks) {
  vector sums[strips] = {};
  for (count block = 0; block < blocks; ++block, a += lanes, b += lanes)
    for (count strip = 0; strip < strips; ++strip)
      sums[strip] += at(a + strip * width) * at(b + strip * width);
  alignas(64) double t[lanes];
  for (count strip = 0; strip < strips; ++strip)
    at(t + strip * width) = sums[strip];
  return fold(t);
}

void multiply(const double* w, count rows, count blocks, const double* x, double* products) {
  for (count row = 0; row < rows; ++row)
    products[row] = dot(w + row * blocks * lanes, x, blocks);
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
