// Trailing stops: a stop that follows the best trade since its acceptance at a distance ("Orders at Alpaca").
#include "core/exchange/order_desk.hpp"

#include <algorithm>

namespace sentio::venue {

namespace {

/// The nearest price that may be quoted, at least one tick.
micros on_tick(micros price) {
  const micros tick = price >= dollar ? 10'000 : 100;
  return std::max<micros>(1, (price + tick / 2) / tick) * tick;
}

} // namespace

void set_trailing_stop(venue_order& order) {
  const micros mark = order.water_mark.value_or(0);
  // A percent of the mark: value_of multiplies a count of billionths.
  const micros distance = order.trail_price ? *order.trail_price : value_of(order.trail_percent.value_or(0) * 10, mark);
  order.stop = on_tick(order.buy ? mark + distance : std::max<micros>(0, mark - distance));
}

order_desk::problem order_desk::start_trail(venue_order& order, time_ms now) {
  const auto symbol = parts_.prices.find(order.symbol);
  if (order.type != "trailing_stop" || !symbol)
    return std::nullopt;
  const auto quote = parts_.prices.quote(*symbol, now);
  if (!quote)
    return unprocessable("no price is known for \"" + order.symbol + "\"");
  if (!order.buy && order.trail_price && *order.trail_price >= quote->last)
    return unprocessable("trail_price must be less than current price");
  order.water_mark = quote->last;
  set_trailing_stop(order);
  return std::nullopt;
}

void order_desk::follow_trail(venue_order& order, micros last) {
  if (order.type != "trailing_stop" || (order.buy ? last >= *order.water_mark : last <= *order.water_mark))
    return;
  order.water_mark = last;
  set_trailing_stop(order);
  parts_.account.touch(order);
}

} // namespace sentio::venue
