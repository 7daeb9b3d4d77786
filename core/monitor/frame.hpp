// What the trading process and sentio-uplink say to each other over their socketpair. A frame:
//
//   u32 "SUP1", u8 version 1, u8 kind, u16 reserved 0, u32 payload bytes, u32 CRC-32 of the 12 bytes before
//   it and the payload; then the payload. All numbers are little-endian.
//
// "Up" is from the trading process to the uplink, "down" the other way. Neither side trusts the other's
// bytes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sentio {

enum class uplink_kind : std::uint8_t {
  hello = 1,    ///< up, first of all: {"id","name","kind"} of the instance
  report = 2,   ///< up: an event or another JSON text of the contract, as it happens
  command = 3,  ///< down: the text of a signed command
  whole = 4,    ///< down, empty: send the history and a whole snapshot again
  beat = 5,     ///< both ways, empty, once a second
  state = 6,    ///< down: {"connected":bool,"why":text} of the connection to the hub
  snapshot = 7, ///< up: a snapshot; replaces one that has not left yet
  session = 8,  ///< up: a history; replaces whatever has not left yet
  answer = 9,   ///< up: what became of a command; replaced by nothing
};

enum class uplink_way : std::uint8_t { up, down };

inline constexpr std::size_t uplink_head_bytes = 16;
/// The longest payload of a way: 4 MiB up, 64 KiB down.
constexpr std::size_t longest_uplink_payload(uplink_way way) {
  return way == uplink_way::up ? std::size_t{4} << 20 : std::size_t{64} << 10;
}
/// May a frame of this kind go that way?
bool goes(uplink_kind kind, uplink_way way);

struct uplink_frame {
  uplink_kind kind = uplink_kind::beat;
  std::string payload;
};

/// The bytes of a frame. Throws std::invalid_argument when the kind does not go that way or the payload is
/// too long.
std::string encode_uplink(uplink_way way, uplink_kind kind, std::string_view payload);

/// Takes a stream apart, in pieces of any size. Holds at most one frame, and no more of it than has arrived.
/// After the first malformed frame nothing is taken any more: where the next one begins is unknown.
class uplink_reader {
public:
  explicit uplink_reader(uplink_way way) : way_(way) {}

  /// Appends the frames that are complete now. False when the stream is malformed, now or before; the frames
  /// before the malformed one are still handed over.
  bool take(std::string_view bytes, std::vector<uplink_frame>& out);
  /// What was wrong, as a sentence; "" while all is well.
  const std::string& problem() const { return problem_; }

private:
  bool read_head();
  bool finish(std::vector<uplink_frame>& out);

  uplink_way way_;
  std::array<char, uplink_head_bytes> head_{};
  std::size_t head_filled_ = 0;
  uplink_kind kind_ = uplink_kind::beat;
  std::size_t length_ = 0;
  std::string payload_;
  std::string problem_;
};

} // namespace sentio
