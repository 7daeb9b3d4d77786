#include "tools/sentio-uplink/parent_link.hpp"

#include <array>
#include <cerrno>
#include <cstdint>
#include <fcntl.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace sentio {

namespace {

/// Room for a few commands; a parent that reads nothing for so long is frozen, and commands expire.
constexpr std::size_t most_unsent = 512 * 1024;
constexpr int reads_a_turn = 16;

} // namespace

parent_link::parent_link(int descriptor) : descriptor_(descriptor) {
  int kind = 0;
  socklen_t size = sizeof kind;
  const int flags = ::fcntl(descriptor, F_GETFL);
  if (::getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &kind, &size) != 0 || kind != SOCK_STREAM || flags < 0 ||
      ::fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) != 0 || ::fcntl(descriptor, F_SETFD, FD_CLOEXEC) != 0)
    throw std::runtime_error("descriptor " + std::to_string(descriptor) +
                             " is no connected socket; sentio-uplink is started by sentio-actors --monitor, "
                             "not by hand");
}

parent_link::~parent_link() {
  ::close(descriptor_);
}

void parent_link::send(uplink_kind kind, std::string_view payload) {
  if (out_.size() - written_ > most_unsent || payload.size() > longest_uplink_payload(uplink_way::down))
    return;
  out_ += encode_uplink(uplink_way::down, kind, payload);
}

std::vector<uplink_frame> parent_link::turn(std::chrono::milliseconds patience, int wake_descriptor) {
  std::vector<uplink_frame> frames;
  write();
  const auto wanted = static_cast<short>(written_ < out_.size() ? POLLIN | POLLOUT : POLLIN);
  std::array<pollfd, 2> places{pollfd{descriptor_, wanted, 0}, pollfd{wake_descriptor, POLLIN, 0}};
  ::poll(places.data(), places.size(), static_cast<int>(patience.count()));
  if (places[1].revents != 0) {
    std::uint64_t count = 0;
    [[maybe_unused]] const auto cleared = ::read(wake_descriptor, &count, sizeof count);
  }
  if (places[0].revents != 0)
    read(frames);
  write();
  return frames;
}

void parent_link::read(std::vector<uplink_frame>& out) {
  std::array<char, 64 * 1024> piece;
  for (int i = 0; i < reads_a_turn && !ended_; ++i) {
    const auto count = ::recv(descriptor_, piece.data(), piece.size(), 0);
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
      return;
    if (count <= 0) {
      ended_ = true;
      return;
    }
    if (!reader_.take({piece.data(), static_cast<std::size_t>(count)}, out))
      return;
  }
}

void parent_link::write() {
  while (written_ < out_.size() && !ended_) {
    const auto count = ::send(descriptor_, out_.data() + written_, out_.size() - written_, MSG_NOSIGNAL);
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
      return;
    if (count < 0) {
      ended_ = errno == EPIPE || errno == ECONNRESET ? ended_ : true; // what it said before is still read
      return;
    }
    written_ += static_cast<std::size_t>(count);
  }
  if (written_ == out_.size()) {
    out_.clear();
    written_ = 0;
  }
}

} // namespace sentio
