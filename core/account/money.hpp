// Exact money: an int64 count of millionths of a dollar.
#pragma once

#include <compare>
#include <cstdint>
#include <string>

namespace sentio {

/// Amount in millionths of a dollar. Arithmetic is checked: overflow throws std::overflow_error.
struct money {
  std::int64_t micros = 0;

  friend auto operator<=>(const money&, const money&) = default;
};

money operator+(money a, money b);
money operator-(money a, money b);
money operator-(money a);
money operator*(money a, std::int64_t count);
inline money& operator+=(money& a, money b) { return a = a + b; }
inline money& operator-=(money& a, money b) { return a = a - b; }

/// Nearest millionth, half away from zero. Throws std::overflow_error when not representable or not finite.
money from_dollars(double dollars);
inline double to_dollars(money m) { return static_cast<double>(m.micros) / 1e6; }
/// value * basis_points / 10'000, rounded half away from zero; basis_points may be fractional.
money fraction_bp(money value, double basis_points);
/// Exact decimal with at least two places and no superfluous zeros after them: "12.50", "-0.000166".
std::string to_string(money m);

} // namespace sentio
