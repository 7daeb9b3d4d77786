#define CAF_SUITE program_log_directory

#include "tests/program/background_run.hpp"

using namespace sentio;
using test::contains;
using test::mock_lab;
using test::program;

namespace {

std::string one_day() {
  return "mock --date 2025-12-01" + mock_lab::get().from_checkpoint();
}

} // namespace

TEST(a log directory in use is left alone) {
  const program sentio_actors;
  CHECK_EQUAL(sentio_actors.run(one_day() + "--log-dir logs").code, 0);
  const auto before = test::files_below(sentio_actors.folder());
  const auto again = sentio_actors.run(one_day() + "--log-dir logs --seed 3");
  CHECK_EQUAL(again.code, 2);
  CHECK(contains(again.error, "the log directory logs is not empty"));
  CHECK(contains(again.error, "--overwrite"));
  CHECK(again.out.empty());
  CHECK(test::files_below(sentio_actors.folder()) == before);
  std::filesystem::create_directory(sentio_actors.folder() / "mine");
  test::write_file(sentio_actors.folder() / "mine" / "notes.txt", "mine\n");
  CHECK_EQUAL(sentio_actors.run(one_day() + "--log-dir mine").code, 2);
  CHECK_EQUAL(test::files_below(sentio_actors.folder() / "mine").size(), 1U);
  std::filesystem::create_directory(sentio_actors.folder() / "empty");
  CHECK_EQUAL(sentio_actors.run(one_day() + "--log-dir empty").code, 0);
}

TEST(overwrite replaces the run and nothing else) {
  const program sentio_actors;
  const auto logs = sentio_actors.folder() / "logs";
  const auto both = "mock" + mock_lab::get().with_checkpoint() + "--data-dir " +
                    (mock_lab::get().folder() / "bars").string() + " --log-dir logs";
  CHECK_EQUAL(sentio_actors.run(both).code, 0);
  CHECK(std::filesystem::exists(logs / "report.html"));
  CHECK(std::filesystem::exists(logs / "signals_2025-11-28.jsonl"));
  // Names of one's own, some of them much like those of a run.
  const std::vector<std::string> own{"notes.txt",           "session_notes.txt",   "trades_of_mine.csv",
                                     "signals_.txt",        "report_of_mine.html", "positions_2025.xlsx",
                                     "decisions_to_make.md"};
  for (const auto& name : own)
    test::write_file(logs / name, "mine\n");
  std::filesystem::create_directory(logs / "folder");
  test::write_file(logs / "folder" / "run.json", "mine\n");
  CHECK_EQUAL(sentio_actors.run(one_day() + "--log-dir logs --overwrite").code, 0);
  auto expected = [&] {
    const program fresh;
    CHECK_EQUAL(fresh.run(one_day() + "--log-dir logs").code, 0);
    return test::files_below(fresh.folder() / "logs");
  }();
  for (const auto& name : own)
    expected[name] = "mine\n";
  expected["folder/run.json"] = "mine\n";
  const auto found = test::files_below(logs);
  for (const auto& [name, bytes] : expected)
    if (!found.contains(name))
      CAF_MESSAGE(name << " was removed");
  CHECK(found == expected);
}

TEST(a log directory that cannot be one is named) {
  const program sentio_actors;
  test::write_file(sentio_actors.folder() / "file", "mine\n");
  for (const std::string option : {"", " --overwrite"}) {
    const auto run = sentio_actors.run(one_day() + "--log-dir file" + option);
    CHECK_EQUAL(run.code, 2);
    CHECK(contains(run.error, "file is a file; --log-dir takes a directory"));
    CHECK(test::file_text(sentio_actors.folder() / "file") == "mine\n");
  }
  const auto below = sentio_actors.run(one_day() + "--log-dir file/logs");
  CHECK(below.code == 1 || below.code == 2);
  CHECK(contains(below.error, "file/logs"));
  const auto nowhere = sentio_actors.run(one_day() + "--log-dir /proc/nowhere/logs");
  CHECK(nowhere.code == 1 || nowhere.code == 2);
  CHECK(contains(nowhere.error, "/proc/nowhere"));
}

TEST(of several runs that overwrite one directory at once exactly one runs) {
  const program sentio_actors;
  REQUIRE(sentio_actors.run(one_day() + "--log-dir logs").code == 0);
  const auto expected = test::files_below(sentio_actors.folder() / "logs");
  const std::string command = one_day() + "--log-dir ../logs --overwrite --speed 1200";
  std::vector<std::unique_ptr<test::background_run>> runs;
  for (const std::string name : {"a", "b", "c"}) {
    std::filesystem::create_directory(sentio_actors.folder() / name);
    runs.push_back(std::make_unique<test::background_run>(sentio_actors.folder() / name, command));
  }
  int good = 0;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const auto code = runs[i]->wait(120);
    good += code == 0;
    if (code == 0)
      continue;
    CHECK_EQUAL(code, 2);
    const auto error =
        test::file_text(sentio_actors.folder() / std::string(1, static_cast<char>('a' + i)) / "error");
    CHECK(contains(error, "the directory ../logs is in use: "));
  }
  CHECK_EQUAL(good, 1);
  CHECK(test::files_below(sentio_actors.folder() / "logs") == expected);
}
