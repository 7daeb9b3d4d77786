#define CAF_SUITE program_full_disk

#include "tests/program/small_disk.hpp"

using namespace sentio;
using test::contains;
using test::mock_lab;
using test::program;
using test::small_disk;

namespace {

std::string size_of(unsigned kilobytes) {
  return "size=" + std::to_string(kilobytes) + "k";
}

/// Runs onto a disk of a size; false when it behaves otherwise than a run on a full disk must.
bool ends_well(const std::string& options, unsigned kilobytes, int& failures) {
  const program sentio_actors;
  const auto disk = sentio_actors.folder() / "disk";
  const small_disk mounted(disk, size_of(kilobytes));
  if (!mounted.is_there())
    return true;
  const auto run = sentio_actors.run("mock " + options);
  const bool whole = test::only_whole_days(disk / "logs");
  if (run.code == 0)
    return whole;
  ++failures;
  const bool good = run.code == 1 && whole && contains(run.error, "disk/") &&
                    contains(run.error, "No space left on device");
  if (!good)
    CAF_MESSAGE(kilobytes << " kB: code " << run.code << "; " << run.error);
  return good;
}

bool may_mount() {
  const test::scratch_folder folder;
  return small_disk(folder.path() / "disk", size_of(64)).is_there();
}

} // namespace

TEST(a full disk stops the run and leaves only whole days) {
  if (!may_mount())
    return;
  int failures = 0;
  const auto options = mock_lab::get().from_checkpoint() + "--log-dir disk/logs";
  for (const unsigned kilobytes : {4U, 40U, 300U, 700U, 1000U, 1100U, 1500U, 2000U, 2600U, 3000U})
    CHECK(ends_well(options, kilobytes, failures));
  CHECK(failures >= 6);
}

TEST(a disk that is full when the report is written keeps the logs) {
  if (!may_mount())
    return;
  const auto& lab = mock_lab::get();
  const program measure;
  const auto options =
      "--date 2025-12-01 --data-dir " + (lab.folder() / "bars").string() + lab.with_checkpoint();
  CHECK_EQUAL(measure.run("mock --no-report --log-dir logs " + options).code, 0);
  unsigned needed = 8; // kB; a disk gives whole pages of 4 kB
  for (const auto& [name, bytes] : test::files_below(measure.folder() / "logs"))
    needed += static_cast<unsigned>((bytes.size() + 4095) / 4096 * 4);
  int failures = 0;
  CHECK(ends_well(options + " --log-dir disk/logs", needed + 16, failures));
  CHECK_EQUAL(failures, 1);
}

TEST(a tape on a full disk stops the run) {
  const program sentio_actors;
  // The device that is always full needs no right to mount.
  const auto run = sentio_actors.run("mock --tape /dev/full --overwrite --log-dir logs" +
                                     mock_lab::get().from_checkpoint());
  CHECK_EQUAL(run.code, 1);
  CHECK(run.out.empty());
  CHECK(contains(run.error, "/dev/full: cannot write the tape: No space left on device"));
  CHECK(test::only_whole_days(sentio_actors.folder() / "logs"));
  if (!may_mount())
    return;
  int failures = 0;
  const auto options = mock_lab::get().from_checkpoint() + "--tape disk/day.tape --log-dir disk/logs";
  for (const unsigned kilobytes : {100U, 800U, 1200U, 2500U, 3500U})
    CHECK(ends_well(options, kilobytes, failures));
  CHECK(failures >= 4);
}

TEST(a checkpoint on a full disk is no success) {
  if (!may_mount())
    return;
  const program sentio_actors;
  const auto disk = sentio_actors.folder() / "disk";
  const small_disk mounted(disk, size_of(300));
  const auto run = sentio_actors.run("warmup --days 1 --output disk/new.checkpoint");
  CHECK_EQUAL(run.code, 1);
  CHECK(contains(run.error, "disk/new.checkpoint"));
  CHECK(contains(run.error, "No space left on device"));
  CHECK(test::files_below(disk).empty());
}
