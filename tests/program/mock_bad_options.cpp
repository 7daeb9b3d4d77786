#define CAF_SUITE program_bad_options

#include "tests/program/mock_refusal.hpp"

using namespace sentio;
using test::contains;
using test::mock_lab;
using test::program;
using test::refusals;

TEST(options out of range are refused by name) {
  refusals mock;
  const std::map<std::string, std::string> wrong{
      {"--speed -1", "--speed"},
      {"--speed nan", "--speed"},
      {"--speed fast", "--speed"},
      {"--run-ahead 0", "--run-ahead takes 1 to 390"},
      {"--run-ahead 391", "--run-ahead"},
      {"--jobs 0", "--jobs"},
      {"--capital 0", "--capital"},
      {"--capital nan", "--capital"},
      {"--capital 2e9", "--capital"},
      {"--fill maybe", "--fill maybe is unknown; next_open and close"},
      {"--isa mmx", "--isa mmx"},
      {"--baseline none", "--baseline none"},
      {"--seed -1", "--seed"},
      {"--warmup-days -1", "--warmup-days"},
      {"--warmup-days 0", "--min-warmup-days"}};
  for (const auto& [option, part] : wrong)
    CHECK(mock.refused(option, 2, {part}));
}

TEST(options that contradict each other are refused) {
  refusals mock;
  CHECK(mock.refused("--jobs 2", 2, {"--jobs needs --fresh-daily"}));
  CHECK(mock.refused("--tape a.tape --from-tape b.tape", 2, {"--tape", "--from-tape", "excludes"}));
  CHECK(mock.refused("--fresh-daily --tape a.tape", 2, {"--fresh-daily", "--tape"}));
  CHECK(mock.refused("--dat 2025-12-01", 2, {"--dat", "sentio-actors mock --help"}));
  CHECK(mock.refused("surplus", 2, {"surplus"}));
}

TEST(what a tape fixes is not quietly ignored beside it) {
  refusals mock;
  const program maker;
  CHECK_EQUAL(
      maker.run("mock --date 2025-12-01 --log-dir x --tape day.tape" + mock_lab::get().from_checkpoint())
          .code,
      0);
  mock.add_file("day.tape", test::file_text(maker.folder() / "day.tape"));
  for (const std::string option :
       {"--date 2025-11-28", "--symbols TQQQ", "--capital 5000", "--fill close", "--seed 4", "--fresh-daily",
        "--data-dir nowhere", "--warmup-state none.checkpoint"})
    CHECK(mock.refused("--from-tape day.tape --no-report " + option, 2,
                       {"--from-tape", option.substr(0, option.find(' '))}));
  // An instruction set is the reader's own affair, but must exist.
  CHECK(mock.refused("--from-tape day.tape --no-report --isa mmx", 2, {"--isa mmx"}));
}

TEST(symbols that are unknown or given twice are refused) {
  refusals mock;
  CHECK(mock.refused("--symbols TQQQ,NOPE", 2, {"NOPE has no row in symbols.json"}));
  CHECK(mock.refused("--symbols TQQQ,SQQQ,TQQQ", 2, {"TQQQ is given twice"}));
  CHECK(mock.refused("--symbols tqqq", 2, {"tqqq"}));
}

TEST(a configuration is refused with file and key) {
  refusals mock;
  CHECK(mock.refused("--config absent.json", 2, {"absent.json", "No such file"}));
  mock.add_file("bad.json",
                R"({"oes_config": {"ewrls_lambda": 2}, "rotation_manager_config": {"max_postions": 3}})");
  CHECK(mock.refused(
      "--config bad.json", 2,
      {"bad.json: oes_config.ewrls_lambda: 2 is out of range",
       "bad.json: rotation_manager_config.max_postions: unknown key; did you mean max_positions?"}));
  mock.add_file("cut.json", R"({"oes_config": {)");
  CHECK(mock.refused("--config cut.json", 2, {"cut.json"}));
  mock.add_file("type.json", R"({"rotation_manager_config": {"max_positions": "three"}})");
  CHECK(mock.refused("--config type.json", 2, {"type.json: rotation_manager_config.max_positions"}));
  mock.add_file("two.json", R"({"rotation_manager_config": {"max_positions": 2, "max_positions": 3}})");
  CHECK(mock.refused("--config two.json", 2, {"two.json", "max_positions"}));
  std::filesystem::create_directory(mock.folder() / "folder.json");
  CHECK(mock.refused("--config folder.json", 2, {"folder.json"}));
}
