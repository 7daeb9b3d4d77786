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
  view.peak_equity = view.equity;
  view.buying_power = from_dollars(100'000);
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

/// What a gateway with these limits says of a buy of 100 shares at 50, after making sure that the sell
/// passes.
risk_verdict verdict_on(const risk_parameters& limits, const risk_view& view) {
  risk_gateway gateway = opened(limits);
  CHECK(gateway.review(order("s", 0, order_side::sell, 500, 50, at), view).approved);
  return gateway.review(buy(100), view);
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
  limits.max_drawdown_pct = limits.max_cash_use = 0;
  limits.max_order_shares = 0;
  limits.max_orders_per_minute = limits.max_orders_per_day = limits.max_staleness_minutes = 0;
  limits.max_positions = limits.max_orders_per_round = 0;
  risk_view view = healthy();
  view.equity = from_dollars(1);
  view.staleness_minutes = 500;
  view.buying_power = {};
  view.positions = 500;
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

TEST(positions just below the limit pass and at it refuse) {
  risk_parameters limits;
  limits.max_positions = 3;
  risk_view view = healthy();
  view.positions = 2;
  CHECK(verdict_on(limits, view).approved);
  view.positions = 3;
  const risk_verdict refused = verdict_on(limits, view);
  CHECK(refused.rule == risk_rule::positions);
  CHECK_EQUAL(refused.reason, "3 other positions are held or being bought, limit 3");
}

TEST(a symbol that is not traded is refused with its reason) {
  risk_view view = healthy();
  CHECK(verdict_on({}, view).approved);
  view.not_traded = "is halted by the venue";
  const risk_verdict refused = verdict_on({}, view);
  CHECK(refused.rule == risk_rule::not_traded);
  CHECK_EQUAL(refused.reason, "TQQQ is halted by the venue");
}

TEST(a drawdown just below the limit passes and at it refuses) {
  risk_parameters limits;
  limits.max_daily_loss_pct = 0;
  limits.max_drawdown_pct = 0.04;
  risk_view view = healthy();
  view.peak_equity = from_dollars(125'000);
  view.equity = from_dollars(120'000.01);
  CHECK(verdict_on(limits, view).approved);
  view.equity = from_dollars(120'000);
  const risk_verdict refused = verdict_on(limits, view);
  CHECK(refused.rule == risk_rule::drawdown);
  CHECK_EQUAL(refused.reason, "drawdown of 5000.00 dollars >= 4.00% of the session's highest equity");
}

TEST(an order of all the free cash passes and a cent more is refused) {
  risk_view view = healthy();
  view.buying_power = from_dollars(5'000);
  CHECK(verdict_on({}, view).approved);
  view.buying_power = from_dollars(4'999.99);
  const risk_verdict refused = verdict_on({}, view);
  CHECK(refused.rule == risk_rule::buying_power);
  CHECK_EQUAL(refused.reason, "order of 5000.00 dollars > 100.00% of the free cash 4999.99 dollars");
  risk_parameters half;
  half.max_cash_use = 0.5;
  view.buying_power = from_dollars(9'999);
  CHECK(verdict_on(half, view).rule == risk_rule::buying_power);
  view.buying_power = from_dollars(10'000);
  CHECK(verdict_on(half, view).approved);
}

TEST(nothing is bought unless active and everything can be sold) {
  risk_view view = healthy();
  view.inactive = "halted: a runaway";
  const risk_verdict refused = verdict_on({}, view);
  CHECK(refused.rule == risk_rule::not_active);
  CHECK_EQUAL(refused.reason, "not active: halted: a runaway");
}

TEST(a second order beside an open one is a duplicate unless it is part of a sweep) {
  risk_view view = healthy();
  view.twin_open = true;
  risk_gateway gateway = opened({});
  risk_verdict refused = gateway.review(buy(100), view);
  CHECK(refused.rule == risk_rule::duplicate);
  CHECK_EQUAL(refused.reason, "a buy of TQQQ is still open");
  const order_intent exit = order("s", 0, order_side::sell, 100, 50, at);
  refused = gateway.review(exit, view);
  CHECK(refused.rule == risk_rule::duplicate);
  CHECK_EQUAL(refused.reason, "a sell of TQQQ is still open");
  view.sweep = true;
  CHECK(gateway.review(exit, view).approved);
}

TEST(outside a session not even a sell leaves) {
  risk_view view = healthy();
  view.outside_session = true;
  risk_gateway gateway = opened({});
  CHECK(gateway.review(buy(100), view).rule == risk_rule::not_active);
  CHECK(gateway.review(order("s", 0, order_side::sell, 100, 50, at), view).rule == risk_rule::not_active);
}

TEST(buying power counts what an order holds back) {
  risk_view view = healthy();
  view.buying_power = from_dollars(5'050);
  view.reserve_per_share = from_dollars(50.5);
  CHECK(verdict_on({}, view).approved);
  view.buying_power = from_dollars(5'049.99);
  CHECK(verdict_on({}, view).rule == risk_rule::buying_power);
}

TEST(one order too many in a minute is a runaway whatever became of the others) {
  risk_parameters limits;
  limits.max_orders_per_round = 4;
  limits.restricted = {"SQQQ"};
  risk_gateway gateway = opened(limits);
  risk_view barred = healthy();
  barred.symbol_name = "SQQQ";
  int number = 0;
  const auto asks = [&](order_side side, const risk_view& view, time_ms when) {
    return gateway.review(order(std::to_string(++number), 0, side, 1, 50, when), view);
  };
  CHECK(asks(order_side::buy, healthy(), at).approved);
  CHECK(asks(order_side::buy, barred, at).rule == risk_rule::restricted);
  CHECK(asks(order_side::sell, healthy(), at).approved);
  CHECK(asks(order_side::buy, barred, at + 59'999).rule == risk_rule::restricted);
  const risk_verdict fifth = asks(order_side::buy, healthy(), at);
  CHECK(fifth.rule == risk_rule::runaway);
  CHECK_EQUAL(fifth.reason, "more than 4 orders were asked for in one minute: a runaway");
  CHECK(asks(order_side::sell, healthy(), at).rule == risk_rule::runaway);
  risk_view sweep = healthy();
  sweep.sweep = true;
  CHECK(asks(order_side::sell, sweep, at).approved);
  CHECK(asks(order_side::buy, sweep, at).rule == risk_rule::runaway); // no buy belongs to a sweep
  // An earlier minute does not begin a new count, a later one does.
  CHECK(asks(order_side::buy, healthy(), at - minute_ms).rule == risk_rule::runaway);
  CHECK(asks(order_side::buy, healthy(), at + minute_ms).approved);
  CHECK_EQUAL(gateway.refused(risk_rule::runaway), 4u);
  CHECK_EQUAL(gateway.approved(), 4u);
}

TEST(every rule has a name of its own) {
  for (std::size_t a = 0; a < static_cast<std::size_t>(risk_rule::count_); ++a)
    for (std::size_t b = 0; b <= a; ++b)
      CHECK_EQUAL(std::string(to_string(static_cast<risk_rule>(a))) == to_string(static_cast<risk_rule>(b)),
                  a == b);
}
