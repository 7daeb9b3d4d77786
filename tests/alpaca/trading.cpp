#define CAF_SUITE alpaca_trading
#include "core/alpaca/wire.hpp"
#include "tests/support/test.hpp"

using namespace sentio;
using namespace sentio::alpaca;

namespace {

std::string update(const std::string& data) {
  return R"({"stream":"trade_updates","data":)" + data + "}";
}

std::string order(const std::string& changes) {
  return R"({"id":"943da5dc","client_order_id":"s-1-20261120-1431-TQQQ-B-1","symbol":"TQQQ","side":"buy",)"
         R"("type":"market","status":"partially_filled","created_at":"2026-11-20T14:31:00.25Z",)"
         R"("updated_at":"2026-11-20T09:31:01.5-05:00",)" +
         changes + "}";
}

const std::string whole_order =
    order(R"("qty":"10","filled_qty":"3","filled_avg_price":"50.1234565","notional":null,"legs":null)");

template <class T>
T message(std::string_view text) {
  const auto parsed_message = parse_trading_message(text);
  REQUIRE(std::holds_alternative<T>(parsed_message));
  return std::get<T>(parsed_message);
}

} // namespace

TEST(authorization and listening) {
  CHECK(message<trading_authorization>(
            R"({"stream":"authorization","data":{"status":"authorized","action":"authenticate"}})")
            .authorized);
  CHECK(!message<trading_authorization>(
             R"({"stream":"authorization","data":{"status":"unauthorized","action":"listen"}})")
             .authorized);
  CHECK(!message<trading_authorization>(R"({"stream":"authorization","data":{"status":null}})").authorized);
  CHECK(
      message<trading_listening>(R"({"stream":"listening","data":{"streams":["trade_updates"]}})").streams ==
      std::vector<std::string>{"trade_updates"});
  CHECK(message<trading_listening>(R"({"stream":"listening","data":{"streams":[]}})").streams.empty());
}

TEST(a partial fill has its own amounts and those of its order) {
  const auto fill = message<trade_update>(
      update(R"({"event":"partial_fill","execution_id":"e-1","price":"50.1","qty":"3","position_qty":"-3",)"
             R"("timestamp":"2026-11-20T14:31:01.499999999Z","order":)" +
             whole_order + "}"));
  CHECK_EQUAL(fill.event, "partial_fill");
  CHECK_EQUAL(fill.execution_id, "e-1");
  CHECK_EQUAL(fill.price.micros, 50'100'000);
  CHECK_EQUAL(fill.shares, 3);
  CHECK(fill.position == -3);
  CHECK_EQUAL(fill.at, 1'795'185'061'499);
  CHECK_EQUAL(fill.order.id, "943da5dc");
  CHECK_EQUAL(fill.order.client_order_id, "s-1-20261120-1431-TQQQ-B-1");
  CHECK_EQUAL(fill.order.symbol, "TQQQ");
  CHECK(fill.order.side == order_side::buy);
  CHECK_EQUAL(fill.order.type, "market");
  CHECK_EQUAL(fill.order.shares, 10);
  CHECK_EQUAL(fill.order.filled, 3);
  CHECK_EQUAL(fill.order.filled_price.micros, 50'123'457); // half away from zero
  CHECK_EQUAL(fill.order.status, "partially_filled");
  CHECK_EQUAL(fill.order.created_at, 1'795'185'060'250);
  CHECK_EQUAL(fill.order.updated_at, 1'795'185'061'500);
}

