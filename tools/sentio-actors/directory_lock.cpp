#include "tools/sentio-actors/directory_lock.hpp"

#include "tools/sentio-actors/halt_latch.hpp"
#include "tools/sentio-actors/usage_error.hpp"

#include <nlohmann/json.hpp>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <stdexcept>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace sentio {

namespace {

constexpr const char* note_name = ".lock";
constexpr const char* reserve_name = ".reserve";
constexpr std::size_t longest_note = 400;

/// What the holder wrote about itself; empty when there is nothing that can be read.
std::string holder_text(int directory) {
  const int note = openat(directory, note_name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  if (note < 0)
    return {};
  char bytes[longest_note];
  const auto count = read(note, bytes, sizeof bytes);
  close(note);
  const auto json = nlohmann::json::parse(
      std::string_view(bytes, count > 0 ? static_cast<std::size_t>(count) : 0), nullptr, false);
  if (!json.is_object() || !json.contains("process") || !json["process"].is_number_integer())
    return {};
  const auto text = [&](const char* name) {
    return json.contains(name) && json[name].is_string() ? json[name].get<std::string>() : "?";
  };
  return "process " + std::to_string(json["process"].get<long long>()) + " (sentio-actors " +
         text("command") + ", since " + text("since") + ")";
}

enum class lock_answer : unsigned char { held, taken, unsupported };

lock_answer try_lock(int handle, int operation) {
  if (flock(handle, operation) == 0)
    return lock_answer::held;
  return errno == EWOULDBLOCK ? lock_answer::taken : lock_answer::unsupported;
}

bool same_directory(int handle, const std::filesystem::path& path) {
  struct stat held {};
  struct stat named {};
  return fstat(handle, &held) == 0 && stat(path.c_str(), &named) == 0 && held.st_dev == named.st_dev &&
         held.st_ino == named.st_ino;
}

} // namespace

directory_lock::directory_lock(const std::filesystem::path& directory, std::string_view command,
                               mode wanted) {
  take(directory.empty() ? std::filesystem::path(".") : directory, wanted);
  if (wanted == mode::guest)
    return;
  const int note = openat(directory_, note_name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
  if (note < 0)
    return; // a full or read-only disk: the lock is held all the same, and the run itself says what it lacks
  const auto text = nlohmann::ordered_json{{"process", static_cast<long long>(getpid())},
                                           {"command", command},
                                           {"since", utc_now()}}
                        .dump() +
                    "\n";
  named_ = write(note, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  close(note);
  if (!named_)
    unlinkat(directory_, note_name, 0);
}

void directory_lock::take(const std::filesystem::path& directory, mode wanted) {
  const int operation = (wanted == mode::owner ? LOCK_EX : LOCK_SH) | LOCK_NB;
  do {
    free(); // in the second round: the directory was moved away, and the one that has its name now is meant
    directory_ = open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory_ < 0)
      throw std::runtime_error("the directory " + directory.string() +
                               " cannot be opened: " + std::strerror(errno));
    auto answer = try_lock(directory_, operation);
    if (answer == lock_answer::unsupported) {
      // Network file systems want a file that is open for writing.
      file_ = openat(directory_, note_name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);
      answer = file_ < 0 ? lock_answer::unsupported : try_lock(file_, operation);
    }
    if (answer == lock_answer::taken) {
      const auto holder = holder_text(directory_);
      free();
      throw usage_error("the directory " + directory.string() +
                        " is in use: " + (holder.empty() ? "another process" : holder) +
                        " writes there. Choose another one, or wait for its end; nothing was changed");
    }
    if (answer == lock_answer::unsupported) {
      const std::string reason = std::strerror(errno);
      free();
      throw std::runtime_error("the directory " + directory.string() + " cannot be locked: " + reason +
                               "; choose one on a local disk");
    }
  } while (!same_directory(directory_, directory));
}

directory_lock::~directory_lock() {
  free();
}

directory_lock::directory_lock(directory_lock&& other) noexcept
    : directory_(std::exchange(other.directory_, -1)), file_(std::exchange(other.file_, -1)),
      named_(std::exchange(other.named_, false)) {}

directory_lock& directory_lock::operator=(directory_lock&& other) noexcept {
  if (this != &other) {
    free();
    directory_ = std::exchange(other.directory_, -1);
    file_ = std::exchange(other.file_, -1);
    named_ = std::exchange(other.named_, false);
  }
  return *this;
}

void directory_lock::free() {
  if (std::exchange(named_, false) && file_ < 0)
    unlinkat(directory_, note_name, 0);
  if (file_ >= 0)
    close(std::exchange(file_, -1));
  if (directory_ >= 0)
    close(std::exchange(directory_, -1));
}

bool is_housekeeping(const std::filesystem::path& name) {
  return name == note_name || name == reserve_name;
}

} // namespace sentio
