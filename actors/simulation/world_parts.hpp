// Small parts of the simulated world that know nothing of its state.
#pragma once

#include "actors/transport/network.hpp"
#include "core/exchange/exchange.hpp"

#include <string>
#include <utility>
#include <vector>

namespace sentio {

inline constexpr const char* simulated_key = "PKSIMULATED";
inline constexpr const char* simulated_secret = "simulated";

/// "%2C" to ",".
std::string plain_text_of(std::string_view coded);
/// A request as the exchange reads it, with the keys that the actors were given.
http_request http_of(const rest_request& request);
std::vector<std::pair<std::string, std::string>>
lower_case_headers(std::vector<std::pair<std::string, std::string>> headers);

} // namespace sentio
