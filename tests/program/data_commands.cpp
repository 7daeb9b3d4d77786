#define CAF_SUITE program_data

#include "tests/program/program.hpp"

using namespace sentio;
using test::contains;
using test::program;

TEST(generated bars are good and the same for the same seed) {
  const program sentio_actors;
  const std::string options = " --days 2 --symbols TQQQ,SQQQ --seed 7";
  CHECK_EQUAL(sentio_actors.run("generate-data --output one" + options).code, 0);
  CHECK_EQUAL(
      sentio_actors.run("generate-data --output two" + options, "TZ=Asia/Tokyo LANG=de_DE.UTF-8").code, 0);
  const auto one = test::file_text(sentio_actors.folder() / "one" / "TQQQ_RTH_NH.csv");
  CHECK(one.size() > 10'000);
  CHECK(one == test::file_text(sentio_actors.folder() / "two" / "TQQQ_RTH_NH.csv"));
  const auto verified = sentio_actors.run("verify-data --data-dir one");
  CHECK_EQUAL(verified.code, 0);
  CHECK(contains(verified.out, "TQQQ"));
  const auto json = sentio_actors.run("verify-data --data-dir one --symbols SQQQ --json");
  CHECK_EQUAL(json.code, 0);
  CHECK(contains(json.out, "\"tradable\""));
  CHECK(json.out.find("TQQQ") == std::string::npos);
}

TEST(generation refuses what is impossible) {
  const program sentio_actors;
  const auto edge = sentio_actors.run("generate-data --output bars --edge 3");
  CHECK(edge.code == 1 || edge.code == 2);
  CHECK(contains(edge.error, "edge"));
  CHECK(!std::filesystem::exists(sentio_actors.folder() / "bars"));
  const auto start = sentio_actors.run("generate-data --output bars --start tomorrow");
  CHECK_EQUAL(start.code, 2);
  CHECK(contains(start.error, "--start takes a day as 2025-06-03, not tomorrow"));
  CHECK_EQUAL(sentio_actors.run("generate-data --output bars --days 1 --symbols TQQQ").code, 0);
  const auto again = sentio_actors.run("generate-data --output bars --days 1 --symbols TQQQ");
  CHECK_EQUAL(again.code, 1);
  CHECK(contains(again.error, "overwrite"));
  CHECK_EQUAL(sentio_actors.run("generate-data --output bars --days 1 --symbols TQQQ --overwrite").code, 0);
}

TEST(bad data is exit code one and named) {
  const program sentio_actors;
  const auto absent = sentio_actors.run("verify-data --data-dir nowhere");
  CHECK_EQUAL(absent.code, 1);
  CHECK(contains(absent.error, "nowhere"));
  std::filesystem::create_directory(sentio_actors.folder() / "bad");
  const auto empty = sentio_actors.run("verify-data --data-dir bad");
  CHECK_EQUAL(empty.code, 1);
  CHECK(contains(empty.error, "no bar file in bad"));
  test::write_file(sentio_actors.folder() / "bad" / "TQQQ.csv", "what,is,this\n1,2,3\n");
  const auto header = sentio_actors.run("verify-data --data-dir bad");
  CHECK_EQUAL(header.code, 1);
  CHECK(contains(header.out, "TQQQ"));
  const auto missing = sentio_actors.run("verify-data --data-dir bad --symbols SQQQ");
  CHECK_EQUAL(missing.code, 1);
  CHECK(contains(missing.out, "SQQQ"));
}

TEST(logs that are not there are named) {
  const program sentio_actors;
  for (const std::string command : {"report", "analyze-mrd", "explain --date 2025-06-03 --time 10:31"}) {
    const auto result = sentio_actors.run(command + " --log-dir nowhere");
    CHECK_EQUAL(result.code, 1);
    CHECK(result.error.starts_with("sentio-actors: "));
    CHECK(contains(result.error, "nowhere"));
  }
  CHECK_EQUAL(sentio_actors.run("explain --date 2025-06-31 --time 10:31").code, 2);
  CHECK_EQUAL(sentio_actors.run("explain --date 2025-06-03 --time 25:00").code, 2);
  CHECK_EQUAL(sentio_actors.run("explain --date 2025-06-03 --time 9:31").code, 2);
  CHECK_EQUAL(sentio_actors.run("analyze-mrd --week --month").code, 2);
}

TEST(a tape that is none is refused) {
  const program sentio_actors;
  test::write_file(sentio_actors.folder() / "not.tape",
                   "certainly not a tape, but long enough to be read as one");
  for (const std::string verb : {"show", "verify"}) {
    const auto other = sentio_actors.run("tape " + verb + " not.tape");
    CHECK_EQUAL(other.code, 1);
    CHECK(contains(other.error, "not.tape"));
    const auto absent = sentio_actors.run("tape " + verb + " absent.tape");
    CHECK_EQUAL(absent.code, 1);
    CHECK(contains(absent.error, "absent.tape"));
  }
  CHECK(contains(sentio_actors.run("tape verify not.tape --json").out, "\"good\""));
}
