// The order state machine: what is known of every order of the session.
#pragma once

#include "core/account/order.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace sentio {

/// approved -> accepted -> partially_filled -> filled, or from any of the first three to canceled, rejected
/// or expired. States only move forward; the last four are terminal and never left.
enum class order_state : std::uint8_t {
  approved,
  accepted,
  partially_filled,
  filled,
  canceled,
  rejected,
  expired
};

const char* to_string(order_state state);
constexpr bool is_terminal(order_state state) {
  return state >= order_state::filled;
}

struct order_record {
  order_intent intent;
  std::string note; ///< the decision's reason, repeated in the trades log
  order_state state = order_state::approved;
  std::int64_t filled = 0; ///< shares, 0 ... intent.shares
  money reserve_per_share; ///< cash that each unfilled share of a buy holds back
  bool cancel_requested = false;

  std::int64_t remaining() const { return intent.shares - filled; }
  money reserved() const { return reserve_per_share * remaining(); }
};

/// What an event meant to the book.
enum class event_effect : std::uint8_t {
  applied,
  duplicate, ///< a fill whose execution id was booked before
  late,      ///< it would move an order backwards, or out of a terminal state
  unknown    ///< no such order
};

struct event_outcome {
  event_effect effect = event_effect::unknown;
  const order_record* order = nullptr; ///< null when unknown; valid until the next begin_session
};

struct order_counts {
  std::uint64_t duplicate_fills = 0;
  std::uint64_t late_events = 0;
  std::uint64_t unknown_orders = 0;
};

class order_book {
public:
  /// Forgets terminal orders. Live ones stay: their outcome is still unknown.
  void begin_session();
  /// Throws std::logic_error on a client order id that was used before, or without shares.
  const order_record& add(order_intent intent, std::string note, money reserve_per_share);
  void request_cancel(const std::string& client_order_id);
  /// Throws std::logic_error when a fill contradicts its order: other symbol or side, no shares, no price, or
  /// more shares in all than ordered. Late events and duplicates are counted, and change nothing.
  event_outcome apply(const venue_event& event);

  /// Throws std::logic_error naming the identity that a live order breaks: 0 <= filled < ordered, nothing
  /// filled before partially_filled, reserve >= 0 and only for buys.
  static void check(const order_record& live);

  const order_record* find(const std::string& client_order_id) const;
  /// Whether a fill of this execution id was applied.
  bool is_booked(const std::string& execution_id) const;
  /// Not yet terminal, in the order of approval.
  const std::vector<order_record*>& live() const { return live_; }
  const order_counts& counts() const { return counts_; }

private:
  void apply_fill(order_record& record, const execution& fill);

  std::vector<std::unique_ptr<order_record>> orders_;
  std::vector<order_record*> live_;
  std::unordered_map<std::string, order_record*> by_id_; // looked up only, never iterated
  std::unordered_set<std::string> executions_;           // likewise
  order_counts counts_;
};

} // namespace sentio
