#include "tools/sentio-actors/state_directory.hpp"

#include "tools/sentio-actors/usage_error.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <pwd.h>
#include <stdexcept>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace sentio {

namespace fs = std::filesystem;

namespace {

constexpr const char* variable = "SENTIO_STATE_DIR";
constexpr const char* another_place = "name another directory with --state-dir";

std::string user_name(uid_t user) {
  const passwd* const known = getpwuid(user);
  return known ? known->pw_name : "user " + std::to_string(user);
}

/// A directory that this user may not even look at is there, for somebody else.
bool is_there(const char* path) {
  struct stat status {};
  return lstat(path, &status) == 0 || errno == EACCES;
}

std::string mode_text(mode_t mode) {
  char text[8];
  std::snprintf(text, sizeof text, "%04o", static_cast<unsigned>(mode & 07777));
  return text;
}

/// Why the directory behind a descriptor is none of ours; empty: it is.
std::string why_not_ours(int handle, const fs::path& path) {
  struct stat status {};
  if (fstat(handle, &status) != 0)
    return "cannot be looked at: " + std::string(std::strerror(errno));
  if (status.st_uid != geteuid())
    return "belongs to " + user_name(status.st_uid) + ", and this is " + user_name(geteuid()) +
           ": whoever trades on an account must see its lock and whether it is HALTED. Run this as " +
           user_name(status.st_uid) + ", or " + another_place;
  if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    return "has mode " + mode_text(status.st_mode) +
           ", so others may change what is in it; look at what is there, then run: chmod 700 " +
           path.string();
  return {};
}

[[noreturn]] void refuse(const fs::path& path, const std::string& why) {
  throw usage_error("the state directory " + path.string() + " " + why + "; nothing was changed");
}

} // namespace

fs::path state_directory(const std::string& given) {
  const auto whole = [](const fs::path& path) {
    auto plain = fs::absolute(path).lexically_normal();
    return plain.has_filename() ? plain : plain.parent_path(); // a slash at the end would lead through a link
  };
  if (!given.empty())
    return whole(given);
  if (const char* named = std::getenv(variable); named && *named)
    return whole(named);
  if (is_there(system_state_directory))
    return system_state_directory;
  const passwd* const user = getpwuid(geteuid());
  if (!user || !user->pw_dir || user->pw_dir[0] != '/')
    throw usage_error("no home directory is known of this user, so it cannot be told whether an account is "
                      "HALTED; name a directory for that with --state-dir");
  return fs::path(user->pw_dir) / ".local" / "state" / "sentio-actors";
}

state_folder::state_folder(fs::path path, missing then) : path_(std::move(path)) {
  if (then == missing::make) {
    std::error_code problem; // told by mkdir
    fs::create_directories(path_.parent_path(), problem);
    if (mkdir(path_.c_str(), 0700) != 0 && errno != EEXIST)
      throw std::runtime_error("the state directory " + path_.string() +
                               " cannot be made: " + std::strerror(errno) + "; " + another_place);
  }
  handle_ = open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (handle_ < 0) {
    const int reason = errno;
    struct stat status {};
    if (lstat(path_.c_str(), &status) == 0 && !S_ISDIR(status.st_mode))
      refuse(path_, S_ISLNK(status.st_mode)
                        ? "is a symbolic link, which anybody may have laid there; name where it leads with "
                          "--state-dir"
                        : "is no directory; " + std::string(another_place));
    throw std::runtime_error("the state directory " + path_.string() +
                             " cannot be opened: " + std::strerror(reason) +
                             "; it says whether accounts are HALTED and who trades on them. Run this as its "
                             "owner, or " +
                             another_place);
  }
  if (const auto why = why_not_ours(handle_, path_); !why.empty()) {
    close(handle_);
    refuse(path_, why);
  }
}

state_folder::~state_folder() {
  close(handle_);
}

account_lock::account_lock(const state_folder& state, const std::string& venue, const std::string& account) {
  const auto name = venue + "-" + account + ".lock";
  const auto file = state.path() / name;
  struct stat held {};
  struct stat named {};
  do { // in the second round: the file was removed, and the one that has its name now is meant
    if (handle_ >= 0)
      close(std::exchange(handle_, -1));
    constexpr int safely = O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    handle_ = openat(state.handle(), name.c_str(), O_RDWR | O_CREAT | safely, 0600);
    if (handle_ < 0 && errno == EROFS) // what an open session holds has to be looked after all the same
      handle_ = openat(state.handle(), name.c_str(), O_RDONLY | safely);
    if (handle_ < 0)
      throw std::runtime_error("the lock " + file.string() + " cannot be opened: " +
                               (errno == ELOOP ? "it is a symbolic link" : std::strerror(errno)));
    if (fstat(handle_, &held) != 0 || !S_ISREG(held.st_mode)) {
      close(std::exchange(handle_, -1));
      throw usage_error("the lock " + file.string() +
                        " is no regular file; see who made it, and remove it when nobody trades on " +
                        account);
    }
    if (flock(handle_, LOCK_EX | LOCK_NB) != 0) {
      const int reason = errno;
      char text[32] = {};
      const auto count = read(handle_, text, sizeof text - 1);
      close(std::exchange(handle_, -1));
      if (reason != EWOULDBLOCK)
        throw std::runtime_error("the lock " + file.string() + " cannot be taken: " + std::strerror(reason) +
                                 "; " + another_place + ", on a local disk");
      throw usage_error("another instance" +
                        (count > 0 ? " (process " + std::string(text, static_cast<std::size_t>(count)) + ")"
                                   : std::string()) +
                        " trades on account " + account +
                        "; two would trade against each other. Stop it first.");
    }
  } while (fstatat(state.handle(), name.c_str(), &named, AT_SYMLINK_NOFOLLOW) != 0 ||
           named.st_dev != held.st_dev || named.st_ino != held.st_ino);
  // For the sentence that others get: on a full disk the lock is held without it.
  const auto process = std::to_string(getpid());
  if (ftruncate(handle_, 0) == 0)
    static_cast<void>(!pwrite(handle_, process.data(), process.size(), 0));
}

account_lock::~account_lock() {
  if (handle_ >= 0)
    close(handle_);
}

fs::path counters_file(const fs::path& state, const std::string& account, const std::string& instance) {
  return state / (account + "-" + instance + ".counters");
}

} // namespace sentio
