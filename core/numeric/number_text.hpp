// Numbers as text for the logs: fast, and the same bytes everywhere. Every function writes at `out`, adds no
// terminating zero, and returns the end of what it wrote.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sentio {

/// Room that is enough for any one number written by a function of this header.
inline constexpr std::size_t number_text_room = 32;

/// Nine significant digits without trailing zeros, valid JSON: "0.000123456789", "1.5", "-2", "0".
/// Sizes below 1e-6 or from 1e15 take an exponent: "1e-09", "2.5e+15". Halves round away from zero. The text
/// parses back within 5e-9 relative (half a ninth digit); outside 1e-14 ... 1e22 the ninth digit may differ
/// by one from printf's. Negative zero is written as "0". Throws std::logic_error for NaN and infinities: a
/// log that holds one hides a fault, and JSON has no word for it.
char* write_g9(char* out, double x);

char* write_int(char* out, std::int64_t value);

/// An exact decimal of millionths with at least two places: 12'500'000 is "12.50", 65'123'400 is "65.1234",
/// -166 is "-0.000166".
char* write_micros(char* out, std::int64_t micros);

} // namespace sentio
