// What every fuzz target shares: each property looked at is counted, and one that does not hold stops the
// run.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace sentio::fuzz {

inline std::uint64_t checks = 0;

inline void expect(bool holds, const char* what) {
  ++checks;
  if (!holds) {
    std::fprintf(stderr, "does not hold: %s\n", what);
    std::abort();
  }
}

/// The last line of a run; libFuzzer leaves by exit, so it is printed from there.
inline bool count_at_exit() {
  static const bool registered =
      std::atexit([] { std::fprintf(stderr, "checks: %llu\n", static_cast<unsigned long long>(checks)); }) ==
      0;
  return registered;
}

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  count_at_exit();
  return {reinterpret_cast<const char*>(data), size};
}

} // namespace sentio::fuzz
