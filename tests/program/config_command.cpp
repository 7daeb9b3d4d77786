#define CAF_SUITE program_config

#include "tests/program/program.hpp"

#include "core/config/configuration.hpp"

using namespace sentio;
using test::contains;
using test::program;

TEST(shipped profiles are good) {
  const program sentio_actors;
  for (const std::string name : {"rotation_strategy", "cost_aware", "legacy"}) {
    const auto file = std::string(SENTIO_SOURCE_DIR) + "/config/" + name + ".json";
    const auto checked = sentio_actors.run("config --check " + file);
    CHECK_EQUAL(checked.code, 0);
    CHECK_EQUAL(checked.out, file + ": good\n");
    CHECK(checked.error.empty());
  }
}

TEST(a refused file names every problem) {
  const program sentio_actors;
  test::write_file(sentio_actors.folder() / "bad.json",
                   R"({"oes_config": {"ewrls_lambda": 2}, "rotation_manager_config": {"max_postions": 3}})");
  const auto checked = sentio_actors.run("config --check bad.json");
  CHECK_EQUAL(checked.code, 2);
  CHECK(contains(checked.error, "bad.json: oes_config.ewrls_lambda: 2 is out of range"));
  CHECK(contains(checked.error,
                 "bad.json: rotation_manager_config.max_postions: unknown key; did you mean max_positions?"));
  CHECK(contains(checked.error, "bad.json is refused: 2 problems"));
  const auto json = sentio_actors.run("config --check bad.json --json");
  CHECK_EQUAL(json.code, 2);
  CHECK(contains(json.out, "\"valid\": false"));
  const auto printed = sentio_actors.run("config --print bad.json");
  CHECK_EQUAL(printed.code, 2);
  CHECK(printed.out.empty());
  CHECK(contains(printed.error, "sentio-actors: the configuration is refused:"));
}

TEST(a file with keys that change nothing is not simply good) {
  const program sentio_actors;
  test::write_file(sentio_actors.folder() / "idle.json",
                   R"({"sizing_config": {"kind": "equal_weight", "volatility_low": 0.5}})");
  const auto checked = sentio_actors.run("config --check idle.json");
  CHECK_EQUAL(checked.code, 0);
  CHECK_EQUAL(checked.out, "idle.json: good, but 1 key has no effect: sizing_config.volatility_low\n");
  CHECK(contains(checked.error, "has no effect without sizing_config.kind inverse_volatility"));
  const auto json = sentio_actors.run("config --check idle.json --json");
  CHECK(contains(json.out, "\"without_effect\": [\n    \"sizing_config.volatility_low\"\n  ]"));
}

TEST(a missing file is wrong usage) {
  const program sentio_actors;
  const auto checked = sentio_actors.run("config --check absent.json");
  CHECK_EQUAL(checked.code, 2);
  CHECK(contains(checked.error, "absent.json"));
}

TEST(exactly one thing is asked of config) {
  const program sentio_actors;
  CHECK_EQUAL(sentio_actors.run("config").code, 2);
  CHECK_EQUAL(sentio_actors.run("config --schema --print").code, 2);
}

TEST(the printed file is complete and good) {
  const program sentio_actors;
  const auto printed = sentio_actors.run("config --print --json");
  CHECK_EQUAL(printed.code, 0);
  const auto decoded = decode_configuration(printed.out, "printed");
  CHECK(decoded.problems.empty());
  configuration expected;
  expected.instruments = default_instruments();
  CHECK(decoded.value == expected);
  const auto table = sentio_actors.run("config --print");
  CHECK_EQUAL(table.code, 0);
  CHECK(contains(table.out, "rotation_manager_config.max_positions"));
  CHECK(contains(table.out, "meaning"));
}

TEST(the printed schema is the schema) {
  const program sentio_actors;
  const auto schema = sentio_actors.run("config --schema");
  CHECK_EQUAL(schema.code, 0);
  CHECK_EQUAL(schema.out, configuration_schema());
}

TEST(symbols beside a file are used) {
  const program sentio_actors;
  test::write_file(sentio_actors.folder() / "my.json", R"({"symbols": {"active": ["ABC"]}})");
  const auto unknown = sentio_actors.run("config --check my.json");
  CHECK_EQUAL(unknown.code, 2);
  CHECK(contains(unknown.error, "ABC has no row in symbols.json"));
  test::write_file(sentio_actors.folder() / "symbols.json",
                   R"({"symbols": [{"name": "ABC", "underlying": "alphabet", "leverage": 1, "boost": 1,
                       "tick": 0.01, "half_spread_bp": 9, "expense_ratio": 0}]})");
  CHECK_EQUAL(sentio_actors.run("config --check my.json").code, 0);
  test::write_file(sentio_actors.folder() / "symbols.json", R"({"symbols": [{"name": "ABC"}]})");
  const auto bad = sentio_actors.run("config --check my.json");
  CHECK_EQUAL(bad.code, 2);
  CHECK(contains(bad.error, "symbols.json: symbols[0]: field leverage is missing"));
}
