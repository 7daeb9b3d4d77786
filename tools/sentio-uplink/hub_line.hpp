// The connection to the hub over CAF with TLS, on a thread of its own: made again for ever.
#pragma once

#include "core/monitor/certificates.hpp"
#include "core/monitor/endpoint.hpp"
#include "core/monitor/outbox.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace sentio {

/// What the hub said, and how the connection is, since the last look.
struct hub_news {
  std::vector<std::string> commands; ///< texts of signed commands, at most 64 and none longer than allowed
  bool whole = false;                ///< the hub needs the history and a whole snapshot
  bool connected = false;
  std::string why; ///< why it is not connected
};

class hub_line {
public:
  /// Begins at once. `identity`: {"id","name","kind"}. `wake` is called from other threads whenever there is
  /// news. The certificates must have passed check_certificates.
  hub_line(endpoint hub, certificate_facts certificates, std::string identity, std::function<void()> wake);
  ~hub_line();
  hub_line(const hub_line&) = delete;
  hub_line& operator=(const hub_line&) = delete;

  /// Takes a text on its way; never waits for the hub.
  void offer(uplink_kind kind, std::string text);
  hub_news take();
  /// Sends what waits, for at most `patience`. CAF may be busy with a call that cannot be interrupted, so the
  /// process must then end without destroying this.
  void finish(std::chrono::milliseconds patience);

private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

} // namespace sentio
