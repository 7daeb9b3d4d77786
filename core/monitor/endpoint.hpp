// HOST:PORT, as it stands on a command line.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sentio {

struct endpoint {
  std::string host; ///< a name, an IPv4 address, or an IPv6 address without brackets
  std::uint16_t port = 0;
};

/// "localhost:7443", "10.0.0.5:7443", "[::1]:7443"; port 1 to 65535 (0 with `any_port`). Nothing when it is
/// none.
std::optional<endpoint> parse_endpoint(std::string_view text, bool any_port = false);
/// "[::1]:7443"
std::string to_string(const endpoint& place);

} // namespace sentio
