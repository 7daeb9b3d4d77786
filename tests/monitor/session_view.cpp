#define CAF_SUITE session_view

#include "core/monitor/session_view.hpp"
#include "core/monitor/contract.hpp"
#include "core/monitor/event_text.hpp"
#include "tests/support/test.hpp"

#include <limits>

using namespace sentio;
using nlohmann::json;

namespace {

const session_hours day = *session_on({2025, 12, 1});
constexpr time_ms real_now = 1'764'600'000'000;

time_ms minute(int number) {
  return day.open + number * minute_ms;
}

session_view two_symbols() {
  session_view view({"desk-1", "Desk", "paper"}, {"SQQQ", "TQQQ"});
  view.begin(day, from_dollars(1'000), "synthetic");
  return view;
}

ranked_round round_at(int number, double sqqq, double tqqq, double probability = 0.6) {
  ranked_round round;
  round.at = minute(number);
  round.symbols.resize(2);
  for (std::size_t i = 0; i < 2; ++i) {
    ranked_symbol& each = round.symbols[i];
    each.fresh = each.rankable = true;
    each.signal.label = round.at - minute_ms;
    each.signal.close = i == 0 ? sqqq : tqqq;
    each.signal.probability = probability;
    each.signal.confidence = 0.5;
    each.signal.edge_bp = 2;
    each.signal.sigma = 0.0005;
    each.strength = 2.5 - static_cast<double>(i);
  }
  round.order = {1, 0};
  return round;
}

portfolio_output book_of(int number, double cash, double equity, double drawdown = 0) {
  portfolio_output output;
  output.snapshots.push_back(
      {minute(number), {}, from_dollars(cash), from_dollars(equity), money{}, drawdown});
  return output;
}

trade buy_of_ten(time_ms at) {
  trade booked;
  booked.fill = {"x-1", "s-1", 1, order_side::buy, 10, from_dollars(69.7), from_dollars(0.125), money{}, at};
  booked.reason = "rank 1";
  return booked;
}

trade sale_of_ten(time_ms at) {
  trade booked;
  booked.fill = {
      "x-2", "s-2", 1, order_side::sell, 10, from_dollars(70), from_dollars(0.25), from_dollars(0.01), at};
  booked.is_exit = true;
  booked.reason = "edge gone";
  booked.pnl = from_dollars(-2.375);
  booked.bars_held = 7;
  return booked;
}

portfolio_output with(trade booked) {
  portfolio_output output;
  output.trades.push_back(std::move(booked));
  return output;
}

std::vector<std::string> texts_of(const json& events) {
  std::vector<std::string> out;
  for (const json& each : events)
    out.push_back(each["kind"].get<std::string>() + ": " + each["text"].get<std::string>());
  return out;
}

} // namespace

TEST(decisions and orders and fills are told in the words of the page) {
  auto view = two_symbols();
  view.set_phase("open", day.open);
  const auto round = round_at(1, 20, 69.5);
  portfolio_output output = book_of(1, 1'000, 1'000);
  output.decisions.push_back({minute(1), 1, decision_kind::enter, "rank 1", 1, 2.5, 0});
  output.decisions.push_back({minute(1), 0, decision_kind::hold, "", 2, 1.5, 0});
  output.orders.push_back({"s-1", 1, order_side::buy, 10, from_dollars(69.5), minute(1), minute(1)});
  view.take(minute(1), &round, output);
  view.take(minute(1) + 100, nullptr, with(buy_of_ten(minute(1) + 100)));
  view.take(minute(2) + 100, nullptr, with(sale_of_ten(minute(2) + 100)));
  const json history = view.history();
  const std::vector<std::string> told = texts_of(history["events"]);
  const std::vector<std::string> wanted{
      "phase: open", "decision: ENTER: rank 1", "order: buy 10 at market, s-1",
      "fill: ENTRY buy 10 at 69.7, cost $0.13; rank 1",
      "fill: EXIT sell 10 at 70, cost $0.26, P&L -$2.38 after 7 bars; edge gone"};
  CHECK_EQUAL(told, wanted);
  const json& fill = history["events"][3];
  const json wanted_fill{{"at", minute(1) + 100},
                         {"kind", "fill"},
                         {"symbol", "TQQQ"},
                         {"side", "buy"},
                         {"shares", 10},
                         {"price", 69.7},
                         {"text", "ENTRY buy 10 at 69.7, cost $0.13; rank 1"}};
  CHECK_EQUAL(fill, wanted_fill);
  const json& mark = history["marks"][1];
  const json wanted_mark{{"t", minute(2) + 100}, {"symbol", "TQQQ"}, {"side", "sell"},
                         {"shares", 10},         {"price", 70.0},    {"reason", "edge gone"}};
  CHECK_EQUAL(mark, wanted_mark);
  const json orders = view.snapshot(real_now)["latency"]["orders"];
  CHECK_EQUAL(orders, json(1));
}

TEST(decimals are written as JavaScript writes them) {
  CHECK_EQUAL(plain_decimal(from_dollars(12.5)), "12.5");
  CHECK_EQUAL(plain_decimal(from_dollars(70)), "70");
  CHECK_EQUAL(plain_decimal(money{166}), "0.000166");
  CHECK_EQUAL(plain_decimal(money{100'000'000}), "100");
  CHECK_EQUAL(dollars_and_cents(money{125'000}), "$0.13");
  CHECK_EQUAL(dollars_and_cents(money{-625'000}), "-$0.63");
  CHECK_EQUAL(dollars_and_cents(money{1'005'000}), "$1.00"); // the double below 1.005
  CHECK_EQUAL(dollars_and_cents(money{-4'999}), "-$0.00");
}

TEST(fills move cash and positions until the next book replaces them) {
  auto view = two_symbols();
  const auto round = round_at(1, 20, 69.5);
  view.take(minute(1), &round, book_of(1, 1'000, 1'000));
  view.take(minute(1) + 100, nullptr, with(buy_of_ten(minute(1) + 100)));
  json now = view.snapshot(real_now);
  const json cash = now["account"]["cash"], shares = now["positions"][0]["shares"];
  CHECK(test::close_to(cash.get<double>(), 1'000 - 697 - 0.125, 1e-12));
  CHECK_EQUAL(shares, json(10));
  CHECK(now["positions"][0]["entry_price"] == 69.7);
  CHECK(now["ranking"][1]["held"] == true);
  view.take(minute(1) + 200, nullptr, with(sale_of_ten(minute(1) + 200)));
  now = view.snapshot(real_now);
  CHECK(now["positions"].empty());
  CHECK(test::close_to(now["account"]["pnl"].get<double>(), 3 - 0.125 - 0.26, 1e-9));
  view.take(minute(2), nullptr, book_of(2, 990, 990, 0.01));
  now = view.snapshot(real_now);
  CHECK(now["account"]["cash"] == 990.0);
  CHECK(now["account"]["drawdown"] == 0.01);
  CHECK(now["account"]["max_drawdown"] == 0.01);
}

TEST(steps that are told again change nothing) {
  auto view = two_symbols();
  const auto tell = [&] {
    view.begin(day, from_dollars(1'000), "synthetic");
    const auto round = round_at(1, 20, 69.5);
    portfolio_output output = book_of(1, 1'000, 1'000);
    output.decisions.push_back({minute(1), 1, decision_kind::enter, "rank 1", 1, 2.5, 0});
    output.orders.push_back({"s-1", 1, order_side::buy, 10, from_dollars(69.5), minute(1), minute(1)});
    output.alerts.push_back("careful");
    view.take(minute(1), &round, output);
    view.take(minute(1) + 100, nullptr, with(buy_of_ten(minute(1) + 100)));
  };
  tell();
  const json history = view.history(), snapshot = view.snapshot(real_now);
  const auto events = view.take_events().size();
  CHECK_EQUAL(events, 4u);
  tell();
  CHECK(view.history() == history);
  CHECK(view.snapshot(real_now) == snapshot);
  CHECK(view.take_events().empty());
}

TEST(directional accuracy counts the next fresh bar and leaves out what says nothing) {
  auto view = two_symbols();
  const double closes[] = {20, 21, 20, 20, 22}; // up, down, unchanged, up after P of a half
  const double probabilities[] = {0.6, 0.7, 0.8, 0.5, 0.9};
  for (int i = 0; i < 5; ++i) {
    const auto round = round_at(i + 1, closes[i], 50, probabilities[i]);
    view.take(round.at, &round, {});
  }
  const json learners = view.snapshot(real_now)["learners"];
  CHECK(learners[0]["directional_accuracy"] == 0.5); // right, wrong, not counted, not counted
  CHECK(learners[0]["bars"] == 5);
  CHECK(learners[0]["leverage"].is_null());
  CHECK(learners[1]["directional_accuracy"].is_null()); // never moved
}

TEST(what is unknown is null) {
  session_view fresh({"desk-1", "Desk", "paper"}, {"SQQQ"});
  const json before = fresh.snapshot(real_now);
  CHECK(before["account"]["equity"].is_null());
  CHECK(before["ranking_at"].is_null());
  CHECK(before["ranking"].empty());
  CHECK(before["latency"]["p50_ms"].is_null());
  auto view = two_symbols();
  auto round = round_at(1, 20, 69.5);
  round.symbols[0] = ranked_symbol{};
  round.symbols[0].barred = entry_bar::no_signal;
  view.take(round.at, &round, {});
  learner_report learner;
  learner.symbol = "TQQQ";
  learner.leverage = 0.25;
  view.set_learners({learner});
  const json now = view.snapshot(real_now);
  CHECK(now["ranking"][0]["close"].is_null());
  CHECK(now["ranking"][0]["barred"] == "no_signal");
  CHECK_EQUAL(now["learners"].size(), 1u);
  CHECK(now["learners"][0]["leverage"] == 0.25);
  CHECK(now["learners"][0]["p_min"].is_null());
}

TEST(rates are over the last five seconds and handler times are read from their classes) {
  auto view = two_symbols();
  actor_report actor;
  actor.name = "TQQQ";
  actor.role = "symbol";
  for (int second = 0; second <= 10; ++second) {
    actor.messages = second < 5 ? 100 : 100 + 20 * static_cast<std::uint64_t>(second - 5);
    actor.handler[2] = 99; // 1 to 2 us
    actor.handler[5] = 1;  // 10 to 20 us
    view.set_actors({actor}, real_now + second * 1'000);
  }
  const json row = view.snapshot(real_now)["actors"][0];
  CHECK(row["rate"] == 20.0);
  CHECK(row["symbol"] == "TQQQ");
  CHECK(row["handler_p50_us"] == 1.51);
  CHECK(row["handler_p99_us"] == 2.0);
  CHECK(row["handler_buckets"][5] == json({20.0, 100}));
  CHECK(row["handler_buckets"].back() == json({"+Inf", 100}));
  actor.messages = 3; // a successor
  view.set_actors({actor}, real_now + 11'000);
  CHECK(view.snapshot(real_now)["actors"][0]["rate"].is_null());
}

TEST(quantiles are linear inside a class and nothing has none) {
  const std::array<double, 2> bounds{1, 3};
  const std::array<std::uint64_t, 3> counts{1, 2, 1};
  CHECK_EQUAL(quantile_of(bounds, counts, 0.5), 2.0);
  CHECK_EQUAL(quantile_of(bounds, counts, 0.99), 3.0); // no upper bound is known
  const std::array<std::uint64_t, 3> none{};
  CHECK(std::isnan(quantile_of(bounds, none, 0.5)));
}

TEST(order latencies come in classes of milliseconds) {
  auto view = two_symbols();
  view.add_latency({{0.3, 0.3, 0.4, 7.0, std::numeric_limits<double>::quiet_NaN(), -1}});
  const json latency = view.snapshot(real_now)["latency"];
  CHECK(latency["buckets_ms"][2] == json({0.5, 3}));
  CHECK(latency["buckets_ms"].back() == json({"+Inf", 4}));
  CHECK(latency["sum_ms"] == 8.0);
  CHECK(test::close_to(latency["p50_ms"].get<double>(), 0.4, 1e-9));
}

TEST(events are bounded and taken once) {
  auto view = two_symbols();
  for (int i = 0; i < 6'000; ++i)
    view.note(minute(1) + i, "fault", "feed", "number " + std::to_string(i));
  const auto taken = view.take_events();
  CHECK_EQUAL(taken.size(), 5'000u);
  CHECK(taken.front()["text"] == "number 1000");
  CHECK(taken.front()["type"] == "event");
  CHECK(taken.front()["instance"] == "desk-1");
  CHECK(view.take_events().empty());
  const json kept = view.history()["events"];
  CHECK_EQUAL(kept.size(), 5'000u);
}

TEST(texts are cut between characters and are always UTF - 8) {
  const std::string hostile = "a\xff\xc3(\xed\xa0\x80\xf4\x90\x80\x80";
  const std::string cleaned = std::string("a?") + "?(" + std::string(7, '?');
  CHECK_EQUAL(clean_text(hostile), cleaned);
  const std::string umlauts = "\xc3\xa4\xc3\xa4";
  CHECK_EQUAL(clean_text(umlauts, 3), "\xc3\xa4");
  auto view = two_symbols();
  view.note(minute(1), "alert", "feed", std::string(10'000, '\xe4'));
  const std::string text = view.take_events()[0]["text"];
  CHECK_EQUAL(text.size(), 500u);
}

TEST(a new session forgets the last one) {
  auto view = two_symbols();
  const auto round = round_at(1, 20, 69.5);
  view.take(round.at, &round, book_of(1, 1'000, 1'000, 0.2));
  view.set_phase("open", day.open);
  view.begin(*session_on({2025, 12, 2}), from_dollars(2'000), "");
  const json history = view.history(), now = view.snapshot(real_now);
  CHECK(history["date"] == "2025-12-02");
  CHECK(history["equity"].empty());
  CHECK(history["events"].empty());
  CHECK(now["session"]["phase"] == "waiting");
  CHECK(now["account"]["max_drawdown"] == 0.0);
  CHECK(now["account"]["equity"] == 2'000.0);
}

TEST(a history of many symbols has the prices of those traded and the closes of all in short) {
  std::vector<std::string> names;
  for (int i = 0; i < 30; ++i)
    names.push_back("S" + std::to_string(100 + i));
  session_view view({"desk-1", "Desk", "paper"}, names);
  view.begin(day, from_dollars(1'000), "");
  for (int m = 1; m <= 3; ++m) {
    ranked_round round;
    round.at = minute(m);
    round.symbols.resize(30);
    for (std::size_t i = 0; i < 30; ++i) {
      round.symbols[i].fresh = i != 7 || m != 2;
      round.symbols[i].signal.label = round.at - minute_ms;
      round.symbols[i].signal.close = 10 + static_cast<double>(i) + m;
    }
    view.take(round.at, &round, {});
  }
  view.take(minute(3) + 100, nullptr, with(buy_of_ten(minute(3) + 100)));
  const json history = view.history();
  CHECK_EQUAL(history["prices"].size(), 1u);
  CHECK(history["prices"].contains("S101"));
  CHECK(history["closes"]["values"]["S107"] == json({18.0, nullptr, 20.0}));
  const json whole = view.history(true);
  CHECK_EQUAL(whole["prices"].size(), 30u);
  CHECK_EQUAL(whole["prices"]["S107"].size(), 2u);
  CHECK(!whole.contains("closes"));
}
