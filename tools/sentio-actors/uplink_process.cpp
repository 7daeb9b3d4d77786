#include "tools/sentio-actors/uplink_process.hpp"

#include "core/numeric/plain_text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <poll.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace sentio {

namespace {

using namespace std::chrono_literals;

constexpr auto beat_interval = 1s;
constexpr auto silence_limit = 5s;
constexpr auto exit_patience = 1s; ///< between a child's hanging up and its end
constexpr auto whole_interval = 2s;
constexpr std::chrono::seconds longest_wait{30};
constexpr auto healthy_life = 60s; ///< after so long a life the next start comes soon
constexpr std::size_t most_commands = 64;
constexpr std::size_t longest_why = 300;
constexpr std::size_t bytes_a_turn = std::size_t{8} << 20;
constexpr int reads_a_turn = 16;

std::string hello_text(const instance_identity& who) {
  return nlohmann::ordered_json{{"id", who.id}, {"name", who.name}, {"kind", who.kind}}.dump(
      -1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

/// Texts of a child are for a terminal, too, and not long.
std::string printable(const std::string& text) {
  auto plain = plain_text(text);
  if (plain.size() <= longest_why)
    return plain;
  std::size_t end = longest_why;
  while (end > 0 &&
         (static_cast<unsigned char>(plain[end]) & 0xc0U) == 0x80) // not in the middle of a character
    --end;
  plain.resize(end);
  return plain;
}

bool would_block() {
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

} // namespace

uplink_process::uplink_process(uplink_options options)
    : options_(std::move(options)), texts_(options_.limits) {
  status_.why = "not started yet";
  hide_memory();
}

uplink_process::~uplink_process() {
  hang_up();
}

uplink_status uplink_process::status() const {
  const std::lock_guard lock(mutex_);
  auto out = status_;
  out.dropped = texts_.dropped();
  return out;
}

void uplink_process::set_why(const std::string& why) {
  const std::lock_guard lock(mutex_);
  status_.connected = false;
  status_.why = why;
}

void uplink_process::turn(std::chrono::milliseconds patience) {
  const auto now = steady::now();
  if (socket_ < 0) {
    look_after_child();
    if (ending_ || now < start_at_) {
      std::this_thread::sleep_for(std::min(patience, std::chrono::milliseconds(50)));
      return;
    }
    start();
    if (socket_ < 0)
      return;
  }
  write();
  // A peer that hung up is always readable; its end is looked for below.
  const auto wanted = static_cast<short>((written_ < out_.size() ? POLLOUT : 0) | (hung_up_ ? 0 : POLLIN));
  pollfd place{socket_, wanted, 0};
  const auto wait = hung_up_ ? std::min(patience, 5ms) : patience;
  if (::poll(&place, hung_up_ ? 0 : 1, static_cast<int>(wait.count())) > 0)
    read();
  write();
  look_after_child();
}

void uplink_process::start() {
  const bool first = started_ == steady::time_point{};
  started_ = heard_ = steady::now();
  beaten_ = {};
  hung_up_.reset();
  {
    const std::lock_guard lock(mutex_);
    status_.restarts += first ? 0 : 1;
  }
  std::array<int, 2> ends{-1, -1};
  try {
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()) != 0)
      throw std::runtime_error(std::string("no socket is to be had: ") + std::strerror(errno));
    const auto program = options_.program.empty() ? program_beside_this("sentio-uplink") : options_.program;
    child_ = child_process(program,
                           {"--fd=3", "--hub=" + options_.hub, "--cert-dir=" + options_.certificates.string(),
                            "--parent=" + std::to_string(::getpid())},
                           ends[1]);
  } catch (const std::exception& problem) {
    for (const int one : ends)
      if (one >= 0)
        ::close(one);
    set_why(problem.what());
    start_at_ = steady::now() + wait_;
    wait_ = std::min(wait_ * 2, longest_wait);
    return;
  }
  ::close(ends[1]);
  socket_ = ends[0];
  reader_ = uplink_reader(uplink_way::down);
  out_ = encode_uplink(uplink_way::up, uplink_kind::hello, hello_text(options_.who));
  written_ = 0;
  const std::lock_guard lock(mutex_);
  status_.running = true;
  status_.connected = false;
  status_.why = "connecting to " + options_.hub;
  status_.process = child_.id();
}

void uplink_process::write() {
  std::size_t left = bytes_a_turn;
  while (socket_ >= 0 && !hung_up_ && left > 0) {
    if (written_ == out_.size()) {
      written_ = 0;
      if (steady::now() - beaten_ >= beat_interval) {
        beaten_ = steady::now();
        out_ = encode_uplink(uplink_way::up, uplink_kind::beat, "");
      } else if (auto next = texts_.take()) {
        out_ = encode_uplink(uplink_way::up, next->kind, next->payload);
        const std::lock_guard lock(mutex_);
        ++status_.sent;
      } else {
        out_ = {};
        return;
      }
    }
    const auto most = std::min(left, out_.size() - written_);
    const auto count = ::send(socket_, out_.data() + written_, most, MSG_NOSIGNAL);
    if (count < 0)
      return; // full, or the child is gone: reading tells
    written_ += static_cast<std::size_t>(count);
    left -= static_cast<std::size_t>(count);
  }
}

void uplink_process::read() {
  std::array<char, 64 * 1024> piece;
  std::vector<uplink_frame> frames;
  bool good = true;
  for (int i = 0; i < reads_a_turn && good && !hung_up_; ++i) {
    const auto count = ::recv(socket_, piece.data(), piece.size(), 0);
    if (count < 0 && would_block())
      break;
    if (count <= 0)
      hung_up_ = steady::now();
    else
      good = reader_.take({piece.data(), static_cast<std::size_t>(count)}, frames);
  }
  for (auto& frame : frames)
    take(frame);
  if (good)
    return;
  {
    const std::lock_guard lock(mutex_);
    ++status_.malformed;
  }
  give_up("sentio-uplink was ended: it sent " + reader_.problem());
}

void uplink_process::take(uplink_frame& frame) {
  heard_ = steady::now();
  switch (frame.kind) {
  case uplink_kind::command: {
    const std::lock_guard lock(mutex_);
    ++status_.commands;
    if (commands_.size() < most_commands)
      commands_.push_back(std::move(frame.payload));
    else
      ++status_.commands_lost;
    break;
  }
  case uplink_kind::whole:
    whole_ = true;
    break;
  case uplink_kind::state:
    take_state(frame.payload);
    break;
  default: // a beat
    break;
  }
}

/// What has not the shape of a state changes nothing: the frame was good, so the child is not hurt.
void uplink_process::take_state(const std::string& text) {
  const auto found = nlohmann::json::parse(text, nullptr, false);
  if (!found.is_object() || !found.contains("connected") || !found["connected"].is_boolean() ||
      !found.contains("why") || !found["why"].is_string())
    return;
  const std::lock_guard lock(mutex_);
  status_.connected = found["connected"].get<bool>();
  status_.why = printable(found["why"].get<std::string>());
}

void uplink_process::look_after_child() {
  const auto now = steady::now();
  if (!child_.running()) {
    if (socket_ >= 0)
      read(); // its last words
    if (socket_ >= 0) {
      std::string words;
      {
        const std::lock_guard lock(mutex_);
        words = status_.connected ? "" : ": " + status_.why;
      }
      give_up("sentio-uplink ended " + child_.end() + words);
    }
    ending_ = false;
    return;
  }
  if (ending_)
    return; // killed; the kernel is about to end it
  if (hung_up_ && now - *hung_up_ > exit_patience)
    give_up("sentio-uplink hung up and was ended");
  else if (now - heard_ > silence_limit) {
    {
      const std::lock_guard lock(mutex_);
      ++status_.frozen;
    }
    give_up("sentio-uplink said nothing for 5 s and was ended");
  }
}

/// Ends the child, if it still lives, and plans its successor.
void uplink_process::give_up(const std::string& why) {
  if (socket_ >= 0)
    ::close(socket_);
  socket_ = -1;
  out_ = {};
  written_ = 0;
  hung_up_.reset();
  child_.signal(SIGKILL);
  ending_ = true;
  const auto now = steady::now();
  if (now - started_ > healthy_life)
    wait_ = 1s;
  start_at_ = now + wait_;
  wait_ = std::min(wait_ * 2, longest_wait);
  const std::lock_guard lock(mutex_);
  status_.running = false;
  status_.connected = false;
  status_.why = why;
  status_.process = -1;
}

std::vector<std::string> uplink_process::take_commands() {
  return std::exchange(commands_, {});
}

bool uplink_process::whole_wanted() {
  const auto now = steady::now();
  if (const auto lost = texts_.lost(); lost > lost_texts_) {
    lost_texts_ = lost; // what was dropped is in a history
    whole_ = true;
  }
  if (!whole_ || now - whole_said_ < whole_interval)
    return false;
  whole_ = false;
  whole_said_ = now;
  return true;
}

void uplink_process::finish(std::chrono::milliseconds patience) {
  const auto until = steady::now() + patience;
  while (socket_ >= 0 && steady::now() < until && !(texts_.empty() && written_ == out_.size()))
    turn(10ms);
  if (socket_ >= 0)
    ::shutdown(socket_, SHUT_WR); // the child sends what it has, and ends
  while (child_.running() && steady::now() < until)
    std::this_thread::sleep_for(5ms);
  hang_up();
}

void uplink_process::hang_up() {
  if (socket_ >= 0)
    ::close(socket_);
  socket_ = -1;
  child_ = child_process(); // the old one goes at the end of this line
  ending_ = false;
  start_at_ = steady::time_point::max();
  const std::lock_guard lock(mutex_);
  status_.running = false;
  status_.connected = false;
  status_.why = "ended";
  status_.process = -1;
}

} // namespace sentio
