#include "core/account/risk_gateway.hpp"

#include "core/account/sentence.hpp"

#include <algorithm>
#include <cmath>

namespace sentio {

namespace {

risk_verdict refuse(risk_rule rule, sentence& why) {
  return {false, rule, why.take()};
}

std::string dollars(money amount) {
  return to_string(amount) + " dollars";
}

} // namespace

const char* to_string(risk_rule rule) {
  switch (rule) {
  case risk_rule::runaway:
    return "runaway";
  case risk_rule::duplicate:
    return "duplicate";
  case risk_rule::malformed:
    return "malformed";
  case risk_rule::short_sale:
    return "short sale";
  case risk_rule::not_active:
    return "not active";
  case risk_rule::restricted:
    return "restricted";
  case risk_rule::not_traded:
    return "not traded";
  case risk_rule::staleness:
    return "staleness";
  case risk_rule::daily_loss:
    return "daily loss";
  case risk_rule::drawdown:
    return "drawdown";
  case risk_rule::shares:
    return "shares";
  case risk_rule::notional:
    return "notional";
  case risk_rule::collar:
    return "collar";
  case risk_rule::exposure:
    return "exposure";
  case risk_rule::positions:
    return "positions";
  case risk_rule::buying_power:
    return "buying power";
  case risk_rule::per_minute:
    return "orders per minute";
  case risk_rule::per_day:
    return "orders per day";
  case risk_rule::count_:
    break;
  }
  return "?";
}

void risk_gateway::begin_session(money opening_equity) {
  opening_equity_ = opening_equity;
  minute_ = -1;
  orders_this_minute_ = 0;
  asked_minute_ = -1;
  asked_ = 0;
  orders_today_ = 0;
  refused_.fill(0);
  ids_.clear();
}

risk_verdict risk_gateway::judge_size(const order_intent& order, const risk_view& view) const {
  const money value = order.reference_price * order.shares;
  sentence why;
  if (parameters_.max_order_shares > 0 && order.shares > parameters_.max_order_shares)
    return refuse(risk_rule::shares,
                  why << order.shares << " shares > limit " << parameters_.max_order_shares);
  if (parameters_.max_order_notional > 0 && to_dollars(value) > parameters_.max_order_notional)
    return refuse(
        risk_rule::notional,
        (why << "order of " << dollars(value) << " > limit ").fixed(parameters_.max_order_notional, 2));
  const double last = to_dollars(view.last_price);
  if (parameters_.price_collar_pct > 0) {
    const double distance = last > 0 ? std::fabs(to_dollars(order.reference_price) - last) / last : 1e9;
    if (distance > parameters_.price_collar_pct)
      return refuse(risk_rule::collar,
                    (why << "reference price " << to_string(order.reference_price)
                         << " is off the last price " << to_string(view.last_price) << " by more than ")
                        .percent(parameters_.price_collar_pct));
  }
  if (parameters_.max_gross_exposure > 0) {
    const double after = to_dollars(view.gross_exposure + value);
    if (after > parameters_.max_gross_exposure * to_dollars(view.equity))
      return refuse(
          risk_rule::exposure,
          (((why << "exposure of ").fixed(after, 2) << " dollars > ").fixed(parameters_.max_gross_exposure, 2)
           << " times equity of " << dollars(view.equity)));
  }
  return {true, risk_rule::count_, {}};
}

risk_verdict risk_gateway::judge_state(const risk_view& view) const {
  sentence why;
  if (!view.inactive.empty())
    return refuse(risk_rule::not_active, why << "not active: " << view.inactive);
  const auto& restricted = parameters_.restricted;
  if (std::find(restricted.begin(), restricted.end(), view.symbol_name) != restricted.end())
    return refuse(risk_rule::restricted, why << view.symbol_name << " is on the restricted list");
  if (!view.not_traded.empty())
    return refuse(risk_rule::not_traded, why << view.symbol_name << " " << view.not_traded);
  if (parameters_.max_staleness_minutes > 0 &&
      view.staleness_minutes > static_cast<std::int64_t>(parameters_.max_staleness_minutes))
    return refuse(risk_rule::staleness, why << "price is " << view.staleness_minutes << " minutes old, limit "
                                            << parameters_.max_staleness_minutes);
  const double loss = to_dollars(opening_equity_ - view.equity);
  if (parameters_.max_daily_loss_pct > 0 &&
      loss >= parameters_.max_daily_loss_pct * to_dollars(opening_equity_))
    return refuse(risk_rule::daily_loss, ((why << "loss of the session ").fixed(loss, 2) << " dollars >= ")
                                                 .percent(parameters_.max_daily_loss_pct)
                                             << " of the opening equity");
  const money drawdown = view.peak_equity - view.equity;
  if (parameters_.max_drawdown_pct > 0 && drawdown.micros > 0 &&
      drawdown >= fraction_bp(view.peak_equity, parameters_.max_drawdown_pct * 1e4))
    return refuse(risk_rule::drawdown,
                  (why << "drawdown of " << dollars(drawdown) << " >= ").percent(parameters_.max_drawdown_pct)
                      << " of the session's highest equity");
  return {true, risk_rule::count_, {}};
}

risk_verdict risk_gateway::judge_account(const order_intent& order, const risk_view& view) const {
  sentence why;
  if (parameters_.max_positions > 0 && view.positions >= std::int64_t{parameters_.max_positions})
    return refuse(risk_rule::positions, why << view.positions
                                            << " other positions are held or being bought, limit "
                                            << parameters_.max_positions);
  const money value = std::max(order.reference_price, view.reserve_per_share) * order.shares;
  if (parameters_.max_cash_use > 0 && value > fraction_bp(view.buying_power, parameters_.max_cash_use * 1e4))
    return refuse(risk_rule::buying_power,
                  (why << "order of " << dollars(value) << " > ").percent(parameters_.max_cash_use)
                      << " of the free cash " << dollars(view.buying_power));
  return {true, risk_rule::count_, {}};
}

risk_verdict risk_gateway::judge_counts(const order_intent& order) const {
  sentence why;
  const std::uint32_t this_minute = order.decided_at / minute_ms == minute_ ? orders_this_minute_ : 0;
  if (parameters_.max_orders_per_minute > 0 && this_minute >= parameters_.max_orders_per_minute)
    return refuse(risk_rule::per_minute,
                  why << this_minute << " orders this minute, limit " << parameters_.max_orders_per_minute);
  if (parameters_.max_orders_per_day > 0 && orders_today_ >= parameters_.max_orders_per_day)
    return refuse(risk_rule::per_day,
                  why << orders_today_ << " orders today, limit " << parameters_.max_orders_per_day);
  return {true, risk_rule::count_, {}};
}

risk_verdict risk_gateway::judge(const order_intent& order, const risk_view& view) const {
  sentence why;
  if (ids_.contains(order.client_order_id))
    return refuse(risk_rule::duplicate, why << "order id " << order.client_order_id << " was sent before");
  if (order.shares <= 0 || order.reference_price.micros <= 0)
    return refuse(risk_rule::malformed, why << "an order needs shares and a reference price above 0");
  if (view.outside_session)
    return refuse(risk_rule::not_active, why << "not active: the session is not open");
  const bool sells = order.side == order_side::sell;
  if (view.twin_open && !(sells && view.sweep))
    return refuse(risk_rule::duplicate,
                  why << (sells ? "a sell of " : "a buy of ") << view.symbol_name << " is still open");
  if (sells) {
    if (order.shares > view.sellable_shares)
      return refuse(risk_rule::short_sale, why << "sell of " << order.shares << " shares > "
                                               << view.sellable_shares << " that can be sold");
    return {true, risk_rule::count_, {}};
  }
  if (risk_verdict state = judge_state(view); !state.approved)
    return state;
  if (risk_verdict size = judge_size(order, view); !size.approved)
    return size;
  if (risk_verdict account = judge_account(order, view); !account.approved)
    return account;
  return judge_counts(order);
}

bool risk_gateway::runs_away(const order_intent& order, const risk_view& view) {
  if (view.sweep && order.side == order_side::sell)
    return false;
  // Only forward: orders that claim alternating minutes must not start the count anew each time.
  if (const time_ms minute = order.decided_at / minute_ms; minute > asked_minute_) {
    asked_minute_ = minute;
    asked_ = 0;
  }
  if (parameters_.max_orders_per_round > 0 && asked_ >= parameters_.max_orders_per_round)
    return true;
  ++asked_;
  return false;
}

risk_verdict risk_gateway::review(const order_intent& order, const risk_view& view) {
  sentence why;
  risk_verdict verdict =
      runs_away(order, view)
          ? refuse(risk_rule::runaway, why << "more than " << parameters_.max_orders_per_round
                                           << " orders were asked for in one minute: a runaway")
          : judge(order, view);
  if (!verdict.approved) {
    ++refused_[static_cast<std::size_t>(verdict.rule)];
    return verdict;
  }
  const time_ms minute = order.decided_at / minute_ms;
  if (minute != minute_) {
    minute_ = minute;
    orders_this_minute_ = 0;
  }
  ++orders_this_minute_;
  ++orders_today_;
  ids_.insert(order.client_order_id);
  return verdict;
}

} // namespace sentio
