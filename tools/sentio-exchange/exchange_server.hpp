// The bundled exchange behind a TLS port of 127.0.0.1: REST, the market data and trading streams of Alpaca
// and Polygon's stream, on one thread of its own.
#pragma once

#include "core/exchange/exchange.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace sentio {

struct exchange_server_config {
  int port = 0; ///< 0: any free one
  std::filesystem::path
      tls_folder; ///< for ca.pem, ca.key, server.pem, server.key; empty: a temporary one, removed at the end
  exchange_config venue; ///< its auth_timeout_ms is real time here, whatever the speed
  fault_plan faults;
  double speed = 1;                           ///< venue seconds per real second
  /// Venue time at start(); empty: the computer's clock. A state file that is further on takes precedence.
  std::optional<time_ms> start;
  std::size_t stream_queue_messages = 16'384; ///< not yet taken by a client; beyond: error 407 and the end
  std::size_t stream_queue_bytes = 16u << 20;
};

class exchange_server {
public:
  /// Throws std::runtime_error when the TLS folder or the state file cannot be used.
  exchange_server(const exchange_server_config& config, std::unique_ptr<market_source> market);
  /// As stop().
  ~exchange_server();
  exchange_server(const exchange_server&) = delete;
  exchange_server& operator=(const exchange_server&) = delete;

  /// Listens and serves on a thread of its own; venue time begins to run. Once only. Throws
  /// std::runtime_error when the port is taken.
  void start();
  /// Drops every connection and joins the thread. May be called again, from any thread but its own.
  void stop();

  int port() const;                      ///< valid after start()
  std::string host_and_port() const;     ///< "localhost:18443"
  std::filesystem::path ca_file() const; ///< what clients have to trust
  time_ms venue_now() const; ///< from any thread; before start() the time at which it will begin
  // The following from any thread, after start().
  nlohmann::json state() const; ///< exchange::state()
  void set_faults(const fault_plan& plan);

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

} // namespace sentio
