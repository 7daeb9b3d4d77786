// The price and time at which a simulated venue fills (strategy section 6), as small classes.
#pragma once

#include "core/account/order.hpp"
#include "core/account/parameters.hpp"
#include "core/market/calendar.hpp"

#include <memory>
#include <vector>

namespace sentio {

/// One session's bars by symbol_index, each with ascending labels. Bars outside [open, close) are never used.
using session_bars = std::vector<std::vector<bar>>;

/// What will become of an order, known when it arrives, because the simulated venue has the whole session.
struct planned_fill {
  bool fills = true; ///< false: expires at the close
  time_ms at = 0;
  money price;
  bool no_print = false; ///< no bar was left: the last close of the day, or of an earlier one
};

/// What a fill model may look at.
struct fill_market {
  const std::vector<bar>* bars = nullptr; ///< of the order's symbol
  const session_hours* hours = nullptr;
  money earlier_close; ///< last close before this session; 0 = never seen
};

class fill_rule {
public:
  virtual ~fill_rule() = default;
  /// `now` is when the venue got the order: nothing happens before.
  virtual planned_fill plan(const order_intent& order, const fill_market& market, time_ms now) const = 0;
};

/// The open of the symbol's first bar labelled at or after the minute of released_at, at label + latency.
/// Exits without such a bar fill at the last close at the session's close; entries expire then.
class next_open_fill final : public fill_rule {
public:
  explicit next_open_fill(time_ms latency_ms) : latency_ms_(latency_ms) {}
  planned_fill plan(const order_intent& order, const fill_market& market, time_ms now) const override;

private:
  time_ms latency_ms_;
};

/// The predecessor's rule: at once, at the close of the last bar labelled before the minute of released_at.
class same_close_fill final : public fill_rule {
public:
  planned_fill plan(const order_intent& order, const fill_market& market, time_ms now) const override;
};

std::unique_ptr<fill_rule> make_fill_rule(const cost_parameters& parameters);

} // namespace sentio
