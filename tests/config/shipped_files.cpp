#define CAF_SUITE configuration_shipped_files

#include "tests/support/test.hpp"

#include "core/config/instruments.hpp"
#include "core/config/key_table.hpp"
#include "tests/config/schema_validator.hpp"
#include "tests/config/support.hpp"

using namespace sentio;
using test::any_contains;
using test::shipped_file;

namespace {

const std::vector<std::string> profiles{"rotation_strategy", "cost_aware", "legacy"};

std::size_t schema_faults(const std::string& text) {
  const auto schema = json_value::parse(configuration_schema());
  const auto faults = test::schema_validator().validate(json_value::parse(text), schema);
  for (const auto& fault : faults)
    CAF_MESSAGE(fault);
  return faults.size();
}

} // namespace

TEST(shipped profiles decode without a problem or a warning) {
  for (const auto& name : profiles) {
    const auto decoded = decode_configuration(shipped_file(name + ".json"), name);
    CHECK(decoded.problems.empty());
    CHECK(decoded.warnings.empty());
    CHECK_EQUAL(decoded.value.name, name);
  }
}

TEST(shipped profiles and canonical forms validate against the schema) {
  for (const auto& name : profiles) {
    const auto text = shipped_file(name + ".json");
    CHECK_EQUAL(schema_faults(text), 0u);
    CHECK_EQUAL(schema_faults(canonical_json(decode_configuration(text, name).value)), 0u);
  }
}

TEST(shipped profiles name every live key) {
  for (const auto& name : profiles) {
    const auto document = json_value::parse(shipped_file(name + ".json"));
    for (const auto& row : key_table())
      if (row.effect == key_effect::live && row.section != "symbols" && !row.section.empty())
        CHECK(document.contains(row.section) && document[row.section].contains(row.key));
  }
}

TEST(the default profile is the compiled defaults) {
  const auto shipped = decode_configuration(shipped_file("rotation_strategy.json"), "shipped").value;
  CHECK(shipped == test::defaults());
}

TEST(the cost aware profile differs in kappa and name only) {
  configuration shipped = decode_configuration(shipped_file("cost_aware.json"), "shipped").value;
  CHECK_EQUAL(shipped.rotation.kappa, 2.0);
  shipped.rotation.kappa = 0;
  shipped.name = "rotation_strategy";
  CHECK(shipped == test::defaults());
}

TEST(the legacy profile is the predecessor) {
  const auto c = decode_configuration(shipped_file("legacy.json"), "shipped").value;
  CHECK(c.learner.kind == learner_kind::classic);
  CHECK_EQUAL(c.learner.classic.lambda, 0.98);
  CHECK_EQUAL(c.learner.classic.initial_variance, 10.0);
  CHECK(c.learner.probability == probability_map::legacy_tanh);
  CHECK(c.learner.confidence == confidence_kind::legacy);
  CHECK(c.learner.bollinger.enabled);
  CHECK(!c.learner.zero_expert);
  CHECK(c.ranking.formula == strength_formula::legacy);
  CHECK_EQUAL(c.ranking.min_probability, 0.51);
  CHECK_EQUAL(c.ranking.min_confidence, 0.01);
  CHECK_EQUAL(c.ranking.min_strength, 0.005);
  CHECK_EQUAL(c.rotation.enter_threshold, 0.008);
  CHECK_EQUAL(c.rotation.exit_threshold, 0.004);
  CHECK_EQUAL(c.rotation.rotation_delta, 0.10);
  CHECK(c.portfolio.costs.fill == fill_model::close);
  CHECK(!c.portfolio.costs.spread);
  CHECK(c.portfolio.costs.fees.empty());
  CHECK_EQUAL(find_instrument(c.instruments, "UVXY")->boost, 1.6);
  CHECK_EQUAL(find_instrument(c.instruments, "SDS")->boost, 1.4);
}

TEST(the schema refuses what the decoder refuses) {
  const std::vector<std::string> bad{
      R"({"oes_config": {"ewrls_lambda": 0.9}})",
      R"({"oes_config": {"ewrls_lambda": "x"}})",
      R"({"oes_config": {"unknown": 1}})",
      R"({"unknown": {}})",
      R"({"oes_config": 7})",
      R"({"rotation_manager_config": {"max_positions": 4}})",
      R"({"rotation_manager_config": {"max_positions": 1.5}})",
      R"({"learner_config": {"kind": "other"}})",
      R"({"learner_config": {"experts": []}})",
      R"({"learner_config": {"experts": [{"features": "full126", "a2": 0.9}]}})",
      R"({"symbols": {"active": ["lower"]}})",
      R"({"symbols": {"leverage_boosts": {"TQQQ": 0}}})",
      R"({"symbols": {"leverage_boosts": {"lower": 1}}})",
      R"({"cost_config": {"fees": [{"from": "soon", "sec_per_million": 0, "taf_per_share": 0, "taf_cap": 0}]}})",
  };
  const auto schema = json_value::parse(configuration_schema());
  for (const auto& text : bad) {
    CHECK(!decode_configuration(text, "bad").problems.empty());
    CHECK(!test::schema_validator().validate(json_value::parse(text), schema).empty());
  }
}

