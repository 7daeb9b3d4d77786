#include "core/monitor/private_files.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sentio {

namespace {

/// Closes at the end of the scope.
struct descriptor {
  int value = -1;
  ~descriptor() {
    if (value >= 0)
      ::close(value);
  }
};

std::string mode_text(mode_t mode) {
  char text[8];
  std::snprintf(text, sizeof text, "%04o", static_cast<unsigned>(mode & 07777));
  return text;
}

void check_guard(const std::filesystem::path& file, const struct stat& status, file_guard guard) {
  const std::string name = file.string();
  if (guard == file_guard::open_to_all)
    return;
  const bool own = status.st_uid == ::geteuid();
  if (guard == file_guard::owner_only) {
    if (!own)
      throw file_problem(name + " belongs to another user; a private key is read from a file of your own");
    if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
      throw file_problem(name + " has mode " + mode_text(status.st_mode) +
                         ", so others may use this private key; run: chmod 600 " + name);
    return;
  }
  if (!own && status.st_uid != 0)
    throw file_problem(name + " belongs to another user, who could change it; it must be yours or root's");
  if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    throw file_problem(name + " has mode " + mode_text(status.st_mode) +
                       ", so others may change it; run: chmod 644 " + name);
}

void write_all(int handle, std::string_view text, const std::string& name) {
  while (!text.empty()) {
    const ssize_t count = ::write(handle, text.data(), text.size());
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0)
      throw file_problem(name + " cannot be written: " + std::strerror(errno));
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

/// Makes a file that was not there, with its text on the disk.
void write_fresh(const std::filesystem::path& file, std::string_view text, unsigned mode) {
  const std::string name = file.string();
  const descriptor out{::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)};
  if (out.value < 0) {
    if (errno == EEXIST)
      throw file_problem(name + " is there already; nothing is replaced without --overwrite");
    throw file_problem(name + " cannot be made: " + std::strerror(errno));
  }
  // The umask may have taken rights away; it may not give any.
  if (::fchmod(out.value, mode) != 0)
    throw file_problem(name + " does not take its permissions: " + std::strerror(errno));
  try {
    write_all(out.value, text, name);
    if (::fsync(out.value) != 0)
      throw file_problem(name + " cannot be synced to the disk: " + std::strerror(errno));
  } catch (...) {
    ::unlink(file.c_str());
    throw;
  }
}

} // namespace

std::string read_guarded(const std::filesystem::path& file, file_guard guard, std::size_t most_bytes) {
  const std::string name = file.string();
  // Not blocking: a pipe of that name must not hang the program.
  const descriptor in{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (in.value < 0) {
    if (errno == ENOENT)
      throw file_problem(name + " is missing");
    throw file_problem(name + " cannot be read: " + std::strerror(errno));
  }
  struct stat status {};
  if (::fstat(in.value, &status) != 0 || !S_ISREG(status.st_mode))
    throw file_problem(name + " is no regular file");
  check_guard(file, status, guard);
  std::string text;
  char piece[4096];
  for (;;) {
    const ssize_t count = ::read(in.value, piece, sizeof piece);
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0)
      throw file_problem(name + " cannot be read: " + std::strerror(errno));
    if (count == 0)
      return text;
    text.append(piece, static_cast<std::size_t>(count));
    if (text.size() > most_bytes)
      throw file_problem(name + " is longer than " + std::to_string(most_bytes) +
                         " bytes; it is not what is expected there");
  }
}

void write_once(const std::filesystem::path& file, std::string_view text, unsigned mode, bool overwrite) {
  if (overwrite)
    write_durably(file, text, mode);
  else
    write_fresh(file, text, mode);
}

void write_durably(const std::filesystem::path& file, std::string_view text, unsigned mode) {
  const std::filesystem::path beside = file.string() + ".new." + std::to_string(::getpid());
  ::unlink(beside.c_str()); // of a process that died here, with the same number
  write_fresh(beside, text, mode);
  if (::rename(beside.c_str(), file.c_str()) != 0) {
    const int reason = errno;
    ::unlink(beside.c_str());
    throw file_problem(file.string() + " cannot be replaced: " + std::strerror(reason));
  }
  const auto parent = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
  const descriptor folder{::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (folder.value < 0 || ::fsync(folder.value) != 0)
    throw file_problem("the folder " + parent.string() + " cannot be synced: " + std::strerror(errno));
}

} // namespace sentio
