// A network whose sockets never say a key: a venue or a proxy that echoes one must not bring it into a log,
// onto the tape, to the hub or into a webhook. rest_client does the same for the keys it sends.
#pragma once

#include "actors/transport/network.hpp"

#include <string>
#include <vector>

namespace sentio {

/// The same connections, with every key in what they say replaced (core/numeric/plain_text.hpp).
std::shared_ptr<venue_network> masked_network(std::shared_ptr<venue_network> network,
                                              std::vector<std::string> keys);

} // namespace sentio
