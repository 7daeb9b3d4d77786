#define CAF_SUITE exchange_call_faults
#include "tests/exchange/support.hpp"
#include "tests/support/test.hpp"

using namespace sentio;
using namespace sentio::test;

namespace {

venue_fixture calm(time_ms start = at(9, 45, 1)) {
  return venue_fixture(start, venue_fixture::whole_fills());
}

json one(const char* kind, json more = json::object()) {
  more["kind"] = kind;
  return json::array({more});
}

} // namespace

TEST(F41 : calls of a route are refused while its streams live on) {
  venue_fixture v = calm();
  const stream_id stream = v.trading();
  v.order("TQQQ", "buy", "5");
  CHECK_EQUAL(v.faults(one("rest_refused", {{"route", "/v2/"}, {"for_ms", 60'000}})), "");
  CHECK(v.get("/v2/account").raw.drop_connection);
  CHECK(v.order("TQQQ", "buy", "1").raw.drop_connection);
  v.pass(100);
  CHECK_EQUAL(joined(v.events(stream)), "pending_new new fill");
  v.pass(60'000);
  CHECK(!v.get("/v2/account").raw.drop_connection);
  CHECK_EQUAL(v.held("TQQQ"), "5"); // the refused order was not carried out
}

TEST(F41: calls that are never answered are carried out when that is asked for) {
  for (const bool carried_out : {false, true}) {
    venue_fixture v = calm();
    v.faults(one("rest_unanswered", {{"route", "POST /v2/orders"}, {"value", carried_out ? 1 : 0}}));
    const reply mute = v.order("TQQQ", "buy", "5");
    CHECK(mute.raw.drop_connection);
    CHECK(mute.raw.delay_ms >= 3'600'000);
    CHECK(!v.get("/v2/account").raw.drop_connection);
    v.pass(100);
    CHECK_EQUAL(v.held("TQQQ"), carried_out ? "5" : "0");
  }
}

TEST(F42 : an answer is replaced with its status and headers and body) {
  venue_fixture v = calm();
  CHECK_EQUAL(v.faults(one("rest_answer", {{"route", "POST /v2/orders"},
                                           {"match", "\"side\":\"sell\""},
                                           {"value", 503},
                                           {"headers", {{"Retry-After", "600"}}},
                                           {"text", "<html>maintenance</html>"},
                                           {"delay_ms", 40}})),
              "");
  CHECK_EQUAL(v.order("TQQQ", "buy", "5").status, 200);
  v.pass(100);
  const reply refused = v.order("TQQQ", "sell", "5");
  CHECK_EQUAL(refused.status, 503);
  CHECK_EQUAL(refused.raw.body, "<html>maintenance</html>");
  CHECK_EQUAL(refused.raw.delay_ms, 40);
  REQUIRE(refused.raw.headers.size() == 3u); // the last two are those of every answer
  CHECK_EQUAL(refused.raw.headers[0].second, "600");
  v.pass(100);
  CHECK_EQUAL(v.held("TQQQ"), "5");
  CHECK_EQUAL(v.order("TQQQ", "sell", "5").status, 200); // once, unless a count or a window says otherwise
}

TEST(F28 : a limit of the rate can concern one route) {
  venue_fixture v = calm();
  v.faults(one("rest_429", {{"route", "POST /v2/orders"}, {"value", 600}}));
  CHECK_EQUAL(v.get("/v2/account").status, 200);
  const reply limited = v.order("TQQQ", "buy", "5");
  CHECK_EQUAL(limited.status, 429);
  CHECK_EQUAL(limited.raw.headers.front().second, "600");
}

TEST(F43 : rows are added to a list and altered in it) {
  venue_fixture v = calm();
  v.order("TQQQ", "buy", "5");
  v.order("UPRO", "buy", "3");
  v.pass(100);
  v.faults(json::array({{{"kind", "rest_rows"},
                         {"route", "GET /v2/positions"},
                         {"text", json::array({{{"symbol", "BTCUSD"}, {"qty", "0.5"}}})}},
                        {{"kind", "rest_altered"},
                         {"route", "GET /v2/positions"},
                         {"symbol", "UPRO"},
                         {"text", {{"qty", "3.25"}, {"avg_entry_price", nullptr}}}}}));
  const json rows = v.get("/v2/positions").body;
  REQUIRE(rows.size() == 3u);
  CHECK_EQUAL(rows[0]["qty"].get<std::string>(), "5");
  CHECK_EQUAL(rows[1]["qty"].get<std::string>(), "3.25");
  CHECK(!rows[1].contains("avg_entry_price"));
  CHECK_EQUAL(rows[2]["symbol"].get<std::string>(), "BTCUSD");
  CHECK_EQUAL(v.get("/v2/account").status, 200);
}

TEST(F44 : stream messages are sent and altered) {
  venue_fixture v = calm();
  const stream_id orders = v.trading();
  const stream_id bars = v.data({{"bars", {"TQQQ"}}});
  v.faults(
      json::array({{{"kind", "trade_update_sent"}, {"text", {{"event", "fill"}, {"price", "9000000000"}}}},
                   {{"kind", "data_message_sent"}, {"text", json::array({{{"T", "b"}, {"S", "TQQQ"}}})}}}));
  std::vector<json> of_orders, of_bars;
  v.outputs = v.venue->take();
  for (const stream_output& o : v.outputs)
    (o.stream == orders ? of_orders : of_bars).push_back(json::parse(o.message));
  REQUIRE(of_orders.size() == 1u);
  CHECK_EQUAL(of_orders[0]["stream"].get<std::string>(), "trade_updates");
  CHECK_EQUAL(of_orders[0]["data"]["price"].get<std::string>(), "9000000000");
  REQUIRE(of_bars.size() == 1u);
  CHECK_EQUAL(of_bars[0][0]["S"].get<std::string>(), "TQQQ");
  CHECK(bars != orders);
  v.faults(one("trade_update_altered",
               {{"match", "fill"}, {"text", {{"qty", "1000000"}, {"order", {{"symbol", "X"}}}}}}));
  v.order("TQQQ", "buy", "5");
  v.pass(100);
  for (json& m : v.heard(orders)) {
    const bool altered = m["data"]["order"]["symbol"] == "X";
    CHECK_EQUAL(altered, m["data"]["event"] == "fill");
    CHECK_EQUAL(m["data"]["qty"] == "1000000", altered);
    CHECK(m["data"]["order"].contains("client_order_id"));
  }
}

TEST(what a fault of the calls needs is checked where it is read) {
  fault_plan plan;
  const auto problem = [&](const char* wrong) { return parse_faults(wrong, plan); };
  CHECK_EQUAL(problem(R"([{"kind":"rest_rows","text":"{}"}])"), "fault 1: text is no JSON array");
  CHECK_EQUAL(problem(R"([{"kind":"rest_altered"}])"), "fault 1: text is no JSON object");
  CHECK_EQUAL(problem(R"([{"kind":"rest_answer","headers":{"Retry-After":600}}])"),
              "fault 1: header Retry-After is no text");
  CHECK_EQUAL(problem(R"([{"kind":"rest_refused","route":"GET v2 orders"}])"),
              "fault 1: route is neither a method, a path nor \"METHOD /path\": GET v2 orders");
  const std::string text =
      R"([{"kind":"rest_answer","route":"GET /v2","match":"a","headers":{"Retry-After":"600"},"text":{"a":1}}])";
  REQUIRE(parse_faults(text, plan).empty());
  fault_plan again;
  CHECK_EQUAL(parse_faults(print_faults(plan), again), "");
  CHECK_EQUAL(print_faults(again), print_faults(plan));
  CHECK_EQUAL(again.faults.at(0).text, R"({"a":1})");
  CHECK_EQUAL(again.faults.at(0).headers.size(), 1u);
}
