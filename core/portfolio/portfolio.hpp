// The fold that holds positions, cash and open orders, and turns a strategy's wishes into orders (sections 5
// and 6). Inputs come in tape order; outputs are collected and taken by the caller after each input.
#pragma once

#include "core/account/ledger.hpp"
#include "core/account/order.hpp"
#include "core/account/order_book.hpp"
#include "core/account/risk_gateway.hpp"
#include "core/market/calendar.hpp"
#include "core/market/instrument.hpp"
#include "core/portfolio/output.hpp"
#include "core/portfolio/parameters.hpp"
#include "core/strategy/ranking.hpp"
#include "core/strategy/strategy.hpp"

#include <memory>
#include <string>
#include <vector>

namespace sentio {

class portfolio {
public:
  /// instruments sorted by name. session_tag goes into every order id. Limits of the risk gateway that are 0
  /// and belong to the portfolio: max_positions becomes book.max_positions (n), max_orders_per_round 2 n
  /// + 4, or n + strategy::most_entries_per_round() where that is more: what an honest round may ask for.
  /// Throws std::invalid_argument without a strategy.
  portfolio(const portfolio_parameters& parameters, std::shared_ptr<const strategy> rules,
            std::vector<instrument> instruments, money capital, std::string session_tag);
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
  /// Takes whatever a venue says. What cannot be true (account/venue_bounds.hpp), or contradicts its order,
  /// is booked nowhere, counted and alerted as CRITICAL, and latches HALTED with everything sold. Events of
  /// terminal or unknown orders and repeated fills change nothing and are counted; fills among them are
  /// alerted as CRITICAL.
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
  void replace(const portfolio_parameters& parameters, std::shared_ptr<const strategy> rules);

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
  bool closing() const; ///< close_session was commanded in this session
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
