// The sentences of decisions, orders and fills, the same for a running and for a finished session.
#pragma once

#include "core/account/money.hpp"
#include "core/account/order.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace sentio {

/// A decimal as JavaScript prints it: no superfluous zeros, "69.7" and "70".
std::string plain_decimal(money amount);
/// Dollars and cents, half a cent away from zero where it is exactly half: "-$12.50".
std::string dollars_and_cents(money amount);

/// "buy" or "sell", as marks and fills have it.
const char* side_word(order_side side);

/// What a fill did, from the portfolio or from the trades log.
struct fill_words {
  bool is_exit = false;
  order_side side = order_side::buy;
  std::int64_t shares = 0;
  money price;
  money cost; ///< spread and fees
  money pnl;  ///< on exits
  std::int32_t bars_held = 0;
  std::string_view reason;
};

std::string decision_event_text(decision_kind kind, std::string_view reason);
std::string order_event_text(order_side side, std::int64_t shares, std::string_view client_order_id);
std::string fill_event_text(const fill_words& fill);

} // namespace sentio
