// Layout of a tape file. All numbers are little-endian.
//
//   16 bytes  "sentio-tape\n", u32 format version
//   then a frame per record:
//     u32 payload length, u8 kind, u8 flags = 0, u16 reserved = 0, u64 sequence (0, 1, 2, ...), i64 time_ms
//     payload
//     u32 CRC-32 of all of the frame before it
//     16 bytes of hash chain: the first half of SHA-256(chain value before || all of the frame before)
//   The chain starts with the 16 bytes of the file's beginning.
//
// The checksum finds damage and says where; the chain finds records that were exchanged for other valid ones,
// and its last value names the whole tape.
#pragma once

#include "core/market/bar.hpp"
#include "core/tape/record.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace sentio {

inline constexpr std::size_t tape_start_bytes = 16;
inline constexpr std::size_t frame_head_bytes = 24;
inline constexpr std::size_t chain_bytes = 16;
inline constexpr std::size_t frame_tail_bytes = 4 + chain_bytes;
inline constexpr std::size_t max_payload_bytes = std::size_t{64} << 20;

inline constexpr std::string_view tape_magic = "sentio-tape\n";

/// The first bytes of a tape of this version.
std::array<char, tape_start_bytes> tape_start();

struct frame_head {
  std::uint32_t payload_bytes = 0;
  record_kind kind = record_kind::end;
  std::uint8_t flags = 0;
  std::uint16_t reserved = 0;
  std::uint64_t sequence = 0;
  time_ms time = 0;
};

void put_frame_head(char* out, const frame_head& head);
frame_head get_frame_head(const char* bytes);

using chain_value = std::array<char, chain_bytes>;

/// 32 hexadecimal digits.
std::string to_hex(const chain_value& chain);

/// SHA-256 with one context for all records: making one anew costs more than a small record's hash.
class hash_chain {
public:
  hash_chain();

  const chain_value& value() const { return value_; }
  /// Goes on after a tape's good records.
  void restore(const chain_value& value) { value_ = value; }
  /// The value that follows over a frame's bytes (without its chain), which becomes the current one.
  const chain_value& advance(std::string_view frame);

private:
  struct release {
    void operator()(void* context) const;
  };
  std::unique_ptr<void, release> context_; ///< an EVP_MD_CTX; OpenSSL stays out of this header
  chain_value value_;
};

} // namespace sentio
