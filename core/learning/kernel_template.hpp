// The kernels, written once for any vector width. Included by one source per instruction set, which defines
// SENTIO_KERNEL_BYTES (16, 32 or 64): GCC's vectors of another than the native width fall apart into scalars.
// No header guard would help here: it must be included exactly once per source.
#include "core/learning/kernel_table.hpp"

#ifdef __clang__
#define SENTIO_UNROLL _Pragma("unroll")
#else
#define SENTIO_UNROLL _Pragma("GCC unroll 8")
#endif
/// GCC would load a value used twice twice, straight from memory, and the loop below would wait for the load
/// ports.
#define SENTIO_KEEP_IN_REGISTER(value) asm("" : "+v"(value))

namespace sentio {
namespace {

using count = kernel_table::count;
using vector = double __attribute__((vector_size(SENTIO_KERNEL_BYTES), may_alias));
#if SENTIO_KERNEL_BYTES > 16
using quad = double __attribute__((vector_size(32), may_alias));
#endif
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
#if SENTIO_KERNEL_BYTES > 16
inline __attribute__((always_inline)) const quad& quad_at(const double* from) {
  return *reinterpret_cast<const quad*>(from);
}
#endif

/// x in each element; x - 0 is x, whatever its sign.
inline __attribute__((always_inline)) vector filled(double x) {
  return x - vector{};
}

/// The one order in which 8 lanes become a sum.
inline __attribute__((always_inline)) double fold(const double* t) {
  return ((t[0] + t[4]) + (t[1] + t[5])) + ((t[2] + t[6]) + (t[3] + t[7]));
}

#if SENTIO_KERNEL_BYTES > 16
/// The same order for four sums at once: row i's lanes at t + 8 i.
inline __attribute__((always_inline)) quad fold_four(const double* t) {
  const quad a = quad_at(t) + quad_at(t + 4), b = quad_at(t + 8) + quad_at(t + 12);
  const quad c = quad_at(t + 16) + quad_at(t + 20), d = quad_at(t + 24) + quad_at(t + 28);
  const quad ab = __builtin_shufflevector(a, b, 0, 4, 2, 6) + __builtin_shufflevector(a, b, 1, 5, 3, 7);
  const quad cd = __builtin_shufflevector(c, d, 0, 4, 2, 6) + __builtin_shufflevector(c, d, 1, 5, 3, 7);
  return __builtin_shufflevector(ab, cd, 0, 1, 4, 5) + __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
}
#endif

/// The same order for as many rows as a vector holds. One vector, for one store: a later load of the whole
/// would have to wait for parts.
inline __attribute__((always_inline)) vector fold_rows(const double* t) {
#if SENTIO_KERNEL_BYTES == 16
  const vector a01 = at(t) + at(t + 4), a23 = at(t + 2) + at(t + 6);
  const vector b01 = at(t + 8) + at(t + 12), b23 = at(t + 10) + at(t + 14);
  return (__builtin_shufflevector(a01, b01, 0, 2) + __builtin_shufflevector(a01, b01, 1, 3)) +
         (__builtin_shufflevector(a23, b23, 0, 2) + __builtin_shufflevector(a23, b23, 1, 3));
#elif SENTIO_KERNEL_BYTES == 32
  return fold_four(t);
#else
  return __builtin_shufflevector(fold_four(t), fold_four(t + 4 * lanes), 0, 1, 2, 3, 4, 5, 6, 7);
#endif
}

/// A sum of products over blocks of 8 lanes. The blocks take turns in two chains of additions, which halves
/// the wait of each.
struct product_sum {
  vector lane[2][strips] = {};
  inline __attribute__((always_inline)) double total() const {
    alignas(64) double t[lanes];
    SENTIO_UNROLL
    for (count i = 0; i < strips; ++i)
      at(t + i * width) = lane[0][i] + lane[1][i];
    return fold(t);
  }
};

/// Calls add(i, chain) for the first element i of each block.
template <class Add>
inline __attribute__((always_inline)) void for_each_block(count blocks, Add add) {
  count i = 0;
  for (; i + 2 * lanes <= blocks * lanes; i += 2 * lanes) {
    add(i, 0);
    add(i + lanes, 1);
  }
  if (i < blocks * lanes)
    add(i, 0);
}

/// What a pass has read of one row of P: the row's number x[i], and its products with x, 8 lanes.
struct row_sum {
  vector x;
  vector lane[strips];
};

/// The columns left of the diagonal block and then that block, for one to four pairs of rows: their products
/// with x go to sums, 8 lanes a row, those of the mirrored half of the triangle to y. Two pairs at once use x
/// and y twice per load; SSE2 has no registers for that.
template <count pairs>
inline __attribute__((always_inline)) void read_rows(const double* p, count columns, const double* x,
                                                     double* __restrict y, const double* xi,
                                                     double* __restrict sums) {
  const count next = 2 * (columns + lanes); // the same column in the next pair
  row_sum rows[2 * pairs];
  SENTIO_UNROLL
  for (count i = 0; i < 2 * pairs; ++i)
    rows[i] = {filled(xi[i]), {}};
  for (count j = 0; j < columns; j += lanes, p += 2 * lanes) {
    SENTIO_UNROLL
    for (count lane = 0; lane < lanes; lane += width) {
      vector xj = at(x + j + lane), yj = at(y + j + lane);
      SENTIO_KEEP_IN_REGISTER(xj);
      SENTIO_UNROLL
      for (count i = 0; i < pairs; ++i) {
        row_sum &first = rows[2 * i], &second = rows[2 * i + 1];
        vector a0 = at(p + i * next + lane), a1 = at(p + i * next + lanes + lane);
        SENTIO_KEEP_IN_REGISTER(a0);
        SENTIO_KEEP_IN_REGISTER(a1);
        first.lane[lane / width] += a0 * xj;
        second.lane[lane / width] += a1 * xj;
        yj += first.x * a0 + second.x * a1;
      }
      at(y + j + lane) = yj;
    }
  }
  SENTIO_UNROLL
  for (count lane = 0; lane < lanes; lane += width) {
    const vector xj = at(x + columns + lane);
    SENTIO_UNROLL
    for (count i = 0; i < 2 * pairs; ++i)
      at(sums + i * lanes + lane) =
          rows[i].lane[lane / width] + at(p + i / 2 * next + i % 2 * lanes + lane) * xj;
  }
}

/// The same for rows from which u u' and v v' are taken on the way.
/// Whole blocks of columns: half blocks would touch one half of each cache line only, whose banks then serve
/// one access at a time.
template <count pairs>
inline __attribute__((always_inline)) void
update_rows(double* __restrict p, count columns, const double* __restrict u, const double* __restrict v,
            const double* __restrict x, double* __restrict y, count row, double* __restrict sums) {
  const count next = 2 * (columns + lanes);
  struct {
    vector u, v;
    row_sum sum;
  } rows[2 * pairs];
  SENTIO_UNROLL
  for (count i = 0; i < 2 * pairs; ++i)
    rows[i] = {filled(u[row + i]), filled(v[row + i]), {filled(x[row + i]), {}}};
  for (count j = 0; j < columns; j += lanes, p += 2 * lanes) {
    SENTIO_UNROLL
    for (count lane = 0; lane < lanes; lane += width) {
      vector uj = at(u + j + lane), vj = at(v + j + lane), xj = at(x + j + lane), yj = at(y + j + lane);
      SENTIO_KEEP_IN_REGISTER(uj);
      SENTIO_KEEP_IN_REGISTER(vj);
      SENTIO_KEEP_IN_REGISTER(xj);
      SENTIO_UNROLL
      for (count i = 0; i < pairs; ++i) {
        auto &first = rows[2 * i], &second = rows[2 * i + 1];
        double* q = p + i * next + lane;
        const vector a0 = (at(q) - first.u * uj) - first.v * vj;
        const vector a1 = (at(q + lanes) - second.u * uj) - second.v * vj;
        at(q) = a0;
        at(q + lanes) = a1;
        first.sum.lane[lane / width] += a0 * xj;
        second.sum.lane[lane / width] += a1 * xj;
        yj += first.sum.x * a0 + second.sum.x * a1;
      }
      at(y + j + lane) = yj;
    }
  }
  SENTIO_UNROLL
  for (count lane = 0; lane < lanes; lane += width) {
    const vector uj = at(u + columns + lane), vj = at(v + columns + lane), xj = at(x + columns + lane);
    SENTIO_UNROLL
    for (count i = 0; i < 2 * pairs; ++i) {
      double* q = p + i / 2 * next + i % 2 * lanes + lane;
      const vector a = (at(q) - rows[i].u * uj) - rows[i].v * vj;
      at(q) = a;
      at(sums + i * lanes + lane) = rows[i].sum.lane[lane / width] + a * xj;
    }
  }
}

/// From the last rows to the first: what the update before it has left in the first cache are the last rows.
void product(const double* p, count blocks, const double* x, double* y, double* diagonal) {
  constexpr count pairs = width > 4 ? 4 : width > 2 ? 2 : 1;
  for (count i = 0; i < blocks * lanes; i += width)
    at(y + i) = vector{};
  p += lanes * lanes * (blocks * (blocks + 1) / 2);
  for (count row = blocks * lanes; row > 0;) {
    p -= lanes * row;
    row -= lanes;
    const count pair_length = 2 * (row + lanes);
    alignas(64) double sums[lanes * lanes];
    for (count two = 0; two < lanes; two += 2 * pairs)
      read_rows<pairs>(p + two / 2 * pair_length, row, x, y, x + row + two, sums + two * lanes);
    const double* in_diagonal_block = p + 2 * row;
    for (count two = 0; two < lanes; two += 2, in_diagonal_block += pair_length + 2) {
      diagonal[row + two] = in_diagonal_block[0];
      diagonal[row + two + 1] = in_diagonal_block[lanes + 1];
    }
    SENTIO_UNROLL
    for (count lane = 0; lane < lanes; lane += width)
      at(y + row + lane) += fold_rows(sums + lane * lanes);
  }
}

void update(double* p, count blocks, double inflation, const double* u, const double* v, const double* x,
            double* y, double* diagonal) {
  for (count row = 0; row < blocks * lanes; row += lanes) {
    alignas(64) double sums[lanes * lanes];
    constexpr count pairs = width > 4 ? 4 : 1;
    for (count two = 0; two < lanes; two += 2 * pairs)
      update_rows<pairs>(p + two * (row + lanes), row, u, v, x, y, row + two, sums + two * lanes);
    for (count two = 0; two < lanes; two += 2) {
      // The inflation enters P, and P x below, only here: it touches nothing but the diagonal.
      double* in_diagonal_block = p + 2 * row + two;
      diagonal[row + two] = in_diagonal_block[0] += inflation;
      diagonal[row + two + 1] = in_diagonal_block[lanes + 1] += inflation;
      p += 2 * (row + lanes);
    }
    // Later rows add what this row's elements owe them; nothing was added to these yet.
    SENTIO_UNROLL
    for (count lane = 0; lane < lanes; lane += width)
      at(y + row + lane) = fold_rows(sums + lane * lanes) + inflation * at(x + row + lane);
  }
}

inline __attribute__((always_inline)) double dot(const double* a, const double* b, count blocks) {
  product_sum sum;
  for_each_block(
      blocks, [&](count i, count chain) __attribute__((always_inline)) {
        SENTIO_UNROLL
        for (count lane = 0; lane < lanes; lane += width)
          sum.lane[chain][lane / width] += at(a + i + lane) * at(b + i + lane);
      });
  return sum.total();
}

/// Three products at once: alone, each would wait for its own chains.
inline __attribute__((always_inline)) void dot_three(const double* w, count blocks, const double* x,
                                                     double* products) {
  const count stride = blocks * lanes;
  product_sum s0, s1, s2;
  for_each_block(
      blocks, [&](count i, count chain) __attribute__((always_inline)) {
        SENTIO_UNROLL
        for (count lane = 0; lane < lanes; lane += width) {
          const vector xi = at(x + i + lane);
          s0.lane[chain][lane / width] += at(w + i + lane) * xi;
          s1.lane[chain][lane / width] += at(w + stride + i + lane) * xi;
          s2.lane[chain][lane / width] += at(w + 2 * stride + i + lane) * xi;
        }
      });
  products[0] = s0.total();
  products[1] = s1.total();
  products[2] = s2.total();
}

void multiply(const double* w, count rows, count blocks, const double* x, double* products) {
  const count stride = blocks * lanes;
  count row = 0;
  for (; row + 3 <= rows; row += 3)
    dot_three(w + row * stride, blocks, x, products + row);
  for (; row < rows; ++row)
    products[row] = dot(w + row * stride, x, blocks);
}

double correct(double* w, count blocks, double factor, const double* x, const double* k, double y) {
  const double inverse = 1 / factor; // beside the sum, not after it
  const double error = y - factor * dot(x, w, blocks);
  const double step = error * inverse;
  for (count i = 0; i < blocks * lanes; i += width)
    at(w + i) += step * at(k + i);
  return error;
}

void correct_three(double* w, count blocks, double factor, const double* const* x, const double* const* k,
                   const double* y, double* errors) {
  const count stride = blocks * lanes;
  const double inverse = 1 / factor;
  const double *x0 = x[0], *x1 = x[1], *x2 = x[2], *k0 = k[0], *k1 = k[1], *k2 = k[2];
  product_sum s0, s1, s2;
  for_each_block(
      blocks, [&](count i, count chain) __attribute__((always_inline)) {
        SENTIO_UNROLL
        for (count lane = 0; lane < lanes; lane += width) {
          s0.lane[chain][lane / width] += at(x0 + i + lane) * at(w + i + lane);
          s1.lane[chain][lane / width] += at(x1 + i + lane) * at(w + stride + i + lane);
          s2.lane[chain][lane / width] += at(x2 + i + lane) * at(w + 2 * stride + i + lane);
        }
      });
  errors[0] = y[0] - factor * s0.total();
  errors[1] = y[1] - factor * s1.total();
  errors[2] = y[2] - factor * s2.total();
  const double step0 = errors[0] * inverse, step1 = errors[1] * inverse, step2 = errors[2] * inverse;
  for (count i = 0; i < stride; i += width) {
    at(w + i) += step0 * at(k0 + i);
    at(w + stride + i) += step1 * at(k1 + i);
    at(w + 2 * stride + i) += step2 * at(k2 + i);
  }
}

void spread(const double* v, count blocks, double a, double b, double* first, double* second) {
  for (count i = 0; i < blocks * lanes; i += width) {
    const vector value = at(v + i);
    at(first + i) = a * value;
    at(second + i) = b * value;
  }
}

template <bool with_update>
inline __attribute__((always_inline)) bool settle_blocks(const double* u, double along, count blocks,
                                                         double inflation, const double* x, double* y,
                                                         double* diagonal, double high, double* variance) {
  product_sum sum;
  mask good = ~mask{};
  for_each_block(
      blocks, [&](count i, count chain) __attribute__((always_inline)) {
        SENTIO_UNROLL
        for (count lane = 0; lane < lanes; lane += width) {
          const vector xi = at(x + i + lane);
          vector yi = at(y + i + lane), di = at(diagonal + i + lane);
          if constexpr (with_update) {
            const vector ui = at(u + i + lane);
            at(y + i + lane) = yi = (yi - along * ui) + inflation * xi;
            at(diagonal + i + lane) = di = (di - ui * ui) + inflation;
          }
          sum.lane[chain][lane / width] += xi * yi;
          good &= (di > 0.0) & (di <= high);
        }
      });
  *variance = sum.total();
  bool all = true;
  for (count i = 0; i < width; ++i)
    all = all && good[i] != 0;
  return all;
}

bool settle(const double* u, double along, count blocks, double inflation, const double* x, double* y,
            double* diagonal, double high, double* variance) {
  return u != nullptr ? settle_blocks<true>(u, along, blocks, inflation, x, y, diagonal, high, variance)
                      : settle_blocks<false>(u, along, blocks, inflation, x, y, diagonal, high, variance);
}

void scale(double* v, count blocks, double a) {
  for (count i = 0; i < blocks * lanes; i += width)
    at(v + i) *= a;
}

constexpr kernel_table table{&product, &update,        &settle, &multiply,
                             &correct, &correct_three, &spread, &scale};

} // namespace
} // namespace sentio
