#define CAF_SUITE program_simulator_usage

#include "tests/program/program.hpp"

using sentio::test::contains;
using sentio::test::program;

TEST(the simulator has help with examples and a version) {
  const program simulate("sentio-simulate");
  const auto help = simulate.run("--help");
  CHECK_EQUAL(help.code, 0);
  CHECK(contains(help.out, "Examples:"));
  CHECK(contains(help.out, "Exit codes: 0 all well"));
  const auto version = simulate.run("--version");
  CHECK_EQUAL(version.code, 0);
  CHECK(version.out.starts_with("sentio-simulate 0."));
}

TEST(wrong usage of the simulator is exit code two and one sentence) {
  const program simulate("sentio-simulate");
  const auto number = simulate.run("--data-dir . --seeds x");
  CHECK_EQUAL(number.code, 2);
  CHECK(contains(number.error, "--seeds"));
  CHECK(contains(number.error, "see `tools/simulate --help`"));
  const auto option = simulate.run("--data-dir . --sedes 3");
  CHECK_EQUAL(option.code, 2);
  CHECK(contains(option.error, "--sedes"));
  const auto faults = simulate.run("--data-dir . --faults nowhere");
  CHECK_EQUAL(faults.code, 2);
  CHECK(contains(faults.error, "nowhere is none of them, and no file"));
}

TEST(a simulation without bars is exit code one and says where it looked) {
  const program simulate("sentio-simulate");
  const auto none = simulate.run("--data-dir nowhere --seeds 1");
  CHECK_EQUAL(none.code, 1);
  CHECK(contains(none.error, "nowhere: no bars for "));
}

TEST(an interrupted simulation ends with the totals so far) {
  const program simulate("sentio-simulate");
  const auto market = (simulate.folder() / "market").string();
  const program sentio_actors;
  CHECK_EQUAL(sentio_actors.run("generate-data --seed 5 --days 8 --output '" + market + "'").code, 0);
  const auto stopped =
      simulate.run("--data-dir '" + market + "' --seeds 1000000 --days 5", "timeout --foreground -s INT 3");
  CHECK_EQUAL(stopped.code, 124); // as timeout says it
  CHECK(contains(stopped.out, "violations:                  0 in 0 sessions"));
  CHECK(contains(stopped.error, "simulate: interrupted after "));
}
