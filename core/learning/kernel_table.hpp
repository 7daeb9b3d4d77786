// The numeric kernels of the learner as a table of functions, one table per instruction set.
// This header and kernel_template.hpp include no standard header: an inline function compiled with AVX
// switched on must never be the copy that the linker keeps for the rest of the program.
#pragma once

namespace sentio {

/// Every array is 64-byte aligned and a whole number of blocks of 8 doubles long, padded with zeros.
/// Each sum runs over 8 logical lanes (element i belongs to lane i mod 8; those of vectors in two chains,
/// even and odd blocks) and is folded in one fixed order, so all tables give the same bits.
struct kernel_table {
  using count = unsigned long;

  /// y = P x for a symmetric matrix P of 8*blocks rows, and a copy of P's diagonal. P is its lower triangle,
  /// 64 * blocks * (blocks + 1) / 2 doubles: pairs of rows one after the other, each pair up to its 8x8 block
  /// on the diagonal, stored in full; within a pair 8 elements of the first row, 8 of the second, and so on.
  void (*product)(const double* p, count blocks, const double* x, double* y, double* diagonal);
  /// The same in one pass with P <- P - u u' - v v' + inflation*I.
  void (*update)(double* p, count blocks, double inflation, const double* u, const double* v, const double* x,
                 double* y, double* diagonal);
  /// Makes P's product and diagonal those of P - u u' + inflation*I, given along = u'x: y <- y - along*u +
  /// inflation*x, diagonal <- diagonal - u*u + inflation; a null u leaves them. variance = x'y. True when
  /// every element of the diagonal is > 0 and <= high (so none is NaN).
  bool (*settle)(const double* u, double along, count blocks, double inflation, const double* x, double* y,
                 double* diagonal, double high, double* variance);
  /// products[r] = x' w[r] for the given number of rows of w, each 8*blocks long.
  void (*multiply)(const double* w, count rows, count blocks, const double* x, double* products);
  /// For weights factor*w: factor*w <- factor*w + k e, where e = y - x'(factor*w) is returned.
  double (*correct)(double* w, count blocks, double factor, const double* x, const double* k, double y);
  /// correct for three rows of w, one after the other, each with its own x, k and y: together their sums do
  /// not wait for each other. The same bits as three calls of correct.
  void (*correct_three)(double* w, count blocks, double factor, const double* const* x,
                        const double* const* k, const double* y, double* errors);
  /// first <- a*v, second <- b*v
  void (*spread)(const double* v, count blocks, double a, double b, double* first, double* second);
  /// v <- a*v
  void (*scale)(double* v, count blocks, double a);
};

extern const kernel_table kernel_sse2;
extern const kernel_table kernel_avx2;
extern const kernel_table kernel_avx512;

} // namespace sentio
