// From the mixture's shrunken prediction to an expected return and a probability. Both learn from prior
// errors only: the prediction made at bar t is paired with its target when that arrives.
#pragma once

#include "core/numeric/bytes.hpp"

namespace sentio {

/// Slope b of realised on predicted, y = b z: the learner's own recursion in one dimension, around b = 1:
///   P <- a2 P + (1 - a2) tau2;  g = P z;  k = g / (1 + z g);  P <- P - k g;  b <- 1 + a (b - 1) + k (y - z
///   b)
/// with a2 = .9999 and tau = 4, so that the five- to sevenfold shrinkage of the weights' prior is within
/// reach and a prediction of 0 leaves b at 1.
class slope_regression {
public:
  static constexpr double largest = 20;

  void learn(double predicted, double realised);
  /// Clamped to [0, 20]: a model that was wrong so far expects nothing rather than the opposite.
  double slope() const;

  void save(byte_writer& out) const;
  void load(byte_reader& in);

private:
  double slope_ = 1;
  double variance_ = 16;
};

/// Online Platt scaling: probability of a rise = 1 / (1 + exp(-(A z + B))). The same recursion, linearised at
/// the current probability (extended Kalman filter of a logistic observation), around A = 1.6 and B = 0 with
/// prior standard deviations 6.4 and 0.1. A logistic curve of slope 1.6 is the normal distribution's, so A
/// = 1.6 b.
class platt_scaling {
public:
  /// A realised value of 0 is neither a rise nor a fall, and is skipped.
  void learn(double predicted, double realised);
  /// Within (0, 1): the exponent is limited to +-13.
  double probability(double predicted) const;
  double scale() const { return scale_; }   ///< A, within [0, 32]
  double offset() const { return offset_; } ///< B

  void save(byte_writer& out) const;
  void load(byte_reader& in);

private:
  double scale_ = 1.6;
  double offset_ = 0;
  double scale_variance_ = 40.96;
  double offset_variance_ = 0.01;
  double covariance_ = 0;
};

} // namespace sentio
