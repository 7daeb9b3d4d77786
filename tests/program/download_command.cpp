#define CAF_SUITE program_download

#include "tests/program/program.hpp"

#include <sys/stat.h>

using namespace sentio;
using test::contains;
using test::program;

namespace {

const std::string no_keys = "env -u ALPACA_PAPER_API_KEY -u ALPACA_PAPER_SECRET_KEY -u ALPACA_API_KEY "
                            "-u ALPACA_SECRET_KEY -u POLYGON_API_KEY";
const std::string days = " --symbols TQQQ --start 2025-06-02 --end 2025-06-03 --output bars";
const std::string alpaca = "download-data --source alpaca" + days;
// Nothing listens on port 1, so a request ends at once without leaving the machine.
const std::string nowhere = " --base-url https://127.0.0.1:1";

} // namespace

TEST(help names the keys and has examples) {
  const program sentio_actors;
  const auto help = sentio_actors.run("download-data --help");
  CHECK_EQUAL(help.code, 0);
  for (const std::string part :
       {"--source", "--data-feed", "--adjustment", "ALPACA_PAPER_API_KEY", "config.env", "POLYGON_API_KEY",
        "  sentio-actors download-data --source polygon"})
    CHECK(contains(help.out, part));
}

TEST(without keys it is exit code two and both ways are named) {
  const program sentio_actors;
  const auto alpaca_run = sentio_actors.run(alpaca, no_keys);
  CHECK_EQUAL(alpaca_run.code, 2);
  CHECK(contains(alpaca_run.error,
                 "sentio-actors: there are no keys of Alpaca; set ALPACA_PAPER_API_KEY and "));
  CHECK(contains(alpaca_run.error, "chmod 600 config.env"));
  CHECK(contains(alpaca_run.error, "ALPACA_SECRET_KEY"));
  const auto polygon_run = sentio_actors.run("download-data --source polygon" + days, no_keys);
  CHECK_EQUAL(polygon_run.code, 2);
  CHECK(contains(polygon_run.error, "POLYGON_API_KEY=... into config.env"));
  CHECK(!std::filesystem::exists(sentio_actors.folder() / "bars"));
}

TEST(a key file must belong to its owner alone) {
  const program sentio_actors;
  const auto file = sentio_actors.folder() / "config.env";
  test::write_file(file, "ALPACA_PAPER_API_KEY=PKSECRETID\nALPACA_PAPER_SECRET_KEY=VERYSECRET\n");
  REQUIRE(chmod(file.c_str(), 0644) == 0);
  const auto wide = sentio_actors.run(alpaca, no_keys);
  CHECK_EQUAL(wide.code, 2);
  CHECK(contains(wide.error,
                 "config.env has mode 0644, so others may read your keys; run: chmod 600 config.env"));
  REQUIRE(chmod(file.c_str(), 0600) == 0);
  // With the right mode it goes on to the network.
  const auto good = sentio_actors.run(alpaca + nowhere, no_keys + " timeout --preserve-status -s INT 3");
  CHECK_EQUAL(good.code, 1);
  CHECK(contains(good.error,
                 "interrupted: what is complete stays in bars; the same command goes on from there"));
  for (const auto& text : {wide.out + wide.error, good.out + good.error})
    CHECK(text.find("PKSECRETID") == std::string::npos && text.find("VERYSECRET") == std::string::npos);
}

TEST(wrong usage is exit code two) {
  const program sentio_actors;
  const std::string with_keys = no_keys + " ALPACA_API_KEY=AK ALPACA_SECRET_KEY=S POLYGON_API_KEY=P";
  const auto refused = [&](const std::string& arguments, const std::string& part) {
    const auto result = sentio_actors.run("download-data " + arguments, with_keys);
    CHECK_EQUAL(result.code, 2);
    CHECK(contains(result.error, part));
    CHECK(result.error.starts_with("sentio-actors: "));
  };
  const std::string rest = " --start 2025-06-02 --end 2025-06-03 --output bars";
  refused("--source yahoo --symbols A" + rest, "--source");
  refused("--source alpaca" + rest, "--symbols");
  refused("--source alpaca --symbols A --start 2025-06-02 --end 2025-06-03", "--output");
  refused("--source alpaca --symbols ../A" + rest, "\"../A\" is none");
  refused("--source alpaca --symbols tqqq" + rest, "\"tqqq\" is none");
  refused("--source alpaca --symbols A --start yesterday --end 2025-06-03 --output bars",
          "--start takes a day");
  refused("--source alpaca --symbols A --start 2025-06-02 --end 2025-06-31 --output bars",
          "--end takes a day");
  refused("--source alpaca --symbols A --start 2025-06-03 --end 2025-06-02 --output bars",
          "is before --start");
  refused("--source polygon --data-feed sip --symbols A" + rest,
          "--data-feed is a choice of --source alpaca");
  refused("--source alpaca --data-feed otc --symbols A" + rest, "--data-feed");
  refused("--source alpaca --adjustment all --symbols A" + rest, "--adjustment");
  refused("--source alpaca --base-url http://localhost --symbols A" + rest, "https://");
  CHECK(!std::filesystem::exists(sentio_actors.folder() / "bars"));
}

TEST(days without a session and foreign bars are told) {
  const program sentio_actors;
  const std::string with_keys = no_keys + " ALPACA_API_KEY=AK ALPACA_SECRET_KEY=S";
  const auto weekend = sentio_actors.run("download-data --source alpaca --symbols A --start 2025-06-07 --end "
                                         "2025-06-08 --output bars" +
                                             nowhere,
                                         with_keys);
  CHECK_EQUAL(weekend.code, 1);
  CHECK(contains(weekend.error, "no whole trading session from 2025-06-07 to 2025-06-08"));
  CHECK_EQUAL(sentio_actors.run("generate-data --output bars --days 1 --symbols TQQQ").code, 0);
  const auto synthetic = sentio_actors.run(alpaca + nowhere, with_keys);
  CHECK_EQUAL(synthetic.code, 1);
  CHECK(contains(synthetic.error, "choose another --output"));
}
