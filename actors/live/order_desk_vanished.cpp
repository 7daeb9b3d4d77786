// Positions that are missing at the venue without a fill. An empty answer may be a fault of the venue, or of
// somebody between it and us: whoever writes the shares off buys them a second time. So a third source, the
// account's executions, has to say that they were sold, and until then nothing is bought.
#include "actors/live/order_desk.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace sentio {

namespace {

/// The venue's clock and ours may differ, and a fill may be on its way while positions are compared.
constexpr time_ms margin_ms = 3 * minute_ms;
constexpr time_ms whole_day_ms = 12 * 60 * minute_ms;

} // namespace

bool order_desk::is_told_by_fills(symbol_index symbol, std::int64_t difference) {
  std::int64_t sold = 0;
  for (const auto& [id, shares] : told_fills_[symbol]) {
    const auto known = foreign_filled_.find(id);
    const auto booked = known == foreign_filled_.end() ? 0 : known->second;
    sold +=
        shares < 0 ? std::min<std::int64_t>(shares + booked, 0) : std::max<std::int64_t>(shares - booked, 0);
  }
  return sold == difference;
}

void order_desk::book_told_fills(symbol_index symbol) {
  for (const auto& [id, shares] : told_fills_[symbol])
    foreign_filled_[id] = std::abs(shares);
  told_fills_[symbol].clear();
}

void order_desk::doubt(symbol_index symbol, std::int64_t at_venue) {
  if (vanished_.insert(symbol).second)
    output_.alarms.push_back(
        "the venue " +
        (at_venue == 0 ? std::string("no longer shows") : "shows only " + std::to_string(at_venue) + " of") +
        " our " + std::to_string(held_[symbol]) + " " + symbols_[symbol] +
        ", and nobody sold them: they are kept in the book, and nothing is bought until "
        "they are back or the account's executions say where they went");
}

void order_desk::ask_for_fills(desk_time now) {
  time_ms since = now.venue;
  for (symbol_index symbol = 0; symbol < symbols_.size(); ++symbol)
    if (difference_[symbol] != 0)
      since = std::min(since, agreed_at_[symbol] == 0 ? now.venue - whole_day_ms : agreed_at_[symbol]);
  output_.requests.push_back({desk_action::fills, {}, {}, since - margin_ms});
}

void order_desk::agrees(symbol_index symbol, desk_time now) {
  agreed_at_[symbol] = now.venue;
  told_fills_[symbol].clear();
  if (vanished_.erase(symbol) > 0)
    output_.alarms.push_back("the venue shows as many " + symbols_[symbol] +
                             " as the book again: " + std::to_string(held_[symbol]));
}

void order_desk::fills_answered(const desk_answer& answer) {
  const auto list = alpaca::parse_fills(answer.body);
  if (answer.status != 200 || !list.value)
    return;
  for (auto& told : told_fills_)
    told.clear();
  for (const auto& fill : *list.value) {
    const auto symbol = index_of(fill.symbol);
    if (!symbol || own_ids_.contains(fill.order_id))
      continue;
    // Newest first: the first of an order has its whole quantity.
    told_fills_[*symbol].try_emplace(fill.order_id,
                                     fill.side == order_side::buy ? fill.filled : -fill.filled);
  }
}

} // namespace sentio
