#define CAF_SUITE configuration_decoding

#include "tests/support/test.hpp"

#include "core/config/suggestion.hpp"
#include "tests/config/support.hpp"

using namespace sentio;
using test::any_contains;
using test::only_problem;

TEST(an empty object gives every default) {
  const auto decoded = decode_configuration("{}", "my.json");
  CHECK(decoded.problems.empty());
  CHECK(decoded.warnings.empty());
  configuration expected;
  expected.instruments = default_instruments();
  CHECK(decoded.value == expected);
}

TEST(a value is read into its parameter) {
  const auto decoded = decode_configuration(R"({"name": "mine", "oes_config": {"ewrls_lambda": 0.995},
    "rotation_manager_config": {"max_positions": 2, "enable_stop_loss": false},
    "learner_config": {"kind": "classic"}, "strength_config": {"formula": "legacy"}, "account_config": {"capital": 25000}})",
                                            "my.json");
  CHECK(decoded.problems.empty());
  CHECK_EQUAL(decoded.value.name, "mine");
  CHECK_EQUAL(decoded.value.learner.classic.lambda, 0.995);
  CHECK_EQUAL(decoded.value.portfolio.book.max_positions, 2u);
  CHECK(!decoded.value.rotation.stop_loss);
  CHECK(decoded.value.ranking.formula == strength_formula::legacy);
  CHECK_EQUAL(decoded.value.capital, 25000.0);
}

TEST(an unknown key names the nearest one) {
  CHECK_EQUAL(only_problem(R"({"rotation_manager_config": {"max_postions": 3}})").substr(0, 92),
              "my.json: rotation_manager_config.max_postions: unknown key; did you mean max_positions?; all");
  CHECK(any_contains({only_problem(R"({"rotation_manger_config": {}})")},
                     "did you mean rotation_manager_config?"));
  CHECK(any_contains({only_problem(R"({"qqqqqqqqqqqqqq": 1})")}, "unknown section; allowed: $schema, name"));
}

TEST(a key in the wrong section names the right one) {
  CHECK_EQUAL(only_problem(R"({"oes_config": {"max_correlation": 0.8}})"),
              "my.json: oes_config.max_correlation: unknown key here; it belongs into section "
              "signal_aggregator_config");
  CHECK_EQUAL(only_problem(R"({"kappa": 1})"),
              "my.json: kappa: unknown at the top level; it belongs into section strength_config");
}

TEST(a wrong type names file and key and value and what is allowed) {
  CHECK_EQUAL(
      only_problem(R"({"oes_config": {"ewrls_lambda": "0.98"}})"),
      "my.json: oes_config.ewrls_lambda: \"0.98\" has the wrong type; allowed: number, above 0.9, at most 1");
  CHECK_EQUAL(
      only_problem(R"({"rotation_manager_config": {"max_positions": 2.5}})"),
      "my.json: rotation_manager_config.max_positions: 2.5 has the wrong type; allowed: integer, 1 to 3");
  CHECK_EQUAL(
      only_problem(R"({"rotation_manager_config": {"enable_stop_loss": 1}})"),
      "my.json: rotation_manager_config.enable_stop_loss: 1 has the wrong type; allowed: true or false");
  CHECK_EQUAL(only_problem(R"({"oes_config": 5})"),
              "my.json: oes_config: 5 has the wrong type; allowed: an object with the section's keys");
}

TEST(a value out of range is refused at the open and the closed end) {
  CHECK_EQUAL(only_problem(R"({"oes_config": {"ewrls_lambda": 0.9}})"),
              "my.json: oes_config.ewrls_lambda: 0.9 is out of range; allowed: number, above 0.9, at most 1");
  CHECK(decode_configuration(R"({"oes_config": {"ewrls_lambda": 1}})", "my.json").problems.empty());
  CHECK_EQUAL(only_problem(R"({"rotation_manager_config": {"max_positions": 4}})"),
              "my.json: rotation_manager_config.max_positions: 4 is out of range; allowed: integer, 1 to 3");
  CHECK_EQUAL(only_problem(R"({"risk_config": {"max_orders_per_day": -1}})"),
              "my.json: risk_config.max_orders_per_day: -1 is out of range; allowed: integer, 0 to 1000000");
}

