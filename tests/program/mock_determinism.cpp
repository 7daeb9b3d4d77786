#define CAF_SUITE program_determinism

#include "tests/program/mock_lab.hpp"

using namespace sentio;
using test::contains;
using test::mock_lab;
using test::program;
using test::same_folders;

namespace {

/// Two sessions from the checkpoint, with logs and tape. The report is a function of the logs.
std::string run_into(const std::string& name) {
  return "mock" + mock_lab::get().from_checkpoint() + "--log-dir " + name + " --tape " + name + ".tape ";
}

bool same_runs(const program& sentio_actors, const std::string& left, const std::string& right) {
  const auto folder = sentio_actors.folder();
  const auto tape = test::file_text(folder / (left + ".tape"));
  return same_folders(folder / left, folder / right) && !tape.empty() &&
         tape == test::file_text(folder / (right + ".tape"));
}

} // namespace

TEST(the same command writes the same logs and report and tape) {
  const program sentio_actors;
  const auto& lab = mock_lab::get();
  const auto all = "mock --data-dir " + (lab.folder() / "bars").string() + lab.with_checkpoint();
  CHECK_EQUAL(sentio_actors.run(all + "--log-dir one --tape one.tape").code, 0);
  CHECK_EQUAL(sentio_actors.run(all + "--log-dir two --tape two.tape").code, 0);
  CHECK(same_runs(sentio_actors, "one", "two"));
  CHECK(test::files_below(sentio_actors.folder() / "one").contains("report.html"));
}

TEST(the order in which symbols are written changes nothing) {
  const program sentio_actors;
  CHECK_EQUAL(sentio_actors.run(run_into("one")).code, 0);
  CHECK_EQUAL(sentio_actors.run(run_into("two") + "--symbols UVXY,TQQQ,SDS,UPRO,SVIX,SQQQ").code, 0);
  CHECK(same_runs(sentio_actors, "one", "two"));
  auto text = sentio_actors.run("config --print --json").out;
  const auto active = text.find("\"active\"");
  REQUIRE(active != std::string::npos);
  const auto begin = text.find('[', active);
  text.replace(begin, text.find(']', begin) + 1 - begin,
               R"(["SVIX", "SQQQ", "UVXY", "UPRO", "TQQQ", "SDS"])");
  test::write_file(sentio_actors.folder() / "turned.json", text);
  CHECK_EQUAL(sentio_actors.run(run_into("three") + "--config turned.json").code, 0);
  CHECK(same_runs(sentio_actors, "one", "three"));
}

TEST(time zone and language and working directory change nothing) {
  const program here;
  const program there;
  CHECK_EQUAL(here.run(run_into("run"), "TZ=UTC LC_ALL=C").code, 0);
  CHECK_EQUAL(there.run(run_into("run"), "TZ=Asia/Tokyo LANG=de_DE.UTF-8 LC_ALL=de_DE.UTF-8").code, 0);
  CHECK(same_folders(here.folder(), there.folder()));
}

TEST(every instruction set gives the same bytes) {
  const program sentio_actors;
  // From bars and not from a checkpoint, so that all the learning is done by the instructions in question.
  const std::string options = "mock --no-report --date 2025-12-01 --warmup-days 3 ";
  CHECK_EQUAL(sentio_actors.run(options + "--log-dir best --tape best.tape").code, 0);
  for (const std::string isa : {"sse2", "avx2", "avx512"}) {
    const auto result =
        sentio_actors.run(options + "--log-dir " + isa + " --tape " + isa + ".tape --isa " + isa);
    if (isa != "sse2" && result.code == 2 && contains(result.error, "this machine cannot run --isa " + isa)) {
      CAF_MESSAGE("skipped: this machine has no " << isa);
      continue;
    }
    CHECK_EQUAL(result.code, 0);
    CHECK(same_runs(sentio_actors, "best", isa));
  }
}

