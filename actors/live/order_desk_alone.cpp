// The order desk and a second trader on its account. The lock on the account cannot reach another computer,
// nor a process that was given another state directory: the venue's word is the last one.
#include "actors/live/order_desk.hpp"

namespace sentio {

namespace {

constexpr const char* any_session = "s-"; ///< how the ids of all our orders begin
/// Between two halts: whoever re-arms while the other one goes on is told again, but not with each order.
constexpr std::int64_t again_ms = 60'000;

} // namespace

void order_desk::look_for_second_trader(const alpaca::venue_order& seen, desk_time now) {
  // What is older was sent by a process before this one.
  if (!seen.client_order_id.starts_with(any_session) || seen.created_at <= alone_since_ ||
      !second_trader_.insert(seen.client_order_id).second)
    return;
  if (second_trader_told_ && now.real - *second_trader_told_ < again_ms)
    return;
  second_trader_told_ = now.real;
  output_.halt = true;
  output_.alarms.push_back(
      "HALTED: another process of this program trades on this account: the venue has its order " +
      seen.client_order_id + " of " + seen.symbol +
      ", which is not ours. Two would buy twice and undo each other's orders. Nothing is "
      "bought any more: end one of them, then re-arm");
}

} // namespace sentio
