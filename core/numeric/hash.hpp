// Checksums and identity hashes. Neither is cryptographic.
#pragma once

#include <cstdint>
#include <string_view>

namespace sentio {

inline constexpr std::uint64_t fnv1a64_start = 0xcbf29ce484222325ULL;

/// FNV-1a, 64 bits (Fowler, Noll, Vo). Pass an earlier result as `state` to continue over more bytes.
constexpr std::uint64_t fnv1a64(std::string_view bytes, std::uint64_t state = fnv1a64_start) {
  for (const char byte : bytes)
    state = (state ^ static_cast<std::uint8_t>(byte)) * 0x100000001b3ULL;
  return state;
}

/// CRC-32 as in IEEE 802.3, zlib and PNG (reflected polynomial 0xedb88320).
/// Pass an earlier result as `previous` to continue over more bytes.
std::uint32_t crc32(std::string_view bytes, std::uint32_t previous = 0);

} // namespace sentio
