// How the experts' predictions become one.
#pragma once

#include "core/learning/learner_parameters.hpp"
#include "core/numeric/bytes.hpp"

#include <array>
#include <cstddef>
#include <span>

namespace sentio {

/// uniform: the plain average. fixed_share: Hedge with fixed share (Herbster and Warmuth 1998) on the squared
/// prior error e_i of each expert: w_i <- w_i exp(-eta e_i^2), normalised, then (1 - share) w_i + share / n.
class mixture {
public:
  /// experts: the zero expert included, 1 ... max_experts.
  mixture(mixture_kind kind, std::size_t experts, double eta, double share);

  /// Sums to 1 up to rounding.
  std::span<const double> weights() const { return {weights_.data(), experts_}; }
  /// A target, and what each expert had predicted before it was known.
  void learn(std::span<const double> predictions, double target);

  void save(byte_writer& out) const;
  void load(byte_reader& in);

private:
  mixture_kind kind_;
  std::size_t experts_;
  double eta_;
  double share_;
  std::array<double, max_experts> weights_{};
};

} // namespace sentio
