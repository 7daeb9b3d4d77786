// A look at the hub before CAF dials: CAF gives no reasons, knows no limits of time while it connects, and
// dies of a first header that is not a hub's.
#pragma once

#include "core/monitor/certificates.hpp"
#include "core/monitor/endpoint.hpp"

#include <chrono>
#include <string>

namespace sentio {

struct probe_result {
  std::string address; ///< the numeric address that answered; a name's others are tried in their order
  std::string problem; ///< a sentence when there is no hub to be had, else ""
};

/// Connects, shakes hands with TLS, looks whether the certificate is a hub's and whether the first bytes are
/// those of CAF's greeting, and hangs up. `patience` is for each of these steps. The certificates must have
/// passed check_certificates.
probe_result probe_hub(const endpoint& hub, const certificate_facts& certificates,
                       std::chrono::milliseconds patience);

} // namespace sentio
