// Parameters of a symbol's learner, with the defaults of a first run.
#pragma once

#include "core/features/feature_engine.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace sentio {

inline constexpr std::size_t max_horizons = 6;
inline constexpr std::size_t max_experts = 6;

enum class learner_kind : std::uint8_t {
  stationary, ///< EWRLS with a stationary AR(1) prior on the weights: bounded for any input (default)
  classic     ///< exponential forgetting with cyclic Levenberg-Marquardt regularisation of P^-1
};
enum class mixture_kind : std::uint8_t { uniform, fixed_share };
/// How a prediction becomes a probability.
enum class probability_map : std::uint8_t { platt, legacy_tanh };
enum class confidence_kind : std::uint8_t { sound, legacy };

/// One expert: an EWRLS predictor for all horizons over one feature set.
struct expert_parameters {
  feature_set features = feature_set::compact16;
  double a2 = 0.9999; ///< squared AR(1) coefficient of the weights, (0, 1)
  double rho = 0.001; ///< prior variance of the prediction: tau^2 = rho / p

  friend bool operator==(const expert_parameters&, const expert_parameters&) = default;
};

/// Settings of the classic learner.
struct classic_parameters {
  double lambda = 0.98;         ///< forgetting factor, (0.9, 1]
  double initial_variance = 10; ///< P0 = initial_variance * I
  double regularization = 0.1;  ///< mu, added cyclically to the diagonal of P^-1
  std::uint32_t warmup_samples = 100;

  friend bool operator==(const classic_parameters&, const classic_parameters&) = default;
};

struct bollinger_parameters {
  bool enabled = false; ///< legacy amplification of the probability near the bands
  std::uint32_t period = 20;
  double deviations = 2.0;
  double proximity = 0.30;
  double factor = 0.10;

  friend bool operator==(const bollinger_parameters&, const bollinger_parameters&) = default;
};

struct learner_parameters {
  learner_kind kind = learner_kind::stationary;
  std::vector<std::uint32_t> horizons{1, 5, 10}; ///< bars ahead, 1 ... 120, ascending, at most max_horizons
  std::vector<double> horizon_weights{0.3, 0.5, 0.2}; ///< same length, sum 1
  std::vector<expert_parameters> experts{{feature_set::full126, 0.9998, 0.001},
                                         {feature_set::compact16, 0.9999, 0.001},
                                         {feature_set::compact16, 0.999, 0.003}};
  bool zero_expert = true; ///< adds an expert that always predicts 0, last in every list
  mixture_kind mixture = mixture_kind::uniform;
  double hedge_eta = 0.125; ///< learning rate of the fixed-share mixture
  double hedge_share = 0.001;
  classic_parameters classic;
  probability_map probability = probability_map::platt;
  confidence_kind confidence = confidence_kind::sound;
  bollinger_parameters bollinger;

  friend bool operator==(const learner_parameters&, const learner_parameters&) = default;
};

/// Empty when a model can be made with these parameters; else which one cannot be used, and what is allowed.
std::string problem_with(const learner_parameters& parameters);

/// One line "name value" per parameter, always the same text for the same parameters: what checkpoints
/// compare.
std::string canonical_text(const learner_parameters& parameters);

/// Hash of the canonical text.
std::uint64_t fingerprint(const learner_parameters& parameters);

} // namespace sentio
