#include "tools/sentio-exchange/stream_codec.hpp"

#include "core/market/calendar.hpp"

#include <charconv>
#include <optional>
#include <vector>

namespace sentio::serving {

namespace {

using nlohmann::json;

constexpr std::size_t deepest = 64;

struct instant {
  std::int64_t seconds = 0;
  std::uint32_t nanoseconds = 0;
};

std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
  int value = 0;
  if (text.size() < at + count)
    return std::nullopt;
  const auto* end = text.data() + at + count;
  const auto [stop, problem] = std::from_chars(text.data() + at, end, value);
  return problem == std::errc() && stop == end && value >= 0 ? std::optional(value) : std::nullopt;
}

/// "2025-06-03T13:30:00[.123456789]Z", the only form in which the exchange writes times of market data.
std::optional<instant> parse_instant(std::string_view text) {
  if (text.size() < 20 || text[10] != 'T' || text.back() != 'Z')
    return std::nullopt;
  const auto date = parse_date(text.substr(0, 10));
  const auto hour = digits(text, 11, 2), minute = digits(text, 14, 2), second = digits(text, 17, 2);
  if (!date || !hour || !minute || !second || text[13] != ':' || text[16] != ':')
    return std::nullopt;
  instant out;
  out.seconds = days_since_epoch(*date) * 86'400 + *hour * 3'600 + *minute * 60 + *second;
  const std::string_view fraction = text.substr(19, text.size() - 20);
  if (fraction.empty())
    return out;
  if (fraction[0] != '.' || fraction.size() < 2 || fraction.size() > 10)
    return std::nullopt;
  const auto value = digits(fraction, 1, fraction.size() - 1);
  if (!value)
    return std::nullopt;
  out.nanoseconds = static_cast<std::uint32_t>(*value);
  for (std::size_t i = fraction.size(); i < 10; ++i)
    out.nanoseconds *= 10;
  return out;
}

/// The msgpack timestamp of the shortest form that holds it.
json timestamp(const instant& at) {
  std::vector<std::uint8_t> bytes;
  const auto append = [&](std::uint64_t value, int size) {
    for (int shift = 8 * (size - 1); shift >= 0; shift -= 8)
      bytes.push_back(static_cast<std::uint8_t>(value >> shift));
  };
  const auto seconds = static_cast<std::uint64_t>(at.seconds);
  if (at.seconds < 0 || seconds >> 34 != 0) {
    append(at.nanoseconds, 4);
    append(seconds, 8);
  } else if (at.nanoseconds != 0 || seconds >> 32 != 0) {
    append(std::uint64_t{at.nanoseconds} << 34 | seconds, 8);
  } else {
    append(seconds, 4);
  }
  return json::binary(std::move(bytes), 0xFF); // the byte of type -1
}

/// nlohmann's msgpack reader calls itself for each level, so a hostile message of a million opening arrays
/// would use up the stack: this walks over the message without recursion first.
bool is_shallow(std::string_view bytes) {
  std::vector<std::uint64_t> open{1}; // elements still to come, by level
  std::size_t at = 0;
  const auto number = [&](std::size_t size) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i)
      value = value << 8 | (at < bytes.size() ? static_cast<std::uint8_t>(bytes[at]) : 0U), ++at;
    return value;
  };
  while (!open.empty() && at < bytes.size()) {
    if (open.back() == 0) {
      open.pop_back();
      continue;
    }
    --open.back();
    const auto head = static_cast<unsigned>(number(1));
    std::uint64_t elements = 0, skip = 0;
    if (head >= 0x80 && head <= 0x8F)
      elements = 2 * (head & 0x0FU);
    else if (head >= 0x90 && head <= 0x9F)
      elements = head & 0x0FU;
    else if (head >= 0xA0 && head <= 0xBF)
      skip = head & 0x1FU;
    else if (head >= 0xC4 && head <= 0xC6) // bin
      skip = number(std::size_t{1} << (head - 0xC4));
    else if (head >= 0xC7 && head <= 0xC9) // ext
      skip = number(std::size_t{1} << (head - 0xC7)) + 1;
    else if (head >= 0xCA && head <= 0xCB) // float
      skip = head == 0xCA ? 4 : 8;
    else if (head >= 0xCC && head <= 0xD3) // integers
      skip = std::uint64_t{1} << ((head - 0xCC) & 3U);
    else if (head >= 0xD4 && head <= 0xD8) // fixext
      skip = (std::uint64_t{1} << (head - 0xD4)) + 1;
    else if (head >= 0xD9 && head <= 0xDB) // str
      skip = number(std::size_t{1} << (head - 0xD9));
    else if (head == 0xDC || head == 0xDD) // array
      elements = number(head == 0xDC ? 2 : 4);
    else if (head == 0xDE || head == 0xDF) // map
      elements = 2 * number(head == 0xDE ? 2 : 4);
    if (skip > bytes.size() - std::min(at, bytes.size()))
      return false;
    at += skip;
    if (elements > 0) {
      open.push_back(elements);
      if (open.size() > deepest)
        return false;
    }
  }
  return true;
}

} // namespace

std::string encode(const nlohmann::json& message, stream_codec codec) {
  if (codec == stream_codec::json)
    return message.dump(-1, ' ', false, json::error_handler_t::replace);
  json timed = message;
  if (timed.is_array())
    for (json& point : timed)
      if (point.is_object())
        if (const auto found = point.find("t"); found != point.end() && found->is_string())
          if (const auto at = parse_instant(found->get_ref<const std::string&>()))
            *found = timestamp(*at);
  std::string bytes;
  json::to_msgpack(timed, bytes);
  return bytes;
}

nlohmann::json decode(std::string_view bytes, stream_codec codec) {
  json out;
  if (codec == stream_codec::json)
    out = json::parse(bytes, nullptr, false);
  else if (is_shallow(bytes))
    out = json::from_msgpack(bytes, true, false);
  return out.is_discarded() ? json() : out;
}

} // namespace sentio::serving
