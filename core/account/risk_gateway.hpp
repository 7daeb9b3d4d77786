// The last gate: every order passes it, and it trusts nobody before it. It keeps its own limits and counters.
#pragma once

#include "core/account/order.hpp"
#include "core/account/parameters.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>

namespace sentio {

/// The rules, in the order in which they are examined.
enum class risk_rule : std::uint8_t {
  runaway,    ///< more orders asked for in one decision minute than any strategy could mean
  duplicate,  ///< an id seen before in this session, or an open order of the same symbol and side
  malformed,  ///< no shares, or no price
  short_sale, ///< a sell of more than is held and not already being sold
  not_active, ///< no session open, HALTED, maintenance, flattening or a latched breaker
  restricted,
  not_traded, ///< the symbol is halted, waits for a bar after a halt, or its actor is down
  staleness,
  daily_loss,
  drawdown,
  shares,
  notional,
  collar,
  exposure,
  positions,
  buying_power,
  per_minute,
  per_day,
  count_
};
const char* to_string(risk_rule rule);

/// The account as it is when an order asks to pass.
struct risk_view {
  std::string_view symbol_name;
  money equity;
  money gross_exposure; ///< positions at their marks, and what open buys reserve
  money last_price;     ///< of the symbol
  std::int32_t staleness_minutes = 0;
  std::int64_t sellable_shares = 0; ///< held, less what open sells already take
  money peak_equity;                ///< highest of the session
  money buying_power;               ///< cash that no open buy reserves
  money reserve_per_share;          ///< what a share of this buy will hold back; at least its price counts
  std::int64_t positions = 0;       ///< other symbols than this one that are held or being bought
  bool twin_open = false;           ///< an order of the same symbol and side has not yet ended
  bool outside_session = false;     ///< nothing may leave, not even a sell
  std::string_view inactive;        ///< why nothing may be bought; empty = state ACTIVE
  std::string_view not_traded;      ///< "is down": why this symbol may not be bought; empty = it may
  bool sweep = false;               ///< a sell that was forced, to be flat: never counted towards a runaway
};

struct risk_verdict {
  bool approved = false;
  risk_rule rule = risk_rule::count_; ///< the rule that refused
  std::string reason;                 ///< a sentence with its numbers; empty when approved
};

/// A sell of at most the sellable shares reduces risk, so in a session only the runaway and duplicate rules
/// can stop it: a position must always be able to leave, also after a loss, on a stale price, when the order
/// counts are used up or when nothing may be bought. A sweep's sell passes even the runaway rule, since it is
/// what answers a runaway, and may stand beside an open sell of other shares.
///
/// Runaway: every order asked for is counted by its decision minute, approved or refused. Beyond
/// max_orders_per_round orders in one minute each further one is refused as a runaway; whoever asks must then
/// stop trading altogether (the portfolio latches HALTED and sells everything).
class risk_gateway {
public:
  explicit risk_gateway(const risk_parameters& parameters) : parameters_(parameters) {}

  void begin_session(money opening_equity);
  /// Judges, and counts: an approved order is taken as sent.
  risk_verdict review(const order_intent& order, const risk_view& view);
  void replace(const risk_parameters& parameters) { parameters_ = parameters; }

  /// Orders approved since begin_session: each of them must have gone out.
  std::uint64_t approved() const { return orders_today_; }
  const risk_parameters& parameters() const { return parameters_; }
  std::uint64_t refused(risk_rule rule) const { return refused_[static_cast<std::size_t>(rule)]; }

private:
  risk_verdict judge(const order_intent& order, const risk_view& view) const;
  risk_verdict judge_state(const risk_view& view) const;
  risk_verdict judge_size(const order_intent& order, const risk_view& view) const;
  risk_verdict judge_account(const order_intent& order, const risk_view& view) const;
  risk_verdict judge_counts(const order_intent& order) const;
  bool runs_away(const order_intent& order, const risk_view& view);

  risk_parameters parameters_;
  money opening_equity_;
  time_ms minute_ = -1;
  std::uint32_t orders_this_minute_ = 0;
  time_ms asked_minute_ = -1; // the latest one: an order decided earlier counts towards it, too
  std::uint32_t asked_ = 0;
  std::uint64_t orders_today_ = 0;
  std::array<std::uint64_t, static_cast<std::size_t>(risk_rule::count_)> refused_{};
  std::unordered_set<std::string> ids_; // looked up only, never iterated
};

} // namespace sentio
