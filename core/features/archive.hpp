// Field-by-field saving and loading of the engine's parts: each part names its fields once, in
// visit(archive). Private to the features.
#pragma once

#include "core/features/rolling.hpp"
#include "core/numeric/bytes.hpp"

#include <array>
#include <span>
#include <type_traits>

namespace sentio::rolling {

class state_writer {
public:
  explicit state_writer(byte_writer& out) : out_(out) {}

  template <class T>
  void operator()(T& field) {
    if constexpr (std::is_arithmetic_v<T>)
      out_.put(field);
    else
      field.visit(*this);
  }
  void operator()(wide& field) {
    out_.put(static_cast<std::uint64_t>(field));
    out_.put(static_cast<std::int64_t>(field >> 64));
  }
  template <class T, std::size_t Size>
  void operator()(std::array<T, Size>& fields) {
    if constexpr (std::is_arithmetic_v<T>)
      out_.put_array(std::span<const T>(fields));
    else
      for (T& field : fields)
        (*this)(field);
  }

private:
  byte_writer& out_;
};

class state_reader {
public:
  explicit state_reader(byte_reader& in) : in_(in) {}

  template <class T>
  void operator()(T& field) {
    if constexpr (std::is_arithmetic_v<T>)
      field = in_.get<T>();
    else
      field.visit(*this);
  }
  void operator()(wide& field) {
    const auto low = in_.get<std::uint64_t>();
    const auto high = in_.get<std::int64_t>();
    field = static_cast<wide>(high) * (static_cast<wide>(1) << 64) + static_cast<wide>(low);
  }
  template <class T, std::size_t Size>
  void operator()(std::array<T, Size>& fields) {
    if constexpr (std::is_arithmetic_v<T>)
      in_.get_array(std::span<T>(fields));
    else
      for (T& field : fields)
        (*this)(field);
  }

private:
  byte_reader& in_;
};

} // namespace sentio::rolling