TEST(nulls and numbers that are no texts) {
  // QuantConnect/Lean.Brokerages.Alpaca issue 41: a C# client's copy of the message.
  const auto pending = message<trade_update>(update(
      R"({"event":"pending_new","execution_id":null,"price":null,"position_qty":null,"qty":null,)"
      R"("timestamp":"2025-09-23T14:00:00.4519828Z","order":{"id":"943da5dc-2d69-4383-a8c5-b23a1ff33141",)"
      R"("client_order_id":"563fa71d","created_at":"2025-09-23T14:00:00.0000000Z",)"
      R"("updated_at":"2025-09-23T14:00:00.4509979Z","filled_at":null,"symbol":"TQQQ","notional":null,)"
      R"("qty":271.0,"filled_qty":0.0,"type":"market","side":"sell","status":"pending_new"}})"));
  CHECK(pending.execution_id.empty());
  CHECK_EQUAL(pending.price.micros, 0);
  CHECK_EQUAL(pending.shares, 0);
  CHECK(!pending.position);
  CHECK_EQUAL(pending.at, 1'758'636'000'451);
  CHECK_EQUAL(pending.order.shares, 271);
  CHECK_EQUAL(pending.order.filled, 0);
  CHECK(pending.order.side == order_side::sell);
  CHECK_EQUAL(pending.order.updated_at, 1'758'636'000'450);
}

TEST(a missing time is taken from at or the order) {
  const auto with_at = message<trade_update>(
      update(R"({"event":"new","at":"2026-11-20T14:31:00Z","order":)" + whole_order + "}"));
  CHECK_EQUAL(with_at.at, 1'795'185'060'000);
  const auto without = message<trade_update>(update(R"({"event":"new","order":)" + whole_order + "}"));
  CHECK_EQUAL(without.at, 1'795'185'061'500);
}

TEST(an unknown event still carries its order) {
  CHECK_EQUAL(
      message<trade_update>(update(R"({"event":"restated","order":)" + whole_order + "}")).order.filled, 3);
}

TEST(an update that cannot be read names its symbol and is no broken stream) {
  for (const std::string quantity :
       {R"("qty":"0.0283","filled_qty":"0")", R"("qty":1.5,"filled_qty":"0")",
        R"("qty":"2","filled_qty":"0.5")", R"("qty":null,"notional":"500","filled_qty":"0")",
        R"("filled_qty":"0")", R"("qty":"-3")", R"("qty":"99999999999999999999")", R"("qty":1e300)",
        R"("qty":true)", R"("qty":[])"})
    message<trading_unreadable>(update(R"({"event":"new","order":)" + order(quantity) + "}"));
  message<trading_unreadable>(update(R"({"event":"fill","qty":"0.5","order":)" + whole_order + "}"));
  message<trading_unreadable>(update(R"({"event":"fill","qty":"-1","order":)" + whole_order + "}"));
  const auto odd =
      message<trading_unreadable>(update(R"({"event":"fill","qty":"0.5","order":)" + whole_order + "}"));
  CHECK(!odd.name.empty());
  CHECK(odd.problem.starts_with("qty"));
}

TEST(what is no message is told apart) {
  for (const std::string text :
       {"", "{", "[]", "null", "42", "\"x\"", R"({"stream":"trade_updates"})",
        R"({"stream":"trade_updates","data":[]})", R"({"stream":"trade_updates","data":{}})",
        R"({"stream":"trade_updates","data":{"event":"new","order":null}})",
        R"({"stream":"trade_updates","data":{"event":"new","order":{}}})",
        R"({"stream":"listening","data":null})"})
    message<trading_malformed>(text);
  for (const std::string text : {"{}", R"({"stream":"account_updates","data":{}})", R"({"stream":7})",
                                 R"({"action":"error","data":{"error_message":"internal error"}})"})
    message<trading_unknown>(text);
}

TEST(terminal states) {
  for (const std::string status : {"filled", "canceled", "expired", "replaced", "rejected", "done_for_day"})
    CHECK(is_terminal_status(status));
  for (const std::string status :
       {"new", "partially_filled", "accepted", "pending_new", "pending_cancel", "held", "pending_replace",
        "stopped", "suspended", "calculated", "", "FILLED"})
    CHECK(!is_terminal_status(status));
}
