// The fold that holds positions, cash and open orders, and decides each round (sections 5 and 6).
// Inputs come in tape order; outputs are collected and taken by the caller after each input.
#pragma once

#include "core/account/ledger.hpp"
#include "core/account/order.hpp"
#include "core/account/order_book.hpp"
#include "core/account/parameters.hpp"
#include "core/account/risk_gateway.hpp"
#include "core/market/calendar.hpp"
#include "core/market/instrument.hpp"
#include "core/strategy/parameters.hpp"
#include "core/strategy/ranking.hpp"

#include <memory>
#include <string>
#include <vector>

namespace sentio {

struct portfolio_parameters {
  rotation_parameters rotation;
  sizing_parameters sizing;
  cost_parameters costs; ///< for the cost band (kappa) and the modelled estimate
  risk_parameters risk;

  friend bool operator==(const portfolio_parameters&, const portfolio_parameters&) = default;
};

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

/// Rules that may refuse an entry; counted per session, shown in every report. In every round inside a
/// session each symbol that is not held is either entered or counts exactly one, the first that stopped it
/// (rotation.hpp).
enum class refusal : std::uint8_t {
  probability,
  confidence,
  strength,
  stale,
  not_ready,
  threshold,
  cost_band,
  rank,
  cooldown,
  order_open,
  correlation,
  book_full,
  rotation_delta,
  minimum_hold,
  entry_cutoff,
  round_incomplete,
  exits_only,
  zero_shares,
  cash,
  risk_gateway,
  count_
};
const char* to_string(refusal rule);

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

class portfolio {
public:
  /// instruments sorted by name. session_tag goes into every order id. Limits of the risk gateway that are 0
  /// and belong to the portfolio: max_positions becomes rotation.max_positions (n), max_orders_per_round 2 n
  /// + 4, or n + max_rank_to_enter where that is more: what an honest round may ask for.
  portfolio(const portfolio_parameters& parameters, std::vector<instrument> instruments, money capital,
            std::string session_tag);
  portfolio(portfolio&&) noexcept;
  portfolio& operator=(portfolio&&) noexcept;
  ~portfolio();

  /// Starts a day: counters, cool-downs, breaker and attempt numbers begin anew; cash, positions, orders
  /// whose outcome is unknown, halt and maintenance stay. Throws std::logic_error unless sessions ascend.
  void begin_session(const session_hours& hours);
  /// open: decisions begin. liquidation: pending entries are canceled and every position is exited (with
  /// eod_liquidation). close: nothing is sent any more; what is left is alerted as CRITICAL.
  void on_phase(session_phase phase, time_ms at);
  /// The minute's cut-off: dependent entries not yet released are dropped. Comes before its round.
  void on_cut_off(time_ms at);
  /// Marks, and decides. A round outside a session, or not later than the last one, is ignored with an alert.
  void on_round(const ranked_round& round);
  /// Takes whatever a venue says. What cannot be true (account/venue_bounds.hpp), or contradicts its order, is booked
  /// nowhere, counted and alerted as CRITICAL, and latches HALTED with everything sold. Events of terminal or unknown
  /// orders and repeated fills change nothing and are counted; fills among them are alerted as CRITICAL.
  void on_venue(const venue_event& event);
  /// maintenance_on: no entries. flatten: exit everything now, and keep trying each round until flat; while
  /// HALTED until rearm, so that what fills late is sold too. close_session: exit everything now and what
  /// fills later, and enter nothing; only begin_session ends that. Repeated, it tries again at once. halt:
  /// latches HALTED: no entries and pending ones canceled, until rearm, also in later sessions. A runaway and
  /// a loss of halt_loss_pct latch it too, and sell everything, at once and again each round until flat.
  /// rearm: entries again; a loss limit that is still exceeded latches again in the next round.
  void on_command(command_kind command, time_ms at);
  /// A halted symbol is not entered, nor a resumed one before its next bar. Its exits stay queued at the
  /// venue.
  void on_halt(symbol_index symbol, bool on);
  /// up = false: the symbol's actor is down for good. It is not entered, and its position is exited at once
  /// and again each round until flat ("symbol is down"). up: as if nothing had been. Repeated words change
  /// nothing.
  void on_symbol(symbol_index symbol, bool up, time_ms at);
  /// A new configuration between two rounds.
  void replace(const portfolio_parameters& parameters);

  /// What happened since the last call. Move, cheap.
  portfolio_output take();

  money cash() const;
  money equity() const;
  std::int64_t shares(symbol_index symbol) const;
  bool flat() const;               ///< no position and no live order
  std::size_t live_orders() const; ///< not yet terminal
  /// Not yet terminal, in order of approval. Valid until the next input.
  std::vector<const order_record*> open_orders() const;
  bool halted() const;                    ///< HALTED is latched: nothing is bought until rearm
  const std::string& halt_reason() const; ///< empty = not halted
  /// The latch other than HALTED that stops entries now, with the day and time since when; empty = none does.
  std::string entries_stopped() const;
  bool closing() const;                   ///< close_session was commanded in this session
  session_totals totals() const;
  const ledger& book() const;
  const order_counts& venue_counts() const; ///< duplicates, late and unknown, since the start
  std::uint64_t impossible() const; ///< events and prices refused since they cannot be true, since the start
  const risk_gateway& gateway() const;
  /// Throws std::logic_error naming the identity that does not hold. Called after every input, in every
  /// build.
  void check_invariants() const;

private:
  friend struct portfolio_probe; // tests: a strategy with a bug
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace sentio
