// Every recorded file is read, and its values are those that stand in it. What matters of them is also inline
// in the other tests, which need no shared folder.
#define CAF_SUITE alpaca_examples
#include "core/alpaca/polygon.hpp"
#include "core/alpaca/wire.hpp"
#include "tests/alpaca/example_files.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

using namespace sentio;
using namespace sentio::alpaca;
using nlohmann::json;
using test::example;

namespace {

time_ms at(const std::string& text) {
  const auto parsed_time = parse_timestamp(text);
  REQUIRE(parsed_time);
  return *parsed_time;
}

/// All frames of a file that is a list of frames, read one after the other into one.
stream_frame all_frames(const std::string& name, stream_frame (*parse)(std::string_view)) {
  stream_frame all;
  for (const auto& frame : json::parse(example(name))) {
    auto one = parse(frame.dump());
    CHECK(!one.malformed);
    all.bad += one.bad;
    all.unknown += one.unknown;
    for (auto& event : one.events)
      all.events.push_back(std::move(event));
  }
  return all;
}

void check_order(const std::string& name, const std::string& symbol, const std::string& type) {
  const auto order = parse_order(example(name));
  REQUIRE(order.value);
  CHECK_EQUAL(order.value->id, "61e69015-8549-4bfd-b9c3-01e75843f47d");
  CHECK_EQUAL(order.value->client_order_id, "eb9e2aaa-f71a-4f51-b5b4-52a6c565dad4");
  CHECK_EQUAL(order.value->symbol, symbol);
  CHECK_EQUAL(order.value->type, type);
  CHECK(order.value->side == order_side::buy);
  CHECK_EQUAL(order.value->shares, 1);
  CHECK_EQUAL(order.value->filled, 0);
  CHECK_EQUAL(order.value->filled_price.micros, 0);
  CHECK_EQUAL(order.value->status, "accepted");
  CHECK_EQUAL(order.value->created_at, at("2021-03-16T18:38:01.942Z"));
  CHECK_EQUAL(order.value->updated_at, order.value->created_at);
}

void check_refusal(const std::string& name, int code, const std::string& message) {
  const auto refusal = parse_refusal(example(name));
  CHECK_EQUAL(refusal.code, code);
  CHECK_EQUAL(refusal.message, message);
}

void check_page(const std::string& name, std::size_t bars, const std::string& token) {
  const auto page = parse_bar_page(example(name));
  REQUIRE(page.value);
  CHECK_EQUAL(page.value->bars.size(), bars);
  CHECK_EQUAL(page.value->bad, 0u);
  CHECK_EQUAL(page.value->next_page_token, token);
}

} // namespace