TEST(the schema describes every key) {
  const auto schema = json_value::parse(configuration_schema());
  CHECK_EQUAL(schema["$schema"].get<std::string>(), "https://json-schema.org/draft/2020-12/schema");
  for (const auto& row : key_table()) {
    const auto& properties =
        row.section.empty() ? schema["properties"] : schema["properties"][row.section]["properties"];
    REQUIRE(properties.contains(row.key));
    CHECK(properties[row.key]["description"].get<std::string>().starts_with(row.meaning));
  }
}

TEST(the printed table shows every key with its value) {
  configuration value = test::defaults();
  value.rotation.kappa = 1.25;
  const std::string text = describe_configuration(value);
  for (const auto& row : key_table())
    CHECK(row.effect == key_effect::comment || text.find(row.path()) != std::string::npos);
  CHECK(text.find("1.25") != std::string::npos);
  CHECK(text.find("stationary|classic") != std::string::npos);
}

TEST(the shipped symbols are the compiled ones) {
  std::vector<std::string> problems;
  const auto rows = decode_instruments(shipped_file("symbols.json"), "symbols.json", problems);
  CHECK(problems.empty());
  CHECK(rows == default_instruments());
  CHECK_EQUAL(rows.size(), 20u);
}

TEST(leverage and boosts are those of the specification) {
  const auto rows = default_instruments();
  const auto leverage = [&](const char* name) { return find_instrument(rows, name)->leverage; };
  CHECK_EQUAL(leverage("TQQQ"), 3.0);
  CHECK_EQUAL(leverage("SQQQ"), -3.0);
  CHECK_EQUAL(leverage("SDS"), -2.0);
  CHECK_EQUAL(leverage("UVXY"), 1.5);
  CHECK_EQUAL(leverage("SVXY"), -0.5);
  CHECK_EQUAL(find_instrument(rows, "SSO")->boost, 1.3);
  CHECK_EQUAL(find_instrument(rows, "QQQ")->boost, 1.0);
  CHECK_EQUAL(find_instrument(rows, "TQQQ")->half_spread_bp, 0.67);
  CHECK(std::is_sorted(rows.begin(), rows.end(), [](auto& a, auto& b) { return a.name < b.name; }));
}

TEST(synthetic symbols need no row) {
  CHECK(is_synthetic("SYN000") && is_synthetic("SYN999"));
  CHECK(!is_synthetic("SYN1") && !is_synthetic("SYNABC") && !is_synthetic("SYN0000") &&
        !is_synthetic("ASYN00"));
  std::string list;
  for (int i = 999; i >= 0; --i) {
    const std::string digits = std::to_string(1000 + i).substr(1);
    list += (list.empty() ? "\"SYN" : ",\"SYN") + digits + "\"";
  }
  const auto decoded = decode_configuration(R"({"symbols": {"active": [)" + list + "]}}", "many");
  CHECK(decoded.problems.empty());
  CHECK_EQUAL(decoded.value.symbols.size(), 1000u);
  CHECK_EQUAL(decoded.value.instruments.size(), 1020u);
  CHECK_EQUAL(find_instrument(decoded.value.instruments, "SYN500")->half_spread_bp, 1.0);
  CHECK(decode_configuration(canonical_json(decoded.value), "again").value == decoded.value);
}

TEST(own rows replace the built in ones) {
  std::vector<std::string> problems;
  const auto rows =
      decode_instruments(R"({"symbols": [{"name": "ABC", "underlying": "alphabet", "leverage": 1,
      "boost": 1, "tick": 0.01, "half_spread_bp": 9, "expense_ratio": 0}]})",
                         "mine.json", problems);
  REQUIRE(problems.empty());
  const auto decoded = decode_configuration(R"({"symbols": {"active": ["ABC"]}})", "my.json", rows);
  CHECK(decoded.problems.empty());
  CHECK_EQUAL(decoded.value.instruments.size(), 1u);
  CHECK(decode_configuration(canonical_json(decoded.value), "again").value == decoded.value);
  CHECK(any_contains(decode_configuration(R"({"symbols": {"active": ["TQQQ"]}})", "my.json", rows).problems,
                     "TQQQ has no row in symbols.json"));
}

TEST(bad symbol rows are refused) {
  const auto problems_of = [](std::string_view text) {
    std::vector<std::string> problems;
    decode_instruments(text, "symbols.json", problems);
    return problems;
  };
  CHECK(any_contains(problems_of("[]"), "symbols.json: no list \"symbols\""));
  CHECK(any_contains(problems_of(R"({"symbols": {}})"), "no list \"symbols\""));
  CHECK(any_contains(problems_of(R"({"symbols": [], "other": 1})"), "symbols.json: other: unknown key"));
  const std::string row = R"({"name": "ABC", "underlying": "x", "leverage": 1, "boost": 1, "tick": 0.01,
      "half_spread_bp": 1, "expense_ratio": 0})";
  CHECK(any_contains(problems_of("{\"symbols\": [" + row + "," + row + "]}"), "ABC has two rows"));
  CHECK(any_contains(problems_of(R"({"symbols": [{"name": "ABC", "leverage": 9}]})"),
                     "symbols[0].leverage: 9 is out of range; allowed: number, -5 to 5"));
  CHECK(any_contains(problems_of(R"({"symbols": [{"name": "ABC"}]})"), "symbols[0]: field tick is missing"));
}