TEST(working ahead changes nothing) {
  const program sentio_actors;
  CHECK_EQUAL(sentio_actors.run(run_into("default")).code, 0);
  for (const std::string bars : {"1", "16", "64", "390"}) {
    CHECK_EQUAL(sentio_actors.run(run_into(bars) + "--run-ahead " + bars).code, 0);
    CHECK(same_runs(sentio_actors, "default", bars));
  }
}

TEST(a checkpoint equals warming up from bars) {
  const program sentio_actors;
  CHECK_EQUAL(sentio_actors.run(run_into("learned")).code, 0);
  CHECK_EQUAL(sentio_actors
                  .run("mock --no-report --start-date 2025-11-28 --warmup-days 3 --log-dir bars --tape "
                       "bars.tape --run-ahead 7")
                  .code,
              0);
  CHECK(same_runs(sentio_actors, "learned", "bars"));
}

TEST(the default carries learning and capital from day to day) {
  const program sentio_actors;
  const auto carried = "mock" + mock_lab::get().from_checkpoint();
  CHECK_EQUAL(sentio_actors.run(carried + "--log-dir both").code, 0);
  CHECK_EQUAL(sentio_actors.run(carried + "--log-dir first --end-date " + test::half_day).code, 0);
  CHECK_EQUAL(sentio_actors.run(carried + "--log-dir second --date " + test::last_day).code, 0);
  const auto folder = sentio_actors.folder();
  CHECK(test::logs_of(folder / "both", test::half_day) == test::logs_of(folder / "first", test::half_day));
  CHECK(test::logs_of(folder / "both", test::last_day) != test::logs_of(folder / "second", test::last_day));
}

TEST(fresh days are the days run alone however many run side by side) {
  const program sentio_actors;
  const std::string options = "mock --no-report --warmup-days 3 ";
  const std::string range = options + "--fresh-daily --start-date 2025-11-25 --end-date 2025-12-01 ";
  CHECK_EQUAL(sentio_actors.run(range + "--log-dir serial --jobs 1").code, 0);
  const auto folder = sentio_actors.folder();
  // Which day ends last is up to the machine, so more than once.
  for (const std::string jobs : {"2", "9", "4", "3", "5"}) {
    CHECK_EQUAL(sentio_actors.run(range + "--log-dir parallel" + jobs + " --jobs " + jobs).code, 0);
    CHECK(same_folders(folder / "serial", folder / ("parallel" + jobs)));
  }
  for (const std::string date : {"2025-11-25", "2025-11-26", "2025-11-28", "2025-12-01"}) {
    CHECK_EQUAL(sentio_actors.run(options + "--date " + date + " --log-dir " + date).code, 0);
    const auto alone = test::logs_of(folder / date, date);
    CHECK(!alone.at("trades_").empty());
    CHECK(alone == test::logs_of(folder / "serial", date));
  }
}

TEST(the speed of the clock changes nothing) {
  const program sentio_actors;
  CHECK_EQUAL(sentio_actors.run(run_into("fast")).code, 0);
  CHECK_EQUAL(sentio_actors.run(run_into("paced") + "--speed 1000000").code, 0);
  CHECK(same_runs(sentio_actors, "fast", "paced"));
}

TEST(bars in plain text and compressed give the same run) {
  const program sentio_actors;
  const auto folder = sentio_actors.folder();
  test::write_bars(folder / "packed", mock_lab::get().bars());
  CHECK_EQUAL(std::system(("gzip '" + folder.string() + "'/packed/*.csv").c_str()), 0);
  const auto options = "mock --no-report" + mock_lab::get().with_checkpoint();
  CHECK_EQUAL(sentio_actors.run(options + "--log-dir packed.logs --data-dir packed").code, 0);
  CHECK_EQUAL(sentio_actors.run("mock" + mock_lab::get().from_checkpoint() + "--log-dir plain.logs").code, 0);
  CHECK(same_folders(folder / "packed.logs", folder / "plain.logs"));
}
