#include "actors/live/order_desk.hpp"

#include "core/account/venue_bounds.hpp"

#include <algorithm>
#include <utility>

namespace sentio {

namespace {

constexpr int post_limit = 3;     ///< of the same id, each after looks that found nothing
constexpr int looks_per_post = 4; ///< a miss is no proof: the order may still be on its way (spec 3.9)
constexpr int refusal_limit = 3;  ///< of an exit that shares held elsewhere or a wash trade stop
constexpr std::int64_t first_wait_ms = 250;
constexpr std::int64_t longest_wait_ms = 4'000;
constexpr time_ms acknowledgement_ms = 10'000; ///< then the order is looked up (F19), venue time
constexpr time_ms stuck_ms = 30'000;           ///< then it is canceled
constexpr std::int64_t least_wait_ms = 300;    ///< of real time for both
constexpr int duplicate_code = 40'010'001;

bool unknown_outcome(int status) {
  return status == 0 || status == 408 || status >= 500;
}

bool is_acknowledged(const std::string& status) {
  return status != "pending_new" && !status.empty();
}

bool contains(const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
}

money per_share(money value, std::int64_t shares) {
  return money{(value.micros + shares / 2) / shares};
}

} // namespace

order_desk::order_desk(std::vector<std::string> symbols, std::string session_tag,
                       std::vector<std::int64_t> held)
    : symbols_(std::move(symbols)), prefix_("s-" + session_tag + "-"), held_(std::move(held)),
      changed_at_(symbols_.size()), difference_(symbols_.size()), agreed_at_(symbols_.size()),
      told_fills_(symbols_.size()), prices_(symbols_.size()) {
  held_.resize(symbols_.size());
}

desk_output order_desk::take() {
  return std::exchange(output_, desk_output{});
}

const order_intent* order_desk::find(const std::string& client_order_id) const {
  const auto found = orders_.find(client_order_id);
  return found == orders_.end() ? nullptr : &found->second.intent;
}

std::size_t order_desk::live() const {
  return static_cast<std::size_t>(
      std::count_if(orders_.begin(), orders_.end(), [](const auto& one) { return !one.second.done; }));
}

time_ms order_desk::list_since(desk_time now) const {
  if (!listed_at_ || doubts_positions())
    return now.venue - 12 * 60 * minute_ms;
  time_ms since = *listed_at_ - 3 * minute_ms;
  for (const auto& [id, order] : orders_)
    if (!order.done || order.given_up)
      since = std::min(since, order.posted.venue - minute_ms); // the clocks may differ
  return since;
}

std::optional<symbol_index> order_desk::index_of(const std::string& symbol) const {
  const auto found = std::lower_bound(symbols_.begin(), symbols_.end(), symbol);
  if (found == symbols_.end() || *found != symbol)
    return std::nullopt;
  return static_cast<symbol_index>(found - symbols_.begin());
}

bool order_desk::alarm_once(const std::string& text) {
  const bool is_new = said_.insert(text).second;
  if (is_new)
    output_.alarms.push_back(text);
  return is_new;
}

void order_desk::submit(const order_intent& order, desk_time now) {
  const auto [place, is_new] = orders_.try_emplace(order.client_order_id);
  if (!is_new)
    return; // an intent is carried out once
  place->second.intent = order;
  prices_[order.symbol] = order.reference_price;
  if (!held_back(place->second, now))
    post(place->second, now);
}

void order_desk::post(tracked& order, desk_time now) {
  ++order.posts;
  if (order.posts == 1)
    order.posted = now;
  else
    ++reposted_;
  order.looks = order.misses = 0;
  order.post_at.reset();
  order.look_at.reset();
  changed_at_[order.intent.symbol] = now.real;
  output_.requests.push_back({desk_action::post, order.intent.client_order_id, {}});
}

void order_desk::cancel(const std::string& client_order_id, desk_time now) {
  const auto found = orders_.find(client_order_id);
  if (found == orders_.end() || found->second.done)
    return;
  tracked& order = found->second;
  order.cancel_wanted = true;
  if (order.post_at && order.venue_id.empty() && !order.uncertain) {
    end(order, venue_event_kind::canceled, "before the venue took it", now);
    return;
  }
  if (order.venue_id.empty())
    return; // as soon as its id is known
  order.canceled_at = now.real;
  output_.requests.push_back({desk_action::cancel, client_order_id, order.venue_id});
}

void order_desk::look_later(tracked& order, desk_time now) {
  const auto wait = std::min(longest_wait_ms, first_wait_ms << std::min(order.looks, 4));
  order.look_at = now.real + wait;
}

void order_desk::answered(const desk_request& request, const desk_answer& answer, desk_time now) {
  const auto found = orders_.find(request.client_order_id);
  tracked* order = found == orders_.end() ? nullptr : &found->second;
  switch (request.action) {
  case desk_action::post:
    if (order && !order->done)
      post_answered(*order, answer, now);
    break;
  case desk_action::look:
    if (order && !order->done)
      look_answered(*order, answer, now);
    break;
  case desk_action::cancel:
    // 204 is only a request; the end comes as an event. Anything else: see what the order is now.
    if (order && !order->done && answer.status != 204)
      look_later(*order, now);
    break;
  case desk_action::list:
    if (const auto list = alpaca::parse_orders(answer.body); answer.status == 200 && list.value) {
      for (const auto& row : list.unreadable)
        tell_unreadable("an order", row);
      for (const auto& seen : *list.value)
        learn(seen, nullptr, now);
      listed_at_ = std::max(listed_at_.value_or(0), request.asked_at);
      positions_asked_at_ = now.real;
      output_.requests.push_back({desk_action::positions, {}, {}});
    }
    break;
  case desk_action::positions:
    if (const auto list = alpaca::parse_positions(answer.body); answer.status == 200 && list.value) {
      compare(list, now);
      if (request.client_order_id == "close")
        close_left_over(list);
    }
    break;
  case desk_action::fills:
    fills_answered(answer);
    break;
  case desk_action::close_all:
  case desk_action::close_one:
    if (answer.status != 404) // there was nothing to close
      output_.alarms.push_back("closed at the venue what was left, HTTP " + std::to_string(answer.status));
    break;
  }
}

void order_desk::post_answered(tracked& order, const desk_answer& answer, desk_time now) {
  if (answer.status == 200 || answer.status == 201) {
    if (const auto seen = alpaca::parse_order(answer.body); seen.value) {
      order.uncertain = false;
      learn(*seen.value, nullptr, now);
      return;
    }
  }
  const auto refusal = alpaca::parse_refusal(answer.body);
  const bool there = refusal.code == duplicate_code || answer.status == 409 ||
                     contains(refusal.message, "client_order_id must be unique");
  if (answer.status < 300 || unknown_outcome(answer.status) || there) {
    order.uncertain = true;
    if (there && std::exchange(order.resumed, false))
      output_.requests.push_back({desk_action::look, order.intent.client_order_id, {}});
    else
      look_later(order, now);
    return;
  }
  if (answer.status == 429) {
    // What reduces is tried again after seconds, whatever the venue wants; a buy is over by its own age.
    const auto longest = order.intent.side == order_side::sell ? longest_wait_ms : 2 * longest_entry_ms;
    order.post_at = now.real + std::clamp<std::int64_t>(1'000LL * answer.retry_after_s, 1'000, longest);
    --order.posts; // it was not taken
    return;
  }
  refused(order, answer, now);
}

void order_desk::refused(tracked& order, const desk_answer& answer, desk_time now) {
  if (!order.venue_id.empty()) {
    look_later(order, now); // an earlier post of it arrived after all
    return;
  }
  const auto refusal = alpaca::parse_refusal(answer.body);
  const bool sells = order.intent.side == order_side::sell;
  if (sells && !refusal.related_orders.empty() && ++order.refusals <= refusal_limit) {
    // Shares held by another order, or a wash trade (F23, F25): that order goes first.
    for (const auto& id : refusal.related_orders)
      output_.requests.push_back({desk_action::cancel, {}, id});
    order.post_at = now.real + first_wait_ms * order.refusals;
    --order.posts;
    return;
  }
  if (contains(refusal.message, "blocked") || contains(refusal.message, "suspended")) {
    output_.stop_entries = true;
    alarm_once("the account may not trade: " + refusal.message);
  }
  auto reason = "HTTP " + std::to_string(answer.status);
  if (!refusal.message.empty())
    reason += ": " + refusal.message;
  end(order, venue_event_kind::rejected, std::move(reason), now);
}

void order_desk::look_answered(tracked& order, const desk_answer& answer, desk_time now) {
  ++order.looks;
  if (answer.status == 200) {
    if (const auto seen = alpaca::parse_order(answer.body); seen.value) {
      order.uncertain = false;
      order.looks = order.misses = 0;
      learn(*seen.value, nullptr, now);
      return;
    }
  }
  if (answer.status == 404)
    ++order.misses;
  if (answer.status != 404 || order.misses < looks_per_post) {
    look_later(order, now);
    return;
  }
  if (!order.venue_id.empty()) {
    alarm_once("the venue no longer knows order " + order.intent.client_order_id);
    look_later(order, now);
    return;
  }
  if (order.cancel_wanted || order.too_late || is_too_late(order.intent, now)) {
    order.given_up = true;
    end(order, venue_event_kind::canceled, std::string(never_arrived), now);
    return;
  }
  if (order.posts < post_limit) {
    post(order, now); // the same id: if it was there after all, the venue says so
    return;
  }
  order.given_up = true;
  end(order, venue_event_kind::rejected, std::string(never_arrived), now);
}

void order_desk::learn(const alpaca::venue_order& seen, const alpaca::trade_update* update, desk_time now) {
  const auto found = orders_.find(seen.client_order_id);
  if (found == orders_.end()) {
    heard_foreign(seen, update, now);
    return;
  }
  tracked& order = found->second;
  own_ids_.insert(seen.id);
  const order_intent& intent = order.intent;
  if (seen.symbol != symbols_[intent.symbol] || seen.side != intent.side || seen.shares != intent.shares) {
    output_.halt = true;
    alarm_once("order " + intent.client_order_id + " is another one at the venue: " + seen.symbol + " " +
               to_string(seen.side) + " " + std::to_string(seen.shares));
    return;
  }
  if (const auto why = why_impossible_order(seen, update, order); !why.empty()) {
    refuse_order(order, seen, why, update != nullptr, now);
    return;
  }
  if (order.done) {
    ++duplicates_;
    if (seen.filled > order.filled)
      learn_late_fill(order, seen, update, now);
    return;
  }
  order.uncertain = false;
  order.venue_id = seen.id;
  if (!order.acknowledged && is_acknowledged(seen.status) && seen.status != "rejected") {
    order.acknowledged = true;
    output_.events.push_back({venue_event_kind::accepted, intent.client_order_id, now.venue, {}, {}});
  }
  if (seen.filled > order.filled)
    learn_fill(order, seen, update, now);
  else if (update && (update->event == "fill" || update->event == "partial_fill"))
    ++duplicates_;
  if (order.filled == intent.shares)
    order.done = true;
  else if (seen.status == "rejected")
    end(order, venue_event_kind::rejected, "rejected after it was accepted", now);
  else if (seen.status == "expired" || seen.status == "done_for_day")
    end(order, venue_event_kind::expired, seen.status, now);
  else if (alpaca::is_terminal_status(seen.status) && seen.status != "filled")
    end(order, venue_event_kind::canceled, seen.status, now);
  else if (order.cancel_wanted && order.canceled_at == 0)
    cancel(intent.client_order_id, now);
}

void order_desk::learn_fill(tracked& order, const alpaca::venue_order& seen,
                            const alpaca::trade_update* update, desk_time now) {
  const order_intent& intent = order.intent;
  const std::int64_t filled = std::min(seen.filled, intent.shares);
  const std::int64_t shares = filled - order.filled;
  execution fill;
  fill.execution_id = intent.client_order_id + "#" + std::to_string(filled);
  fill.client_order_id = intent.client_order_id;
  fill.symbol = intent.symbol;
  fill.side = intent.side;
  fill.shares = shares;
  fill.price = price_of(order, seen, update, shares);
  fill.at = now.venue;
  order.filled = filled;
  order.value += fill.price * shares;
  held_[intent.symbol] += intent.side == order_side::buy ? shares : -shares;
  changed_at_[intent.symbol] = now.real;
  output_.events.push_back({venue_event_kind::fill, intent.client_order_id, now.venue, fill, {}});
}

money order_desk::price_of(const tracked& order, const alpaca::venue_order& seen,
                           const alpaca::trade_update* update, std::int64_t shares) {
  // The event's own price when it tells of exactly these shares, else what the average implies.
  if (update && update->shares == shares && update->price.micros > 0)
    return update->price;
  const auto implied = per_share(seen.filled_price * (order.filled + shares) - order.value, shares);
  if (implied.micros > 0)
    return implied;
  return seen.filled_price.micros > 0 ? seen.filled_price : order.intent.reference_price;
}

/// It reached the venue after it was given up. For the book the order is over: its shares are an adjustment.
void order_desk::learn_late_fill(tracked& order, const alpaca::venue_order& seen,
                                 const alpaca::trade_update* update, desk_time now) {
  const order_intent& intent = order.intent;
  const auto shares = std::min(seen.filled, intent.shares) - order.filled;
  if (shares <= 0)
    return;
  const auto price = price_of(order, seen, update, shares);
  order.filled += shares;
  order.value += price * shares;
  adjust(intent.symbol, intent.side == order_side::buy ? shares : -shares, price,
         std::string(filled_late) + intent.client_order_id, now);
}

void order_desk::end(tracked& order, venue_event_kind kind, std::string reason, desk_time now) {
  order.done = true;
  order.look_at.reset();
  order.post_at.reset();
  changed_at_[order.intent.symbol] = now.real;
  output_.events.push_back({kind, order.intent.client_order_id, now.venue, {}, std::move(reason)});
}

void order_desk::heard(const alpaca::trade_update& update, desk_time now) {
  learn(update.order, &update, now);
}

/// An order that this run did not send: an earlier process's, the close of everything, or a person's. Its
/// fills are facts of the account all the same.
void order_desk::heard_foreign(const alpaca::venue_order& seen, const alpaca::trade_update* update,
                               desk_time now) {
  look_for_second_trader(seen, now);
  const auto symbol = index_of(seen.symbol);
  if (!update || seen.filled == 0)
    return; // what it did before shows in the positions
  const auto price = update->price.micros != 0 ? update->price : seen.filled_price;
  if (symbol)
    if (const auto why = why_impossible_foreign(seen, *update, *symbol, price); !why.empty()) {
      refuse(seen.client_order_id, why, now);
      return;
    }
  // Of what it filled before it was first heard of only the positions tell.
  auto& known =
      foreign_filled_.try_emplace(seen.id, seen.filled - std::min(update->shares, seen.filled)).first->second;
  const auto shares = seen.filled - known;
  if (shares <= 0) {
    ++duplicates_;
    return;
  }
  known = seen.filled;
  ++foreign_;
  if (!symbol) {
    alarm_once("an order of " + seen.symbol + " was filled that is not ours and not one of our symbols");
    return;
  }
  const bool ours = seen.client_order_id.starts_with(prefix_);
  adjust(*symbol, seen.side == order_side::buy ? shares : -shares, price,
         (ours ? "an order of an earlier run, " : "a foreign order, ") + seen.client_order_id, now);
}

void order_desk::reconcile(desk_time now) {
  output_.requests.push_back({desk_action::list, {}, {}, now.venue});
}

void order_desk::close_everything(desk_time now) {
  if (is_closed(now))
    return;
  for (const auto& [id, order] : orders_)
    if (!order.done && order.intent.side == order_side::buy && !order.cancel_wanted)
      cancel(id, now);
  positions_asked_at_ = now.real;
  output_.requests.push_back({desk_action::positions, "close", {}});
}

void order_desk::tick(desk_time now) {
  for (auto& [id, order] : orders_)
    if (!order.done)
      tick_order(order, now);
}

void order_desk::tick_order(tracked& order, desk_time now) {
  const order_intent& intent = order.intent;
  if (order.post_at && (*order.post_at <= now.real || is_too_late(intent, now))) {
    if (!held_back(order, now))
      post(order, now);
    return;
  }
  if (order.look_at && *order.look_at <= now.real) {
    order.look_at.reset();
    output_.requests.push_back({desk_action::look, intent.client_order_id, {}});
    return;
  }
  const auto waited = now.venue - order.posted.venue;
  const auto really_waited = now.real - order.posted.real;
  if (order.look_at || order.post_at || order.uncertain || really_waited < least_wait_ms)
    return;
  // Stuck without an acknowledgement (F19); a buy that is acknowledged but not filled is given up as well. An
  // exit stays queued: a halt may be over any minute (F29).
  const bool stuck = !order.acknowledged || intent.side == order_side::buy;
  if (waited >= stuck_ms && stuck && order.canceled_at == 0) {
    cancel(intent.client_order_id, now);
    order.look_at = now.real + 4 * first_wait_ms;
  } else if ((waited >= acknowledgement_ms && !order.acknowledged) ||
             (order.canceled_at != 0 && now.real - order.canceled_at >= longest_wait_ms)) {
    if (order.canceled_at != 0)
      cancel(intent.client_order_id, now); // it may be pending for minutes (F20)
    order.look_at = now.real + longest_wait_ms;
    output_.requests.push_back({desk_action::look, intent.client_order_id, {}});
  }
}

} // namespace sentio
