// Seeded random numbers with the same sequence everywhere. Nothing here reads an entropy source.
#pragma once

#include <cstdint>

namespace sentio {

/// SplitMix64 (Steele, Lea, Flood 2014): 2^64 period, any seed is good.
class random_source {
public:
  explicit random_source(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
  /// Uniform in [0, 1), 53 bits.
  double uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
  /// Uniform in 0 ... bound - 1; bound > 0 (bias below 2^-32 for bounds under 2^32).
  std::uint64_t below(std::uint64_t bound) {
    return static_cast<std::uint64_t>((static_cast<wide>(next()) * bound) >> 64);
  }

private:
  __extension__ using wide = unsigned __int128;
  std::uint64_t state_;
};

} // namespace sentio
