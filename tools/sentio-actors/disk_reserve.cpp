#include "tools/sentio-actors/disk_reserve.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <stdexcept>
#include <string>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include <utility>

namespace sentio {

namespace fs = std::filesystem;

namespace {

/// run.json, sessions.jsonl, both reports, latencies, learners, the exchange's state, a latch, and as many
/// again for those that are written aside first.
constexpr int inodes = 12;
/// Less than this is a full disk: a round's records and a page of each log.
constexpr std::uint64_t least_free = 128 * 1024;
constexpr const char* trading_file = "trading";
constexpr const char* end_file = "end";

std::uint64_t free_bytes(const struct statvfs& disk) {
  return static_cast<std::uint64_t>(geteuid() == 0 ? disk.f_bfree : disk.f_bavail) * disk.f_frsize;
}

std::string megabytes(std::uint64_t bytes) {
  const auto tenths = (bytes * 10 + 500'000) / 1'000'000;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " MB";
}

} // namespace

disk_needs disk_needs_of(std::uint64_t symbols, std::uint64_t minutes) {
  return {minutes * (1'300 * symbols + 2'000), 200'000 * symbols + 2'000'000};
}

disk_reserve::disk_reserve(fs::path log_dir) : log_dir_(std::move(log_dir)), folder_(log_dir_ / ".reserve") {}

disk_reserve::~disk_reserve() {
  release();
}

void disk_reserve::make_file(const char* name, std::uint64_t bytes) const {
  const auto file = folder_ / name;
  const int handle = open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
  int problem = handle < 0 ? errno : 0;
  if (handle >= 0 && bytes > 0)
    problem = posix_fallocate(handle, 0, static_cast<off_t>(bytes));
  if (handle >= 0)
    close(handle);
  if (problem != 0)
    throw std::runtime_error(std::strerror(problem));
}

void disk_reserve::take(const disk_needs& needs) {
  try {
    if (mkdir(folder_.c_str(), 0700) != 0 && errno != EEXIST)
      throw std::runtime_error(std::strerror(errno));
    make_file(end_file, needs.at_end);
    make_file(trading_file, needs.while_trading);
    for (int i = 1; i <= inodes; ++i)
      make_file(("inode_" + std::to_string(i)).c_str(), 0);
    if (!trouble().empty())
      throw std::runtime_error("nothing is left besides");
  } catch (const std::runtime_error& problem) {
    throw std::runtime_error(
        "the log directory " + log_dir_.string() + " has no room for a session, which needs " +
        megabytes(needs.while_trading + needs.at_end) + " and " + std::to_string(inodes) +
        " files: " + problem.what() + ". Make room, or choose another --log-dir");
  }
}

std::string disk_reserve::trouble() const {
  struct statvfs disk {};
  if (statvfs(log_dir_.c_str(), &disk) != 0)
    return {}; // the directory is gone: that is noticed by others
  if ((disk.f_flag & ST_RDONLY) != 0)
    return "is read-only";
  return free_bytes(disk) < least_free ? "is full" : "";
}

void disk_reserve::give_way() {
  std::error_code ignored; // then it stays as full as it is
  fs::remove(folder_ / trading_file, ignored);
}

void disk_reserve::release() {
  std::error_code ignored; // what cannot be removed does no harm
  fs::remove_all(folder_, ignored);
}

} // namespace sentio
