// The covariance P of an EWRLS predictor and the gain it gives each input. P and the gain depend only on the
// inputs, never on a label, so one covariance serves every horizon.
#pragma once

#include "core/learning/kernel_table.hpp"
#include "core/learning/lane_array.hpp"
#include "core/learning/learner_parameters.hpp"
#include "core/numeric/bytes.hpp"

#include <array>
#include <cstddef>

namespace sentio {

/// stationary (AR(1) state-space model of the weights, Kalman filter with observation noise 1):
///   P <- a2 P + (1 - a2) tau2 I;  g = P x;  s = x'g;  k = g / (1 + s);  P <- P - g g' / (1 + s)
///   Before the update P's eigenvalues lie in [(1 - a2) tau2, tau2], for any inputs; |k| <= tau / 2.
/// classic (exponential forgetting with Levenberg-Marquardt regularisation of R = P^-1):
///   R <- R + mu e_i e_i', i cycling;  g = P x;  k = g / (lambda + x'g);  P <- (P - k g') / lambda
///   The cyclic term keeps R above mu lambda^(p-1), so P stays bounded where nothing excites it.
/// Two rank-1 updates are taken from P in one pass over memory, which P x shares; while only one waits, P is
/// read and not written: (Q - u u') x = Q x - u (u'x). The 68 kB of 126 features do not fit the first cache,
/// so writing them back every other time saves a quarter of the traffic.
class covariance {
public:
  /// tau2 = rho / features.
  static covariance stationary(std::size_t features, double a2, double rho, const kernel_table& kernels);
  static covariance classic(std::size_t features, const classic_parameters& parameters,
                            const kernel_table& kernels);

  /// Takes the input x (padded with zeros) and writes its gain k, the same length. Throws learner_error when
  /// P's diagonal is not finite and in (0, bound], or x'P x is negative or not finite.
  void advance(const double* x, double* gain);

  /// x'P x at the last call, before the update.
  double variance() const { return variance_; }
  /// x'k at the last call: the share of a label's error that the fit takes over, in [0, 1).
  double leverage() const { return variance_ / (noise_ + variance_); }
  /// Bound of P's diagonal: tau2; the initial variance of the classic learner, for which it is only a scale.
  double scale() const { return scale_; }
  double smallest_diagonal() const;
  double largest_diagonal() const;

  /// Element (row, column) of P as the last gain used it: after the inflation, before the update.
  double element(std::size_t row, std::size_t column) const;
  std::size_t features() const { return features_; }

  void save(byte_writer& out) const;
  void load(byte_reader& in);

private:
  covariance(std::size_t features, const kernel_table& kernels, double initial);
  void regularise();
  bool multiply(const double* x);
  void defer(double share);
  void renormalise();
  [[noreturn]] void refuse() const;

  const kernel_table* kernels_;
  std::size_t features_;
  std::size_t blocks_;
  double forgetting_ = 1; ///< P is multiplied by it before each gain: a2, or 1 / lambda from the second on
  double inflation_ = 0;
  double noise_ = 1; ///< 1, or lambda
  double scale_;
  double upper_bound_;
  double regularization_ = 0;
  std::size_t next_regularised_ = 0;
  bool advanced_ = false;
  double variance_ = 0;
  /// P = factor (T - sum of the waiting updates u u' + waiting_inflation I), T the stored triangle; factor is
  /// within [1/2, 2] after each pass that writes T.
  double factor_ = 1;
  double waiting_inflation_ = 0;
  std::size_t waiting_ = 0;
  lane_array triangle_;
  std::array<lane_array, 2> updates_; ///< zero before the first
  lane_array product_;                ///< P x / factor
  lane_array diagonal_;
  lane_array unit_; ///< e_i of the regularisation, zero between calls
};

} // namespace sentio
