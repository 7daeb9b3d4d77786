#define CAF_SUITE risk_gateway
#include "core/account/risk_gateway.hpp"
#include "tests/account/support.hpp"
#include "tests/support/test.hpp"

using namespace sentio;
using namespace sentio::test;

namespace {

const time_ms at = 1'000 * minute_ms;

risk_view healthy() {
  risk_view view;
  view.symbol_name = "TQQQ";
  view.equity = from_dollars(100'000);
  view.last_price = from_dollars(50);
  view.sellable_shares = 500;
  return view;
}

risk_gateway opened(const risk_parameters& parameters) {
  risk_gateway gateway(parameters);
  gateway.begin_session(from_dollars(100'000));
  return gateway;
}

order_intent buy(std::int64_t shares, double price = 50) {
  return order("b", 0, order_side::buy, shares, price, at);
}

/// The rule that refuses an order under changed limits; the same order passes under the defaults, and a sell
/// of the same size and price passes under both.
risk_rule stopped_by(const risk_parameters& parameters, const order_intent& intent, const risk_view& view) {
  risk_gateway lax = opened(risk_parameters{});
  CHECK(lax.review(intent, view).approved);
  risk_gateway strict = opened(parameters);
  const risk_verdict refused = strict.review(intent, view);
  CHECK(!refused.approved);
  CHECK(!refused.reason.empty());
  CHECK_EQUAL(strict.refused(refused.rule), 1u);
  order_intent reducing = intent;
  reducing.side = order_side::sell;
  CHECK(strict.review(reducing, view).approved);
  return refused.rule;
}

} // namespace

TEST(each size limit stops a buy and lets the same sell pass) {
  risk_parameters limits;
  limits.max_order_notional = 4'999;
  CHECK(stopped_by(limits, buy(100), healthy()) == risk_rule::notional);
  limits = {};
  limits.max_order_shares = 99;
  CHECK(stopped_by(limits, buy(100), healthy()) == risk_rule::shares);
  limits = {};
  limits.price_collar_pct = 0.01;
  CHECK(stopped_by(limits, buy(100, 51), healthy()) == risk_rule::collar);
  limits = {};
  limits.max_gross_exposure = 0.5;
  risk_view view = healthy();
  view.gross_exposure = from_dollars(46'000);
  CHECK(stopped_by(limits, buy(100), view) == risk_rule::exposure);
}

TEST(restricted stale and losing accounts cannot buy but can sell) {
  risk_parameters limits;
  limits.restricted = {"SQQQ", "TQQQ"};
  CHECK(stopped_by(limits, buy(100), healthy()) == risk_rule::restricted);
  limits = {};
  limits.max_staleness_minutes = 1;
  risk_view view = healthy();
  view.staleness_minutes = 2;
  CHECK(stopped_by(limits, buy(100), view) == risk_rule::staleness);
  limits = {};
  limits.max_daily_loss_pct = 0.02;
  view = healthy();
  view.equity = from_dollars(98'000);
  CHECK(stopped_by(limits, buy(100), view) == risk_rule::daily_loss);
}

TEST(orders are counted per minute and per day) {
  risk_parameters limits;
  limits.max_orders_per_minute = 2;
  limits.max_orders_per_day = 3;
  risk_gateway gateway = opened(limits);
  const auto send = [&](const char* id, order_side side, time_ms when) {
    return gateway.review(order(id, 0, side, 1, 50, when), healthy());
  };
  CHECK(send("1", order_side::buy, at).approved);
  CHECK(send("2", order_side::buy, at + 59'999).approved);
  CHECK(send("3", order_side::buy, at + 59'999).rule == risk_rule::per_minute);
  CHECK(send("4", order_side::sell, at + 59'999).approved);
  CHECK(send("5", order_side::buy, at + minute_ms).rule == risk_rule::per_day);
  CHECK(send("6", order_side::sell, at + minute_ms).approved);
  CHECK_EQUAL(gateway.approved(), 4u);
  gateway.begin_session(from_dollars(100'000));
  CHECK(send("7", order_side::buy, at + minute_ms).approved);
}

TEST(a duplicate always stops) {
  risk_gateway gateway = opened(risk_parameters{});
  order_intent intent = buy(10);
  CHECK(gateway.review(intent, healthy()).approved);
  CHECK(gateway.review(intent, healthy()).rule == risk_rule::duplicate);
  intent.side = order_side::sell;
  CHECK(gateway.review(intent, healthy()).rule == risk_rule::duplicate);
}

TEST(no order goes short and none is empty) {
  risk_gateway gateway = opened(risk_parameters{});
  CHECK(gateway.review(order("s", 0, order_side::sell, 501, 50, at), healthy()).rule ==
        risk_rule::short_sale);
  CHECK(gateway.review(order("t", 0, order_side::sell, 500, 50, at), healthy()).approved);
  CHECK(gateway.review(buy(0), healthy()).rule == risk_rule::malformed);
  CHECK(gateway.review(buy(1, 0), healthy()).rule == risk_rule::malformed);
}

TEST(a symbol without a price cannot be bought) {
  risk_view view = healthy();
  view.last_price = {};
  CHECK(opened(risk_parameters{}).review(buy(1), view).rule == risk_rule::collar);
}

TEST(zero means no limit) {
  risk_parameters limits;
  limits.max_order_notional = limits.price_collar_pct = limits.max_gross_exposure =
      limits.max_daily_loss_pct = 0;
  limits.max_order_shares = 0;
  limits.max_orders_per_minute = limits.max_orders_per_day = limits.max_staleness_minutes = 0;
  risk_view view = healthy();
  view.equity = from_dollars(1);
  view.staleness_minutes = 500;
  CHECK(opened(limits).review(buy(1'000'000, 500), view).approved);
}

TEST(a reason is a sentence with its numbers) {
  risk_parameters limits;
  limits.max_order_shares = 99;
  CHECK_EQUAL(opened(limits).review(buy(100), healthy()).reason, "100 shares > limit 99");
  limits = {};
  limits.max_order_notional = 4'000;
  CHECK_EQUAL(opened(limits).review(buy(100), healthy()).reason, "order of 5000.00 dollars > limit 4000.00");
}
