// One expert: an EWRLS predictor of every horizon over one feature set. The horizons share a covariance.
#pragma once

#include "core/learning/covariance.hpp"
#include "core/learning/kernel_table.hpp"
#include "core/learning/lane_array.hpp"
#include "core/numeric/bytes.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace sentio {

/// Order of one bar: learn() for each label that has come, then, if the bar is not masked, advance(), then
/// predict(). Weights decay (w <- a w) once per advance, for every horizon, whether or not labels came: the
/// prior is a property of time, not of labels. A label that comes late is applied with the gain of its own
/// bar:
///   w_h <- w_h + k_t (y - x_t'w_h).
/// There is no bias: targets have mean zero in units of their standard deviation to within their noise, and a
/// 17th element would cost the compact set half as much again (padding to 24).
class ewrls {
public:
  /// slots: how many bars may wait for a label, their gains are kept. Weights start at 0.
  ewrls(covariance start, double weight_decay, std::size_t horizons, std::size_t slots,
        const kernel_table& kernels);

  /// Advances P with x (padded, see covariance) and keeps its gain in a slot.
  void advance(const double* x, std::size_t slot);
  /// A label of x, which was advanced into the slot. Returns the error before the correction.
  double learn(std::size_t horizon, std::size_t slot, const double* x, double y);
  /// The labels of a bar, at most one a horizon; all horizons at once when there are three and each has one.
  struct label {
    std::size_t horizon = 0;
    std::size_t slot = 0;
    const double* x = nullptr;
    double y = 0;
  };
  void learn(std::span<const label> labels);
  /// predictions[h] = x'w_h
  void predict(const double* x, std::span<double> predictions) const;

  const covariance& shared_covariance() const { return covariance_; }
  std::vector<double> weights(std::size_t horizon) const;
  std::span<const double> gain(std::size_t slot) const;

  void save(byte_writer& out) const;
  void load(byte_reader& in);

private:
  const kernel_table* kernels_;
  covariance covariance_;
  double weight_decay_;
  std::size_t horizons_;
  std::size_t blocks_;
  double factor_ = 1;  ///< w = factor W, within [1/2, 1]: the decay of all weights is one multiplication
  lane_array weights_; ///< W, a row per horizon
  lane_array gains_;   ///< a row per slot
};

} // namespace sentio
