#include "core/exchange/faults.hpp"

#include <iterator>

namespace sentio {

namespace {

using k = fault_kind;

// kind, rows, name, strikes, value, window ms, delay ms, sentence
constexpr fault_description table[] = {
  {k::data_drop, "F1", "data_drop", 1, 0, 5'000, 0,
   "data and Polygon streams lose TCP; new ones are refused with 503 for for_ms"},
  {k::data_ghost, "F2 F33", "data_ghost", 1, 0, 90'000, 0,
   "data streams lose TCP and the venue holds the dead session: auth gets 406 for for_ms"},
  {k::upgrade_429, "F3", "upgrade_429", 0, 10, 30'000, 0,
   "streams lose TCP and every upgrade gets 429 for for_ms; value = Retry-After in seconds"},
  {k::close_1011, "F4", "close_1011", 1, 0, 0, 0, "data and trading streams are closed with 1011"},
  {k::data_mute, "F5", "data_mute", 0, 0, 0, 0, "data streams stay open and carry no data; REST goes on"},
  {k::missing_bars, "F6", "missing_bars", 0, 0, 0, 0, "bars of the symbol do not exist, on streams and by REST"},
  {k::late_bars, "F7", "late_bars", 0, 0, 0, 40'000, "bars come delay_ms late on the streams"},
  {k::revised_bars, "F7", "revised_bars", 0, 0, 0, 0, "every bar is corrected by an updatedBars message at +30 s"},
  {k::duplicate_bars, "F8", "duplicate_bars", 0, 2, 0, 0, "every bar message is sent value times"},
  {k::unordered_bars, "F8", "unordered_bars", 0, 0, 0, 0,
   "each bar message is followed by the one of the minute before, again"},
  {k::partial_subscription, "F9", "partial_subscription", 1, 0, 0, 0,
   "a subscription takes only the first half of the bars asked for; symbol: leaves out that one"},
  {k::subscription_405, "F9", "subscription_405", 1, 0, 0, 0, "a subscription gets error 405, the set stays"},
  {k::subscription_400, "F9", "subscription_400", 1, 0, 0, 0, "a subscription gets error 400, the set stays"},
  {k::auth_402, "F10", "auth_402", 0, 0, 0, 0, "auth on a data stream gets error 402 and a close"},
  {k::auth_409, "F10", "auth_409", 0, 0, 0, 0, "auth on a data stream gets error 409 and a close"},
  {k::slow_client, "F11", "slow_client", 1, 0, 0, 0, "data streams get error 407 and lose TCP"},
  {k::odd_frames, "F12", "odd_frames", 0, 0, 0, 0,
   "before each bar: an empty array, an unknown T, null and unknown fields, several messages in one array"},
  {k::malformed_json, "F13", "malformed_json", 1, 0, 0, 0,
   "bytes that are no JSON are sent on the data streams; text \"truncated\": a bar cut in half"},
  {k::order_answer_dropped, "F14", "order_answer_dropped", 1, 0, 0, 0,
   "POST /v2/orders is carried out and the connection closed without an answer"},
  {k::order_answer_delayed, "F14", "order_answer_delayed", 1, 0, 0, 15'000,
   "POST /v2/orders is carried out and answered delay_ms later"},
  {k::order_500_after, "F14", "order_500_after", 1, 0, 0, 0, "POST /v2/orders is carried out and answered by 500"},
  {k::order_504_after, "F14", "order_504_after", 1, 0, 0, 0, "POST /v2/orders is carried out and answered by 504"},
  {k::order_503_before, "F14", "order_503_before", 1, 0, 0, 0, "POST /v2/orders is answered by 503, not carried out"},
  {k::order_duplicate_answer, "F15", "order_duplicate_answer", 1, 0, 0, 0,
   "POST /v2/orders is carried out and answered as a duplicate client_order_id"},
  {k::fill_before_answer, "F16", "fill_before_answer", 1, 0, 0, 500,
   "the answer of POST /v2/orders waits delay_ms, so that its fill is seen first"},
  {k::duplicate_fills, "F17", "duplicate_fills", 0, 2, 0, 0, "trade_updates are sent value times, with the same ids"},
  {k::trade_updates_dropped, "F18", "trade_updates_dropped", 0, 0, 0, 0,
   "trade_updates are not sent; text: only this event, for example \"fill\""},
  {k::trading_drop, "F18", "trading_drop", 1, 0, 5'000, 0,
   "trading streams lose TCP; new ones are refused with 503 for for_ms"},
  {k::order_stuck, "F19", "order_stuck", 1, 0, 0, 0, "a new order stays pending_new; it can be canceled"},
  {k::cancel_stuck, "F20", "cancel_stuck", 0, 0, 60'000, 0,
   "cancels are taken and the orders stay pending_cancel until for_ms is over"},
  {k::cancel_fill_race, "F21", "cancel_fill_race", 1, 0, 0, 0,
   "a cancel loses: the order fills first; value 0.5: that share fills, the rest is canceled"},
  {k::partial_fills, "F22", "partial_fills", 0, 0, 0, 5'000,
   "each fill takes half of the whole shares; the remainder waits delay_ms"},
  {k::shares_held, "F23", "shares_held", 1, 0, 0, 0, "a sell is refused as insufficient qty (held_for_orders)"},
  {k::close_all_fails, "F24", "close_all_fails", 1, 0, 0, 0,
   "in DELETE /v2/positions the symbol (else the first one) gets 403, the others are closed"},
  {k::wash_trade, "F25", "wash_trade", 1, 0, 0, 0, "an order is refused as a potential wash trade"},
  {k::no_buying_power, "F26", "no_buying_power", 1, 0, 0, 0, "a buy is refused for insufficient buying power"},
  {k::order_rejected_later, "F27", "order_rejected_later", 1, 0, 0, 0, "an order is taken with 200 and rejected later"},
  {k::rest_429, "F28", "rest_429", 0, 5, 10'000, 0, "every REST call gets 429 for for_ms; value = Retry-After"},
  {k::halt, "F29", "halt", 0, 0, 300'000, 0,
   "the symbol is halted for for_ms: status H, no bars, no fills; then status T. Without symbol: all"},
  {k::luld_pause, "F29", "luld_pause", 0, 0, 300'000, 0, "as halt, with status P and reason LUDP and the bands"},
  {k::reopen_gap, "F30", "reopen_gap", 0, -0.05, 60'000, 0,
   "a halt of for_ms; all later prices of the session are moved by the fraction value"},
  {k::clock_offset, "F31", "clock_offset", 0, 0, 0, 3'000, "GET /v2/clock is delay_ms ahead of the venue's time"},
  {k::early_close, "F32", "early_close", 0, 0, 0, 0,
   "the session of this day closes at text (\"13:00\"), in calendar, clock and matching"},
  {k::closed_day, "F32", "closed_day", 0, 0, 0, 0, "this day has no session, in calendar, clock and matching"},
  {k::foreign_order, "F34", "foreign_order", 1, 1, 0, 0,
   "an order of someone else on this account appears: a market buy of value shares of symbol"},
  {k::account_blocked, "F35", "account_blocked", 0, 0, 0, 0, "the account is blocked: account_blocked, orders get 403"},
  {k::trading_blocked, "F35", "trading_blocked", 0, 0, 0, 0, "trading_blocked is set, orders get 403"},
  {k::not_tradable, "F36", "not_tradable", 0, 0, 0, 0, "the symbol's asset is not tradable, its orders get 422"},
  {k::reverse_split, "F36", "reverse_split", 0, 5, 0, 0,
   "raw prices of the symbol are value times higher from then on (set it before the open), its position is divided"},
  {k::tls_expired, "F37", "tls_expired", 0, 0, 0, 0, "the server shows an expired certificate"},
  {k::tls_wrong_host, "F37", "tls_wrong_host", 0, 0, 0, 0, "the server shows a certificate of another host"},
  {k::black_hole_upgrade, "F38", "black_hole_upgrade", 0, 0, 0, 0, "an upgrade is never answered"},
  {k::refuse_connect, "F38", "refuse_connect", 0, 0, 0, 0, "connections are refused"},
  {k::bad_price_zero, "F39", "bad_price_zero", 1, 0, 0, 0, "a bar on the streams has a price of zero"},
  {k::bad_price_negative, "F39", "bad_price_negative", 1, 0, 0, 0, "a bar on the streams has negative prices"},
  {k::bad_price_nan, "F39", "bad_price_nan", 1, 0, 0, 0,
   "a bar on the streams has null as its close; text \"string\": the text NaN"},
  {k::bad_price_crossed, "F39", "bad_price_crossed", 1, 0, 0, 0, "a bar on the streams has its high below its low"},
  {k::bad_price_spike, "F39", "bad_price_spike", 1, 10, 0, 0, "a bar on the streams is value times as high"},
  {k::endless_pages, "F40", "endless_pages", 0, 0, 0, 0, "every page of bars names a next page"},
  {k::huge_body, "F40", "huge_body", 1, 64, 0, 0, "the answer to a call for bars is value MiB long"},
  {k::slow_body, "F40", "slow_body", 1, 0, 0, 5'000, "the answer to any call waits delay_ms"},
};

} // namespace

const std::vector<fault_description>& fault_descriptions() {
  static const std::vector<fault_description> all(std::begin(table), std::end(table));
  return all;
}

} // namespace sentio
