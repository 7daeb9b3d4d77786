#include "actors/live/tape_watch.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace sentio {

tape_watch::tape_watch(std::filesystem::path file)
    : file_(std::move(file)), handle_(open(file_.c_str(), O_RDONLY | O_CLOEXEC)) {}

tape_watch::~tape_watch() {
  if (handle_ >= 0)
    close(handle_);
}

void tape_watch::forget() {
  first_ = last_ = {};
  size_ = 0;
}

bool tape_watch::read(part& into) const {
  return pread(handle_, into.bytes.data(), into.size, static_cast<off_t>(into.at)) ==
         static_cast<ssize_t>(into.size);
}

bool tape_watch::is_unchanged(const part& known) const {
  part now{known.at, known.size, {}};
  return read(now) && now.bytes == known.bytes;
}

std::string tape_watch::look() {
  struct stat named {};
  if (stat(file_.c_str(), &named) != 0)
    return errno == ENOENT || errno == ENOTDIR ? "was removed, or moved to another folder"
                                               : std::string("cannot be looked at: ") + std::strerror(errno);
  struct stat held {};
  if (handle_ < 0 || fstat(handle_, &held) != 0)
    return "cannot be opened";
  if (named.st_dev != held.st_dev || named.st_ino != held.st_ino)
    return "was replaced by another file";
  const auto size = static_cast<std::uint64_t>(held.st_size);
  if (size < size_)
    return "was cut to " + std::to_string(size) + " bytes, after " + std::to_string(size_) + " were written";
  // A writer goes on behind the place where the file was cut, so that its size alone does not tell.
  if (!is_unchanged(first_) || !is_unchanged(last_))
    return "was cut or overwritten";
  first_ = {0, std::min<std::size_t>(window, size), {}};
  last_ = {size - first_.size, first_.size, {}};
  size_ = size;
  // Cut in this very moment: what could not be read differs at the next look.
  return read(first_) && read(last_) ? "" : "was cut while it was read";
}

} // namespace sentio
