// The two directions of the codec: each payload lists its fields once, for both.
#pragma once

#include "core/numeric/bytes.hpp"

#include <concepts>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

namespace sentio::tape_detail {

/// The greatest value of an enumeration that counts from 0. Specialised beside the fields.
template <class Enum>
inline constexpr Enum last_value = Enum{};

template <class X>
concept archived_number =
    std::same_as<X, std::uint8_t> || std::same_as<X, std::int32_t> || std::same_as<X, std::uint32_t> ||
    std::same_as<X, std::int64_t> || std::same_as<X, std::uint64_t> || std::same_as<X, double>;

template <class X>
concept archived_enum = std::is_enum_v<X> && std::same_as<std::underlying_type_t<X>, std::uint8_t>;

class saving_archive {
public:
  explicit saving_archive(byte_writer& out) : out_(out) {}

  template <archived_number X>
  void operator()(X value) {
    out_.put(value);
  }
  template <archived_enum X>
  void operator()(X value) {
    out_.put(value);
  }
  void operator()(bool value) { out_.put(static_cast<std::uint8_t>(value)); }
  void operator()(const std::string& text) { out_.put_text(text); }
  template <class X>
  void operator()(const std::vector<X>& values) {
    out_.put(static_cast<std::uint32_t>(values.size()));
    for (const X& value : values)
      (*this)(value);
  }
  /// A structure: the function fields() of its type names its members.
  template <class X>
  requires std::is_class_v<X>
  void operator()(const X& structure) { fields(*this, structure); }
  /// The last field of a payload, which older tapes do not have: nothing is written when it is empty.
  template <class X>
  void tail(const std::vector<X>& values) {
    if (!values.empty())
      (*this)(values);
  }
  /// What could not be read back must not reach a tape.
  void require(bool good) {
    if (!good)
      throw std::logic_error("a tape record holds a value that no reader would accept");
  }

private:
  byte_writer& out_;
};

class loading_archive {
public:
  explicit loading_archive(byte_reader& in) : in_(in) {}

  template <archived_number X>
  void operator()(X& value) {
    value = in_.get<X>();
  }
  template <archived_enum X>
  void operator()(X& value) {
    value = in_.get<X>();
    require(value <= last_value<X>);
  }
  void operator()(bool& value) {
    const auto byte = in_.get<std::uint8_t>();
    require(byte <= 1);
    value = byte == 1;
  }
  void operator()(std::string& text) { text = in_.get_text(); }
  template <class X>
  void operator()(std::vector<X>& values) {
    values.clear();
    const auto count = in_.get<std::uint32_t>();
    // Grows with what is really there: a wrong count must not reserve gigabytes.
    for (std::uint32_t i = 0; i < count && !in_.failed(); ++i)
      (*this)(values.emplace_back());
  }
  template <class X>
  requires std::is_class_v<X>
  void operator()(X& structure) { fields(*this, structure); }
  template <class X>
  void tail(std::vector<X>& values) {
    values.clear();
    if (in_.failed() || in_.remaining() == 0)
      return;
    (*this)(values);
    require(!values.empty()); // each payload has one encoding
  }
  void require(bool good) {
    if (!good)
      in_.fail();
  }

private:
  byte_reader& in_;
};

} // namespace sentio::tape_detail
