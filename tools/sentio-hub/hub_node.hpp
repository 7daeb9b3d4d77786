// The side of the hub that speaks CAF with TLS: uplinks that report, terminals that look.
#pragma once

#include "core/monitor/certificates.hpp"
#include "core/monitor/endpoint.hpp"
#include "tools/sentio-hub/hub_store.hpp"

#include <memory>

namespace sentio::hub {

class hub_node {
public:
  /// Listens. The certificates must have passed check_certificates. Throws std::runtime_error: the address
  /// cannot be had, or peers would not have to show a certificate.
  hub_node(hub_store& store, const endpoint& listen, const certificate_facts& certificates);
  /// Closes the connections and joins.
  ~hub_node();
  hub_node(const hub_node&) = delete;
  hub_node& operator=(const hub_node&) = delete;

  std::uint16_t port() const;
  /// False after its actor has failed: then the program should end, and be started again.
  bool alive() const;
  /// Terminals are told what is new. From any thread; many calls become one.
  void look();

private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

} // namespace sentio::hub
