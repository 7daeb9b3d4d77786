// The connection to the hub, over CAF with TLS: made again for ever, on a thread of its own. Nothing that the
// hub does or leaves undone holds up the rest of the program.
#pragma once

#include "core/monitor/certificates.hpp"
#include "core/monitor/endpoint.hpp"
#include "tools/sentio-monitor/desk.hpp"

#include <chrono>
#include <deque>
#include <memory>
#include <string>

namespace sentio {

/// Milliseconds of the steady clock: what hub_link, desk and terminal_view count in.
std::int64_t steady_now_ms();

/// What came from the hub since the last look.
struct link_news {
  std::deque<std::string> texts; ///< oldest first, none longer than longest_hub_text
  bool connected_again = false;  ///< a new connection: what was chosen must be chosen again
  bool dropped = false;          ///< more came than was taken; the texts before are lost
};

/// Every function may be called from any thread.
class hub_link {
public:
  /// Texts that wait, at most; beyond, all are dropped and `dropped` says so.
  static constexpr std::size_t most_waiting = 2'000;
  static constexpr std::size_t most_waiting_bytes = 64 * 1024 * 1024;

  /// Begins at once. The certificates must have passed check_certificates.
  hub_link(endpoint hub, certificate_facts certificates);
  hub_link(const hub_link&) = delete;
  hub_link& operator=(const hub_link&) = delete;
  ~hub_link();

  link_news take();
  link_status status() const;
  /// From now on the hub sends this instance. False without a connection.
  bool select(const std::string& instance);
  /// Has a signed command relayed. False without a connection.
  bool send_order(const std::string& text);

  /// Ends the connection. False when CAF is still busy with a call that cannot be interrupted: then the
  /// process must end without waiting for it.
  bool stop(std::chrono::milliseconds patience);

private:
  struct shared;
  std::shared_ptr<shared> shared_; ///< outlives this object while the thread does
};

} // namespace sentio
