#include "tools/sentio-monitor/reachable.hpp"

#include <cerrno>
#include <cstring>
#include <memory>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sentio {

namespace {

/// 0, or the errno of the attempt.
int try_connect(const addrinfo& address, std::chrono::milliseconds patience) {
  const int fd = socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return errno;
  int problem = connect(fd, address.ai_addr, address.ai_addrlen) == 0 ? 0 : errno;
  if (problem == EINPROGRESS) {
    pollfd waiting{fd, POLLOUT, 0};
    const int ready = poll(&waiting, 1, static_cast<int>(patience.count()));
    socklen_t size = sizeof problem;
    if (ready == 0)
      problem = ETIMEDOUT;
    else if (ready < 0 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &problem, &size) != 0)
      problem = errno;
  }
  close(fd);
  return problem;
}

} // namespace

std::string why_unreachable(const endpoint& place, std::chrono::milliseconds patience) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (const int code = getaddrinfo(place.host.c_str(), std::to_string(place.port).c_str(), &wanted, &found))
    return "the name " + place.host + " has no address (" + gai_strerror(code) + ")";
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> kept(found, freeaddrinfo);
  int problem = 0;
  for (const addrinfo* address = found; address; address = address->ai_next) {
    problem = try_connect(*address, patience);
    if (problem == 0)
      return {};
  }
  return "no hub at " + to_string(place) + ": " + std::strerror(problem);
}

} // namespace sentio
