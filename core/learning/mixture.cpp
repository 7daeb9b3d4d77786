#include "core/learning/mixture.hpp"

#include "core/numeric/elementary.hpp"

#include <algorithm>

namespace sentio {

mixture::mixture(mixture_kind kind, std::size_t experts, double eta, double share)
    : kind_(kind), experts_(experts), eta_(eta), share_(share) {
  std::fill_n(weights_.begin(), experts_, 1 / static_cast<double>(experts_));
}

void mixture::learn(std::span<const double> predictions, double target) {
  if (kind_ == mixture_kind::uniform)
    return;
  std::array<double, max_experts> loss{};
  for (std::size_t i = 0; i < experts_; ++i)
    loss[i] = (target - predictions[i]) * (target - predictions[i]);
  // Against the best one, so that the largest factor is 1 and the sum cannot vanish.
  const double best = *std::min_element(loss.begin(), loss.begin() + static_cast<std::ptrdiff_t>(experts_));
  double sum = 0;
  for (std::size_t i = 0; i < experts_; ++i) {
    weights_[i] *= det_exp(-eta_ * (loss[i] - best));
    sum += weights_[i];
  }
  for (std::size_t i = 0; i < experts_; ++i)
    weights_[i] = (1 - share_) * (weights_[i] / sum) + share_ / static_cast<double>(experts_);
}

void mixture::save(byte_writer& out) const {
  out.put_array(weights());
}

void mixture::load(byte_reader& in) {
  in.get_array(std::span<double>(weights_.data(), experts_));
}

} // namespace sentio