TEST(an unknown word lists the known ones) {
  CHECK_EQUAL(
      only_problem(R"({"learner_config": {"kind": "clasic"}})"),
      "my.json: learner_config.kind: \"clasic\" is no known word; did you mean classic?; allowed: one of: "
      "stationary, classic");
}

TEST(every problem is reported and not only the first) {
  const auto decoded = decode_configuration(
      R"({"oes_config": {"ewrls_lambda": 2, "bb_perod": 3}, "rotation_manager_config": {"max_positions": 0},
          "nonsense": 1, "symbols": {"active": ["TQQQ", "NOPE"]}})",
      "my.json");
  CHECK_EQUAL(decoded.problems.size(), 5u);
}

TEST(bad text is no configuration) {
  CHECK(any_contains({only_problem("{\"name\": ")},
                     "my.json: no valid JSON: parse error at line 1, column 10"));
  CHECK(any_contains({only_problem("[1, 2]")},
                     "my.json: a configuration is a JSON object with sections, not array"));
  CHECK(any_contains({only_problem("")}, "no valid JSON"));
  CHECK(any_contains({only_problem("{\"account_config\": {\"capital\": 1e999}}")}, "no valid JSON"));
}

TEST(a key written twice is refused) {
  CHECK_EQUAL(only_problem(R"({"account_config": {"capital": 1000, "capital": 2000}})"),
              "my.json: capital is written twice in one object; allowed: once");
}

TEST(elements of lists and records are checked one by one) {
  const auto decoded = decode_configuration(
      R"({"learner_config": {"experts": [{"features": "full127", "a2": 1, "rho": 0.001, "tau": 1},
          {"features": "compact16", "a2": 0.999}]}})",
      "my.json");
  CHECK_EQUAL(decoded.problems.size(), 4u);
  CHECK(any_contains(decoded.problems,
                     "learner_config.experts[0].features: \"full127\" is no known word; did you mean "
                     "full126?"));
  CHECK(any_contains(decoded.problems,
                     "learner_config.experts[0].a2: 1 is out of range; allowed: number, 0.9 to "
                     "0.99999"));
  CHECK(any_contains(decoded.problems, "learner_config.experts[0].tau: unknown field"));
  CHECK(any_contains(decoded.problems, "learner_config.experts[1]: field rho is missing"));
}

TEST(horizons and weights belong together) {
  CHECK(any_contains({only_problem(R"({"oes_config": {"prediction_horizons": [1, 10, 5]}})")},
                     "[1, 10, 5] is not ascending"));
  CHECK(any_contains({only_problem(R"({"oes_config": {"prediction_horizons": [1, 5]}})")},
                     "3 weights for 2 horizons"));
  CHECK(any_contains({only_problem(R"({"oes_config": {"horizon_weights": [0.3, 0.5, 0.3]}})")},
                     "the sum is 1.1"));
  CHECK(any_contains({only_problem(R"({"oes_config": {"prediction_horizons": [0, 5, 10]}})")},
                     "prediction_horizons[0]: 0 is out of range; allowed: integer, 1 to 120"));
  CHECK(decode_configuration(R"({"oes_config": {"prediction_horizons": [1, 5, 20, 60, 90, 120],
      "horizon_weights": [0.1, 0.2, 0.3, 0.2, 0.1, 0.1]}})",
                             "my.json")
            .problems.empty());
}

TEST(the number of experts is limited with the zero expert) {
  const std::string one = R"({"features": "compact16", "a2": 0.999, "rho": 0.01})";
  std::string six = one;
  for (int i = 0; i < 5; ++i)
    six += "," + one;
  CHECK(any_contains({only_problem(R"({"learner_config": {"experts": []}})")}, "[] has 0 elements"));
  CHECK(any_contains({only_problem(R"({"learner_config": {"experts": [)" + six + "]}}")},
                     "6 experts and the zero expert; allowed: 6 in all"));
  CHECK(decode_configuration(R"({"learner_config": {"zero_expert": false, "experts": [)" + six + "]}}",
                             "my.json")
            .problems.empty());
}

