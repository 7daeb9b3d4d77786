#include "actors/live/reconnecting_socket.hpp"

#include <algorithm>
#include <utility>

namespace sentio {

namespace {

constexpr std::chrono::seconds least_rate_wait{10}; ///< after 429 at the handshake (F3)

} // namespace

std::chrono::milliseconds backoff::next() {
  const double seconds = std::min(30.0, static_cast<double>(1 << std::min(attempt_, 5)));
  ++attempt_;
  return std::chrono::milliseconds(
      static_cast<std::int64_t>(1000 * seconds * (0.8 + 0.4 * random_.uniform())));
}

reconnecting_socket::reconnecting_socket(caf::actor_addr owner, std::shared_ptr<venue_network> network,
                                         ws_config target, std::uint64_t seed)
    : owner_(std::move(owner)), network_(std::move(network)), target_(std::move(target)), waits_(seed) {}

void reconnecting_socket::connect() {
  const auto generation = ++generation_;
  ++connections_;
  client_.reset(); // closes the old one with a close frame: no ghost stays at the venue
  client_ = network_->socket(target_, [me = owner_, generation](ws_event event) {
    if (const auto owner = caf::actor_cast<caf::actor>(me))
      caf::anon_send(owner, socket_event{generation, std::move(event)});
  });
}

void reconnecting_socket::connect_later(std::chrono::milliseconds wait) {
  const auto generation = ++generation_; // whatever the old socket still says is not heard
  client_.reset();
  caf::delayed_anon_send(caf::actor_cast<caf::actor>(owner_), wait, reconnect{generation});
}

std::chrono::milliseconds reconnecting_socket::wait_after(const ws_event& closed) {
  const auto wait = waits_.next();
  if (closed.http_status != 429)
    return wait;
  return std::max<std::chrono::milliseconds>(
      wait, std::max(least_rate_wait, std::chrono::seconds(closed.retry_after_s)));
}

void reconnecting_socket::send(std::string text) {
  if (client_)
    client_->send(std::move(text));
}

} // namespace sentio
