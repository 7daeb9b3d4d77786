// The order desk after a standstill: of a gateway that is born into a session, or of a process that was
// frozen.
#include "actors/live/order_desk.hpp"

#include <algorithm>
#include <utility>

namespace sentio {

void order_desk::recall(const order_intent& order, desk_time then) {
  const auto [place, is_new] = orders_.try_emplace(order.client_order_id);
  if (is_new)
    recalled_.push_back(order.client_order_id);
  auto& known = place->second;
  known.intent = order;
  prices_[order.symbol] = order.reference_price;
  known.posts = 1;
  known.posted = {then.real, order.released_at};
}

void order_desk::recall_cancel(const std::string& client_order_id) {
  if (const auto found = orders_.find(client_order_id); found != orders_.end())
    found->second.cancel_wanted = true;
}

void order_desk::recall(const venue_event& word) {
  const execution& fill = word.fill;
  const auto change = fill.side == order_side::buy ? fill.shares : -fill.shares;
  if (word.kind == venue_event_kind::adjustment) {
    held_.at(fill.symbol) += change;
    adjustments_ += word.client_order_id.starts_with("adjustment-") ? 1U : 0U;
    if (word.reason.starts_with(filled_late))
      if (const auto late = orders_.find(word.reason.substr(filled_late.size())); late != orders_.end()) {
        late->second.filled += fill.shares;
        late->second.value += fill.price * fill.shares;
      }
    return;
  }
  if (word.kind == venue_event_kind::impossible) {
    ++impossible_;
    ++impossible_told_;
    said_.insert("impossible: " + word.reason);
    return;
  }
  const auto found = orders_.find(word.client_order_id);
  if (found == orders_.end())
    return;
  tracked& order = found->second;
  if (word.kind == venue_event_kind::accepted) {
    order.acknowledged = true;
  } else if (word.kind == venue_event_kind::fill) {
    order.acknowledged = true;
    order.filled += fill.shares;
    order.value += fill.price * fill.shares;
    held_[fill.symbol] += change;
    order.done = order.filled >= order.intent.shares;
  } else {
    order.done = true;
    order.given_up = word.reason == never_arrived;
  }
}

bool order_desk::held_back(tracked& order, desk_time now) {
  if (!is_too_late(order.intent, now))
    return false;
  if (order.uncertain) {
    order.post_at.reset();
    look_later(order, now);
  } else {
    end(order, venue_event_kind::canceled,
        std::string(is_closed(now)  ? session_closed_by_then
                    : entries_held_ ? nothing_is_sent
                                    : decided_too_long_ago),
        now);
  }
  return true;
}

bool order_desk::is_open(const std::string& client_order_id) const {
  const auto found = orders_.find(client_order_id);
  return found != orders_.end() && !found->second.done;
}

bool order_desk::is_without_word(const std::string& client_order_id) const {
  const auto found = orders_.find(client_order_id);
  return found != orders_.end() && !found->second.done && found->second.venue_id.empty();
}

bool order_desk::is_given_up(const std::string& client_order_id) const {
  const auto found = orders_.find(client_order_id);
  return found != orders_.end() && found->second.given_up;
}

void order_desk::hurry(desk_time now) {
  for (auto& [id, order] : orders_)
    for (auto* due : {&order.post_at, &order.look_at})
      if (!order.done && *due)
        *due = std::min(**due, now.real);
}

void order_desk::resume(desk_time now) {
  // In the order in which they were decided: which of a round's orders arrives first is not left to chance.
  for (const auto& id : std::exchange(recalled_, {})) {
    auto& order = orders_.at(id);
    if (order.done)
      continue;
    changed_at_[order.intent.symbol] = now.real;
    order.too_late = is_closed(now) || (order.intent.side == order_side::buy &&
                                        now.venue - order.intent.released_at > minute_ms);
    if (order.acknowledged || order.too_late || order.cancel_wanted) {
      order.uncertain = !order.acknowledged;
      output_.requests.push_back({desk_action::look, id, {}});
    } else {
      order.posts = 0;
      order.resumed = true;
      post(order, now);
    }
  }
}

} // namespace sentio
