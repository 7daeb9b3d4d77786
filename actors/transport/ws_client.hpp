// One web socket over TLS on a thread of its own (libwebsockets 4.1.6, spec/alpaca.md section 8). Connects
// once; who owns it reconnects by making a new one. Knows nothing of actors.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace sentio {

struct ws_config {
  std::string url;     ///< "wss://stream.data.alpaca.markets/v2/iex"; wss only
  std::string ca_file; ///< PEM of the trusted authorities; empty: the system's
  std::vector<std::pair<std::string, std::string>> headers; ///< of the upgrade request
  std::size_t message_cap = 8u << 20;                       ///< a longer message closes the connection
  int connect_timeout_s = 5; ///< from the constructor to the open socket, name server and TLS included
  int ping_after_s = 10;     ///< of silence
  int hang_up_after_s = 25;
};

enum class ws_event_kind : std::uint8_t { opened, message, closed };

/// closed comes exactly once per client, whatever happened: refused, timed out, dropped, closed by either
/// side.
struct ws_event {
  ws_event_kind kind = ws_event_kind::closed;
  std::string text;      ///< a whole message; or why it closed
  int http_status = 0;   ///< with closed: the answer to the upgrade when it was not 101, else 0
  int close_code = 0;    ///< with closed: of the peer's close frame, else 0
  int retry_after_s = 0; ///< with closed and 429
};

/// One web socket to the venue: the network's, or a simulated one. It connects by itself.
class ws_port {
public:
  using sink = std::function<void(ws_event)>;

  ws_port() = default;
  ws_port(const ws_port&) = delete;
  ws_port& operator=(const ws_port&) = delete;
  /// Closes gracefully. No event afterwards.
  virtual ~ws_port() = default;

  /// A text message; kept until the socket is open (1,024 at most), dropped after it closed.
  virtual void send(std::string text) = 0;
};

class ws_client final : public ws_port {
public:
  /// Starts the thread and connects. The sink runs on that thread and must not block.
  ws_client(const ws_config& config, sink events);
  /// Closes gracefully with 1000 (waits at most 500 ms for the close to be sent) and joins; after three
  /// seconds the thread is left to end by itself. No event afterwards.
  ~ws_client() override;

  /// From any thread.
  void send(std::string text) override;

private:
  struct impl;
  std::shared_ptr<impl> impl_; ///< the thread's as well
  std::thread thread_;
};

} // namespace sentio
