#include "core/strategy/refusal.hpp"

#include <array>

namespace sentio {

const char* to_string(refusal rule) {
  static constexpr std::array<const char*, static_cast<std::size_t>(refusal::count_)> names{
      "probability",      "confidence", "strength",       "stale",        "not_ready",
      "threshold",        "cost_band",  "rank",           "cooldown",     "order_open",
      "correlation",      "book_full",  "rotation_delta", "minimum_hold", "entry_cutoff",
      "round_incomplete", "exits_only", "zero_shares",    "cash",         "risk_gateway"};
  const auto index = static_cast<std::size_t>(rule);
  return index < names.size() ? names[index] : "?";
}

} // namespace sentio
