#define CAF_SUITE configuration_older_keys

#include "tests/support/test.hpp"

#include "core/config/key_table.hpp"
#include "tests/config/support.hpp"

using namespace sentio;
using test::any_contains;

namespace {

/// A file as users of the predecessor have it: every key that it knew.
constexpr std::string_view predecessor_file = R"({
  "oes_config": {"ewrls_lambda": 0.98, "initial_variance": 10.0, "regularization": 0.1, "warmup_samples": 100,
    "prediction_horizons": [1, 5, 10], "horizon_weights": [0.3, 0.5, 0.2], "buy_threshold": 0.53,
    "sell_threshold": 0.47, "neutral_zone": 0.06, "enable_bb_amplification": true, "bb_period": 20,
    "bb_std_dev": 2.0, "bb_proximity_threshold": 0.30, "bb_amplification_factor": 0.10,
    "enable_threshold_calibration": true, "calibration_window": 200, "target_win_rate": 0.60,
    "threshold_step": 0.005, "enable_kelly_sizing": true, "kelly_fraction": 0.25, "max_position_size": 0.5},
  "signal_aggregator_config": {"min_probability": 0.51, "min_confidence": 0.01, "min_strength": 0.005,
    "enable_correlation_filter": false, "max_correlation": 0.85, "filter_stale_signals": true,
    "max_staleness_seconds": 120.0},
  "rotation_manager_config": {"max_positions": 3, "min_rank_to_hold": 5, "min_strength_to_enter": 0.008,
    "min_strength_to_hold": 0.006, "min_strength_to_exit": 0.004, "rotation_strength_delta": 0.15,
    "rotation_cooldown_bars": 10, "minimum_hold_bars": 5, "enable_profit_target": true, "profit_target_pct": 0.03,
    "enable_stop_loss": true, "stop_loss_pct": 0.015, "eod_liquidation": true, "eod_exit_time_minutes": 388,
    "equal_weight": true, "volatility_weight": false, "capital_per_position": 0.33},
  "data_manager_config": {"max_forward_fills": 5, "max_staleness_seconds": 300.0, "history_size": 500,
    "log_data_quality": true},
  "symbols": {"active": ["TQQQ", "SQQQ", "UPRO", "SDS", "UVXY", "SVIX"],
    "leverage_boosts": {"TQQQ": 1.5, "SQQQ": 1.5, "UPRO": 1.5, "SDS": 1.4, "UVXY": 1.6, "SVIX": 1.3}},
  "performance_targets": {"target_mrd": 0.005, "target_win_rate": 0.60, "target_sharpe": 2.0, "max_drawdown": 0.05}
})";

} // namespace

TEST(a file of the predecessor decodes) {
  const auto decoded = decode_configuration(predecessor_file, "old.json");
  CHECK(decoded.problems.empty());
  const auto& c = decoded.value;
  CHECK_EQUAL(c.learner.classic.lambda, 0.98);
  CHECK(c.learner.bollinger.enabled);
  CHECK_EQUAL(c.ranking.min_probability, 0.51);
  CHECK_EQUAL(c.rotation.enter_threshold, 0.008);
  CHECK_EQUAL(c.rotation.exit_threshold, 0.004);
  CHECK_EQUAL(c.rotation.rotation_delta, 0.15);
  CHECK(!c.rotation.correlation_filter);
  CHECK_EQUAL(c.targets.win_rate, 0.6);
}

TEST(each key without effect gives a reason) {
  const auto warnings = decode_configuration(predecessor_file, "old.json").warnings;
  std::size_t ignored = 0;
  for (const auto& row : key_table())
    if (row.effect == key_effect::ignored) {
      ++ignored;
      CHECK(any_contains(warnings,
                         "old.json: " + row.path() + ": accepted, no effect here because " + row.note));
    }
  CHECK_EQUAL(ignored, 12u);
}

TEST(each mapped key says what it sets) {
  const auto decoded = decode_configuration(predecessor_file, "old.json");
  for (const auto& row : key_table())
    if (row.effect == key_effect::mapped)
      CHECK(any_contains(decoded.warnings, "old.json: " + row.path() + " "));
  CHECK(any_contains(decoded.warnings, "signal_aggregator_config.max_staleness_seconds 120: acts as "
                                       "risk_config.max_staleness_minutes 2"));
  CHECK(any_contains(decoded.warnings, "rotation_manager_config.capital_per_position 0.33: acts as "
                                       "sizing_config.invested_fraction 0.99 (0.33 x 3 positions)"));
  CHECK_EQUAL(decoded.value.portfolio.risk.max_staleness_minutes, 2u);
  CHECK_EQUAL(decoded.value.ranking.max_staleness_minutes, 5u);
  CHECK(test::close_to(decoded.value.portfolio.sizing.invested_fraction, 0.99, 1e-12));
}

