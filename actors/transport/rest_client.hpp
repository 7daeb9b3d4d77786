// HTTPS on a thread of its own: libcurl's multi interface with a lane for urgent requests. Knows nothing of
// actors: answers are delivered by a callback on that thread.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace sentio {

struct rest_config {
  std::string base_url; ///< "https://paper-api.alpaca.markets"; https only
  std::string ca_file;  ///< PEM of the trusted authorities; empty: the system's
  std::vector<std::pair<std::string, std::string>> headers; ///< sent with each request: the keys
  int requests_per_minute = 0; ///< token bucket, real time; 0 = none. Urgent requests go first.
};

struct rest_request {
  std::string method = "GET";
  std::string target;  ///< "/v2/orders?status=open", already encoded
  std::string body;    ///< JSON, or empty
  bool urgent = false; ///< cancels and closes: own connection, never behind a slow GET
  std::chrono::milliseconds timeout{
      10'000}; ///< from send() to the whole answer, waiting for a token included
};

struct rest_response {
  int status = 0; ///< 0: no answer; then error says why, and whether the request was sent is unknown
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers; ///< names in lower case
  std::string error;
  /// The last byte of the request was handed to the kernel. The clock's epoch: no byte ever was, so the
  /// request was certainly not carried out.
  std::chrono::steady_clock::time_point sent_at{};
  std::chrono::steady_clock::time_point received_at{}; ///< the answer was complete
};

/// A way to the venue's REST interface: the network's, or a simulated one.
class rest_port {
public:
  using answer = std::function<void(rest_response)>;

  rest_port() = default;
  rest_port(const rest_port&) = delete;
  rest_port& operator=(const rest_port&) = delete;
  /// Abandons what is under way; callbacks of abandoned requests are not called.
  virtual ~rest_port() = default;

  /// The callback is called exactly once unless the port ends before.
  virtual void send(rest_request request, answer callback) = 0;
};

class rest_client final : public rest_port {
public:
  /// Starts the thread. Throws std::runtime_error when libcurl or the CA file cannot be used.
  explicit rest_client(const rest_config& config);
  /// Abandons what is under way and joins; callbacks of abandoned requests are not called.
  ~rest_client() override;

  /// From any thread. The callback runs on the client's thread, exactly once unless the client ends before,
  /// and must not block. At most four ordinary requests are under way at once; urgent ones have no such
  /// limit. Only GET may be repeated by itself, on a new connection, when a kept one died; nothing else is
  /// ever sent twice.
  void send(rest_request request, answer callback) override;
  /// The same, waiting for the answer; for command lines and tests.
  rest_response get(const rest_request& request);

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

} // namespace sentio
