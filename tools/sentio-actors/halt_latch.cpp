#include "tools/sentio-actors/halt_latch.hpp"

#include "tools/sentio-actors/run_log_directory.hpp"

#include <nlohmann/json.hpp>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <pwd.h>
#include <stdexcept>
#include <unistd.h>
#include <utility>

namespace sentio {

namespace fs = std::filesystem;

namespace {

/// The portfolio's own words for a halt by command.
constexpr const char* by_command = "halt command";

/// A descriptor that closes itself.
class opened {
public:
  opened(const fs::path& path, int flags, unsigned mode)
      : path_(path), handle_(open(path.c_str(), flags, mode)) {
    if (handle_ < 0)
      fail("cannot be opened");
  }
  ~opened() { close(handle_); }
  opened(const opened&) = delete;
  opened& operator=(const opened&) = delete;
  void write_all(const std::string& bytes) const {
    for (std::size_t done = 0; done < bytes.size();) {
      const auto count = write(handle_, bytes.data() + done, bytes.size() - done);
      if (count < 0 && errno != EINTR)
        fail("cannot be written");
      done += count > 0 ? static_cast<std::size_t>(count) : 0;
    }
  }
  void sync() const {
    if (fsync(handle_) != 0)
      fail("cannot be made durable");
  }

private:
  [[noreturn]] void fail(const char* what) const {
    throw std::runtime_error("the latch file " + path_.string() + " " + what + ": " + std::strerror(errno));
  }
  fs::path path_;
  int handle_;
};

} // namespace

std::string utc_now() {
  const auto now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[24];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

fs::path state_directory() {
  if (const char* given = std::getenv("XDG_STATE_HOME"); given && given[0] == '/')
    return fs::path(given) / "sentio-actors";
  const char* home = std::getenv("HOME");
  if (!home || home[0] != '/')
    if (const passwd* user = getpwuid(getuid()))
      home = user->pw_dir;
  if (!home || home[0] != '/')
    throw std::runtime_error(
        "no home directory is known, so it cannot be told whether the account is HALTED; set "
        "HOME or XDG_STATE_HOME");
  return fs::path(home) / ".local" / "state" / "sentio-actors";
}

fs::path latch_file(const std::string& lock_name, const std::string& account) {
  return state_directory() / (lock_name + "-" + account + ".halted");
}

std::optional<latch_record> read_latch(const fs::path& file) {
  if (!fs::exists(file))
    return std::nullopt;
  latch_record record;
  try {
    const auto json = nlohmann::json::parse(read_whole_file(file));
    record.since = json.at("since");
    record.reason = json.at("reason");
    record.session = json.value("session", "");
    record.rearmed = json.value("rearmed", "");
  } catch (const std::exception&) {
    record = {"an unknown time", "the file " + file.string() + " cannot be read, so it counts as latched", "",
              ""};
  }
  return record;
}

void write_latch(const fs::path& file, const latch_record& record) {
  const auto folder = fs::absolute(file).parent_path();
  if (fs::create_directories(folder))
    fs::permissions(folder, fs::perms::owner_all);
  nlohmann::ordered_json json{
      {"since", record.since}, {"reason", record.reason}, {"session", record.session}};
  if (!record.rearmed.empty())
    json["rearmed"] = record.rearmed;
  const auto partial = fs::path(file).concat(".partial");
  {
    const opened out(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    out.write_all(json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
    out.sync();
  }
  fs::rename(partial, file);
  opened(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0).sync();
}

void remove_latch(const fs::path& file) {
  if (fs::remove(file))
    opened(fs::absolute(file).parent_path(), O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0).sync();
}

std::string latch_text(const latch_record& record) {
  return "HALTED since " + record.since + ": " + record.reason;
}

halt_keeper::halt_keeper(fs::path file, std::string session, std::function<void(const std::string&)> say)
    : file_(std::move(file)), found_(read_latch(file_)), session_(std::move(session)), say_(std::move(say)) {
  if (found_ && found_->rearmed.empty())
    state_ = found_;
}

void halt_keeper::changed(bool on, const std::string& reason) {
  const std::lock_guard lock(mutex_);
  if (ignored_)
    return;
  try {
    if (!on) {
      remove_latch(file_);
      state_.reset();
      return;
    }
    const bool commanded = reason == by_command;
    if (commanded && state_)
      return; // the first reason is the one to look into
    state_ = latch_record{utc_now(), commanded && !expected_.empty() ? expected_ : reason, session_, ""};
    write_latch(file_, *state_);
  } catch (const std::exception& problem) {
    say_("ALARM HALTED is not kept beyond this session: " + std::string(problem.what()) +
         "; make room or mend its rights, then `sentio-actors halt` again");
  }
}

void halt_keeper::expect(const std::string& reason) {
  const std::lock_guard lock(mutex_);
  expected_ = reason;
}

void halt_keeper::ignore_from_now() {
  const std::lock_guard lock(mutex_);
  ignored_ = true;
}

std::optional<latch_record> halt_keeper::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

} // namespace sentio
