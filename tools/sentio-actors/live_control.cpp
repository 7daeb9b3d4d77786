#include "tools/sentio-actors/live_control.hpp"
#include "tools/sentio-actors/run_console.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <pwd.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <utility>

namespace sentio {

namespace {

constexpr std::size_t longest_command = 200;
constexpr int silent_polls = 500;
constexpr int answer_seconds = 10;

/// The address of a socket file. Its folder goes in as a descriptor: an address holds 107 letters, a path may
/// be longer.
class socket_place {
public:
  explicit socket_place(const std::filesystem::path& path)
      : folder_(open(path.parent_path().empty() ? "." : path.parent_path().c_str(),
                     O_PATH | O_DIRECTORY | O_CLOEXEC)) {
    const auto text = "/proc/self/fd/" + std::to_string(folder_) + "/" + path.filename().string();
    std::copy(text.begin(), text.end(), address_.sun_path);
    address_.sun_family = AF_UNIX;
  }
  ~socket_place() {
    if (folder_ >= 0)
      close(folder_);
  }
  socket_place(const socket_place&) = delete;
  socket_place& operator=(const socket_place&) = delete;
  const sockaddr_un& address() const { return address_; }
  int folder() const { return folder_; } ///< -1: it cannot be opened

private:
  int folder_;
  sockaddr_un address_{};
};

const sockaddr* generic(const sockaddr_un& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

} // namespace

control_socket::control_socket(const std::filesystem::path& path) : path_(path) {
  listen_at_path();
}

void control_socket::listen_at_path() {
  const auto& path = path_;
  const socket_place place(path);
  listener_ = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  std::filesystem::remove(path); // of an instance that was killed; a living one holds the directory's lock
  const auto mask = umask(0177);
  const bool bound = listener_ >= 0 && bind(listener_, generic(place.address()), sizeof(sockaddr_un)) == 0;
  umask(mask);
  if (!bound || listen(listener_, 8) != 0)
    throw std::runtime_error("the control socket " + path.string() +
                             " cannot be made: " + std::strerror(errno));
  struct stat made {};
  if (stat(path.c_str(), &made) == 0) {
    device_ = made.st_dev;
    inode_ = made.st_ino;
  }
}

bool control_socket::is_reachable() const {
  struct stat now {};
  return stat(path_.c_str(), &now) == 0 && now.st_dev == device_ && now.st_ino == inode_;
}

void control_socket::restore() {
  close(std::exchange(listener_, -1));
  listen_at_path();
}

control_socket::~control_socket() {
  for (const auto& one : clients_)
    close(one.handle);
  if (listener_ >= 0)
    close(listener_);
  std::error_code ignored; // it may be gone with its folder
  if (is_reachable())      // another one's is left alone
    std::filesystem::remove(path_, ignored);
}

void control_socket::poll(const control_handler& handler) {
  for (int handle = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC); handle >= 0;
       handle = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC))
    clients_.push_back({handle, {}, silent_polls});
  std::erase_if(clients_, [&](client& one) {
    char buffer[256];
    const auto count = recv(one.handle, buffer, sizeof buffer, 0);
    if (count > 0)
      one.heard.append(buffer, static_cast<std::size_t>(count));
    const auto end = one.heard.find('\n');
    if (end != std::string::npos && end <= longest_command) {
      const auto answer = handler(one.heard.substr(0, end)) + "\n";
      // A local socket takes a line whole; whoever does not read it does not get it.
      if (::send(one.handle, answer.data(), answer.size(), MSG_NOSIGNAL) < 0)
        one.patience = 0;
    } else if ((count > 0 && one.heard.size() <= longest_command) ||
               (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) && --one.patience > 0)) {
      return false;
    } else if (!one.heard.empty()) {
      ++malformed_;
    }
    close(one.handle);
    return true;
  });
}

namespace {

/// Why nobody could be told anything, as a sentence.
std::string why_unreachable(const std::filesystem::path& log_dir, const std::string& command, int reason) {
  const auto path = log_dir / "control.sock";
  if (reason != EACCES && reason != EPERM)
    return "no instance is running with the log directory " + log_dir.string() + " (" + path.string() + ": " +
           std::strerror(reason) + "); name it with --log-dir";
  struct stat status {};
  const bool seen = stat(path.c_str(), &status) == 0 || stat(log_dir.c_str(), &status) == 0;
  const passwd* const owner = seen ? getpwuid(status.st_uid) : nullptr;
  const std::string name = owner ? owner->pw_name : "the user that runs it";
  return "this user may not tell the instance in " + log_dir.string() + " anything (" + path.string() + ": " +
         std::strerror(reason) + "), so nothing was done; run it as " + name + ": sudo -u " +
         (owner ? name : std::string("USER")) + " sentio-actors " + command + " --log-dir " +
         log_dir.string();
}

} // namespace

std::string ask_instance(const std::filesystem::path& log_dir, const std::string& command) {
  const auto path = log_dir / "control.sock";
  const socket_place place(path);
  if (place.folder() < 0)
    throw std::runtime_error(why_unreachable(log_dir, command, errno));
  const int handle = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval limit{answer_seconds, 0};
  setsockopt(handle, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  if (connect(handle, generic(place.address()), sizeof(sockaddr_un)) != 0) {
    const int reason = errno;
    close(handle);
    throw std::runtime_error(why_unreachable(log_dir, command, reason));
  }
  const auto line = command + "\n";
  std::string answer;
  if (::send(handle, line.data(), line.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(line.size())) {
    char buffer[4096];
    for (auto count = recv(handle, buffer, sizeof buffer, 0); count > 0;
         count = recv(handle, buffer, sizeof buffer, 0))
      answer.append(buffer, static_cast<std::size_t>(count));
  }
  close(handle);
  if (answer.empty() || answer.back() != '\n')
    throw std::runtime_error("the instance did not answer within " + std::to_string(answer_seconds) + " s");
  answer.pop_back();
  return answer;
}

int tell_instance(const std::filesystem::path& log_dir, const std::string& command) {
  const auto answer = nlohmann::json::parse(ask_instance(log_dir, command));
  if (answer.contains("error"))
    throw std::runtime_error(answer["error"].get<std::string>());
  print("%s\n", answer.at("done").get<std::string>().c_str());
  return 0;
}

} // namespace sentio
