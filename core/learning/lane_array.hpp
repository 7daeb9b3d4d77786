// The kernels' memory: doubles, 64-byte aligned, padded with zeros to whole blocks of 8.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>
#include <span>

namespace sentio {

inline constexpr std::size_t lane_count = 8;

constexpr std::size_t lane_blocks(std::size_t elements) {
  return (elements + lane_count - 1) / lane_count;
}

class lane_array {
public:
  lane_array() = default;
  explicit lane_array(std::size_t elements)
      : size_(lane_blocks(elements) * lane_count),
        data_(static_cast<double*>(::operator new(size_ * sizeof(double), alignment))) {
    std::fill_n(data_.get(), size_, 0.0);
  }

  double* data() { return data_.get(); }
  const double* data() const { return data_.get(); }
  std::size_t size() const { return size_; } ///< padding included
  std::span<double> values() { return {data_.get(), size_}; }
  std::span<const double> values() const { return {data_.get(), size_}; }

private:
  static constexpr std::align_val_t alignment{64};
  struct release {
    void operator()(double* data) const { ::operator delete(data, alignment); }
  };
  std::size_t size_ = 0;
  std::unique_ptr<double, release> data_;
};

} // namespace sentio
