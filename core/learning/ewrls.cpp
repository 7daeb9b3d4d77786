#include "core/learning/ewrls.hpp"

#include <utility>

namespace sentio {

ewrls::ewrls(covariance start, double weight_decay, std::size_t horizons, std::size_t slots,
             const kernel_table& kernels)
    : kernels_(&kernels), covariance_(std::move(start)), weight_decay_(weight_decay), horizons_(horizons),
      blocks_(lane_blocks(covariance_.features())), weights_(horizons * blocks_ * lane_count),
      gains_(slots * blocks_ * lane_count) {}

void ewrls::advance(const double* x, std::size_t slot) {
  covariance_.advance(x, gains_.data() + slot * blocks_ * lane_count);
  factor_ *= weight_decay_;
  if (factor_ >= 0.5)
    return;
  factor_ *= 2; // exact: a power of two
  kernels_->scale(weights_.data(), horizons_ * blocks_, 0.5);
}

double ewrls::learn(std::size_t horizon, std::size_t slot, const double* x, double y) {
  return kernels_->correct(weights_.data() + horizon * blocks_ * lane_count, blocks_, factor_, x,
                           gains_.data() + slot * blocks_ * lane_count, y);
}

void ewrls::learn(std::span<const label> labels) {
  if (horizons_ != 3 || labels.size() != 3) {
    for (const label& one : labels)
      learn(one.horizon, one.slot, one.x, one.y);
    return;
  }
  const double* x[3] = {};
  const double* k[3] = {};
  double y[3] = {}, errors[3];
  for (const label& one : labels) {
    x[one.horizon] = one.x;
    k[one.horizon] = gains_.data() + one.slot * blocks_ * lane_count;
    y[one.horizon] = one.y;
  }
  kernels_->correct_three(weights_.data(), blocks_, factor_, x, k, y, errors);
}

void ewrls::predict(const double* x, std::span<double> predictions) const {
  kernels_->multiply(weights_.data(), horizons_, blocks_, x, predictions.data());
  for (double& prediction : predictions)
    prediction *= factor_;
}

std::vector<double> ewrls::weights(std::size_t horizon) const {
  const double* row = weights_.data() + horizon * blocks_ * lane_count;
  std::vector<double> result(row, row + covariance_.features());
  for (double& weight : result)
    weight *= factor_;
  return result;
}

std::span<const double> ewrls::gain(std::size_t slot) const {
  return {gains_.data() + slot * blocks_ * lane_count, covariance_.features()};
}

void ewrls::save(byte_writer& out) const {
  covariance_.save(out);
  out.put(factor_);
  out.put_array(weights_.values());
  out.put_array(gains_.values());
}

void ewrls::load(byte_reader& in) {
  covariance_.load(in);
  factor_ = in.get<double>();
  in.get_array(weights_.values());
  in.get_array(gains_.values());
}

} // namespace sentio
