#include "core/account/simulated_venue.hpp"

#include "core/account/sentence.hpp"

#include <algorithm>
#include <stdexcept>
#include <tuple>

namespace sentio {

simulated_venue::simulated_venue(std::vector<instrument> instruments, const cost_parameters& costs,
                                 money cash)
    : instruments_(std::move(instruments)), costs_(costs), rule_(make_fill_rule(costs)), cash_(cash),
      shares_(instruments_.size(), 0), earlier_closes_(instruments_.size()) {}

void simulated_venue::begin_session(const session_hours& hours, std::shared_ptr<const session_bars> bars) {
  if (!open_.empty())
    throw std::logic_error("simulated venue: order " + open_.front().order.client_order_id +
                           " is still open; advance to the close before the next session");
  if (!bars || bars->size() != instruments_.size())
    throw std::logic_error("simulated venue: a session needs one list of bars per symbol");
  if (bars_)
    for (std::size_t s = 0; s < bars_->size(); ++s)
      for (const bar& b : (*bars_)[s])
        if (b.label >= hours_.open && b.label < hours_.close)
          earlier_closes_[s] = from_dollars(b.close);
  hours_ = hours;
  bars_ = std::move(bars);
  ids_.clear();
}

std::string simulated_venue::refusal_of(const order_intent& order, time_ms now) const {
  if (!bars_ || now < hours_.open || now >= hours_.close)
    return "the session is not open";
  if (order.symbol >= instruments_.size())
    return "no such symbol";
  if (order.shares <= 0)
    return "an order needs shares";
  if (order.side == order_side::sell) {
    std::int64_t free = shares_[order.symbol];
    for (const entry& e : open_)
      if (e.order.symbol == order.symbol && e.order.side == order_side::sell &&
          e.last == venue_event_kind::fill)
        free -= e.order.shares;
    if (order.shares > free)
      return (sentence() << "sell of " << order.shares << " shares, but " << free << " are free").take();
  }
  return {};
}

void simulated_venue::submit(const order_intent& order, time_ms now) {
  if (!ids_.insert(order.client_order_id).second)
    return;
  entry fresh;
  fresh.order = order;
  fresh.submitted_at = now;
  fresh.reason = refusal_of(order, now);
  if (!fresh.reason.empty()) {
    fresh.accepted = true; // a rejected order is never accepted
    fresh.last = venue_event_kind::rejected;
    fresh.plan.at = now;
  } else {
    fresh.plan = rule_->plan(order, {&(*bars_)[order.symbol], &hours_, earlier_closes_[order.symbol]}, now);
    if (!fresh.plan.fills) {
      fresh.last = venue_event_kind::expired;
      fresh.reason = "no further bar in the session";
    }
  }
  open_.push_back(std::move(fresh));
}

void simulated_venue::cancel(const cancel_intent& order, time_ms now) {
  for (entry& e : open_)
    if (e.order.client_order_id == order.client_order_id && e.plan.at > now) {
      e.last = venue_event_kind::canceled;
      e.plan.at = now;
      e.reason = "canceled on request";
    }
}

std::optional<time_ms> simulated_venue::next_time() const {
  std::optional<time_ms> first;
  for (const entry& e : open_)
    if (!first || e.due() < *first)
      first = e.due();
  return first;
}

execution_cost simulated_venue::costs_of(const entry& done, std::int64_t shares) const {
  return execution_costs(done.order.side, shares, done.plan.price, instruments_[done.order.symbol],
                         hours_.date, costs_);
}

std::int64_t simulated_venue::affordable(const entry& buy) const {
  const auto price_of = [&](std::int64_t shares) {
    return buy.plan.price * shares + costs_of(buy, shares).total();
  };
  if (price_of(buy.order.shares) <= cash_)
    return buy.order.shares;
  // Cost grows with the shares, so the largest affordable count is found by halving.
  std::int64_t pays = 0;
  std::int64_t too_many = buy.order.shares;
  while (too_many - pays > 1) {
    const std::int64_t middle = pays + (too_many - pays) / 2;
    (price_of(middle) <= cash_ ? pays : too_many) = middle;
  }
  return pays;
}

void simulated_venue::emit_fill(const entry& done, std::vector<venue_event>& events) {
  const order_intent& order = done.order;
  const bool buys = order.side == order_side::buy;
  const std::int64_t shares = buys ? affordable(done) : order.shares;
  if (shares > 0) {
    const execution_cost cost = costs_of(done, shares);
    venue_event event{venue_event_kind::fill, order.client_order_id, done.plan.at, {}, {}};
    event.fill = {order.client_order_id + "-1",
                  order.client_order_id,
                  order.symbol,
                  order.side,
                  shares,
                  done.plan.price,
                  cost.spread_cost,
                  cost.fees,
                  done.plan.at,
                  done.plan.no_print};
    const money value = done.plan.price * shares;
    cash_ = buys ? cash_ - value - cost.total() : cash_ + value - cost.total();
    shares_[order.symbol] += buys ? shares : -shares;
    events.push_back(std::move(event));
  }
  if (shares < order.shares) {
    sentence why;
    why << cut_to_cash_reason << ": " << shares << " of " << order.shares << " shares";
    events.push_back({venue_event_kind::canceled, order.client_order_id, done.plan.at, {}, why.take()});
  }
}

void simulated_venue::emit(entry& done, std::vector<venue_event>& events) {
  if (!done.accepted) {
    done.accepted = true;
    events.push_back({venue_event_kind::accepted, done.order.client_order_id, done.submitted_at, {}, {}});
    return;
  }
  if (done.last == venue_event_kind::fill)
    emit_fill(done, events);
  else
    events.push_back({done.last, done.order.client_order_id, done.plan.at, {}, done.reason});
  open_.erase(open_.begin() + (&done - open_.data()));
}

std::vector<venue_event> simulated_venue::advance(time_ms now) {
  std::vector<venue_event> events;
  while (true) {
    // One at a time, because each fill changes the cash that the next one may use.
    const auto next = std::min_element(open_.begin(), open_.end(), [](const entry& a, const entry& b) {
      return std::forward_as_tuple(a.due(), a.order.client_order_id) <
             std::forward_as_tuple(b.due(), b.order.client_order_id);
    });
    if (next == open_.end() || next->due() > now)
      return events;
    emit(*next, events);
  }
}

} // namespace sentio
