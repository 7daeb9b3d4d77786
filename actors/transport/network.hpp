// Where connections to a venue come from: libcurl and libwebsockets, or whatever a simulation puts in their place.
#pragma once

#include "actors/transport/rest_client.hpp"
#include "actors/transport/ws_client.hpp"

#include <memory>

namespace sentio {

class venue_network {
public:
  venue_network() = default;
  venue_network(const venue_network&) = delete;
  venue_network& operator=(const venue_network&) = delete;
  virtual ~venue_network() = default;

  virtual std::unique_ptr<rest_port> rest(const rest_config& config) = 0;
  /// The socket begins to connect at once.
  virtual std::unique_ptr<ws_port> socket(const ws_config& config, ws_port::sink events) = 0;
};

/// TLS over TCP, each connection on a thread of its own. Stateless and thread-safe.
std::shared_ptr<venue_network> real_network();

} // namespace sentio
