// What the portfolio says of a session: decisions, trades, snapshots, latches and totals.
#pragma once

#include "core/account/order.hpp"
#include "core/market/instrument.hpp"
#include "core/strategy/refusal.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sentio {

enum class session_phase : std::uint8_t { open, liquidation, close };
/// configure: a configuration for the next session was taken; nothing changes in this one. kill: a drill, an
/// actor is killed; it comes back as it was, so nothing changes here. close_session: the session is being
/// ended before its time; everything is sold, and nothing is bought until a later session begins.
enum class command_kind : std::uint8_t {
  maintenance_on,
  maintenance_off,
  flatten,
  halt,
  rearm,
  configure,
  kill,
  close_session
};

/// One line of the decisions log: what was done with a symbol in a round and why.
struct decision {
  time_ms at = 0;
  symbol_index symbol = 0;
  decision_kind kind = decision_kind::hold;
  std::string reason;    ///< the rule that fired and its numbers: "edge -0.8 bp < exit threshold -0.5 bp"
  std::int32_t rank = 0; ///< 1 = best; 0 = not rankable
  double strength = 0;
  std::int32_t bars_held = 0;

  friend bool operator==(const decision&, const decision&) = default;
};

/// A fill as booked: one line of the trades log.
struct trade {
  execution fill;
  time_ms decided_at = 0;
  bool is_exit = false;
  decision_kind kind = decision_kind::enter;
  std::string reason;
  money pnl;          ///< on exits: proceeds - cost basis - all costs of the shares closed
  double pnl_pct = 0; ///< pnl / (basis + entry cost)
  std::int32_t bars_held = 0;

  friend bool operator==(const trade&, const trade&) = default;
};

struct book_position {
  symbol_index symbol = 0;
  std::int64_t shares = 0;
  money entry_price; ///< average, per share
  money mark;
  money unrealized;
  std::int32_t rank = 0;
  double strength = 0;
  std::int32_t bars_held = 0;

  friend bool operator==(const book_position&, const book_position&) = default;
};

/// The book before a round's decisions: one line of the positions log.
struct book_snapshot {
  time_ms at = 0;
  std::vector<book_position> positions; ///< by symbol
  money cash;
  money equity;
  money unrealized;
  double drawdown = 0; ///< from the session's highest equity, fraction

  friend bool operator==(const book_snapshot&, const book_snapshot&) = default;
};

/// What inputs since the last take() led to, in order of happening.
struct portfolio_output {
  std::vector<decision> decisions;
  std::vector<order_intent> orders;
  std::vector<cancel_intent> cancels;
  std::vector<trade> trades;
  std::vector<book_snapshot> snapshots; ///< one per round
  std::vector<std::string> alerts; ///< for the session log: breaker, refused order, residual at the close
  /// HALTED was latched, became graver, or was re-armed: write halted() down before acting on the rest. Not
  /// on the tape, since it follows from the inputs.
  bool latch_changed = false;

  bool empty() const {
    return decisions.empty() && orders.empty() && cancels.empty() && trades.empty() && snapshots.empty() &&
           alerts.empty() && !latch_changed;
  }
  friend bool operator==(const portfolio_output&, const portfolio_output&) = default;
};

/// What a latch is about. drawdown and overdrawn end with their session; equity_floor latches again in every
/// later session until equity is above it; halted lasts until an operator re-arms.
enum class latch_rule : std::uint8_t { drawdown, equity_floor, overdrawn, halted, count_ };
const char* to_string(latch_rule rule); ///< as the enumerators are called

/// Entries were stopped, in one session.
struct session_latch {
  latch_rule rule = latch_rule::drawdown;
  std::string reason; ///< the rule and its numbers
  time_ms at = 0;     ///< in this session: when it latched, or the open, when it held from before
  time_ms since = 0;  ///< when it latched first: maybe in an earlier session
  time_ms until = 0;  ///< when an operator re-armed; 0 = it held to the end of the session

  friend bool operator==(const session_latch&, const session_latch&) = default;
};

/// Totals of a session, for the log and status.
struct session_totals {
  money opening_equity;
  money closing_equity;
  money spread_cost;
  money fees;
  std::uint64_t fills = 0;
  std::uint64_t rounds = 0;
  std::uint64_t rotations = 0;
  std::uint64_t entries = 0;     ///< positions opened (first fill from flat)
  std::uint64_t exits = 0;       ///< positions closed (last fill to flat)
  std::uint64_t no_prints = 0;   ///< fills without a bar, at the last close
  std::uint64_t wins = 0;        ///< round trips with a profit after all costs
  std::uint64_t cut_to_cash = 0; ///< buys reduced because they would overdraw: when sized, or by the venue
  std::uint64_t dropped_dependents = 0;
  std::vector<std::uint64_t> refused; ///< by refusal
  std::vector<session_latch> latches; ///< in order of `at`; at most one of each rule holds at a time
  bool flat = true;
};

} // namespace sentio
