// What Alpaca says, as values. Sources of every field: shared specification, sections 1 to 4; the recorded
// messages in the tests. All parsers are tolerant of unknown fields, nulls, and numbers given as strings or
// the reverse; none throws on any bytes.
#pragma once

#include "core/account/money.hpp"
#include "core/account/order.hpp"
#include "core/market/bar.hpp"
#include "core/market/calendar.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sentio::alpaca {

/// A bar of channel bars (revision false) or updatedBars (true).
struct stream_bar {
  std::string symbol;
  bar value;
  bool revision = false;
};
/// Trading status: halted after codes H, P, Q, 2 and F, not after T and 3. Codes that say nothing about halts
/// (indications, imbalances, short sale restriction, new ones) make no event and count as unknown.
struct stream_status {
  std::string symbol;
  std::string code;
  std::string reason;
  bool halted = false;
  time_ms at = 0;
};
struct stream_luld {
  std::string symbol;
  double limit_up = 0;
  double limit_down = 0;
  time_ms at = 0;
};
struct stream_connected {};
struct stream_authenticated {};
/// The full set after each change.
struct stream_subscription {
  std::vector<std::string> bars;
  std::vector<std::string> updated_bars;
  std::vector<std::string> statuses;
  std::vector<std::string> lulds;
};
struct stream_error {
  int code = 0; ///< 400 ... 500, section 1.3
  std::string text;
};
using stream_event = std::variant<stream_bar, stream_status, stream_luld, stream_connected,
                                  stream_authenticated, stream_subscription, stream_error>;

/// What one frame held.
struct stream_frame {
  std::vector<stream_event> events;
  std::uint32_t unknown = 0; ///< elements of unknown type, trades and quotes included
  std::uint32_t bad = 0;     ///< elements that lack what their type needs
  bool malformed = false;    ///< not JSON, or no array
};
stream_frame parse_stream_frame(std::string_view text);

/// An order as the venue sees it. Money and shares exact; fractional shares are refused (bad).
struct venue_order {
  std::string id;
  std::string client_order_id;
  std::string symbol;
  order_side side = order_side::buy;
  std::string type; ///< "market", ...
  std::int64_t shares = 0;
  std::int64_t filled = 0;
  money filled_price; ///< average; 0 while nothing is filled
  std::string status; ///< Alpaca's word
  time_ms created_at = 0;
  time_ms updated_at = 0;
};
/// filled, canceled, expired, replaced, rejected, done_for_day.
bool is_terminal_status(std::string_view status);

/// One execution of the account, whoever ordered it.
struct venue_fill {
  std::string order_id;
  std::string symbol;
  order_side side = order_side::buy;
  std::int64_t filled = 0; ///< of the order, with this one
};

/// trade_updates.
struct trade_update {
  std::string event;                    ///< "fill", "partial_fill", "new", ...
  std::string execution_id;             ///< empty when null
  money price;                          ///< of this execution
  std::int64_t shares = 0;              ///< of this execution
  std::optional<std::int64_t> position; ///< after it
  time_ms at = 0;
  venue_order order;
};
struct trading_authorization {
  bool authorized = false;
};
struct trading_listening {
  std::vector<std::string> streams;
};
/// An update of an order that cannot be read: fractional shares, an amount of dollars, a missing field.
struct trading_unreadable {
  std::string name; ///< of the order: its symbol, or empty
  std::string problem;
};
struct trading_unknown {};
struct trading_malformed {};
using trading_message = std::variant<trade_update, trading_authorization, trading_listening,
                                     trading_unreadable, trading_unknown, trading_malformed>;
trading_message parse_trading_message(std::string_view text);

struct venue_account {
  std::string number; ///< "PA..." on paper
  std::string status; ///< "ACTIVE"
  money cash;
  money equity;
  money buying_power;
  bool blocked = false; ///< account_blocked, trading_blocked or trade_suspended_by_user
};
struct venue_position {
  std::string symbol;
  std::int64_t shares = 0; ///< whole ones, cut towards 0; negative when short
  std::string fractional;  ///< the quantity as the venue writes it, when it is no whole number; else empty
  money average_price;
  money current_price;
};
struct venue_clock {
  time_ms at = 0;
  bool is_open = false;
  time_ms next_open = 0;
  time_ms next_close = 0;
};
struct venue_asset {
  std::string symbol;
  std::string exchange;
  bool active = false;
  bool tradable = false;
};
struct named_bar {
  std::string symbol;
  bar value;
};
struct bar_page {
  std::vector<named_bar> bars;
  std::string next_page_token; ///< empty: the last page
  std::uint32_t bad = 0;
};
/// Body of an error answer, whatever its shape.
struct venue_refusal {
  int code = 0; ///< 0 when the body names none
  std::string message;
  std::vector<std::string> related_orders; ///< related_orders, or existing_order_id
  std::optional<std::int64_t> available;   ///< shares
  std::optional<money> buying_power;
};

/// Empty, with `problem` naming the field, when the body is not what it should be.
template <class T>
struct parsed {
  std::optional<T> value;
  std::string problem;
};
/// A row of a list that is not what it should be.
struct unreadable_row {
  std::string name;    ///< its symbol or client order id; empty when it has none
  std::string problem; ///< the field and what is wrong with it
};
/// The rows that can be read, each on its own: one odd row hides no other.
template <class T>
struct parsed_list : parsed<std::vector<T>> {
  std::vector<unreadable_row> unreadable;
};
parsed<venue_account> parse_account(std::string_view body);
parsed<venue_clock> parse_clock(std::string_view body);
parsed<venue_order> parse_order(std::string_view body);
parsed_list<venue_order> parse_orders(std::string_view body);
parsed_list<venue_position> parse_positions(std::string_view body);
/// GET /v2/account/activities/FILL.
parsed_list<venue_fill> parse_fills(std::string_view body);
parsed_list<session_hours> parse_calendar(std::string_view body);
parsed<venue_asset> parse_asset(std::string_view body);
parsed<bar_page> parse_bar_page(std::string_view body);
venue_refusal parse_refusal(std::string_view body);

/// What we say.
std::string authentication_message(std::string_view key_id, std::string_view secret);
/// Channels bars, updatedBars, statuses and lulds of the symbols.
std::string subscription_message(const std::vector<std::string>& symbols);
std::string trading_authentication_message(std::string_view key_id, std::string_view secret);
std::string trading_listen_message();
/// Body of POST /v2/orders: a market day order, with position_intent sell_to_close on sells.
std::string order_body(const order_intent& order, std::string_view symbol);
/// "/v2/stocks/bars?symbols=A%2CB&timeframe=1Min&start=...&end=...&limit=10000&adjustment=raw&feed=iex&sort=asc"
/// Times are inclusive.
std::string bars_target(const std::vector<std::string>& symbols, time_ms first, time_ms last,
                        std::string_view feed, std::string_view adjustment, std::string_view page_token);

/// RFC 3339 with 0 to 9 fraction digits, Z or an offset, to milliseconds (cut); empty when it is none.
std::optional<time_ms> parse_timestamp(std::string_view text);
/// "2025-06-03T13:30:00Z", with milliseconds only when there are any.
std::string format_timestamp(time_ms at);

} // namespace sentio::alpaca
