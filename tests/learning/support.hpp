// Plain references that the learner is compared with: dense, textbook order, no lanes.
#pragma once

#include "core/learning/kernel.hpp"
#include "core/learning/lane_array.hpp"
#include "core/learning/symbol_model.hpp"
#include "core/numeric/random.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace sentio::test {

using row = std::vector<double>;
using matrix = std::vector<row>;

inline matrix scaled_identity(std::size_t size, double value) {
  matrix result(size, row(size, 0.0));
  for (std::size_t i = 0; i < size; ++i)
    result[i][i] = value;
  return result;
}

inline double dot(const row& a, const row& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    sum += a[i] * b[i];
  return sum;
}

inline row times(const matrix& m, const row& x) {
  row result;
  for (const row& line : m)
    result.push_back(dot(line, x));
  return result;
}

/// m <- m + factor v v'
inline void add_outer(matrix& m, const row& v, double factor) {
  for (std::size_t i = 0; i < v.size(); ++i)
    for (std::size_t j = 0; j < v.size(); ++j)
      m[i][j] += factor * v[i] * v[j];
}

/// Solves m x = b for a symmetric positive definite m, by Cholesky's decomposition.
inline row solve(matrix m, row b) {
  const std::size_t size = b.size();
  for (std::size_t j = 0; j < size; ++j) {
    for (std::size_t k = 0; k < j; ++k)
      m[j][j] -= m[j][k] * m[j][k];
    m[j][j] = std::sqrt(m[j][j]);
    for (std::size_t i = j + 1; i < size; ++i) {
      for (std::size_t k = 0; k < j; ++k)
        m[i][j] -= m[i][k] * m[j][k];
      m[i][j] /= m[j][j];
    }
  }
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t k = 0; k < i; ++k)
      b[i] -= m[i][k] * b[k];
    b[i] /= m[i][i];
  }
  for (std::size_t i = size; i-- > 0;) {
    for (std::size_t k = i + 1; k < size; ++k)
      b[i] -= m[k][i] * b[k];
    b[i] /= m[i][i];
  }
  return b;
}

/// Smallest and largest eigenvalue of a symmetric matrix, by cyclic Jacobi rotations.
struct eigenvalue_range {
  double smallest;
  double largest;
};
inline eigenvalue_range eigenvalues(matrix m) {
  const std::size_t size = m.size();
  for (int sweep = 0; sweep < 12; ++sweep)
    for (std::size_t p = 0; p < size; ++p)
      for (std::size_t q = p + 1; q < size; ++q) {
        if (m[p][q] == 0)
          continue;
        const double theta = (m[q][q] - m[p][p]) / (2 * m[p][q]);
        const double t = (theta >= 0 ? 1.0 : -1.0) / (std::fabs(theta) + std::sqrt(theta * theta + 1));
        const double c = 1 / std::sqrt(t * t + 1);
        const double s = t * c;
        for (std::size_t k = 0; k < size; ++k) {
          const double kp = m[k][p], kq = m[k][q];
          m[k][p] = c * kp - s * kq;
          m[k][q] = s * kp + c * kq;
        }
        for (std::size_t k = 0; k < size; ++k) {
          const double pk = m[p][k], qk = m[q][k];
          m[p][k] = c * pk - s * qk;
          m[q][k] = s * pk + c * qk;
        }
      }
  eigenvalue_range range{m[0][0], m[0][0]};
  for (std::size_t i = 1; i < size; ++i) {
    range.smallest = std::fmin(range.smallest, m[i][i]);
    range.largest = std::fmax(range.largest, m[i][i]);
  }
  return range;
}

inline double symmetric_uniform(random_source& random) {
  return 2 * random.uniform() - 1;
}

inline row random_row(random_source& random, std::size_t size, double scale = 1) {
  row result(size);
  for (double& value : result)
    value = scale * symmetric_uniform(random);
  return result;
}

/// Sum of twelve uniforms: near enough to a normal of variance 1.
inline double noise(random_source& random) {
  double sum = -6;
  for (int i = 0; i < 12; ++i)
    sum += random.uniform();
  return sum;
}

inline lane_array padded(const row& values) {
  lane_array result(values.size());
  std::copy(values.begin(), values.end(), result.data());
  return result;
}

} // namespace sentio::test
