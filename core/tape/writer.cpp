#include "core/tape/writer.hpp"

#include "core/numeric/hash.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>

namespace sentio {
namespace {

std::string reason_text(int error) {
  return std::generic_category().message(error);
}

/// Whether a file may be replaced by a tape: it is none of the user's other regular files.
bool is_replaceable(int file) {
  struct stat status {};
  if (fstat(file, &status) == 0 && (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode)))
    return false; // its reader may be late, and the run would wait for it
  if (!S_ISREG(status.st_mode) || status.st_size == 0)
    return true;
  char start[tape_magic.size()];
  return pread(file, start, sizeof start, 0) == static_cast<ssize_t>(sizeof start) &&
         std::string_view(start, sizeof start) == tape_magic;
}

/// Keeps other writers off a file as long as it is open here. Empty: done, or its file system has no locks,
/// where the directory's lock alone has to do.
std::string lock_tape(int file, const std::filesystem::path& path) {
  if (flock(file, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
    return {};
  return path.string() + ": somebody else writes this tape now; choose another name, or wait for its end";
}

} // namespace

tape_writer::~tape_writer() {
  if (file_ >= 0)
    ::close(file_);
}

std::string tape_writer::create(const std::filesystem::path& path, bool overwrite) {
  require_unused();
  const int flags = overwrite ? O_RDWR | O_CREAT | O_CLOEXEC : O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
  const int file = ::open(path.c_str(), flags, 0644);
  if (file < 0) {
    if (errno == EEXIST && !overwrite)
      return path.string() + ": the file is there already; choose another name, or overwrite it";
    return path.string() + ": cannot create the tape: " + reason_text(errno);
  }
  if (auto taken = lock_tape(file, path); !taken.empty()) { // before anything in it is changed
    ::close(file);
    return taken;
  }
  if (overwrite && !is_replaceable(file)) {
    ::close(file);
    return path.string() + ": the file is no tape, and is left as it is; choose another name";
  }
  // A device cannot be cut to length, and need not be.
  if (overwrite && ftruncate(file, 0) != 0 && errno != EINVAL) {
    const int error = errno;
    ::close(file);
    return path.string() + ": cannot empty the old tape: " + reason_text(error);
  }
  file_ = file;
  path_ = path;
  const auto start = tape_start();
  buffer_.assign(start.data(), start.size());
  return {};
}

void tape_writer::require_unused() const {
  if (has_file() || records_ > 0 || closed_)
    throw std::logic_error("a tape's file is chosen before its first record, and once");
}

void tape_writer::create(tape_memory& memory) {
  require_unused();
  memory_ = &memory;
  memory.bytes.clear();
  path_ = "memory";
  const auto start = tape_start();
  buffer_.assign(start.data(), start.size());
}

namespace {

/// Why a tape cannot be gone on with; empty when it can.
std::string refusal_to_resume(const tape_prefix& good) {
  if (good.fault == tape_fault::none)
    return "the tape is complete: its session is over";
  if (good.fault != tape_fault::truncated && good.fault != tape_fault::missing_end)
    return good.error;
  return {};
}

} // namespace

void tape_writer::go_on_after(const tape_prefix& good) {
  records_ = good.records;
  written_ = good.bytes;
  chain_.restore(good.chain);
}

std::string tape_writer::resume(const std::filesystem::path& path, const tape_prefix& good) {
  require_unused();
  if (auto problem = refusal_to_resume(good); !problem.empty())
    return path.string() + ": " + problem;
  const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (file < 0)
    return path.string() + ": cannot open the tape to go on: " + reason_text(errno);
  if (auto taken = lock_tape(file, path); !taken.empty()) {
    ::close(file);
    return taken;
  }
  if (ftruncate(file, static_cast<off_t>(good.bytes)) != 0 ||
      lseek(file, 0, SEEK_END) != static_cast<off_t>(good.bytes)) {
    const int error = errno;
    ::close(file);
    return path.string() + ": cannot cut the torn end of the tape away: " + reason_text(error);
  }
  file_ = file;
  path_ = path;
  go_on_after(good);
  return {};
}

std::string tape_writer::resume(tape_memory& memory, const tape_prefix& good) {
  require_unused();
  if (auto problem = refusal_to_resume(good); !problem.empty())
    return "memory: " + problem;
  memory_ = &memory;
  path_ = "memory";
  memory.bytes.resize(good.bytes);
  go_on_after(good);
  return {};
}

std::ptrdiff_t tape_writer::write_some(std::string_view bytes) {
  if (!memory_)
    return ::write(file_, bytes.data(), bytes.size());
  const std::size_t count = memory_->disk ? std::min(memory_->disk(bytes), bytes.size()) : bytes.size();
  memory_->bytes.append(bytes.substr(0, count));
  if (count == bytes.size())
    return static_cast<std::ptrdiff_t>(count);
  errno = ENOSPC;
  return -1;
}

std::uint64_t tape_writer::append(record_kind kind, time_ms time, std::string_view payload) {
  if (!has_file())
    return number();
  check_usable();
  if (payload.size() > max_payload_bytes)
    throw std::logic_error("a tape record of kind " + std::string(to_string(kind)) + " has " +
                           std::to_string(payload.size()) + " bytes; at most " +
                           std::to_string(max_payload_bytes) + " are allowed");
  const std::size_t start = buffer_.size();
  char head[frame_head_bytes];
  put_frame_head(head, {static_cast<std::uint32_t>(payload.size()), kind, 0, 0, records_, time});
  buffer_.append(head, sizeof head);
  buffer_.append(payload);
  const std::uint32_t checksum = crc32(std::string_view(buffer_).substr(start));
  char tail[4];
  std::memcpy(tail, &checksum, 4);
  buffer_.append(tail, sizeof tail);
  const chain_value& chain = chain_.advance(std::string_view(buffer_).substr(start));
  buffer_.append(chain.data(), chain.size());
  const std::uint64_t sequence = records_++;
  if (buffer_.size() > buffer_bytes)
    flush();
  return sequence;
}

std::uint64_t tape_writer::number() {
  check_usable();
  return records_++;
}

void tape_writer::require_fit(bool fits, record_kind kind) {
  if (!fits)
    throw std::logic_error("a tape record of kind " + std::string(to_string(kind)) +
                           " is given another payload");
}

void tape_writer::flush() {
  if (!has_file() || (closed_ && buffer_.empty()))
    return;
  check_usable();
  std::size_t done = 0;
  while (done < buffer_.size()) {
    const auto count = write_some(std::string_view(buffer_).substr(done));
    if (count < 0 && errno == EINTR)
      continue;
    if (count <= 0)
      fail("cannot write the tape", count < 0 ? errno : EIO);
    done += static_cast<std::size_t>(count);
    written_ += static_cast<std::uint64_t>(count);
  }
  buffer_.clear();
}

void tape_writer::sync() {
  flush();
  if (file_ >= 0 && fdatasync(file_) != 0)
    fail("cannot bring the tape to the disk", errno);
}

void tape_writer::close() {
  if (closed_)
    return;
  sync();
  closed_ = true;
  if (file_ < 0)
    return;
  const int file = file_;
  file_ = -1;
  if (::close(file) != 0)
    fail("cannot close the tape", errno);
}

void tape_writer::check_usable() const {
  if (!failure_.empty())
    throw tape_error(failure_);
  if (closed_)
    throw std::logic_error("a record for a tape that is closed: " + path_.string());
}

void tape_writer::fail(const char* action, int error) {
  failure_ = path_.string() + ": " + action + ": " + reason_text(error) + "; " + std::to_string(records_) +
             " records were taken, and the last of them may not be in the file";
  throw tape_error(failure_);
}

} // namespace sentio
