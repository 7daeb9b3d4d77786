// The web socket of an actor that has to stay connected: what the live feed and the live gateway have in
// common.
#pragma once

#include "actors/transport/network.hpp"
#include "core/numeric/random.hpp"

#include <caf/all.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace sentio {

/// From a socket's thread to the actor that owns it.
struct socket_event {
  std::uint64_t generation = 0;
  ws_event event;
};
/// From the actor to itself: the wait is over.
struct reconnect {
  std::uint64_t generation = 0;
};

} // namespace sentio
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sentio::socket_event)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sentio::reconnect)

namespace sentio {

/// Waits between attempts: 1, 2, 4 ... 30 s of real time, +- 20 %.
class backoff {
public:
  explicit backoff(std::uint64_t seed) : random_(seed) {}
  std::chrono::milliseconds next();
  void reset() { attempt_ = 0; }

private:
  random_source random_;
  int attempt_ = 0;
};

/// Holds one socket at a time and makes the next one when its owner asks for it: now, or after a wait that
/// grows with each failure. The owner is an actor; it gets socket_event and reconnect as messages and drops
/// those that are not current, because a message may still be on its way when its socket is already replaced.
/// Whether a connection is of any use (logged in, subscribed) only the owner knows; it says so with
/// succeeded(). Only the owner's own thread may call it. It does not keep the owner alive.
class reconnecting_socket {
public:
  /// Does not connect yet. The seed is that of the waits.
  reconnecting_socket(caf::actor_addr owner, std::shared_ptr<venue_network> network, ws_config target,
                      std::uint64_t seed);

  /// Closes the old socket and begins with a new one.
  void connect();
  /// Closes the socket; a reconnect comes to the owner after the wait.
  void connect_later(std::chrono::milliseconds wait);
  void connect_later() { connect_later(waits_.next()); }
  /// How long to wait after this end: the next step of the waits, more when the venue asks for it (429).
  std::chrono::milliseconds wait_after(const ws_event& closed);
  /// The next step of the waits.
  std::chrono::milliseconds next_wait() { return waits_.next(); }
  /// The next failure waits as little as the first one.
  void succeeded() { waits_.reset(); }
  /// Closes the socket; nothing follows by itself.
  void close() { client_.reset(); }
  /// Dropped while there is no socket.
  void send(std::string text);

  template <class Message>
  bool is_current(const Message& message) const {
    return message.generation == generation_;
  }
  /// Changes with each connect() and connect_later().
  std::uint64_t generation() const { return generation_; }
  std::uint64_t connections() const { return connections_; } ///< attempts so far

private:
  caf::actor_addr owner_;
  std::shared_ptr<venue_network> network_;
  ws_config target_;
  backoff waits_;
  std::uint64_t generation_ = 0;
  std::uint64_t connections_ = 0;
  std::unique_ptr<ws_port> client_;
};

} // namespace sentio
