#include "core/portfolio/output.hpp"

#include <array>

namespace sentio {

const char* to_string(latch_rule rule) {
  static constexpr std::array<const char*, static_cast<std::size_t>(latch_rule::count_)> names{
      "drawdown", "equity_floor", "overdrawn", "halted"};
  const auto index = static_cast<std::size_t>(rule);
  return index < names.size() ? names[index] : "?";
}

} // namespace sentio
