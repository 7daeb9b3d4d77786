#include "core/learning/confidence.hpp"

#include <algorithm>
#include <cmath>
#include <span>

namespace sentio {
namespace {

constexpr double memory =
    5000; // targets; a window of 100 is noise, the standard error of a share is 5 points

double weight_of_next(std::uint64_t count) {
  return std::fmax(1 / static_cast<double>(count), 1 / memory);
}

} // namespace

void confidence_record::learn(double predicted, double realised, double unit) {
  const double error = realised - predicted;
  const bool has_sign = predicted != 0 && realised != 0;
  const double hit = has_sign && (predicted > 0) == (realised > 0) ? 1.0 : 0.0;
  if (kind_ == confidence_kind::legacy) {
    const std::size_t at = samples_ % window;
    recent_square_error_[at] = error * unit * (error * unit);
    recent_hit_[at] = has_sign ? hit : 0.5;
  }
  ++samples_;
  const double weight = weight_of_next(samples_);
  mean_square_error_ += weight * (error * error - mean_square_error_);
  mean_square_target_ += weight * (realised * realised - mean_square_target_);
  if (has_sign) {
    ++signs_;
    accuracy_ += weight_of_next(signs_ + 1) * (hit - accuracy_); // the starting 0.5 counts as one sample
  }
}

double confidence_record::value() const {
  return kind_ == confidence_kind::sound ? sound_value() : legacy_value();
}

double confidence_record::sound_value() const {
  // No spread at all in the targets: the model cannot have been worse than predicting nothing.
  const double ratio = mean_square_target_ > 0 ? std::sqrt(mean_square_error_ / mean_square_target_) : 1.0;
  return std::clamp(0.7 / (1 + ratio) + 0.3 * accuracy_, 0.0, 1.0);
}

double confidence_record::legacy_value() const {
  const std::size_t used = static_cast<std::size_t>(std::min<std::uint64_t>(samples_, window));
  double square_error = 0;
  double hits = 0;
  for (std::size_t i = 0; i < used; ++i) {
    square_error += recent_square_error_[i];
    hits += recent_hit_[i];
  }
  const double count = used > 0 ? static_cast<double>(used) : 1.0;
  const double plain =
      std::clamp(0.7 / (1 + 100 * std::sqrt(square_error / count)) + 0.3 * (hits / count), 0.10, 0.95);
  const double progress = std::fmin(1.0, static_cast<double>(samples_) / 200);
  return plain * (0.3 + 0.7 * progress);
}

void confidence_record::save(byte_writer& out) const {
  out.put(samples_);
  out.put(signs_);
  out.put(mean_square_error_);
  out.put(mean_square_target_);
  out.put(accuracy_);
  out.put_array(std::span<const double>(recent_square_error_));
  out.put_array(std::span<const double>(recent_hit_));
}

void confidence_record::load(byte_reader& in) {
  samples_ = in.get<std::uint64_t>();
  signs_ = in.get<std::uint64_t>();
  mean_square_error_ = in.get<double>();
  mean_square_target_ = in.get<double>();
  accuracy_ = in.get<double>();
  in.get_array(std::span<double>(recent_square_error_));
  in.get_array(std::span<double>(recent_hit_));
}

} // namespace sentio
