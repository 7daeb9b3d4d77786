// What can go wrong at a venue, each row of the fault matrix (Alpaca, spec section 9) as a switch of the
// exchange.
#pragma once

#include "core/market/bar.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sentio {

/// Every fault works on its own; its name in JSON is the enumerator's.
enum class fault_kind : std::uint8_t {
  data_drop,              ///< F1
  data_ghost,             ///< F2, F33
  upgrade_429,            ///< F3
  close_1011,             ///< F4
  data_mute,              ///< F5
  missing_bars,           ///< F6
  late_bars,              ///< F7
  revised_bars,           ///< F7
  duplicate_bars,         ///< F8
  unordered_bars,         ///< F8
  partial_subscription,   ///< F9
  subscription_405,       ///< F9
  subscription_400,       ///< F9
  auth_402,               ///< F10
  auth_409,               ///< F10
  slow_client,            ///< F11
  odd_frames,             ///< F12
  malformed_json,         ///< F13
  order_answer_dropped,   ///< F14
  order_answer_delayed,   ///< F14
  order_500_after,        ///< F14
  order_504_after,        ///< F14
  order_503_before,       ///< F14
  order_duplicate_answer, ///< F15
  fill_before_answer,     ///< F16
  duplicate_fills,        ///< F17
  trade_updates_dropped,  ///< F18
  trading_drop,           ///< F18
  order_stuck,            ///< F19
  cancel_stuck,           ///< F20
  cancel_fill_race,       ///< F21
  partial_fills,          ///< F22
  shares_held,            ///< F23
  close_all_fails,        ///< F24
  wash_trade,             ///< F25
  no_buying_power,        ///< F26
  order_rejected_later,   ///< F27
  rest_429,               ///< F28
  halt,                   ///< F29
  luld_pause,             ///< F29
  reopen_gap,             ///< F30
  clock_offset,           ///< F31
  early_close,            ///< F32
  closed_day,             ///< F32
  foreign_order,          ///< F34
  account_blocked,        ///< F35
  trading_blocked,        ///< F35
  not_tradable,           ///< F36
  reverse_split,          ///< F36
  tls_expired,            ///< F37, done by the server program
  tls_wrong_host,         ///< F37, done by the server program
  black_hole_upgrade,     ///< F38, done by the server program
  refuse_connect,         ///< F38, done by the server program
  bad_price_zero,         ///< F39
  bad_price_negative,     ///< F39
  bad_price_nan,          ///< F39
  bad_price_crossed,      ///< F39
  bad_price_spike,        ///< F39
  endless_pages,          ///< F40
  huge_body,              ///< F40
  slow_body,              ///< F40
  rest_refused,           ///< F41
  rest_unanswered,        ///< F41
  rest_answer,            ///< F42
  rest_altered,           ///< F43
  rest_rows,              ///< F43
  trade_update_sent,      ///< F44
  trade_update_altered,   ///< F44
  data_message_sent,      ///< F44
  stale_new_after_fill,   ///< F17
  idle_bars,              ///< F6
  future_bars             ///< F45
};

/// One fault and when it is on.
struct fault {
  fault_kind kind = fault_kind::data_drop;
  std::optional<int>
      at_second;        ///< New York seconds of the day: the first such instant after the plan was set
  time_ms after_ms = 0; ///< from the instant at which the plan was set; used without at_second
  std::optional<time_ms> for_ms;     ///< length of the window; without it the window stays open
  std::optional<std::int64_t> count; ///< how often it strikes; without it as the kind's description says
  std::string symbol;                ///< empty: all symbols
  std::optional<double> value;       ///< a number of the kind: a ratio, a number of copies, seconds
  std::optional<time_ms> delay_ms;   ///< a delay or offset of the kind
  std::string text;                  ///< a text of the kind: a reason, a time "13:00", a body, JSON
  /// Which REST calls a fault of the calls strikes: "METHOD /path", "/path" or "METHOD"; a path stands for
  /// all that begin with it. Empty: all calls.
  std::string route;
  std::string match; ///< further: a text that must be in the query or the body, as `"side":"sell"`
  std::vector<std::pair<std::string, std::string>> headers; ///< of an answer that is replaced
};

struct fault_plan {
  std::vector<fault> faults;
};

/// A kind for --help and the documents.
struct fault_description {
  fault_kind kind = fault_kind::data_drop;
  std::string_view row;           ///< "F14", or "F2 F33" when a kind serves two rows
  std::string_view name;          ///< as in JSON
  std::int64_t default_count = 0; ///< strikes when neither count nor for_ms is given; 0: no limit
  double default_value = 0;
  time_ms default_for_ms = 0; ///< window when for_ms is not given; 0: open
  time_ms default_delay_ms = 0;
  std::string_view sentence; ///< what happens
};

/// All kinds, in the order of the enumeration.
const std::vector<fault_description>& fault_descriptions();
const fault_description& description_of(fault_kind kind);

/// Reads an array of faults, or {"faults": [...]}; each {"kind": "...", "row": "F14"?, "at": "HH:MM[:SS]"? or
/// "after_ms": N?, "for_ms": N?, "count": N?, "symbol": "..."?, "value": x?, "delay_ms": N?, "text": "..."?,
/// "route": "POST /v2/orders"?, "match": "..."?, "headers": {"Retry-After": "600"}?}. A text that is an
/// object or an array is taken as its JSON text. Returns what is wrong with the text, and then leaves `out`
/// as it was; empty when it was read.
std::string parse_faults(std::string_view json, fault_plan& out);
/// The array that parse_faults reads.
std::string print_faults(const fault_plan& plan);

} // namespace sentio
