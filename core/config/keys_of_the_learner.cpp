#include "core/config/section_rows.hpp"

namespace sentio {

namespace {

constexpr const char* probability_user =
    "strength_config.formula legacy or a signal_aggregator_config.min_probability above 0";
constexpr const char* amplifier =
    "oes_config.enable_bb_amplification true, and strength_config.formula legacy or a "
    "signal_aggregator_config.min_probability above 0";

bool classic(const configuration& c) {
  return c.learner.kind == learner_kind::classic;
}

bool hedged(const configuration& c) {
  return c.learner.mixture == mixture_kind::fixed_share;
}

bool bollinger(const configuration& c) {
  return c.learner.bollinger.enabled;
}

/// The edge formula uses probability and confidence as entry filters only.
bool uses_probability(const configuration& c) {
  return c.ranking.formula == strength_formula::legacy || c.ranking.min_probability > 0;
}

bool uses_confidence(const configuration& c) {
  return c.ranking.formula == strength_formula::legacy || c.ranking.min_confidence > 0;
}

bool amplifies(const configuration& c) {
  return bollinger(c) && uses_probability(c);
}

bool kelly(const configuration& c) {
  return c.portfolio.sizing.kind == sizing_kind::kelly;
}

void add_ensemble_rows(section_rows& rows) {
  rows.live(
          "ewrls_lambda", above(0.9, 1), "", "forgetting factor of the classic learner",
          [](auto& c) -> auto& { return c.learner.classic.lambda; })
      .with("learner_config.kind classic", classic)
      .live(
          "initial_variance", between(1e-9, 1e6), "", "P0 = initial_variance x identity, classic learner",
          [](auto& c) -> auto& { return c.learner.classic.initial_variance; })
      .with("learner_config.kind classic", classic)
      .live(
          "regularization", between(0, 1000), "",
          "added cyclically to the diagonal of the inverse of P, classic learner",
          [](auto& c) -> auto& { return c.learner.classic.regularization; })
      .with("learner_config.kind classic", classic)
      .live(
          "warmup_samples", between(0, 100'000), "bars", "bars before the classic learner gives a signal",
          [](auto& c) -> auto& { return c.learner.classic.warmup_samples; })
      .with("learner_config.kind classic", classic)
      .live(
          "prediction_horizons", list_of(integer(between(1, 120)), 1, max_horizons), "bars",
          "horizons of the predicted returns, ascending", [](auto& c) -> auto& { return c.learner.horizons; })
      .live(
          "horizon_weights", list_of(number(between(0, 1)), 1, max_horizons), "",
          "weight of each horizon, sum 1", [](auto& c) -> auto& { return c.learner.horizon_weights; })
      .live(
          "enable_bb_amplification", limits{}, "", "moves the probability near the Bollinger bands",
          [](auto& c) -> auto& { return c.learner.bollinger.enabled; })
      .with(probability_user, uses_probability)
      .live(
          "bb_period", between(2, 500), "bars", "window of the Bollinger bands",
          [](auto& c) -> auto& { return c.learner.bollinger.period; })
      .with(amplifier, amplifies)
      .live(
          "bb_std_dev", between(0.1, 10), "deviations", "half width of the Bollinger bands",
          [](auto& c) -> auto& { return c.learner.bollinger.deviations; })
      .with(amplifier, amplifies)
      .live(
          "bb_proximity_threshold", between(0.001, 1), "", "nearness to a band at which amplification begins",
          [](auto& c) -> auto& { return c.learner.bollinger.proximity; })
      .with(amplifier, amplifies)
      .live(
          "bb_amplification_factor", between(0, 1), "", "largest change of the probability",
          [](auto& c) -> auto& { return c.learner.bollinger.factor; })
      .with(amplifier, amplifies);
}

std::string map_kelly(configuration& c, const json_value& value) {
  if (value.get<bool>())
    c.portfolio.sizing.kind = sizing_kind::kelly;
  return compact_json(encode_value(c.portfolio.sizing.kind));
}

} // namespace

std::vector<key_row> top_rows() {
  return section_rows("")
      .comment("$schema", "where an editor finds the schema of this file")
      .comment("description", "free text for people")
      .live(
          "name", limits{}, "", "profile name, shown in reports", [](auto& c) -> auto& { return c.name; })
      .take();
}

std::vector<key_row> learner_rows() {
  return section_rows("learner_config")
      .live(
          "kind", limits{}, "",
          "stationary: EWRLS with an AR(1) prior, bounded for any input; classic: forgetting factor",
          [](auto& c) -> auto& { return c.learner.kind; })
      .live(
          "experts", list_of(expert_rule(), 1, max_experts), "",
          "predictors per symbol: features full126 or compact16, a2 = memory of the weights, rho = prior "
          "variance",
          [](auto& c) -> auto& { return c.learner.experts; })
      .live(
          "zero_expert", limits{}, "", "adds an expert that always predicts 0",
          [](auto& c) -> auto& { return c.learner.zero_expert; })
      .live(
          "mixture", limits{}, "", "how experts are weighted",
          [](auto& c) -> auto& { return c.learner.mixture; })
      .live(
          "mixture_eta", above(0, 10), "", "learning rate of the fixed-share weights",
          [](auto& c) -> auto& { return c.learner.hedge_eta; })
      .with("learner_config.mixture fixed_share", hedged)
      .live(
          "mixture_share", between(0, 0.5), "", "weight redistributed at each step by fixed share",
          [](auto& c) -> auto& { return c.learner.hedge_share; })
      .with("learner_config.mixture fixed_share", hedged)
      .live(
          "probability", limits{}, "", "how a prediction becomes a probability",
          [](auto& c) -> auto& { return c.learner.probability; })
      .with(probability_user, uses_probability)
      .live(
          "confidence", limits{}, "", "which confidence formula",
          [](auto& c) -> auto& { return c.learner.confidence; })
      .with("strength_config.formula legacy or a signal_aggregator_config.min_confidence above 0",
            uses_confidence)
      .take();
}

std::vector<key_row> ensemble_rows() {
  section_rows rows("oes_config");
  add_ensemble_rows(rows);
  const std::string by_strength =
      "symbols are ranked by strength; signal_aggregator_config.min_probability bars entries by probability";
  const std::string no_tuning = "thresholds are never tuned on recent results, which fits noise; "
                                "the probabilities themselves are calibrated as bars come in";
  return rows
      .ignored("buy_threshold", number(between(0, 1)), 0.53,
               "probability above which the predecessor said long", by_strength)
      .ignored(
          "sell_threshold", number(between(0, 1)), 0.47, "probability below which the predecessor said short",
          "the system is long only; a held symbol leaves by rotation_manager_config.min_strength_to_exit")
      .ignored("neutral_zone", number(between(0, 1)), 0.06, "width between the two thresholds", by_strength)
      .ignored("enable_threshold_calibration", yes_or_no(), true, "self-tuning of buy and sell threshold",
               no_tuning)
      .ignored("calibration_window", integer(between(1, 1e6)), 200, "bars of the self-tuning", no_tuning)
      .ignored("target_win_rate", number(between(0, 1)), 0.60, "aim of the self-tuning",
               no_tuning + "; the report's target is performance_targets.target_win_rate")
      .ignored("threshold_step", number(between(0, 1)), 0.005, "step of the self-tuning", no_tuning)
      .mapped("enable_kelly_sizing", yes_or_no(), false, "", "sizing_config.kind",
              "Kelly sizing, unless equal_weight or volatility_weight of rotation_manager_config is true too",
              map_kelly)
      .live(
          "kelly_fraction", above(0, 1), "fraction", "share of the Kelly size that is used",
          [](auto& c) -> auto& { return c.portfolio.sizing.kelly_fraction; })
      .with("sizing_config.kind kelly", kelly)
      .live(
          "max_position_size", above(0, 1), "of equity", "largest position with Kelly sizing",
          [](auto& c) -> auto& { return c.portfolio.sizing.max_position_fraction; })
      .with("sizing_config.kind kelly", kelly)
      .take();
}

} // namespace sentio
