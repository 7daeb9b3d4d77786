// Little-endian binary encoding, used by checkpoints and the tape.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

namespace sentio {

static_assert(std::endian::native == std::endian::little, "checkpoints and tapes are little-endian");

/// Appends values to a growing buffer.
class byte_writer {
public:
  template <class T>
    requires std::is_arithmetic_v<T> || std::is_enum_v<T>
  void put(T value) {
    char raw[sizeof(T)];
    std::memcpy(raw, &value, sizeof(T));
    buffer_.append(raw, sizeof(T));
  }
  void put_text(std::string_view text) {
    put(static_cast<std::uint32_t>(text.size()));
    buffer_.append(text);
  }
  template <class T>
  void put_array(std::span<const T> values) {
    static_assert(std::is_arithmetic_v<T>);
    put(static_cast<std::uint32_t>(values.size()));
    if (!values.empty())
      buffer_.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
  }
  void put_raw(std::string_view bytes) { buffer_.append(bytes); }
  const std::string& bytes() const { return buffer_; }
  std::string take() { return std::move(buffer_); }
  void clear() { buffer_.clear(); }

private:
  std::string buffer_;
};

/// Reads what a byte_writer wrote. After the first short or impossible read, failed() is true
/// and every further value is zero: check once, at the end.
class byte_reader {
public:
  explicit byte_reader(std::string_view bytes) : bytes_(bytes) {}

  template <class T>
    requires std::is_arithmetic_v<T> || std::is_enum_v<T>
  T get() {
    T value{};
    if (const char* at = advance(sizeof(T)))
      std::memcpy(&value, at, sizeof(T));
    return value;
  }
  bool get_bool() { return get<std::uint8_t>() != 0; }
  std::string get_text() {
    const auto size = get<std::uint32_t>();
    const char* at = advance(size);
    return at ? std::string(at, size) : std::string();
  }
  /// Fills exactly values.size() elements; any other stored count is a failure.
  template <class T>
  void get_array(std::span<T> values) {
    static_assert(std::is_arithmetic_v<T>);
    if (get<std::uint32_t>() != values.size())
      failed_ = true;
    if (const char* at = advance(values.size_bytes()); at && !values.empty())
      std::memcpy(values.data(), at, values.size_bytes());
  }
  std::string_view get_raw(std::size_t size) {
    const char* at = advance(size);
    return at ? std::string_view(at, size) : std::string_view();
  }
  std::size_t remaining() const { return bytes_.size() - position_; }
  std::size_t position() const { return position_; }
  bool failed() const { return failed_; }
  void fail() { failed_ = true; }

private:
  const char* advance(std::size_t size) {
    if (failed_ || size > bytes_.size() - position_) {
      failed_ = true;
      return nullptr;
    }
    const char* at = bytes_.data() + position_;
    position_ += size;
    return at;
  }
  std::string_view bytes_;
  std::size_t position_ = 0;
  bool failed_ = false;
};

} // namespace sentio
