#include "core/exchange/books.hpp"

#include "core/exchange/json_text.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace sentio::venue {

quantity venue_order::remaining() const {
  if (shares)
    return *shares - filled;
  return notional ? shares_for(std::max<micros>(0, *notional - filled_value), reserve_price) : 0;
}

micros venue_order::reserved() const {
  if (!buy || !open())
    return 0;
  if (notional)
    return std::max<micros>(0, *notional - filled_value);
  return value_of(remaining(), reserve_price);
}

time_ns books::stamp(time_ms now) {
  const time_ns made_up = static_cast<time_ns>(mix(9, "stamp", static_cast<std::uint64_t>(now)) % 1'000'000);
  last_stamp_ = std::max(last_stamp_ + 1'003, now * ns_of_ms + made_up);
  return last_stamp_;
}

void books::index(const venue_order& order) {
  by_id_[order.id] = order.sequence;
  by_client_id_[order.client_order_id] = order.sequence;
}

venue_order& books::add_order(venue_order order) {
  order.sequence = static_cast<std::int64_t>(orders_.size()) + 1;
  orders_.push_back(std::move(order));
  index(orders_.back());
  touch(orders_.back());
  return orders_.back();
}

venue_order* books::find_order(const std::string& id) {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &order(found->second);
}

venue_order* books::find_client_order(const std::string& client_order_id) {
  const auto found = by_client_id_.find(client_order_id);
  return found == by_client_id_.end() ? nullptr : &order(found->second);
}

void books::touch(venue_order& order) {
  changed_orders_.insert(order.sequence);
  micros& reserve = reserves_[order.sequence];
  reserved_ += order.reserved() - reserve;
  reserve = order.reserved();
  if (order.open()) {
    open_.insert(order.sequence);
  } else {
    reserves_.erase(order.sequence);
    open_.erase(order.sequence);
    agenda_.erase({order.next_time, order.sequence});
  }
}

void books::schedule(venue_order& order, time_ms at) {
  agenda_.erase({order.next_time, order.sequence});
  order.next_time = at;
  if (order.open())
    agenda_.emplace(at, order.sequence); // not a change to write: a restart looks at every open order anyway
}

const venue_execution& books::execute(venue_order& order, quantity shares, micros price, const std::string& id,
                                      time_ms now) {
  const micros value = value_of(shares, price);
  const time_ns at = stamp(now);
  venue_position& position = positions_[order.symbol];
  if (order.buy) {
    position.shares += shares;
    position.cost += value;
    cash -= value;
  } else {
    // The cost of the shares that go is their part of the whole, so that the last share leaves none behind.
    const double part = static_cast<double>(shares) / static_cast<double>(position.shares);
    const micros gone = shares == position.shares
                          ? position.cost
                          : static_cast<micros>(std::llround(static_cast<double>(position.cost) * part));
    position.shares -= shares;
    position.cost -= gone;
    cash += value;
  }
  changed_positions_.insert(order.symbol);
  if (position.shares == 0)
    positions_.erase(order.symbol);
  order.filled += shares;
  order.filled_value += value;
  order.updated = at;
  ++order.executions;
  const auto sequence = static_cast<std::int64_t>(executions_.size()) + 1;
  executions_.push_back({sequence, id, order.id, order.symbol, order.buy, shares, price, value, at, order.filled});
  return executions_.back();
}

void books::split_position(const std::string& symbol, double ratio) {
  const auto found = positions_.find(symbol);
  if (found == positions_.end() || !(ratio > 0))
    return;
  found->second.shares = static_cast<quantity>(static_cast<double>(found->second.shares) / ratio);
  changed_positions_.insert(symbol);
}

quantity books::held(const std::string& symbol) const {
  const auto found = positions_.find(symbol);
  return found == positions_.end() ? 0 : found->second.shares;
}

quantity books::held_for_orders(const std::string& symbol) const {
  quantity total = 0;
  for (const std::int64_t sequence : open_) {
    const venue_order& o = orders_[static_cast<std::size_t>(sequence - 1)];
    if (!o.buy && !o.waiting && o.symbol == symbol)
      total += o.remaining();
  }
  return total;
}

const json& books::document(const std::string& name) const {
  static const json nothing;
  const auto found = documents_.find(name);
  return found == documents_.end() ? nothing : found->second;
}

void books::set_document(const std::string& name, json body) {
  documents_[name] = std::move(body);
  changed_documents_.insert(name);
}

std::string books::nested_text(const venue_order& parent, std::uint64_t seed) const {
  std::string legs;
  for (const std::int64_t sequence : parent.legs)
    append_element(legs, order_text(order(sequence), seed));
  return order_text(parent, seed, legs.empty() ? std::string("null") : "[" + legs + "]");
}

} // namespace sentio::venue
