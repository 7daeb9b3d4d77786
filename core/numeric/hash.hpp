// Checksums and identity hashes. Neither is cryptographic.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace sentio {

inline constexpr std::uint64_t fnv1a64_start = 0xcbf29ce484222325ULL;

/// FNV-1a, 64 bits (Fowler, Noll, Vo). Pass an earlier result as `state` to continue over more bytes.
constexpr std::uint64_t fnv1a64(std::string_view bytes, std::uint64_t state = fnv1a64_start) {
  for (const char byte : bytes)
    state = (state ^ static_cast<std::uint8_t>(byte)) * 0x100000001b3ULL;
  return state;
}

/// For long texts of this process only (the host's byte order): like FNV-1a, eight bytes at a time.
inline std::uint64_t word_hash(std::string_view text) {
  std::uint64_t hash = fnv1a64_start ^ text.size();
  for (; text.size() >= sizeof(std::uint64_t); text.remove_prefix(sizeof(std::uint64_t))) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data(), sizeof word);
    hash = (hash ^ word) * 0x9e3779b97f4a7c15ULL;
    hash ^= hash >> 29; // or the upper bytes of a word would not reach the lower ones of the hash
  }
  return fnv1a64(text, hash);
}

/// CRC-32 as in IEEE 802.3, zlib and PNG (reflected polynomial 0xedb88320).
/// Pass an earlier result as `previous` to continue over more bytes.
std::uint32_t crc32(std::string_view bytes, std::uint32_t previous = 0);

} // namespace sentio
