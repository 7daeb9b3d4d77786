#include "tools/sentio-actors/halt_latch.hpp"

#include <nlohmann/json.hpp>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <future>
#include <stdexcept>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace sentio {

namespace fs = std::filesystem;

namespace {

/// The portfolio's own words for a halt by command.
constexpr const char* by_command = "halt command";
constexpr std::size_t longest_latch = 64 * 1024;

[[noreturn]] void fail(const fs::path& path, const char* what) {
  throw std::runtime_error("the latch file " + path.string() + " " + what + ": " + std::strerror(errno));
}

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
  [[noreturn]] void fail(const char* what) const { sentio::fail(path_, what); }
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

fs::path latch_file(const fs::path& state, const std::string& lock_name, const std::string& account) {
  return state / (lock_name + "-" + account + ".halted");
}

namespace {

latch_record doubt(const std::string& why) {
  return {"an unknown time", why + ", so it counts as latched", "", ""};
}

/// The text of a regular file; empty, with the reason, for anything else. `absent`: there is nothing.
std::optional<std::string> text_of(int folder, const fs::path& file, bool& absent, std::string& why) {
  // Not blocking: a pipe of that name must not hang the program.
  const int in = openat(folder, file.filename().c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  absent = in < 0 && errno == ENOENT;
  if (in < 0) {
    why = errno == ELOOP ? " is a symbolic link" : " cannot be read: " + std::string(std::strerror(errno));
    return std::nullopt;
  }
  struct stat status {};
  std::string text(longest_latch, '\0');
  ssize_t count = -1;
  if (fstat(in, &status) != 0 || !S_ISREG(status.st_mode))
    why = " is no regular file";
  else if ((count = read(in, text.data(), text.size())) < 0)
    why = " cannot be read: " + std::string(std::strerror(errno));
  close(in);
  if (count < 0)
    return std::nullopt;
  text.resize(static_cast<std::size_t>(count));
  return text;
}

} // namespace

std::optional<latch_record> read_latch(const fs::path& file) {
  const auto parent = fs::absolute(file).parent_path();
  const int folder = open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0)
    return doubt("the folder " + parent.string() + " cannot be opened: " + std::strerror(errno));
  bool absent = false;
  std::string why;
  const auto text = text_of(folder, file, absent, why);
  close(folder);
  if (absent)
    return std::nullopt;
  if (!text)
    return doubt("the file " + file.string() + why);
  latch_record record;
  try {
    const auto json = nlohmann::json::parse(*text);
    record.since = json.at("since");
    record.reason = json.at("reason");
    record.session = json.value("session", "");
    record.rearmed = json.value("rearmed", "");
  } catch (const std::exception&) {
    return doubt("the file " + file.string() + " cannot be read");
  }
  return record;
}

void write_latch(const fs::path& file, const latch_record& record) {
  const auto folder = fs::absolute(file).parent_path();
  std::error_code problem; // told by what follows
  if (fs::create_directories(folder, problem))
    fs::permissions(folder, fs::perms::owner_all, problem);
  nlohmann::ordered_json json{
      {"since", record.since}, {"reason", record.reason}, {"session", record.session}};
  if (!record.rearmed.empty())
    json["rearmed"] = record.rearmed;
  const auto partial = fs::path(file).concat(".partial");
  unlink(partial.c_str()); // of a process that died here, or whatever somebody laid there
  {
    const opened out(partial, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    out.write_all(json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
    out.sync();
  }
  if (rename(partial.c_str(), file.c_str()) != 0)
    fail(file, "cannot be put into its place");
  opened(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0).sync();
}

void remove_latch(const fs::path& file) {
  const opened folder(fs::absolute(file).parent_path(), O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  if (unlink(file.c_str()) != 0 && errno != ENOENT)
    fail(file, "cannot be removed");
  folder.sync();
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
  {
    const std::lock_guard lock(mutex_);
    const bool commanded = reason == by_command;
    if (ignored_ || (on && commanded && state_)) // the first reason is the one to look into
      return;
    if (on)
      state_ = latch_record{utc_now(), commanded && !expected_.empty() ? expected_ : reason, session_, ""};
  }
  if (!on)
    remove();
  else if (const auto problem = write(); !problem.empty())
    say_("ALARM HALTED is not kept beyond this session: " + problem +
         "; make room or mend its rights, then `sentio-actors halt` again");
}

void halt_keeper::remove() {
  const std::lock_guard disk(disk_);
  std::string problem;
  try {
    remove_latch(file_);
  } catch (const std::exception& kept) {
    problem = kept.what();
  }
  {
    const std::lock_guard lock(mutex_);
    unremoved_ = problem;
    if (problem.empty())
      state_.reset();
  }
  if (!problem.empty())
    say_("ALARM the account stays HALTED for later sessions: " + problem +
         "; mend its rights, then `sentio-actors rearm` again");
}

std::string halt_keeper::write() {
  const std::lock_guard disk(disk_);
  const auto record = state();
  std::string problem;
  try {
    if (record)
      write_latch(file_, *record);
  } catch (const std::exception& unwritten) {
    problem = unwritten.what();
  }
  const std::lock_guard lock(mutex_);
  unremoved_.clear();
  return problem;
}

std::string halt_keeper::keep(std::chrono::milliseconds patience) {
  {
    const std::lock_guard lock(mutex_);
    ignored_ = false;
    if (!state_)
      state_ = latch_record{utc_now(), expected_, session_, ""};
  }
  // Also when it was there: somebody may have removed it. Whoever calls has more to do than to wait for a
  // disk.
  std::packaged_task<std::string()> writing([me = shared_from_this()] { return me->write(); });
  auto written = writing.get_future();
  std::thread(std::move(writing)).detach();
  if (written.wait_for(patience) != std::future_status::ready)
    return "the disk of the latch file " + file_.string() + " has not answered for " +
           std::to_string(patience.count()) + " ms";
  return written.get();
}

std::string halt_keeper::wait_until_rearmed(std::chrono::milliseconds patience) const {
  const auto end = std::chrono::steady_clock::now() + patience;
  for (;; std::this_thread::sleep_for(std::chrono::milliseconds(2))) {
    const std::lock_guard lock(mutex_);
    if (!state_)
      return {};
    if (!unremoved_.empty())
      return unremoved_;
    if (std::chrono::steady_clock::now() > end)
      return "the session has not taken the command yet; `sentio-actors status` shows when it has";
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