TEST(account clock calendar and asset) {
  if (!test::have_examples())
    return;
  const auto account = parse_account(example("rest_account_pre2026.json"));
  REQUIRE(account.value);
  CHECK_EQUAL(account.value->number, "010203ABCD");
  CHECK_EQUAL(account.value->status, "ACTIVE");
  CHECK_EQUAL(account.value->cash.micros, -23'140'200'000);
  CHECK_EQUAL(account.value->equity.micros, 103'820'560'000);
  CHECK_EQUAL(account.value->buying_power.micros, 262'113'632'000);
  CHECK(!account.value->blocked);
  // The configuration of an account is no account.
  CHECK(!parse_account(example("rest_account_configurations_new.json")).value);
  const auto clock = parse_clock(example("rest_clock_v2.json"));
  REQUIRE(clock.value);
  CHECK_EQUAL(clock.value->at, at("2026-07-29T09:27:57.818Z"));
  CHECK(!clock.value->is_open);
  CHECK_EQUAL(clock.value->next_open, at("2026-07-29T13:30:00Z"));
  CHECK_EQUAL(clock.value->next_close, at("2026-07-29T20:00:00Z"));
  const auto calendar = parse_calendar(example("rest_calendar_v2.json"));
  REQUIRE(calendar.value && calendar.value->size() == 2);
  CHECK((*calendar.value)[0] == *session_on({2022, 5, 16}));
  CHECK((*calendar.value)[1] == *session_on({2022, 5, 17}));
  const auto half = parse_calendar(example("rest_calendar_v2_halfday.json"));
  REQUIRE(half.value && half.value->size() == 2);
  CHECK((*half.value)[0] == *session_on({2026, 11, 27}));
  CHECK((*half.value)[1] == *session_on({2026, 11, 30}));
  const auto asset = parse_asset(example("rest_asset.json"));
  REQUIRE(asset.value);
  CHECK_EQUAL(asset.value->symbol, "AAPL");
  CHECK_EQUAL(asset.value->exchange, "NASDAQ");
  CHECK(asset.value->active && asset.value->tradable);
}

TEST(orders and positions) {
  if (!test::have_examples())
    return;
  check_order("rest_order_market_created.json", "AAPL`", "market"); // the stray sign stands in the recording
  check_order("rest_order_limit_created.json", "AAPL`", "limit");
  check_order("rest_order_replaced.json", "AAPL`", "market");
  check_order("rest_order_position_intent.json", "SPY`", "market");
  const auto notional = parse_order(example("rest_close_position_qty.json"));
  CHECK(!notional.value); // an amount of dollars instead of shares
  CHECK_EQUAL(notional.problem, "qty is missing");
  const auto positions = parse_positions(example("rest_positions.json"));
  REQUIRE(positions.value && positions.value->size() == 1);
  CHECK_EQUAL((*positions.value)[0].symbol, "AAPL");
  CHECK_EQUAL((*positions.value)[0].shares, 5);
  CHECK_EQUAL((*positions.value)[0].average_price.micros, 100'000'000);
  CHECK_EQUAL((*positions.value)[0].current_price.micros, 120'000'000);
  // The elements of a multi-status answer are refusals or orders, each in its body.
  const auto closed = json::parse(example("rest_close_all_positions_207.json"));
  CHECK(parse_order(closed[0]["body"].dump()).problem == "qty is not a whole number"); // 0.0283 of a coin
  const auto held = parse_refusal(closed[1]["body"].dump());
  CHECK_EQUAL(held.code, 40310000);
  CHECK(held.available == 0);
  CHECK(parse_refusal(closed[2]["body"].dump()).message == "account is not allowed to short");
  const auto canceled = json::parse(example("rest_cancel_all_orders_207.json"));
  CHECK(parse_refusal(canceled[1]["body"].dump()).code == 40410000);
}

TEST(bars) {
  if (!test::have_examples())
    return;
  check_page("rest_bars_single.json", 2, "QUFQTHxEfDIwMjItMDItMDJUMDU6MDA6MDAuMDAwMDAwMDAwWg==");
  check_page("rest_bars_multi.json", 2, "");
  check_page("rest_bars_empty.json", 0, "");
  check_page("rest_bars_multi_page1.json", 2, "TUVUQXxEfDIwMjItMDYtMDlUMDQ6MDA6MDAuMDAwMDAwMDAwWg==");
  check_page("rest_bars_multi_page2.json", 2, "TUVUQXxEfDIwMjItMDYtMTNUMDQ6MDA6MDAuMDAwMDAwMDAwWg==");
  check_page("rest_latest_bars.json", 2, "");
  const auto multi = parse_bar_page(example("rest_bars_multi.json"));
  CHECK_EQUAL(multi.value->bars[0].symbol, "AAPL");
  CHECK(multi.value->bars[1].value ==
        (bar{at("2022-03-09T05:00:00Z"), 839, 860.56, 832.01, 858.97, 19'227'323}));
  // A quote and a snapshot are no bars.
  CHECK(!parse_bar_page(example("rest_latest_quote.json")).value);
  CHECK(!parse_bar_page(example("rest_snapshot.json")).value);
}

TEST(refusals) {
  if (!test::have_examples())
    return;
  check_refusal("err_403_insufficient_buying_power.json", 40310000, "insufficient buying power");
  CHECK(parse_refusal(example("err_403_insufficient_buying_power.json")).buying_power == money{0});
  check_refusal("err_403_qty_held_for_orders.json", 40310000,
                "insufficient qty available for order (requested: 23, available: 0)");
  const auto held = parse_refusal(example("err_403_qty_held_for_orders.json"));
  CHECK(held.related_orders == std::vector<std::string>{"47448ebc-491c-4f59-b716-75f8c3949c53"});
  CHECK(held.available == 0);
  check_refusal("err_403_sip_not_permitted.json", 42210000,
                "subscription does not permit querying recent SIP data");
  check_refusal("err_404_order.json", 40410000, "order not found for 2f63ea93-423d-4169-b3f6-3fdafc10c418");
  check_refusal("err_422_duplicate_client_order_id.json", 40010001, "client_order_id must be unique");
  check_refusal("err_422_fractional_must_be_day.json", 42210000, "fractional orders must be DAY orders");
  check_refusal("err_422_fractional_simple.json", 42210000, "fractional orders must be simple orders");
  check_refusal("err_422_not_shortable.json", 42210000, "asset \"TXN\" cannot be sold short");
  check_refusal("err_422_replace_state.json", 42210000, "unable to replace order in current state");
  check_refusal("err_422_subpenny.json", 42210000,
                "invalid limit_price 290.123. sub-penny increment does not fulfill minimum pricing criteria");
  check_refusal("err_429_trading.json", 42910000, "rate limit exceeded.");
  CHECK(parse_refusal(example("poly_rest_429.json"))
            .message.starts_with("You've exceeded the maximum requests"));
}

TEST(market data frames) {
  if (!test::have_examples())
    return;
  const auto bars = parse_stream_frame(example("ws_data_bar_fakepaca.json"));
  REQUIRE(bars.events.size() == 1);
  CHECK(std::get<stream_bar>(bars.events[0]).value ==
        (bar{at("2024-07-24T07:56:00Z"), 132.65, 136, 132.12, 134.65, 205}));
  const auto quote = parse_stream_frame(example("ws_data_quote.json"));
  CHECK(quote.events.empty() && quote.unknown == 1 && quote.bad == 0);
  const auto control = all_frames("ws_data_control.json", parse_stream_frame);
  REQUIRE(control.events.size() == 8);
  CHECK(control.bad == 0 && control.unknown == 0);
  CHECK(std::holds_alternative<stream_connected>(control.events[0]));
  CHECK(std::holds_alternative<stream_authenticated>(control.events[1]));
  const auto& subscription = std::get<stream_subscription>(control.events[2]);
  CHECK(subscription.bars == std::vector<std::string>{"*"});
  CHECK(subscription.updated_bars.empty());
  CHECK(subscription.statuses == std::vector<std::string>{"*"});
  CHECK(subscription.lulds.empty());
  const std::vector<int> codes{406, 407, 405, 410, 400};
  for (std::size_t i = 0; i < codes.size(); ++i)
    CHECK(std::get<stream_error>(control.events[i + 3]).code == codes[i]);
  const auto others = parse_stream_frame(example("ws_data_luld_status_corr.json"));
  REQUIRE(others.events.size() == 2);
  CHECK(others.unknown == 3 && others.bad == 0);
  CHECK_EQUAL(std::get<stream_luld>(others.events[0]).limit_up, 3.24);
  CHECK(std::get<stream_status>(others.events[1]).halted);
  CHECK_EQUAL(std::get<stream_status>(others.events[1]).reason, "T12");
  for (const auto& packed : json::parse(example("msgpack_frames.json")))
    CHECK(parse_stream_frame(packed["hex"].get_ref<const std::string&>()).malformed); // not our codec
}

TEST(trading frames) {
  if (!test::have_examples())
    return;
  std::vector<trading_message> control;
  for (const auto& frame : json::parse(example("ws_trade_control.json")))
    control.push_back(parse_trading_message(frame.dump()));
  REQUIRE(control.size() == 4);
  CHECK(std::get<trading_authorization>(control[0]).authorized);
  CHECK(!std::get<trading_authorization>(control[1]).authorized);
  CHECK(!std::get<trading_authorization>(control[2]).authorized);
  CHECK(std::get<trading_listening>(control[3]).streams == std::vector<std::string>{"trade_updates"});
  const json wrapped{{"stream", "trade_updates"},
                     {"data", json::parse(example("ws_trade_pending_new_TQQQ.json"))}};
  const auto message = parse_trading_message(wrapped.dump());
  REQUIRE(std::holds_alternative<trade_update>(message));
  const auto& update = std::get<trade_update>(message);
  CHECK_EQUAL(update.event, "pending_new");
  CHECK(update.execution_id.empty() && !update.position && update.shares == 0);
  CHECK_EQUAL(update.order.shares, 271);
  CHECK_EQUAL(update.order.symbol, "TQQQ");
}

TEST(polygon frames and aggregates) {
  if (!test::have_examples())
    return;
  const auto minute = polygon::parse_stream_frame(example("poly_ws_am.json"));
  REQUIRE(minute.events.size() == 1);
  CHECK_EQUAL(std::get<stream_bar>(minute.events[0]).value.label, 1'610'144'640'000);
  const auto trade = polygon::parse_stream_frame(example("poly_ws_trade.json"));
  CHECK(trade.events.empty() && trade.unknown == 1);
  const auto control = all_frames("poly_ws_control.json", polygon::parse_stream_frame);
  REQUIRE(control.events.size() == 4);
  CHECK(std::holds_alternative<stream_connected>(control.events[0]));
  CHECK(std::holds_alternative<stream_authenticated>(control.events[1]));
  CHECK(std::get<stream_subscription>(control.events[2]).bars == std::vector<std::string>{"TQQQ"});
  CHECK_EQUAL(std::get<stream_error>(control.events[3]).code, 402);
  const auto page = polygon::parse_aggregates(example("poly_rest_aggs.json"), "AAPL");
  REQUIRE(page.value && page.value->bars.size() == 2);
  CHECK(page.value->bars[1].value == (bar{1'112'587'200'000, 1.4639, 1.4754, 1.4343, 1.4675, 578'172'308}));
  CHECK(!polygon::parse_aggregates(example("poly_rest_429.json"), "AAPL").value);
}

TEST(our requests are those the official client sends) {
  if (!test::have_examples())
    return;
  // Recorded from npm @alpacahq/alpaca-trade-api 4.0.2.
  std::istringstream lines(example("client_frames_js_v4_0_2.jsonl"));
  std::vector<json> orders;
  std::vector<json> messages;
  for (std::string line; std::getline(lines, line);) {
    const json frame = json::parse(line, nullptr, false);
    if (frame.contains("msg"))
      messages.push_back(frame["msg"]);
    else if (frame.contains("method") && frame["method"] == "POST" && frame["url"] == "/v2/orders")
      orders.push_back(json::parse(frame["body"].get<std::string>()));
  }
  const auto said = [&](const std::string& text) {
    return std::find(messages.begin(), messages.end(), json::parse(text)) != messages.end();
  };
  CHECK(said(authentication_message("PKTEST", "SECRET")));
  CHECK(said(trading_authentication_message("PKTEST", "SECRET")));
  CHECK(said(trading_listen_message()));
  order_intent intent;
  intent.client_order_id = "sentio-0001";
  intent.shares = 10;
  const json ours = json::parse(order_body(intent, "TQQQ"));
  CHECK(std::find(orders.begin(), orders.end(), ours) != orders.end());
}