TEST(symbols must be known and given once) {
  CHECK_EQUAL(only_problem(R"({"symbols": {"active": ["TQQQ", "TQQQ"]}})"),
              "my.json: symbols.active: TQQQ is given twice; allowed: once");
  CHECK(any_contains({only_problem(R"({"symbols": {"active": []}})")}, "symbols.active: [] has 0 elements"));
  CHECK(any_contains({only_problem(R"({"symbols": {"active": ["TQQX"]}})")},
                     "TQQX has no row in symbols.json; did you mean TQQQ?; add {\"name\": \"TQQX\""));
  CHECK(any_contains({only_problem(R"({"symbols": {"active": ["tqqq"]}})")}, "\"tqqq\" is no ticker"));
  CHECK(any_contains({only_problem(R"({"symbols": {"leverage_boosts": {"NOPE": 2}}})")},
                     "symbols.leverage_boosts.NOPE: 2 is for a symbol without a row in symbols.json"));
}

TEST(rules that span keys are checked) {
  CHECK(any_contains({only_problem(R"({"signal_aggregator_config": {"correlation_window": 20}})")},
                     "30 is above correlation_window 20"));
  CHECK(any_contains({only_problem(R"({"strength_config": {"formula": "edge"},
      "rotation_manager_config": {"min_strength_to_exit": 0.5}})")},
                     "0.5 is above min_strength_to_enter 0"));
  CHECK(any_contains({only_problem(R"({"cost_config": {"fees": [
      {"from": "2025-05-14", "sec_per_million": 0, "taf_per_share": 0, "taf_cap": 0},
      {"from": "2024-05-22", "sec_per_million": 0, "taf_per_share": 0, "taf_cap": 0}]}})")},
                     "cost_config.fees[1].from: 2024-05-22 is not after the row before"));
  CHECK(any_contains({only_problem(R"({"cost_config": {"fees": [
      {"from": "2025-02-30", "sec_per_million": 0, "taf_per_share": 0, "taf_cap": 0}]}})")},
                     "\"2025-02-30\" is no day"));
}

TEST(the order of symbols changes nothing) {
  const auto one = decode_configuration(R"({"symbols": {"active": ["UVXY", "SDS", "TQQQ"]}})", "a");
  const auto two = decode_configuration(R"({"symbols": {"active": ["TQQQ", "UVXY", "SDS"]}})", "b");
  CHECK(one.value == two.value);
  configuration shuffled = one.value;
  std::reverse(shuffled.symbols.begin(), shuffled.symbols.end());
  CHECK_EQUAL(canonical_json(shuffled), canonical_json(one.value));
}

TEST(values changed after decoding are completed and checked) {
  configuration value = test::defaults();
  value.symbols = {"UVXY", "SYN007", "TQQQ"};
  CHECK(complete_configuration(value, "command line").empty());
  CHECK(value.symbols == std::vector<std::string>({"SYN007", "TQQQ", "UVXY"}));
  CHECK(decode_configuration(canonical_json(value), "again").value == value);
  value.symbols = {"UVXY", "WHAT"};
  const auto problems = complete_configuration(value, "command line");
  REQUIRE(problems.size() == 1);
  CHECK(any_contains(problems, "command line: symbols.active: WHAT has no row in symbols.json"));
}

TEST(suggestions are near or not made) {
  const std::vector<std::string> known{"kappa", "formula", "smoothing", "smoothing_new"};
  CHECK(nearest_word("kapa", known) == std::optional<std::string>("kappa"));
  CHECK(nearest_word("fromula", known) == std::optional<std::string>("formula"));
  CHECK(nearest_word("smoothing_nwe", known) == std::optional<std::string>("smoothing_new"));
  CHECK(!nearest_word("capital", known));
  CHECK(!nearest_word("", known));
  CHECK(!nearest_word(std::string(10'000, 'k'), known));
}
