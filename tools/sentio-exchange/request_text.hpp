// The text of an HTTP request's target and credentials.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sentio::serving {

/// "%2C" to ","; `plus` also "+" to " ". A percent sign without two hexadecimal digits stays.
std::string percent_decoded(std::string_view text, bool plus);
/// "a=1&b=2" to pairs, decoded.
std::vector<std::pair<std::string, std::string>> parse_query(std::string_view text);
/// "Basic base64(name:password)" to name and password.
std::optional<std::pair<std::string, std::string>> basic_credentials(std::string_view authorization);
/// "Bearer TOKEN" to the token.
std::optional<std::string> bearer_token(std::string_view authorization);

} // namespace sentio::serving
