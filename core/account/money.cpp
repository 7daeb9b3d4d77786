#include "core/account/money.hpp"

#include <cmath>
#include <stdexcept>

namespace sentio {

namespace {

[[noreturn]] void overflow(const char* operation) {
  throw std::overflow_error(std::string("money does not fit into 64 bits after ") + operation);
}

money rounded(double micros, const char* operation) {
  const double nearest = std::round(micros); // half away from zero
  // 2^63 is exact in a double; NaN fails both comparisons.
  if (!(nearest < 0x1.0p63 && nearest >= -0x1.0p63))
    overflow(operation);
  return {static_cast<std::int64_t>(nearest)};
}

} // namespace

money operator+(money a, money b) {
  money sum;
  if (__builtin_add_overflow(a.micros, b.micros, &sum.micros))
    overflow("an addition");
  return sum;
}

money operator-(money a, money b) {
  money difference;
  if (__builtin_sub_overflow(a.micros, b.micros, &difference.micros))
    overflow("a subtraction");
  return difference;
}

money operator-(money a) {
  return money{} - a;
}

money operator*(money a, std::int64_t count) {
  money product;
  if (__builtin_mul_overflow(a.micros, count, &product.micros))
    overflow("a multiplication");
  return product;
}

money from_dollars(double dollars) {
  return rounded(dollars * 1e6, "a conversion from dollars");
}

money fraction_bp(money value, double basis_points) {
  return rounded(static_cast<double>(value.micros) * basis_points / 1e4, "a fraction");
}

std::string to_string(money m) {
  // Unsigned, because the smallest amount has no positive counterpart.
  const bool negative = m.micros < 0;
  const std::uint64_t size =
      negative ? 0 - static_cast<std::uint64_t>(m.micros) : static_cast<std::uint64_t>(m.micros);
  std::string places = std::to_string(1'000'000 + size % 1'000'000).substr(1);
  while (places.size() > 2 && places.back() == '0')
    places.pop_back();
  return (negative ? "-" : "") + std::to_string(size / 1'000'000) + "." + places;
}

} // namespace sentio
