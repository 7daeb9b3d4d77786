// What the venue says and cannot be true: refused, so that whatever is on a tape can be folded.
#include "core/account/venue_bounds.hpp"
#include "core/portfolio/portfolio_state.hpp"

#include <algorithm>
#include <utility>

namespace sentio {

/// Empty: it can be true.
std::string portfolio::state::why_refused(const venue_event& event) const {
  if (event.kind == venue_event_kind::impossible)
    return event.reason.empty() ? "no reason is given" : event.reason;
  if (auto why = why_impossible_time(event.at); !why.empty())
    return why;
  const bool is_fill = event.kind == venue_event_kind::fill;
  if (!is_fill && event.kind != venue_event_kind::adjustment)
    return {};
  const execution& fill = event.fill;
  if (is_fill && orders.is_booked(fill.execution_id))
    return {}; // a repetition, whatever it says: it is counted, and changes nothing
  if (auto why = why_impossible_time(fill.at); !why.empty())
    return why;
  if (fill.symbol >= memory.size())
    return "it names no symbol of this session";
  if (is_fill && fill.client_order_id != event.client_order_id)
    return "its execution is of another order, " + fill.client_order_id;
  execution_setting known;
  if (is_fill) {
    const order_record* order = orders.find(event.client_order_id);
    if (order && !is_terminal(order->state)) {
      known.order = &order->intent;
      known.filled = order->filled;
    }
  } else {
    known.account = std::max(capital, totals.opening_equity);
  }
  if (const double close = memory[fill.symbol].last_close; close > 0)
    known.price = from_dollars(close);
  if (const holding* held = account.find(fill.symbol))
    known.held = held->shares;
  known.turnover = account.turnover();
  return why_impossible(fill, known);
}

void portfolio::state::refuse(const venue_event& event, const std::string& why) {
  ++impossible;
  const bool named = event.kind != venue_event_kind::impossible; // else the reason says of what
  const std::string what =
      named ? std::string(to_string(event.kind)) + " " + event.client_order_id + ": " + why : why;
  alert("CRITICAL refused, since it cannot be true: " + what);
  // An impossible time is no time of an order.
  const time_ms at = why_impossible_time(event.at).empty() ? event.at : std::max(last_round_at, hours.open);
  latch("the venue said what cannot be true: " + what, true, at);
  carry_out_latch(at);
}

/// False: the price cannot be true, and the one before stays.
bool portfolio::state::take_price(symbol_index symbol, double close, time_ms at) {
  symbol_memory& known = memory[symbol];
  std::string why;
  if (!is_possible_price(close))
    why = "it is not between " + to_string(smallest_price) + " and " + to_string(largest_price) + " dollars";
  else if (const holding* held = account.find(symbol))
    why = why_impossible_value(held->shares, from_dollars(close));
  if (why.empty()) {
    known.last_close = close;
    known.price_refused = false;
    return true;
  }
  ++impossible;
  if (std::exchange(known.price_refused, true))
    return false;
  alert("CRITICAL the last price of " + instruments[symbol].name +
        " is refused, since it cannot be true: " + why);
  latch("the last price of " + instruments[symbol].name + " cannot be true", true, at);
  return false;
}

} // namespace sentio
