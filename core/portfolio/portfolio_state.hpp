// The inside of the portfolio: shared by its source files, used by nobody else.
#pragma once

#include "core/account/fees.hpp"
#include "core/account/ledger.hpp"
#include "core/account/order_book.hpp"
#include "core/account/risk_gateway.hpp"
#include "core/portfolio/portfolio.hpp"
#include "core/portfolio/sizing.hpp"
#include "core/strategy/correlation.hpp"
#include "core/strategy/strategy.hpp"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace sentio {

struct portfolio::state final : entry_executor {
  enum class day_phase : std::uint8_t { none, before_open, open, liquidation, closed };

  /// Order ids of one symbol and side: attempt 1, and one more after each known refusal, cancel or expiry.
  struct attempt_counter {
    time_ms minute = -1;
    std::uint32_t last = 0;
    bool failed = false;
  };

  /// What is remembered of a symbol between rounds.
  struct symbol_memory {
    double last_close = 0;
    std::int32_t staleness = 0;
    double strength = 0;
    std::int32_t rank = 0;
    bool cooling = false;
    bool halted = false;
    bool awaits_bar = false;                 ///< resumed after a halt, and no bar since
    bool down = false;                       ///< its actor is down for good
    bool residual_told = false;              ///< its position after the close was alerted
    bool price_refused = false;              ///< its last price could not be true
    std::string exit_failure;                ///< how its last exit ended unfilled, for that alert
    std::uint64_t entered = 0;               ///< round counter at the first fill of the position
    std::uint64_t exited = 0;                ///< round counter at the last exit, while cooling
    std::array<attempt_counter, 2> attempts; ///< by order_side
  };

  /// An entry that waits for the last fill of an exit.
  struct deferred_entry {
    symbol_index symbol = 0;
    symbol_index after = 0;
    std::int64_t shares = 0;
    money price;
    time_ms decided_at = 0;
    std::string note;
  };

  struct order_request {
    symbol_index symbol = 0;
    order_side side = order_side::buy;
    std::int64_t shares = 0;
    money price;
    time_ms decided_at = 0;
    time_ms released_at = 0;
    decision_kind reason = decision_kind::enter;
    std::string note;
  };

  state(const portfolio_parameters& p, std::shared_ptr<const strategy> s, std::vector<instrument> i,
        money start, std::string session_tag);

  // portfolio.cpp: sessions, phases, commands
  void begin_session(const session_hours& day);
  void on_phase(session_phase next, time_ms at);
  void on_command(command_kind command, time_ms at);
  void replace(const portfolio_parameters& next, std::shared_ptr<const strategy> next_rules);
  void close_day(time_ms at);
  std::string residual_reason(symbol_index symbol) const;
  bool sending_allowed() const { return phase == day_phase::open || phase == day_phase::liquidation; }
  void alert(std::string text) { output.alerts.push_back(std::move(text)); }

  // portfolio_halt.cpp: HALTED, symbols that are down, and what both mean for entries
  void latch(std::string reason, bool sweeps, time_ms at);
  /// Entries are stopped from now on: kept for the session's totals.
  void note_latch(latch_rule rule, const std::string& reason, time_ms at, time_ms since);
  void carry_out_latch(time_ms at);
  void rearm(time_ms at);
  void watch_losses(time_ms at);
  void on_symbol(symbol_index symbol, bool up, time_ms at);
  /// Everything held must leave: the session is being closed, a flatten command, or HALTED by a runaway or a
  /// loss.
  bool must_be_flat() const { return closing || flattening || halt_flattens || halt_sweeps; }
  std::string sweep_reason() const;
  /// Why nothing may be bought; empty = the state is ACTIVE.
  std::string why_inactive() const;
  /// Why this symbol may not be bought, as the end of a sentence; empty = it may.
  std::string_view why_not_traded(symbol_index symbol) const;
  /// Its exits are forced: they may stand beside others, and count towards no runaway.
  bool forced_out(symbol_index symbol) const;
  static risk_parameters gateway_limits(const portfolio_parameters& p, const strategy& s);

  // portfolio_round.cpp: one decision round
  void on_round(const ranked_round& round);
  void take_prices(const ranked_round& round);
  void expire_cooldowns();
  void watch_breaker(time_ms at);
  void view_positions(const ranked_round& round);
  void add_snapshot(time_ms at);
  position_wish judge(const position_view& position) const;
  void decide_positions(time_ms at);
  void forget_swept_holds();
  void decide_new_entries(const ranked_round& round);
  std::optional<refusal> entry_block(const ranked_round& round) const;

