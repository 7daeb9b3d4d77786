#include "core/account/fill_models.hpp"

#include <algorithm>

namespace sentio {

namespace {

/// First usable bar labelled at or after a time; end when there is none in the session.
std::vector<bar>::const_iterator first_from(const fill_market& market, time_ms label) {
  return std::lower_bound(market.bars->begin(), market.bars->end(), std::max(label, market.hours->open),
                          [](const bar& b, time_ms at) { return b.label < at; });
}

/// Close of the last usable bar labelled before a time; else the last known one; else the order's own
/// reference.
money close_before(const order_intent& order, const fill_market& market, time_ms label) {
  const auto next = first_from(market, std::min(label, market.hours->close));
  if (next != market.bars->begin() && std::prev(next)->label >= market.hours->open)
    return from_dollars(std::prev(next)->close);
  return market.earlier_close.micros > 0 ? market.earlier_close : order.reference_price;
}

time_ms minute_of(time_ms at) {
  return at - at % minute_ms;
}

} // namespace

planned_fill next_open_fill::plan(const order_intent& order, const fill_market& market, time_ms now) const {
  const auto next = first_from(market, minute_of(order.released_at));
  if (next != market.bars->end() && next->label < market.hours->close)
    return {true, std::max({next->label + latency_ms_, order.released_at, now}), from_dollars(next->open),
            false};
  if (order.side == order_side::buy)
    return {false, market.hours->close, {}, false};
  return {true, market.hours->close, close_before(order, market, market.hours->close), true};
}

planned_fill same_close_fill::plan(const order_intent& order, const fill_market& market, time_ms now) const {
  return {true, std::max(order.released_at, now), close_before(order, market, minute_of(order.released_at)),
          false};
}

std::unique_ptr<fill_rule> make_fill_rule(const cost_parameters& parameters) {
  if (parameters.fill == fill_model::close)
    return std::make_unique<same_close_fill>();
  return std::make_unique<next_open_fill>(parameters.latency_ms);
}

} // namespace sentio
