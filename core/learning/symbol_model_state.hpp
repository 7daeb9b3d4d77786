// The inside of symbol_model, shared by its two sources: the fold over bars and the checkpoint.
#pragma once

#include "core/features/feature_engine.hpp"
#include "core/learning/calibration.hpp"
#include "core/learning/confidence.hpp"
#include "core/learning/ewrls.hpp"
#include "core/learning/horizon_bank.hpp"
#include "core/learning/legacy_probability.hpp"
#include "core/learning/mixture.hpp"
#include "core/learning/symbol_model.hpp"
#include "core/learning/volatility.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

namespace sentio {

struct symbol_model::state {
  state(const learner_parameters& given, instruction_set isa);

  /// The inputs of one feature set, kept as long as their targets may come. Experts share them.
  struct input_ring {
    feature_set set;
    std::size_t stride; ///< padded length of one input
    lane_array inputs;  ///< a row per slot
    const double* at(std::size_t slot) const { return inputs.data() + slot * stride; }
    double* at(std::size_t slot) { return inputs.data() + slot * stride; }
  };
  struct predictor_of_set {
    std::size_t ring; ///< index of its inputs
    ewrls predictor;
  };
  /// What was predicted at a bar, until its targets come.
  struct prior {
    std::array<double, max_experts> expert_reference{}; ///< at the reference horizon
    double reference = 0; ///< the mixture's z, in units of sigma * sqrt(reference horizon)
    double unit = 0;      ///< that unit, in plain log return
  };

  void learn(std::span<const completed_target> targets);
  void learn_mixture(const completed_target& target);
  void predict(symbol_signal& signal);
  bool is_ready() const;
  void save(byte_writer& out) const;
  void load(byte_reader& in);

  learner_parameters parameters;
  instruction_set isa;
  feature_set largest;
  std::size_t reference_horizon; ///< index of 5 bars among the horizons, else of the closest
  double to_reference; ///< sqrt(reference / 5): from units of sigma sqrt(5) to sigma sqrt(reference)
  std::array<double, max_horizons> to_five{}; ///< horizon weight * sqrt(5 / h)

  feature_engine features;
  volatility spread;
  horizon_bank bank;
  std::vector<input_ring> rings;
  std::vector<predictor_of_set> experts;
  std::vector<prior> priors; ///< a row per slot
  mixture weights;
  slope_regression slope;
  platt_scaling platt;
  confidence_record confidence;
  bollinger_amplifier bollinger;
  std::array<std::uint64_t, max_horizons> total_updates{}; ///< since the model was made
  std::uint64_t samples = 0;                               ///< bars since the model was made
  std::optional<session_hours> session;
  time_ms last_label;
};

} // namespace sentio
