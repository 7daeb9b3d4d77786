// How far the model's own record may be trusted, in [0, 1].
#pragma once

#include "core/learning/learner_parameters.hpp"
#include "core/numeric/bytes.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace sentio {

/// sound: clamp(0.7 / (1 + rmse / sigma_y) + 0.3 accuracy, 0, 1) over about the last 5,000 targets, carried
/// from day
///   to day; sigma_y is the root mean square of the targets, which is the error of predicting nothing.
/// legacy: clamp(0.7 / (1 + 100 rmse) + 0.3 accuracy, .10, .95) over the last 100, rmse in plain log return,
/// times a
///   ramp from .3 to 1 over the first 200 targets.
/// Accuracy counts the signs that were right; where the prediction or the target is 0 there is no sign to
/// count.
class confidence_record {
public:
  explicit confidence_record(confidence_kind kind) : kind_(kind) {}

  /// In units of sigma * sqrt(h); unit is that product, the size of 1 in plain log return.
  void learn(double predicted, double realised, double unit);
  double value() const;

  void save(byte_writer& out) const;
  void load(byte_reader& in);

private:
  static constexpr std::size_t window = 100;
  double sound_value() const;
  double legacy_value() const;

  confidence_kind kind_;
  std::uint64_t samples_ = 0;
  std::uint64_t signs_ = 0;
  double mean_square_error_ = 0;
  double mean_square_target_ = 0;
  double accuracy_ = 0.5;
  std::array<double, window> recent_square_error_{}; ///< legacy only
  std::array<double, window> recent_hit_{};
};

} // namespace sentio
