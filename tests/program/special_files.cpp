#define CAF_SUITE program_special_files
// Pipes, devices and folders where a file is expected: refused at once, and never waited for.

#include "tests/program/mock_lab.hpp"

#include <sys/stat.h>

using namespace sentio;
using test::contains;
using test::mock_lab;
using test::program;

namespace {

/// A program that waits for a pipe would be ended by this, with another code.
const std::string at_most = "timeout -k 1 20";

struct odd_place {
  std::string name;
  std::string what;
};

/// One of each, in the program's folder.
std::vector<odd_place> odd_places(const program& sentio_actors) {
  const auto pipe = sentio_actors.folder() / "pipe";
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  std::filesystem::create_directory(sentio_actors.folder() / "folder");
  return {{"pipe", "it is a pipe"}, {"folder", "it is a directory"}, {"/dev/zero", "it is a device"}};
}

} // namespace

TEST(a configuration a checkpoint and a tape have to be files) {
  const program sentio_actors;
  for (const auto& [name, what] : odd_places(sentio_actors)) {
    const auto configuration = sentio_actors.run("mock --config " + name, at_most);
    CHECK_EQUAL(configuration.code, 2);
    CHECK(contains(configuration.error, what));
    const auto live = sentio_actors.run("--paper --venue local --config " + name, at_most);
    CHECK_EQUAL(live.code, 2);
    CHECK(contains(live.error, what));
    const auto faults = sentio_actors.run("--paper --venue local --faults " + name + " --warmup-state " +
                                              mock_lab::get().checkpoint().string(),
                                          at_most);
    CHECK_EQUAL(faults.code, 2);
    CHECK(contains(faults.error, what));
    const auto checkpoint =
        sentio_actors.run("mock --date " + std::string(test::last_day) + " --warmup-state " + name, at_most);
    CHECK(checkpoint.code == 1 || checkpoint.code == 2);
    CHECK(contains(checkpoint.error, what));
    const auto tape = sentio_actors.run("replay " + name, at_most);
    CHECK(tape.code == 1 || tape.code == 2);
    CHECK(contains(tape.error, what));
  }
}

TEST(bars have to be in files) {
  const program sentio_actors;
  for (const auto& [name, what] : odd_places(sentio_actors)) {
    const auto data = sentio_actors.folder() / "data";
    std::filesystem::create_directories(data);
    std::filesystem::remove(data / "TQQQ.csv");
    std::filesystem::create_symlink(name.starts_with('/') ? std::filesystem::path(name)
                                                          : sentio_actors.folder() / name,
                                    data / "TQQQ.csv");
    for (const std::string command :
         {"mock --symbols TQQQ", "verify-data", "--paper --venue local --symbols TQQQ"}) {
      const auto run = sentio_actors.run(command + " --data-dir data", at_most);
      CHECK(run.code == 1 || run.code == 2);
      CHECK(contains(run.out + run.error, what));
    }
  }
}

TEST(a file that is to be written may not be a pipe) {
  const program sentio_actors;
  odd_places(sentio_actors);
  const auto session = mock_lab::get().from_checkpoint();
  const auto tape = sentio_actors.run("mock --tape pipe --overwrite --log-dir logs" + session, at_most);
  CHECK_EQUAL(tape.code, 1);
  CHECK(contains(tape.error, "pipe: the file is no tape, and is left as it is"));
  const auto folder = sentio_actors.folder() / "other";
  std::filesystem::create_directory(folder);
  const auto log = "signals_" + std::string(test::last_day) + ".jsonl.partial";
  REQUIRE(mkfifo((folder / log).c_str(), 0600) == 0);
  const auto logs = sentio_actors.run("mock --log-dir other --overwrite" + session, at_most);
  CHECK_EQUAL(logs.code, 1);
  CHECK(contains(logs.error, "cannot write other/" + log));
}
