// The inside of the portfolio: shared by its source files, used by nobody else.
#pragma once

#include "core/account/fees.hpp"
#include "core/account/ledger.hpp"
#include "core/account/order_book.hpp"
#include "core/account/risk_gateway.hpp"
#include "core/strategy/correlation.hpp"
#include "core/strategy/portfolio.hpp"
#include "core/strategy/rotation.hpp"
#include "core/strategy/sizing.hpp"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace sentio {

struct portfolio::state final : entry_desk {
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
    bool awaits_bar = false; ///< resumed after a halt, and no bar since
    std::uint64_t entered = 0;               ///< round counter at the first fill of the position
    std::uint64_t exited = 0;                ///< round counter at the last exit, while cooling
    std::array<attempt_counter, 2> attempts; ///< by order_side
  };

  /// An entry that waits for the last fill of an exit.
  struct dependent {
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

  state(const portfolio_parameters& p, std::vector<instrument> i, money start, std::string session_tag);

  // portfolio.cpp: sessions, phases, commands
  void begin_session(const session_hours& day);
  void on_phase(session_phase next, time_ms at);
  void on_command(command_kind command, time_ms at);
  void replace(const portfolio_parameters& next);
  void close_day(time_ms at);
  bool sending_allowed() const { return phase == day_phase::open || phase == day_phase::liquidation; }
  void alert(std::string text) { output.alerts.push_back(std::move(text)); }

  // portfolio_round.cpp: one decision round
  void on_round(const ranked_round& round);
  void take_prices(const ranked_round& round);
  void expire_cooldowns();
  void watch_breaker(time_ms at);
  void view_positions(const ranked_round& round);
  void add_snapshot(time_ms at);
  verdict judge(const held_view& position) const;
  void decide_positions(time_ms at);
  void decide_new_entries(const ranked_round& round);
  std::optional<refusal> entry_block(const ranked_round& round) const;

  // portfolio_orders.cpp: what goes out
  double round_trip_bp(symbol_index symbol) const override;
  std::optional<refusal> enter(wanted_entry entry) override;
  std::optional<refusal> rotate(held_view& out, std::string reason, wanted_entry entry) override;
  std::int64_t target_shares(symbol_index symbol) const;
  std::int64_t affordable_shares(money price) const;
  /// False when the risk gateway refused; an alert says why.
  bool send(order_request request);
  std::string next_order_id(const order_request& request);
  void send_exit(symbol_index symbol, decision_kind kind, const std::string& note, time_ms at);
  void exit_everything(decision_kind kind, const std::string& note, time_ms at);
  void cancel_entries(const char* why, time_ms at);
  void cancel_entry_of(symbol_index symbol, time_ms at);
  void drop_dependents(const char* why);
  void release_dependents(symbol_index after, time_ms at);

  // portfolio_booking.cpp: what comes back
  void on_venue(const venue_event& event);
  void book_fill(const order_record& order, const execution& fill);
  void book(const execution& fill, const order_intent& intent, const std::string& note, fill_origin origin);
  void on_adjustment(const venue_event& event);
  void cancel_orphaned_exits(symbol_index symbol, time_ms at);
  void end_order(const order_record& order, const venue_event& event);
  void exit_late_entry(symbol_index symbol, time_ms at);

  // portfolio_invariants.cpp
  void check() const;
  std::int64_t slots_in_use() const;
  money reserved_cash() const;
  std::int64_t selling_shares(symbol_index symbol) const;
  bool has_live(symbol_index symbol, order_side side) const;
  void restand(symbol_index symbol);

  portfolio_parameters parameters;
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
  bool maintenance = false;
  bool flattening = false; ///< a flatten command not yet carried out
  std::string breaker;     ///< why it is latched; empty = it is not
  time_ms swept_at = 0;    ///< when everything was last told to exit: that round repeats no lines
  money peak_equity;
  std::uint64_t rounds = 0; ///< ever, so that holding times span sessions
  time_ms last_round_at = 0;
  std::int64_t slot_limit = 0; ///< max_positions, or what was in use when a new configuration lowered it
  session_totals totals;

  std::vector<symbol_memory> memory; ///< by symbol
  std::vector<standing> standings;   ///< by symbol
  std::vector<symbol_index> cooling;
  std::vector<dependent> dependents;
  portfolio_output output;

  // Of the round being decided, kept to spare allocations.
  const ranked_round* current = nullptr;
  std::vector<held_view> views;
  std::vector<decision> round_decisions;
  std::vector<symbol_index> order_scratch;
  entry_view entries;
};

} // namespace sentio