TEST(equal weight comes before kelly and volatility before both) {
  const auto kind = [](std::string_view json) {
    return decode_configuration(json, "old.json").value.portfolio.sizing.kind;
  };
  CHECK(kind(predecessor_file) == sizing_kind::equal_weight);
  CHECK(kind(R"({"oes_config": {"enable_kelly_sizing": true}})") == sizing_kind::kelly);
  CHECK(
      kind(
          R"({"oes_config": {"enable_kelly_sizing": true}, "rotation_manager_config": {"equal_weight": false}})") ==
      sizing_kind::kelly);
  CHECK(kind(R"({"rotation_manager_config": {"equal_weight": true, "volatility_weight": true}})") ==
        sizing_kind::inverse_volatility);
}

TEST(volatility weights are as wide as the volatilities unless the file limits them) {
  const auto decoded =
      decode_configuration(R"({"rotation_manager_config": {"volatility_weight": true}})", "old.json");
  CHECK_EQUAL(decoded.value.portfolio.sizing.volatility_low, 0.01);
  CHECK_EQUAL(decoded.value.portfolio.sizing.volatility_high, 10.0);
  CHECK(any_contains(decoded.warnings, "in proportion to 1 / volatility"));
  const auto limited = decode_configuration(
      R"({"rotation_manager_config": {"volatility_weight": true}, "sizing_config": {"volatility_low": 0.8}})",
      "old.json");
  CHECK(limited.value.portfolio.sizing.kind == sizing_kind::inverse_volatility);
  CHECK_EQUAL(limited.value.portfolio.sizing.volatility_low, 0.8);
  CHECK_EQUAL(limited.value.portfolio.sizing.volatility_high, 10.0);
  const auto off =
      decode_configuration(R"({"rotation_manager_config": {"volatility_weight": false}})", "old.json");
  CHECK_EQUAL(off.value.portfolio.sizing.volatility_low, 0.7);
}

TEST(a live key decides over the older one that maps to it) {
  const auto decoded = decode_configuration(
      R"({"sizing_config": {"invested_fraction": 0.5}, "rotation_manager_config": {"capital_per_position": 0.2}})",
      "old.json");
  CHECK_EQUAL(decoded.value.portfolio.sizing.invested_fraction, 0.5);
  CHECK(any_contains(decoded.warnings, "rotation_manager_config.capital_per_position 0.2: no effect because "
                                       "sizing_config.invested_fraction is given too"));
}

TEST(capital per position never invests more than all) {
  const auto decoded =
      decode_configuration(R"({"rotation_manager_config": {"capital_per_position": 0.5}})", "old.json");
  CHECK_EQUAL(decoded.value.portfolio.sizing.invested_fraction, 1.0);
  CHECK(any_contains(decoded.warnings, "cut to all of equity"));
}

TEST(older keys have ranges too) {
  CHECK_EQUAL(test::only_problem(R"({"oes_config": {"buy_threshold": 53}})"),
              "my.json: oes_config.buy_threshold: 53 is out of range; allowed: number, 0 to 1");
  CHECK_EQUAL(test::only_problem(R"({"rotation_manager_config": {"capital_per_position": 0}})"),
              "my.json: rotation_manager_config.capital_per_position: 0 is out of range; allowed: number, "
              "above 0, at "
              "most 1");
}

TEST(thresholds of the predecessor are not read silently as basis points) {
  const auto decoded = decode_configuration(predecessor_file, "old.json");
  CHECK(any_contains(decoded.warnings, "strength_config.formula is not given"));
  CHECK(any_contains(decoded.warnings, "learner_config.kind is not given"));
}

TEST(a changed key that cannot act is a warning) {
  const auto decoded = decode_configuration(
      R"({"learner_config": {"kind": "stationary"}, "oes_config": {"ewrls_lambda": 0.99}})", "x");
  REQUIRE(decoded.warnings.size() == 1);
  CHECK_EQUAL(decoded.warnings[0],
              "x: oes_config.ewrls_lambda 0.99: has no effect without learner_config.kind classic");
}

TEST(keys that the chosen formulas do not use are named) {
  const auto decoded = decode_configuration(
      R"({"strength_config": {"formula": "edge", "max_staleness_minutes": 9}, "learner_config": {"probability": "legacy_tanh", "confidence": "legacy"},
          "oes_config": {"enable_bb_amplification": true, "bb_period": 30, "buy_threshold": 0.53},
          "cost_config": {"fill": "close", "slippage_bp": 2},
          "signal_aggregator_config": {"filter_stale_signals": false}})",
      "x");
  REQUIRE(decoded.problems.empty());
  CHECK_EQUAL(decoded.without_effect,
              (std::vector<std::string>{"oes_config.buy_threshold", "learner_config.probability",
                                        "learner_config.confidence", "oes_config.enable_bb_amplification",
                                        "oes_config.bb_period", "strength_config.max_staleness_minutes",
                                        "cost_config.slippage_bp"}));
  CHECK(any_contains(decoded.warnings,
                     "x: learner_config.probability \"legacy_tanh\": has no effect without "
                     "strength_config.formula legacy or a signal_aggregator_config.min_probability "
                     "above 0"));
  const auto filtered = decode_configuration(
      R"({"signal_aggregator_config": {"min_probability": 0.51}, "learner_config": {"probability": "legacy_tanh"}})",
      "x");
  CHECK(filtered.without_effect.empty());
}
