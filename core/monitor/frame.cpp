#include "core/monitor/frame.hpp"

#include "core/numeric/bytes.hpp"

#include <zlib.h>

#include <algorithm>
#include <stdexcept>

namespace sentio {

namespace {

constexpr std::uint32_t magic = 0x31505553; // "SUP1"
constexpr std::uint8_t version = 1;
constexpr std::size_t checked_head_bytes = 12;

std::uint32_t checksum(std::string_view head, std::string_view payload) {
  const auto add = [](uLong sum, std::string_view bytes) {
    return bytes.empty() ? sum : crc32_z(sum, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
  };
  return static_cast<std::uint32_t>(add(add(0, head), payload));
}

} // namespace

bool goes(uplink_kind kind, uplink_way way) {
  switch (kind) {
  case uplink_kind::hello:
  case uplink_kind::report:
  case uplink_kind::snapshot:
  case uplink_kind::session:
  case uplink_kind::answer:
    return way == uplink_way::up;
  case uplink_kind::command:
  case uplink_kind::whole:
  case uplink_kind::state:
    return way == uplink_way::down;
  case uplink_kind::beat:
    return true;
  }
  return false;
}

std::string encode_uplink(uplink_way way, uplink_kind kind, std::string_view payload) {
  if (!goes(kind, way))
    throw std::invalid_argument("a frame of kind " + std::to_string(static_cast<int>(kind)) +
                                " does not go this way");
  if (payload.size() > longest_uplink_payload(way))
    throw std::invalid_argument("a frame of " + std::to_string(payload.size()) + " bytes is too long");
  byte_writer out;
  out.put(magic);
  out.put(version);
  out.put(kind);
  out.put(std::uint16_t{0});
  out.put(static_cast<std::uint32_t>(payload.size()));
  out.put(checksum(out.bytes(), payload));
  out.put_raw(payload);
  return out.take();
}

bool uplink_reader::take(std::string_view bytes, std::vector<uplink_frame>& out) {
  while (problem_.empty() && !bytes.empty()) {
    if (head_filled_ < uplink_head_bytes) {
      const auto count = std::min(bytes.size(), uplink_head_bytes - head_filled_);
      std::copy_n(bytes.begin(), count, head_.begin() + static_cast<std::ptrdiff_t>(head_filled_));
      head_filled_ += count;
      bytes.remove_prefix(count);
      if (head_filled_ < uplink_head_bytes || !read_head())
        continue;
    } else {
      const auto count = std::min(bytes.size(), length_ - payload_.size());
      payload_.append(bytes.substr(0, count));
      bytes.remove_prefix(count);
    }
    if (payload_.size() == length_)
      finish(out);
  }
  return problem_.empty();
}

/// Judged before a byte of the payload is kept.
bool uplink_reader::read_head() {
  byte_reader in(std::string_view(head_.data(), head_.size()));
  const auto found_magic = in.get<std::uint32_t>();
  const auto found_version = in.get<std::uint8_t>();
  kind_ = in.get<uplink_kind>();
  const auto reserved = in.get<std::uint16_t>();
  length_ = in.get<std::uint32_t>();
  if (found_magic != magic)
    problem_ = "a frame does not begin with SUP1";
  else if (found_version != version)
    problem_ = "a frame of version " + std::to_string(found_version) + "; this program speaks version " +
               std::to_string(version);
  else if (!goes(kind_, way_))
    problem_ =
        "a frame of kind " + std::to_string(static_cast<int>(kind_)) + ", which does not come this way";
  else if (reserved != 0)
    problem_ = "a frame whose reserved bytes are not zero";
  else if (length_ > longest_uplink_payload(way_))
    problem_ = "a frame of " + std::to_string(length_) + " bytes; at most " +
               std::to_string(longest_uplink_payload(way_)) + " are allowed";
  return problem_.empty();
}

bool uplink_reader::finish(std::vector<uplink_frame>& out) {
  byte_reader in(std::string_view(head_.data() + checked_head_bytes, 4));
  if (in.get<std::uint32_t>() != checksum({head_.data(), checked_head_bytes}, payload_)) {
    problem_ = "a frame whose checksum is wrong";
    payload_ = {};
    return false;
  }
  out.push_back({kind_, std::move(payload_)});
  payload_ = {};
  head_filled_ = 0;
  return true;
}

} // namespace sentio
