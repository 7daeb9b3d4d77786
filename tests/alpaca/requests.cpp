#define CAF_SUITE alpaca_requests
#include "core/alpaca/polygon.hpp"
#include "core/alpaca/wire.hpp"
#include "tests/support/test.hpp"

#include <nlohmann/json.hpp>

using namespace sentio;
using namespace sentio::alpaca;
using nlohmann::json;

TEST(what is said on the streams) {
  CHECK_EQUAL(authentication_message("PK", "S"), R"({"action":"auth","key":"PK","secret":"S"})");
  CHECK_EQUAL(subscription_message({"TQQQ", "SQQQ"}),
              R"({"action":"subscribe","bars":["TQQQ","SQQQ"],"updatedBars":["TQQQ","SQQQ"],)"
              R"("statuses":["TQQQ","SQQQ"],"lulds":["TQQQ","SQQQ"]})");
  CHECK_EQUAL(trading_authentication_message("PK", "S"),
              R"({"action":"authenticate","data":{"key_id":"PK","secret_key":"S"}})");
  CHECK_EQUAL(trading_listen_message(), R"({"action":"listen","data":{"streams":["trade_updates"]}})");
  CHECK_EQUAL(polygon::authentication_message("K"), R"({"action":"auth","params":"K"})");
  CHECK_EQUAL(polygon::subscription_message({"TQQQ", "UPRO"}),
              R"({"action":"subscribe","params":"AM.TQQQ,AM.UPRO"})");
}

TEST(nothing in a key breaks a message) {
  const std::string key = "a\"b\\c\n\x01";
  const auto message = json::parse(authentication_message(key, key));
  CHECK(message["key"] == key);
  CHECK(message["secret"] == key);
  // Bytes that are no UTF-8 are replaced, not thrown over.
  CHECK(json::accept(authentication_message("\xff\xfe", "\xc3")));
  CHECK(json::accept(polygon::authentication_message("\xff")));
}

TEST(the body of an order) {
  order_intent intent;
  intent.client_order_id = "s-1-20261120-1431-TQQQ-B-1";
  intent.shares = 271;
  CHECK_EQUAL(order_body(intent, "TQQQ"),
              R"({"symbol":"TQQQ","qty":"271","side":"buy","type":"market","time_in_force":"day",)"
              R"("client_order_id":"s-1-20261120-1431-TQQQ-B-1"})");
  intent.side = order_side::sell;
  intent.client_order_id = "s-1-20261120-1431-TQQQ-S-1";
  CHECK_EQUAL(order_body(intent, "TQQQ"),
              R"({"symbol":"TQQQ","qty":"271","side":"sell","type":"market","time_in_force":"day",)"
              R"("client_order_id":"s-1-20261120-1431-TQQQ-S-1","position_intent":"sell_to_close"})");
}

TEST(an answered order is the order sent) {
  for (const auto side : {order_side::buy, order_side::sell}) {
    order_intent intent;
    intent.client_order_id = "s-1-20261120-1431-TQQQ-1";
    intent.side = side;
    intent.shares = 9'007'199'254'740'993; // 2^53 + 1: no double holds it
    auto answer = json::parse(order_body(intent, "TQQQ"));
    answer["id"] = "venue";
    answer["status"] = "pending_new";
    const auto order = parse_order(answer.dump());
    REQUIRE(order.value);
    CHECK_EQUAL(order.value->client_order_id, intent.client_order_id);
    CHECK_EQUAL(order.value->shares, intent.shares);
    CHECK(order.value->side == side);
    CHECK_EQUAL(order.value->symbol, "TQQQ");
    CHECK_EQUAL(order.value->type, "market");
  }
}

TEST(targets are percent encoded) {
  const time_ms open = new_york_to_utc({2025, 6, 3}, 9, 30);
  CHECK_EQUAL(bars_target({"TQQQ", "BRK.B"}, open, open + 389 * minute_ms, "iex", "raw", ""),
              "/v2/stocks/bars?symbols=TQQQ%2CBRK.B&timeframe=1Min&start=2025-06-03T13%3A30%3A00Z"
              "&end=2025-06-03T19%3A59%3A00Z&limit=10000&adjustment=raw&feed=iex&sort=asc");
  const auto next = bars_target({"A"}, open, open, "sip", "split", "TUVUQXxE+/Zg==");
  CHECK(next.ends_with("&adjustment=split&feed=sip&sort=asc&page_token=TUVUQXxE%2B%2FZg%3D%3D"));
  // Nothing in a symbol can add a parameter, a header or a second request.
  const auto odd = bars_target({"A&limit=1 #?%\r\n\xc3\xa4"}, open, open, "iex", "raw", "");
  CHECK(odd.find("symbols=A%26limit%3D1%20%23%3F%25%0D%0A%C3%A4&timeframe") != std::string::npos);
  CHECK_EQUAL(
      polygon::aggregates_target("TQQQ", {2025, 6, 2}, {2025, 6, 30}),
      "/v2/aggs/ticker/TQQQ/range/1/minute/2025-06-02/2025-06-30?adjusted=false&sort=asc&limit=50000");
  CHECK_EQUAL(
      polygon::aggregates_target("BRK/B", {2025, 6, 2}, {2025, 6, 2}, true),
      "/v2/aggs/ticker/BRK%2FB/range/1/minute/2025-06-02/2025-06-02?adjusted=true&sort=asc&limit=50000");
}
