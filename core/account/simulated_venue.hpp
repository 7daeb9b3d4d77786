// A broker for replays: it knows the session's bars and keeps its own account, as a real one does.
#pragma once

#include "core/account/fees.hpp"
#include "core/account/fill_models.hpp"
#include "core/account/order.hpp"
#include "core/market/calendar.hpp"
#include "core/market/instrument.hpp"

#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

namespace sentio {

/// Orders in, venue events out, in one total order: time, then client order id, then accepted before the
/// rest. A buy that would overdraw the account at its fill price is cut to the whole shares that cash pays,
/// costs included; the rest is canceled with a reason that begins with cut_to_cash_reason. A sell of more
/// than the account holds is rejected. No partial fills otherwise.
class simulated_venue {
public:
  /// instruments sorted by name, as everywhere; cash is the account's at the start.
  simulated_venue(std::vector<instrument> instruments, const cost_parameters& costs, money cash);

  /// bars[symbol] of this session. Throws std::logic_error when orders of the last session are still open
  /// (advance to its close first) or the count of symbols differs.
  void begin_session(const session_hours& hours, std::shared_ptr<const session_bars> bars);
  /// An id that was submitted before in this session is ignored: sending again after a lost connection is
  /// safe.
  void submit(const order_intent& order, time_ms now);
  /// Nothing happens when the order is unknown, done, or due at or before now: the fill was first.
  void cancel(const cancel_intent& order, time_ms now);
  /// When advance() will next have something to say.
  std::optional<time_ms> next_time() const;
  /// Everything due at or before now.
  std::vector<venue_event> advance(time_ms now);

  money cash() const { return cash_; }
  std::int64_t shares(symbol_index symbol) const { return shares_.at(symbol); }

private:
  struct entry {
    order_intent order;
    bool accepted = false; // its accepted event is out
    venue_event_kind last = venue_event_kind::fill;
    time_ms submitted_at = 0;
    planned_fill plan;
    std::string reason;

    time_ms due() const { return accepted ? plan.at : submitted_at; }
  };
  std::string refusal_of(const order_intent& order, time_ms now) const;
  void emit(entry& done, std::vector<venue_event>& events);
  void emit_fill(const entry& done, std::vector<venue_event>& events);
  std::int64_t affordable(const entry& buy) const;
  execution_cost costs_of(const entry& done, std::int64_t shares) const;

  std::vector<instrument> instruments_;
  cost_parameters costs_;
  std::unique_ptr<fill_rule> rule_;
  money cash_;
  std::vector<std::int64_t> shares_;
  std::vector<money> earlier_closes_;
  session_hours hours_;
  std::shared_ptr<const session_bars> bars_;
  std::vector<entry> open_;
  std::unordered_set<std::string> ids_; // looked up only, never iterated
};

} // namespace sentio
