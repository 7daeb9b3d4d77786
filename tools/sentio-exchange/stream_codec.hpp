// Messages of a web socket to bytes and back: JSON text or msgpack.
#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

namespace sentio::serving {

/// How a client asked for its frames, by the Content-Type of the upgrade.
enum class stream_codec : std::uint8_t { json, msgpack };

/// With msgpack the times `t` of a data array become the timestamp extension (type -1; 4, 8 or 12 bytes), as
/// Alpaca sends them. Text that is not UTF-8 is repaired.
std::string encode(const nlohmann::json& message, stream_codec codec);

/// Null when the bytes are no message: malformed, more than one, or nested deeper than 64.
nlohmann::json decode(std::string_view bytes, stream_codec codec);

} // namespace sentio::serving