  // portfolio_orders.cpp: what goes out
  double round_trip_bp(symbol_index symbol) const override;
  std::optional<refusal> enter(entry_wish entry) override;
  std::optional<refusal> rotate(position_view& out, std::string reason, entry_wish entry) override;
  std::int64_t target_shares(const entry_wish& entry) const;
  /// Of inverse volatility sizing: which symbols will be held when this round's entries are filled.
  void plan_peers(const entry_view& view);
  double volatility_weight_of(symbol_index symbol) const;
  std::int64_t affordable_shares(money price) const;
  /// False when the risk gateway refused; an alert says why.
  bool send(order_request request);
  risk_view view_for(const order_request& request, std::string_view inactive) const;
  std::uint32_t next_attempt(const order_request& request);
  std::string order_id(symbol_index symbol, order_side side, time_ms decided_at, std::uint32_t attempt) const;
  void send_exit(symbol_index symbol, decision_kind kind, const std::string& note, time_ms at);
  void exit_now(const holding& position, decision_kind kind, const std::string& note, time_ms at);
  void exit_everything(decision_kind kind, const std::string& note, time_ms at);
  void cancel_entries(const char* why, time_ms at);
  void cancel_entry_of(symbol_index symbol, time_ms at);
  void drop_deferred_entries(const char* why);
  void release_deferred_entries(symbol_index after, time_ms at);

  // portfolio_bounds.cpp: what cannot be true
  std::string why_refused(const venue_event& event) const;
  void refuse(const venue_event& event, const std::string& why);
  bool take_price(symbol_index symbol, double close, time_ms at);

  // portfolio_booking.cpp: what comes back
  void on_venue(const venue_event& event);
  void book_fill(const order_record& order, const execution& fill);
  void book(const execution& fill, const order_intent& intent, const std::string& note, fill_origin origin);
  void on_adjustment(const venue_event& event);
  void cancel_orphaned_exits(symbol_index symbol, time_ms at);
  void end_order(const order_record& order, const venue_event& event);
  void exit_late_entry(symbol_index symbol, time_ms at);
  void end_flattening();

  // portfolio_invariants.cpp
  void check() const;
  void check_open_orders() const;
  void check_emission(const order_intent& order) const;
  void watch_reserve(money cash_before, money released);
  std::int64_t slots_in_use() const;
  money reserved_cash() const;
  std::int64_t selling_shares(symbol_index symbol) const;
  bool has_live(symbol_index symbol, order_side side) const;
  void update_status(symbol_index symbol);

  portfolio_parameters parameters;
  std::shared_ptr<const strategy> rules;
  std::vector<instrument> instruments;
  money capital;
  std::string tag;
  ledger account;
  order_book orders;
  risk_gateway gate;
  return_grid returns;

  session_hours hours;
  day_phase phase = day_phase::none;
  bool halted = false;
  std::string halt_reason;
  time_ms halted_since = 0;
  time_ms floor_since = 0;  ///< equity has been below the breaker's floor since then; 0 = it is above
  bool halt_sweeps = false; ///< halted by a runaway or a loss: everything held is sold
  bool latch_due = false;   ///< just latched, and nothing sold yet
  bool maintenance = false;
  bool closing = false;       ///< close_session was commanded: until a later session begins
  bool flattening = false;    ///< a flatten command not yet carried out
  bool halt_flattens = false; ///< a flatten command while HALTED: until rearm
  std::string breaker;        ///< why it is latched; empty = it is not
  time_ms swept_at = 0;       ///< when everything was last told to exit: that round repeats no lines
  money peak_equity;
  std::uint64_t rounds = 0; ///< ever, so that holding times span sessions
  time_ms last_round_at = 0;
  std::uint64_t orders_out = 0; ///< of the session: as many as the gateway approved
  money overspent;              ///< what fills and adjustments took beyond the reserves of buys still open
  bool residuals_told = false;  ///< after the close: what is left was alerted
  std::size_t residual_orders = 0;
  std::int64_t slot_limit = 0;  ///< max_positions, or what was in use when a new configuration lowered it
  std::uint64_t impossible = 0; ///< events and prices that were refused since they cannot be true
  session_totals totals;

  std::vector<symbol_memory> memory;  ///< by symbol
  std::vector<entry_status> statuses; ///< by symbol
  std::vector<symbol_index> cooling;
  std::vector<deferred_entry> deferred_entries;
  portfolio_output output;

  // Of the round being decided, kept to spare allocations.
  const ranked_round* current = nullptr;
  std::vector<position_view> views;
  std::vector<decision> round_decisions;
  std::vector<symbol_index> order_scratch;
  entry_view entries;
  std::vector<symbol_index> planned_peers; ///< plan_peers
};

} // namespace sentio
