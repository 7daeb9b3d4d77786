#include "core/account/order_book.hpp"

#include <algorithm>
#include <stdexcept>

namespace sentio {

const char* to_string(order_state state) {
  switch (state) {
  case order_state::approved:
    return "approved";
  case order_state::accepted:
    return "accepted";
  case order_state::partially_filled:
    return "partially filled";
  case order_state::filled:
    return "filled";
  case order_state::canceled:
    return "canceled";
  case order_state::rejected:
    return "rejected";
  case order_state::expired:
    return "expired";
  }
  return "?";
}

void order_book::begin_session() {
  by_id_.clear();
  if (live_.empty())
    executions_.clear();
  std::erase_if(orders_, [](const auto& record) { return is_terminal(record->state); });
  for (const auto& record : orders_)
    by_id_.emplace(record->intent.client_order_id, record.get());
}

const order_record& order_book::add(order_intent intent, std::string note, money reserve_per_share) {
  if (intent.shares <= 0)
    throw std::logic_error("order " + intent.client_order_id + " has no shares");
  auto record = std::make_unique<order_record>();
  record->intent = std::move(intent);
  record->note = std::move(note);
  record->reserve_per_share = reserve_per_share;
  if (!by_id_.emplace(record->intent.client_order_id, record.get()).second)
    throw std::logic_error("order id " + record->intent.client_order_id + " was used twice");
  live_.push_back(record.get());
  orders_.push_back(std::move(record));
  return *orders_.back();
}

bool order_book::is_booked(const std::string& execution_id) const {
  return executions_.contains(execution_id);
}

const order_record* order_book::find(const std::string& client_order_id) const {
  const auto found = by_id_.find(client_order_id);
  return found == by_id_.end() ? nullptr : found->second;
}

void order_book::request_cancel(const std::string& client_order_id) {
  if (const auto found = by_id_.find(client_order_id); found != by_id_.end())
    found->second->cancel_requested = true;
}

void order_book::apply_fill(order_record& record, const execution& fill) {
  const order_intent& intent = record.intent;
  if (fill.symbol != intent.symbol || fill.side != intent.side)
    throw std::logic_error("fill " + fill.execution_id + " has another symbol or side than its order " +
                           intent.client_order_id);
  if (fill.shares <= 0 || fill.price.micros <= 0)
    throw std::logic_error("fill " + fill.execution_id + " has no shares or no price");
  if (fill.shares > record.remaining())
    throw std::logic_error("fill " + fill.execution_id + " brings order " + intent.client_order_id + " to " +
                           std::to_string(record.filled + fill.shares) + " of " +
                           std::to_string(intent.shares) + " shares");
  record.filled += fill.shares;
  record.state = record.remaining() == 0 ? order_state::filled : order_state::partially_filled;
}

void order_book::check(const order_record& live) {
  const auto broken = [&](const char* identity) {
    throw std::logic_error("order " + live.intent.client_order_id + ": " + identity +
                           " does not hold, it is " + to_string(live.state) + " with " +
                           std::to_string(live.filled) + " of " + std::to_string(live.intent.shares) +
                           " shares filled");
  };
  if (is_terminal(live.state) || live.remaining() <= 0)
    broken("live means that something is left to fill");
  if (live.filled < 0 || (live.filled > 0) != (live.state == order_state::partially_filled))
    broken("filled agrees with the state");
  const bool buys = live.intent.side == order_side::buy;
  if (live.reserve_per_share.micros < 0 || (!buys && live.reserve_per_share.micros != 0))
    broken("reserve >= 0, and only for buys,");
}

event_outcome order_book::apply(const venue_event& event) {
  const auto found = by_id_.find(event.client_order_id);
  if (found == by_id_.end()) {
    ++counts_.unknown_orders;
    return {event_effect::unknown, nullptr};
  }
  order_record& record = *found->second;
  const bool is_fill = event.kind == venue_event_kind::fill;
  if (is_fill && executions_.contains(event.fill.execution_id)) {
    ++counts_.duplicate_fills;
    return {event_effect::duplicate, &record};
  }
  const bool backwards = event.kind == venue_event_kind::accepted && record.state != order_state::approved;
  if (is_terminal(record.state) || backwards) {
    ++counts_.late_events;
    return {event_effect::late, &record};
  }
  switch (event.kind) {
  case venue_event_kind::fill:
    apply_fill(record, event.fill);
    executions_.insert(event.fill.execution_id);
    break;
  case venue_event_kind::accepted:
    record.state = order_state::accepted;
    break;
  case venue_event_kind::rejected:
    record.state = order_state::rejected;
    break;
  case venue_event_kind::canceled:
    record.state = order_state::canceled;
    break;
  case venue_event_kind::expired:
    record.state = order_state::expired;
    break;
  case venue_event_kind::adjustment:
  case venue_event_kind::impossible:
    throw std::logic_error(std::string("an event of kind ") + to_string(event.kind) + " names order " +
                           event.client_order_id + ", but it belongs to none");
  }
  if (is_terminal(record.state))
    std::erase(live_, &record);
  return {event_effect::applied, &record};
}

} // namespace sentio
