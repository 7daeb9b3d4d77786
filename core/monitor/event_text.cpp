#include "core/monitor/event_text.hpp"

#include <cmath>
#include <cstdio>

namespace sentio {

std::string plain_decimal(money amount) {
  std::string text = to_string(amount); // at least two places
  while (text.back() == '0')
    text.pop_back();
  if (text.back() == '.')
    text.pop_back();
  return text;
}

std::string dollars_and_cents(money amount) {
  const std::int64_t size = amount.micros < 0 ? -amount.micros : amount.micros;
  double dollars = static_cast<double>(size) / 1e6;
  // Halves that a double holds exactly are the eighths; printf rounds them to even, JavaScript up.
  if (size % 125'000 == 0 && size % 10'000 == 5'000)
    dollars = static_cast<double>(size + 5'000) / 1e6;
  char text[48];
  std::snprintf(text, sizeof text, "%s$%.2f", amount.micros < 0 ? "-" : "", dollars);
  return text;
}

const char* side_word(order_side side) {
  return side == order_side::buy ? "buy" : "sell";
}

std::string decision_event_text(decision_kind kind, std::string_view reason) {
  return std::string(to_string(kind)).append(": ").append(reason);
}

std::string order_event_text(order_side side, std::int64_t shares, std::string_view client_order_id) {
  return std::string(side_word(side))
      .append(" ")
      .append(std::to_string(shares))
      .append(" at market, ")
      .append(client_order_id);
}

std::string fill_event_text(const fill_words& fill) {
  std::string text = fill.is_exit ? "EXIT " : "ENTRY ";
  text.append(side_word(fill.side)).append(" ").append(std::to_string(fill.shares));
  text.append(" at ")
      .append(plain_decimal(fill.price))
      .append(", cost ")
      .append(dollars_and_cents(fill.cost));
  if (fill.is_exit)
    text.append(", P&L ")
        .append(dollars_and_cents(fill.pnl))
        .append(" after ")
        .append(std::to_string(fill.bars_held) + " bars");
  return text.append("; ").append(fill.reason);
}

} // namespace sentio
