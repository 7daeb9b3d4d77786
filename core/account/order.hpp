// Orders, and what a venue says about them.
#pragma once

#include "core/account/money.hpp"
#include "core/market/bar.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace sentio {

enum class order_side : std::uint8_t { buy, sell };

/// Why the portfolio acts. The names are printed in the logs.
enum class decision_kind : std::uint8_t { hold, exit, enter, rotate_out, profit_target, stop_loss, eod_exit };

/// A market order that the risk gateway approved. client_order_id is a pure function of the decision:
/// s-<session tag>-<yyyymmdd>-<hhmm New York>-<symbol>-<B|S>-<attempt>.
struct order_intent {
  std::string client_order_id;
  symbol_index symbol = 0;
  order_side side = order_side::buy;
  std::int64_t shares = 0;   ///< > 0
  money reference_price;     ///< last close when decided: sizing and collar
  time_ms decided_at = 0;    ///< decision time of its round
  time_ms released_at = 0;   ///< when it may go out: decided_at, or the fill that released a dependent entry
  decision_kind reason = decision_kind::enter;

  friend bool operator==(const order_intent&, const order_intent&) = default;
};

struct cancel_intent {
  std::string client_order_id;
  time_ms decided_at = 0;

  friend bool operator==(const cancel_intent&, const cancel_intent&) = default;
};

/// One fill, whole or partial. Counted once, by execution_id.
struct execution {
  std::string execution_id;
  std::string client_order_id;
  symbol_index symbol = 0;
  order_side side = order_side::buy;
  std::int64_t shares = 0; ///< of this fill, > 0
  money price;             ///< per share, before cost
  money spread_cost;       ///< half spread and slippage, >= 0
  money fees;              ///< SEC and TAF, >= 0
  time_ms at = 0;
  bool no_print = false;   ///< filled at the last close because the session had no further bar

  friend bool operator==(const execution&, const execution&) = default;
};

/// adjustment: a difference to the venue's own positions, found by a reconciliation; its fill has no order, and
/// its client_order_id is "adjustment-<n>". impossible: the venue said what cannot be true (venue_bounds.hpp) and it
/// was refused where it entered; the reason says what, and there is no fill.
enum class venue_event_kind : std::uint8_t {
  accepted,
  rejected,
  canceled,
  expired,
  fill,
  adjustment,
  impossible
};

/// A cancel whose reason begins so ends a buy that the account's cash could not pay in full.
inline constexpr std::string_view cut_to_cash_reason = "cut to cash";

/// One word of the venue about one order.
struct venue_event {
  venue_event_kind kind = venue_event_kind::accepted;
  std::string client_order_id;
  time_ms at = 0;
  execution fill;     ///< with kinds fill and adjustment only
  std::string reason; ///< with rejected, canceled, expired, adjustment, impossible

  friend bool operator==(const venue_event&, const venue_event&) = default;
};

/// Names as in the logs: "BUY", "EXIT", ...
const char* to_string(order_side side);
const char* to_string(decision_kind kind);
const char* to_string(venue_event_kind kind);

} // namespace sentio
