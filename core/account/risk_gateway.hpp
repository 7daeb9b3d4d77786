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
  duplicate,  ///< an id seen before in this session
  malformed,  ///< no shares, or no price
  short_sale, ///< a sell of more than is held and not already being sold
  restricted,
  staleness,
  daily_loss,
  shares,
  notional,
  collar,
  exposure,
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
};

struct risk_verdict {
  bool approved = false;
  risk_rule rule = risk_rule::count_; ///< the rule that refused
  std::string reason;                 ///< a sentence with its numbers; empty when approved
};

/// A sell of at most the sellable shares reduces risk, so only the duplicate rule can stop it: a position
/// must always be able to leave, also after a loss, on a stale price or when the order counts are used up.
class risk_gateway {
public:
  explicit risk_gateway(const risk_parameters& parameters) : parameters_(parameters) {}

  void begin_session(money opening_equity);
  /// Judges, and counts: an approved order is taken as sent.
  risk_verdict review(const order_intent& order, const risk_view& view);
  void replace(const risk_parameters& parameters) { parameters_ = parameters; }

  std::uint64_t approved() const { return orders_today_; }
  std::uint64_t refused(risk_rule rule) const { return refused_[static_cast<std::size_t>(rule)]; }

private:
  risk_verdict judge(const order_intent& order, const risk_view& view) const;
  risk_verdict judge_size(const order_intent& order, const risk_view& view) const;

  risk_parameters parameters_;
  money opening_equity_;
  time_ms minute_ = -1;
  std::uint32_t orders_this_minute_ = 0;
  std::uint64_t orders_today_ = 0;
  std::array<std::uint64_t, static_cast<std::size_t>(risk_rule::count_)> refused_{};
  std::unordered_set<std::string> ids_; // looked up only, never iterated
};

} // namespace sentio
