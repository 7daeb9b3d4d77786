#include "core/learning/covariance.hpp"

#include "core/learning/learner_error.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <utility>

namespace sentio {
namespace {

constexpr std::size_t block_size = lane_count * lane_count;

/// The fixed point of the inflation is tau2 only up to rounding: eps / (1 - a2), at most 1e-11 for a2 =
/// .99999.
constexpr double bound_slack = 1e-9;

std::size_t triangle_index(std::size_t row, std::size_t column) {
  if (column > row)
    std::swap(row, column);
  const std::size_t block_row = row / lane_count;
  const std::size_t pair = row % lane_count / 2;
  const std::size_t pair_length = 2 * lane_count * (block_row + 1);
  return block_size * (block_row * (block_row + 1) / 2) + pair * pair_length +
         2 * lane_count * (column / lane_count) + lane_count * (row % 2) + column % lane_count;
}

} // namespace

covariance::covariance(std::size_t features, const kernel_table& kernels, double initial)
    : kernels_(&kernels), features_(features), blocks_(lane_blocks(features)), scale_(initial),
      upper_bound_(initial * (1 + bound_slack)), triangle_(blocks_ * (blocks_ + 1) / 2 * block_size),
      update_(features), product_(features), diagonal_(features), unit_(features) {
  // The padding starts at zero: without inflation or regularisation it would grow by 1 / lambda for ever.
  for (std::size_t i = 0; i < features; ++i) {
    triangle_.data()[triangle_index(i, i)] = initial;
    diagonal_.data()[i] = initial;
  }
}

covariance covariance::stationary(std::size_t features, double a2, double rho, const kernel_table& kernels) {
  const double tau2 = rho / static_cast<double>(features);
  covariance result(features, kernels, tau2);
  result.forgetting_ = a2;
  result.inflation_ = (1 - a2) * tau2;
  return result;
}

covariance covariance::classic(std::size_t features, const classic_parameters& parameters,
                               const kernel_table& kernels) {
  covariance result(features, kernels, parameters.initial_variance);
  result.forgetting_ = 1 / parameters.lambda;
  result.noise_ = parameters.lambda;
  result.regularization_ = parameters.regularization;
  result.upper_bound_ = std::numeric_limits<double>::max();
  return result;
}

void covariance::pass(const double* x, double inflation) {
  kernels_->advance(triangle_.data(), blocks_, inflation / factor_, update_.data(), x, product_.data(),
                    diagonal_.data());
}

void covariance::renormalise() {
  if (factor_ >= 0.5 && factor_ <= 2)
    return;
  const double shift = factor_ < 1 ? 0.5 : 2.0; // exact: a power of two
  factor_ /= shift;
  kernels_->scale(triangle_.data(), triangle_.size() / lane_count, shift);
  kernels_->scale(product_.data(), blocks_, shift);
  kernels_->scale(diagonal_.data(), blocks_, shift);
}

void covariance::regularise() {
  // Adding mu e_i e_i' to R takes mu (P e_i)(P e_i)' / (1 + mu P_ii) from P (Sherman and Morrison): this pass
  // settles last bar's update and gives P e_i, the next one takes the product away.
  const std::size_t i = next_regularised_;
  next_regularised_ = (i + 1) % features_;
  unit_.data()[i] = 1;
  pass(unit_.data(), 0);
  unit_.data()[i] = 0;
  const double variance = factor_ * product_.data()[i];
  if (!(variance > 0 && variance <= upper_bound_))
    throw learner_error("the classic learner's covariance has a diagonal element " +
                        std::to_string(variance) +
                        " where it must be positive and finite: raise lambda or the regularization");
  const double share = regularization_ / (1 + regularization_ * variance);
  kernels_->spread(product_.data(), blocks_, std::sqrt(factor_ * share), 0, update_.data(), product_.data());
}

void covariance::advance(const double* x, double* gain) {
  // The classic learner forgets after an update, so not before its first one.
  if (advanced_ || inflation_ > 0)
    factor_ *= forgetting_;
  advanced_ = true;
  if (regularization_ > 0)
    regularise();
  pass(x, inflation_);
  renormalise();
  double product = 0;
  kernels_->multiply(product_.data(), 1, blocks_, x, &product);
  variance_ = factor_ * product;
  check();
  // g = factor Q x; factor Q - g g' / (noise + s) = factor (Q - share factor (Q x)(Q x)').
  const double share = 1 / (noise_ + variance_);
  kernels_->spread(product_.data(), blocks_, factor_ * share, std::sqrt(factor_ * share), gain,
                   update_.data());
}

void covariance::check() {
  // Padding is no feature: it must not trip the bound.
  for (std::size_t i = features_; i < diagonal_.size(); ++i)
    diagonal_.data()[i] = scale_ / factor_;
  if (!kernels_->within(diagonal_.data(), blocks_, 0, upper_bound_ / factor_))
    throw learner_error("the learner's covariance has a diagonal between " +
                        std::to_string(smallest_diagonal()) + " and " + std::to_string(largest_diagonal()) +
                        " where it must be finite and in (0, " + std::to_string(upper_bound_) + "]");
  if (!(variance_ >= 0 && variance_ <= std::numeric_limits<double>::max()))
    throw learner_error("the learner's prediction variance x'P x is " + std::to_string(variance_) +
                        " where it must be finite and not negative");
}

double covariance::smallest_diagonal() const {
  double smallest = diagonal_.data()[0];
  for (std::size_t i = 1; i < features_; ++i)
    smallest = diagonal_.data()[i] < smallest ? diagonal_.data()[i] : smallest;
  return factor_ * smallest;
}

double covariance::largest_diagonal() const {
  double largest = diagonal_.data()[0];
  for (std::size_t i = 1; i < features_; ++i)
    largest = diagonal_.data()[i] > largest ? diagonal_.data()[i] : largest;
  return factor_ * largest;
}

double covariance::element(std::size_t row, std::size_t column) const {
  return factor_ * triangle_.data()[triangle_index(row, column)];
}

void covariance::save(byte_writer& out) const {
  out.put_array(triangle_.values());
  out.put_array(update_.values());
  out.put_array(diagonal_.values());
  out.put(factor_);
  out.put(advanced_);
  out.put(variance_);
  out.put(static_cast<std::uint32_t>(next_regularised_));
}

void covariance::load(byte_reader& in) {
  in.get_array(triangle_.values());
  in.get_array(update_.values());
  in.get_array(diagonal_.values());
  factor_ = in.get<double>();
  advanced_ = in.get_bool();
  variance_ = in.get<double>();
  next_regularised_ = in.get<std::uint32_t>();
  if (next_regularised_ >= features_)
    in.fail();
}

} // namespace sentio
