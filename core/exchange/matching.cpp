// The life of an order after it was taken (spec section 3.8).
#include "core/exchange/json_text.hpp"
#include "core/exchange/order_desk.hpp"

#include <algorithm>

namespace sentio::venue {

std::uint64_t order_desk::chance(const venue_order& order, const char* what) const {
  const auto counter = static_cast<std::uint64_t>(order.sequence * 1'000 + order.executions);
  return mix(parts_.config.seed, what, counter);
}

void order_desk::tell(const venue_order& order, const char* event, const venue_execution* execution) {
  const auto count = static_cast<std::uint64_t>(++parts_.account.events);
  std::string id;
  if (execution)
    id = execution->id;
  else if (order.status != "pending_new" && order.status != "accepted")
    id = uuid_of(parts_.config.seed, "event", count);
  object_text data;
  data.text("event", event).text_or_null("execution_id", id);
  data.ready("order", order_text(order, parts_.config.seed));
  if (execution)
    data.text("position_qty", decimal_text(parts_.account.held(order.symbol), 9))
      .text("price", decimal_text(execution->price, 6))
      .text("qty", decimal_text(execution->shares, 9));
  else
    data.null("position_qty").null("price").null("qty");
  data.text("timestamp", utc_text(execution ? execution->at : order.updated));
  parts_.tell(order, event, data.take());
}

/// Fault row F17: an old event again, word for word, after what came later.
void order_desk::tell_acknowledgement_again(const venue_order& order) {
  venue_order then = order;
  then.status = "new";
  then.filled = then.filled_value = 0;
  then.filled_at = 0;
  then.updated = order.acknowledged;
  object_text data;
  data.text("event", "new");
  data.text("execution_id",
            uuid_of(parts_.config.seed, "event", static_cast<std::uint64_t>(order.acknowledgement)));
  data.ready("order", order_text(then, parts_.config.seed)).null("position_qty").null("price").null("qty");
  data.text("timestamp", utc_text(then.updated));
  parts_.tell(then, "new", data.take());
}

void order_desk::acknowledge(venue_order& order, time_ms now) {
  mark(order, "new", "new", now);
  order.acknowledged = order.updated;
  order.acknowledgement = parts_.account.events;
  parts_.account.touch(order);
  parts_.account.schedule(order, now + 10 + static_cast<time_ms>(chance(order, "first fill") % 51));
}

void order_desk::set_status(venue_order& order, const char* status, const char* event, time_ms now) {
  mark(order, status, event, now);
  if (!order.open() && order.status != "filled")
    end_others(order, now);
}

void order_desk::mark(venue_order& order, const char* status, const char* event, time_ms now) {
  order.status = status;
  order.updated = parts_.account.stamp(now);
  if (order.status == "canceled")
    order.canceled_at = order.updated;
  else if (order.status == "expired")
    order.expired_at = order.updated;
  else if (order.status == "rejected")
    order.failed_at = order.updated;
  else if (order.status == "replaced")
    order.replaced_at = order.updated;
  else if (order.status == "filled")
    order.filled_at = order.updated;
  parts_.account.touch(order);
  tell(order, event);
}

http_response order_desk::request_cancel(venue_order& order, time_ms now) {
  if (order.status == "pending_cancel")
    return unprocessable("order pending cancel");
  if (!order.open())
    return unprocessable("order is already in \"" + order.status + "\" state");
  set_status(order, "pending_cancel", "pending_cancel", now);
  parts_.account.schedule(order, now + 10 + static_cast<time_ms>(chance(order, "cancel") % 30));
  return no_content();
}

http_response order_desk::cancel(const std::string& id, time_ms now) {
  venue_order* order = parts_.account.find_order(id);
  return order ? request_cancel(*order, now) : refuse(404, 40410000, "order not found for " + id);
}

http_response order_desk::cancel_all(time_ms now) {
  json rows = json::array();
  const std::vector<std::int64_t> open(parts_.account.open_orders().begin(), parts_.account.open_orders().end());
  for (const std::int64_t sequence : open) {
    venue_order& order = parts_.account.order(sequence);
    if (order.waiting) // it ends with the other orders of its group
      continue;
    const http_response one = request_cancel(order, now);
    if (one.status == 204)
      rows.push_back({{"id", order.id}, {"status", 200}});
    else // Alpaca: 500 in the element of an order that cannot be canceled
      rows.push_back({{"id", order.id}, {"status", 500}, {"body", json::parse(one.body)}});
  }
  return answer(207, rows);
}

void order_desk::end_orders(const std::string& symbol, time_ms now) {
  const std::vector<std::int64_t> open(parts_.account.open_orders().begin(), parts_.account.open_orders().end());
  for (const std::int64_t sequence : open)
    if (venue_order& order = parts_.account.order(sequence);
        order.open() && (symbol.empty() || order.symbol == symbol))
      set_status(order, "canceled", "canceled", now);
}

void order_desk::finish_cancel(venue_order& order, time_ms now) {
  if (const placed_fault* race = order.waiting ? nullptr : parts_.faults.strike(fault_kind::cancel_fill_race, now, order.symbol)) {
    const auto symbol = parts_.prices.find(order.symbol);
    const auto quote = symbol ? parts_.prices.quote(*symbol, now) : std::nullopt;
    const micros market = quote ? (order.buy ? quote->ask : quote->bid) : 0;
    const micros price = order.limit.value_or(market);
    quantity shares = order.notional ? shares_for(*order.notional - order.filled_value, std::max<micros>(1, price))
                                     : order.remaining();
    const double part = race->value() > 0 ? std::min(race->value(), 1.0) : 1.0;
    if (part < 1) {
      const quantity cut = static_cast<quantity>(static_cast<double>(shares) * part);
      shares = shares >= 2 * whole_share ? std::max<quantity>(whole_share, cut / whole_share * whole_share) : cut;
    }
    if (price > 0 && shares > 0 && affordable(order, shares, price))
      fill(order, shares, price, now);
    if (!order.open())
      return;
  }
  set_status(order, "canceled", "canceled", now);
}

std::optional<time_ms> order_desk::next_time() const {
  if (parts_.account.agenda().empty())
    return std::nullopt;
  return parts_.account.agenda().begin()->first;
}

void order_desk::run(time_ms now) {
  while (!parts_.account.agenda().empty() && parts_.account.agenda().begin()->first <= now) {
    venue_order& order = parts_.account.order(parts_.account.agenda().begin()->second);
    look_at(order, now);
    // Whatever look_at forgot would be looked at for ever in the same instant.
    if (order.open() && order.next_time <= now)
      parts_.account.schedule(order, now + 1'000);
  }
}

void order_desk::look_at_all(time_ms now) {
  const std::vector<std::int64_t> open(parts_.account.open_orders().begin(), parts_.account.open_orders().end());
  for (const std::int64_t sequence : open)
    if (venue_order& order = parts_.account.order(sequence); order.status != "pending_new")
      parts_.account.schedule(order, std::min(order.next_time, now + 1));
}

bool order_desk::can_trade(const venue_order& order, time_ms now) const {
  const trading_day day = parts_.calendar.day_for(order.extended_hours, now);
  return now >= day.begin && now < day.end;
}

/// When a day order is over.
time_ms order_desk::day_end(const venue_order& order, time_ms now) const {
  const civil_date date = date_from_days(order.session_day);
  if (const auto day = parts_.calendar.day(date, order.extended_hours, now))
    return day->end;
  return new_york_to_utc(date, 16, 0);
}

bool order_desk::session_over(const venue_order& order, time_ms now) const { return now >= day_end(order, now); }

/// To the next second, when quotes change, or to the close or the next open.
void order_desk::wait(venue_order& order, time_ms now) {
  const trading_day day = parts_.calendar.day_for(order.extended_hours, now);
  const time_ms second = now - now % 1'000 + 1'000;
  parts_.account.schedule(order, now < day.begin ? day.begin + 1 : std::min(second, day.end));
}

void order_desk::look_at(venue_order& order, time_ms now) {
  if (order.status == "pending_cancel") {
    if (const placed_fault* stuck = parts_.faults.active(fault_kind::cancel_stuck, now, order.symbol);
        stuck && !session_over(order, now)) {
      parts_.account.schedule(order, std::min(stuck->until, now + 1'000));
      return;
    }
    finish_cancel(order, now);
    return;
  }
  if (order.time_in_force != "gtc" && session_over(order, now)) {
    set_status(order, "expired", "expired", now);
    return;
  }
  if (order.waiting) {
    watch(order, now);
    return;
  }
  if (!can_trade(order, now)) {
    wait(order, now);
    return;
  }
  if (order.status == "pending_new" || order.status == "accepted")
    look_at_pending(order, now);
  else
    try_fill(order, now);
}

void order_desk::look_at_pending(venue_order& order, time_ms now) {
  if (order.stuck) {
    parts_.account.schedule(order, parts_.calendar.day_for(order.extended_hours, now).end);
    return;
  }
  if (order.reject_later) {
    set_status(order, "rejected", "rejected", now);
    return;
  }
  acknowledge(order, now);
}

/// Whether the last trade reached the stop now or before.
bool order_desk::stop_reached(venue_order& order, time_ms now) {
  const auto symbol = parts_.prices.find(order.symbol);
  const auto quote = symbol ? parts_.prices.quote(*symbol, now) : std::nullopt;
  if (order.triggered || !quote || parts_.prices.halted(order.symbol, now))
    return order.triggered;
  follow_trail(order, quote->last);
  if (order.buy ? quote->last < *order.stop : quote->last > *order.stop)
    return false;
  order.triggered = true;
  parts_.account.touch(order);
  return true;
}

std::optional<micros> order_desk::marketable_price(venue_order& order, time_ms now) {
  const auto symbol = parts_.prices.find(order.symbol);
  const auto quote = symbol ? parts_.prices.quote(*symbol, now) : std::nullopt;
  if (!quote || parts_.prices.halted(order.symbol, now))
    return std::nullopt;
  if (order.stop && !stop_reached(order, now))
    return std::nullopt;
  const micros price = order.buy ? quote->ask : quote->bid;
  if (order.limit && (order.buy ? price > *order.limit : price < *order.limit))
    return std::nullopt;
  return price;
}

/// All that is left, or for a tenth of the fills a random part of it.
quantity order_desk::fill_size(const venue_order& order, micros price, bool forced) const {
  const quantity left
    = order.notional ? shares_for(*order.notional - order.filled_value, price) : order.remaining();
  const double draw = static_cast<double>(chance(order, "partial") >> 11) * 0x1.0p-53;
  if (order.time_in_force == "fok" || left < 2 * whole_share || (!forced && draw >= parts_.config.partial_fill_share))
    return left;
  const auto whole = static_cast<std::uint64_t>(left / whole_share);
  const std::uint64_t part = forced ? whole / 2 : 1 + chance(order, "part") % (whole - 1);
  return static_cast<quantity>(part) * whole_share;
}

/// A buy that was queued may have become dearer than what it holds: it takes what the cash allows, never a debt.
bool order_desk::affordable(venue_order& order, quantity& shares, micros price) const {
  if (!order.buy)
    return true;
  const micros power = parts_.account.buying_power() + order.reserved();
  if (value_of(shares, price) <= power)
    return true;
  const quantity possible = shares_for(std::max<micros>(0, power), price);
  shares = shares % whole_share == 0 ? possible / whole_share * whole_share : possible;
  return shares > 0;
}

void order_desk::fill(venue_order& order, quantity shares, micros price, time_ms now) {
  const auto count = static_cast<std::uint64_t>(parts_.account.executions().size()) + 1;
  const venue_execution done
    = parts_.account.execute(order, shares, price, uuid_of(parts_.config.seed, "execution", count), now);
  // A notional order is complete when less than a cent is left: that buys no share worth telling.
  const bool complete
    = order.notional ? *order.notional - order.filled_value < 10'000 : order.remaining() <= 0;
  const bool canceling = order.status == "pending_cancel";
  order.status = complete ? "filled" : canceling ? "pending_cancel" : "partially_filled";
  if (complete)
    order.filled_at = order.updated;
  parts_.account.touch(order);
  tell(order, complete ? "fill" : "partial_fill", &done);
  if (complete && order.acknowledged && parts_.faults.strike(fault_kind::stale_new_after_fill, now, order.symbol))
    tell_acknowledgement_again(order);
  follow_fill(order, now);
}

void order_desk::try_fill(venue_order& order, time_ms now) {
  const auto price = marketable_price(order, now);
  const bool at_once = order.time_in_force == "ioc" || order.time_in_force == "fok";
  if (!price) {
    if (at_once)
      set_status(order, "canceled", "canceled", now);
    else
      wait(order, now);
    return;
  }
  time_ms pause = 10 + static_cast<time_ms>(chance(order, "next fill") % 51);
  const placed_fault* forced = parts_.faults.strike(fault_kind::partial_fills, now, order.symbol);
  if (forced)
    pause = std::max<time_ms>(1, forced->delay());
  quantity shares = fill_size(order, *price, forced != nullptr);
  const quantity wanted = shares;
  if (!order.buy) { // a notional sell takes more shares when the price falls, but never those that are not there
    const quantity others = parts_.account.held_for_orders(order.symbol) - order.remaining();
    shares = std::min(shares, parts_.account.held(order.symbol) - others);
  }
  if (shares <= 0 || !affordable(order, shares, *price)) {
    set_status(order, order.filled > 0 ? "canceled" : "rejected", order.filled > 0 ? "canceled" : "rejected", now);
    return;
  }
  if (order.time_in_force == "fok" && shares < wanted) {
    set_status(order, "canceled", "canceled", now);
    return;
  }
  fill(order, shares, *price, now);
  if (!order.open())
    return;
  if (shares < wanted || at_once) {
    set_status(order, "canceled", "canceled", now);
    return;
  }
  parts_.account.schedule(order, now + pause);
}

} // namespace sentio::venue
