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
      upper_bound_(initial * (1 + bound_slack)),
      triangle_(blocks_ * (blocks_ + 1) / 2 * block_size), updates_{lane_array(features),
                                                                    lane_array(features)},
      product_(features), diagonal_(features), unit_(features) {
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

/// Sets product_, diagonal_ and variance_ to those of P and x. False when the diagonal is out of bounds.
bool covariance::multiply(const double* x) {
  const double* unsettled = nullptr;
  double along = 0;
  if (waiting_ == updates_.size()) {
    kernels_->update(triangle_.data(), blocks_, waiting_inflation_, updates_[0].data(), updates_[1].data(), x,
                     product_.data(), diagonal_.data());
    waiting_ = 0;
    waiting_inflation_ = 0;
    renormalise();
  } else {
    unsettled = updates_[0].data();
    kernels_->multiply(unsettled, 1, blocks_, x, &along);
    kernels_->product(triangle_.data(), blocks_, x, product_.data(), diagonal_.data());
  }
  // Padding is no feature: it must not trip the bound.
  for (std::size_t i = features_; i < diagonal_.size(); ++i)
    diagonal_.data()[i] = 0.5 * scale_ / factor_;
  double product = 0;
  const bool bounded = kernels_->settle(unsettled, along, blocks_, waiting_inflation_, x, product_.data(),
                                        diagonal_.data(), upper_bound_ / factor_, &product);
  variance_ = factor_ * product;
  return bounded;
}

/// Leaves P <- P - share (P x)(P x)' of the last product for the coming passes.
void covariance::defer(double share) {
  // factor u u' = share (factor product)(factor product)'
  const double root = std::sqrt(factor_ * share);
  double* update = updates_[waiting_++].data();
  kernels_->spread(product_.data(), blocks_, root, root, update, update);
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
  // Adding mu e_i e_i' to R takes mu (P e_i)(P e_i)' / (1 + mu P_ii) from P (Sherman and Morrison).
  const std::size_t i = next_regularised_;
  next_regularised_ = (i + 1) % features_;
  unit_.data()[i] = 1;
  multiply(unit_.data());
  unit_.data()[i] = 0;
  if (!(variance_ > 0 && variance_ <= upper_bound_))
    throw learner_error("the classic learner's covariance has a diagonal element " +
                        std::to_string(variance_) +
                        " where it must be positive and finite: raise lambda or the regularization");
  defer(regularization_ / (1 + regularization_ * variance_));
}

void covariance::advance(const double* x, double* gain) {
  // The classic learner forgets after an update, so not before its first one.
  if (advanced_ || inflation_ > 0)
    factor_ *= forgetting_;
  advanced_ = true;
  if (regularization_ > 0)
    regularise();
  waiting_inflation_ += inflation_ / factor_;
  if (!(multiply(x) && variance_ >= 0 && variance_ <= std::numeric_limits<double>::max()))
    refuse();
  // g = P x; P - g g' / (noise + s)
  const double share = 1 / (noise_ + variance_);
  kernels_->spread(product_.data(), blocks_, factor_ * share, std::sqrt(factor_ * share), gain,
                   updates_[waiting_++].data());
}

void covariance::refuse() const {
  if (!(variance_ >= 0 && variance_ <= std::numeric_limits<double>::max()))
    throw learner_error("the learner's prediction variance x'P x is " + std::to_string(variance_) +
                        " where it must be finite and not negative");
  throw learner_error("the learner's covariance has a diagonal between " +
                      std::to_string(smallest_diagonal()) + " and " + std::to_string(largest_diagonal()) +
                      " where it must be finite and in (0, " + std::to_string(upper_bound_) + "]");
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
  // The last update came after the gain.
  double value = triangle_.data()[triangle_index(row, column)];
  for (std::size_t i = 0; i + 1 < waiting_; ++i)
    value -= updates_[i].data()[row] * updates_[i].data()[column];
  return factor_ * (row == column ? value + waiting_inflation_ : value);
}

void covariance::save(byte_writer& out) const {
  out.put_array(triangle_.values());
  for (const lane_array& update : updates_)
    out.put_array(update.values());
  out.put(static_cast<std::uint32_t>(waiting_));
  out.put(waiting_inflation_);
  out.put_array(diagonal_.values());
  out.put(factor_);
  out.put(advanced_);
  out.put(variance_);
  out.put(static_cast<std::uint32_t>(next_regularised_));
}

void covariance::load(byte_reader& in) {
  in.get_array(triangle_.values());
  for (lane_array& update : updates_)
    in.get_array(update.values());
  waiting_ = in.get<std::uint32_t>();
  waiting_inflation_ = in.get<double>();
  in.get_array(diagonal_.values());
  factor_ = in.get<double>();
  advanced_ = in.get_bool();
  variance_ = in.get<double>();
  next_regularised_ = in.get<std::uint32_t>();
  if (waiting_ > updates_.size() || next_regularised_ >= features_)
    in.fail();
}

} // namespace sentio
