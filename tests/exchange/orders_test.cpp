#define CAF_SUITE exchange_orders
#include "tests/exchange/support.hpp"
#include "tests/support/test.hpp"

using namespace sentio;
using namespace sentio::test;

namespace {

venue_fixture calm(time_ms start = at(9, 45)) { return venue_fixture(start, venue_fixture::whole_fills()); }

bool is(const reply& r, int status, std::int64_t code, const std::string& message) {
  const bool same = r.status == status && r.body.is_object() && r.body.value("code", std::int64_t{0}) == code
                    && r.text("message") == message;
  if (!same)
    CAF_MESSAGE("got " << r.status << " " << r.body.dump());
  return same;
}

} // namespace

TEST(a market buy goes from pending_new over new to filled at the ask) {
  venue_fixture v = calm();
  const stream_id s = v.trading();
  const reply r = v.order("TQQQ", "buy", "10", {{"client_order_id", "sentio-1"}});
  REQUIRE(r.status == 200);
  CHECK_EQUAL(r.text("status"), "pending_new");
  CHECK_EQUAL(r.text("qty"), "10");
  CHECK_EQUAL(r.text("filled_qty"), "0");
  CHECK_EQUAL(r.text("position_intent"), "buy_to_open");
  CHECK(r.body["filled_avg_price"].is_null());
  const json quote = v.get("/v2/stocks/TQQQ/quotes/latest").body["quote"];
  v.pass(100);
  const json done = v.order_now(r.text("id"));
  CHECK(done["status"] == "filled");
  CHECK(std::stod(done["filled_avg_price"].get<std::string>()) == quote["ap"].get<double>());
  const std::vector<json> told = v.heard(s);
  REQUIRE(told.size() == 3u);
  CHECK(told[0]["data"]["event"] == "pending_new");
  CHECK(told[0]["data"]["execution_id"].is_null());
  CHECK(told[1]["data"]["event"] == "new");
  CHECK(told[2]["data"]["event"] == "fill");
  CHECK(told[2]["data"]["qty"] == "10");
  CHECK(told[2]["data"]["position_qty"] == "10");
  CHECK(told[2]["data"]["price"] == done["filled_avg_price"]);
  CHECK(told[2]["data"]["execution_id"].get<std::string>().size() == 36u);
  CHECK(told[2]["data"]["order"] == done);
  CHECK_EQUAL(v.held("TQQQ"), "10");
}

TEST(answers have every key of the recorded ones) {
  venue_fixture v = calm();
  const reply order = v.order("TQQQ", "buy", "10");
  v.pass(100);
  const std::vector<std::string> keys{"id", "client_order_id", "created_at", "updated_at", "submitted_at", "filled_at",
    "expired_at", "expires_at", "canceled_at", "failed_at", "replaced_at", "replaced_by", "replaces", "asset_id",
    "symbol", "asset_class", "notional", "qty", "filled_qty", "filled_avg_price", "order_class", "order_type", "type",
    "side", "position_intent", "time_in_force", "limit_price", "stop_price", "status", "extended_hours", "legs",
    "trail_percent", "trail_price", "hwm", "subtag", "source", "ratio_qty"};
  CHECK_EQUAL(order.body.size(), keys.size());
  for (const std::string& key : keys)
    CHECK(order.body.contains(key));
  const auto compare = [](const char* name, const json& ours, const std::string& allowed) {
    const auto example = recorded(name);
    if (!example) {
      CAF_MESSAGE("skipped: no recorded " << name);
      return;
    }
    const std::string lacking = missing_keys(example->is_array() ? example->front() : *example, ours);
    CHECK_EQUAL(lacking, allowed);
  };
  compare("rest_order_market_created.json", order.body, "commission");
  compare("rest_positions.json", v.get("/v2/positions").body[0], "usd");
  compare("rest_clock_v2.json", v.get("/v2/clock").body, "");
  compare("rest_asset.json", v.get("/v2/assets/TQQQ").body, "last_close_pct_change last_price");
  compare("rest_account_pre2026.json", v.get("/v2/account").body,
          "daytrade_count daytrading_buying_power pattern_day_trader");
  compare("rest_calendar_v2.json", v.get("/v2/calendar").body[0], "");
}

TEST(a limit order waits for its price and a stop for its trigger) {
  venue_fixture v = calm();
  const reply far = v.order("TQQQ", "buy", "5", {{"type", "limit"}, {"limit_price", "40.00"}});
  const reply near = v.order("TQQQ", "buy", "5", {{"type", "limit"}, {"limit_price", 90}});
  v.pass(200);
  CHECK(v.order_now(far.text("id"))["status"] == "new");
  CHECK(v.order_now(near.text("id"))["status"] == "filled");
  CHECK(std::stod(v.order_now(near.text("id"))["filled_avg_price"].get<std::string>()) < 70);
  CHECK_EQUAL(v.call("DELETE", "/v2/orders/" + far.text("id")).status, 204);
  CHECK(v.order_now(far.text("id"))["status"] == "pending_cancel");
  v.pass(100);
  CHECK(v.order_now(far.text("id"))["status"] == "canceled");
  const double price = v.get("/v2/stocks/TQQQ/trades/latest").body["trade"]["p"];
  const reply stop = v.order("TQQQ", "sell", "5", {{"type", "stop"}, {"stop_price", price - 0.03}});
  REQUIRE(stop.status == 200);
  v.go(at(15, 59, 59));
  const json after = v.order_now(stop.text("id"));
  CHECK(after["status"] == "filled");
  CHECK(std::stod(after["filled_avg_price"].get<std::string>()) <= price - 0.02);
}

TEST(immediate or cancel leaves nothing open) {
  venue_fixture v = calm();
  const reply r = v.order("TQQQ", "buy", "5", {{"type", "limit"}, {"limit_price", "40"}, {"time_in_force", "ioc"}});
  v.pass(100);
  CHECK(v.order_now(r.text("id"))["status"] == "canceled");
}

TEST(fill or kill fills whole or not at all and a stop limit keeps its limit) {
  venue_fixture v = calm();
  const reply killed = v.order("TQQQ", "buy", "5", {{"type", "limit"}, {"limit_price", "40"}, {"time_in_force", "fok"}});
  const reply filled = v.order("TQQQ", "buy", "500", {{"time_in_force", "fok"}});
  v.pass(100);
  CHECK(v.order_now(killed.text("id"))["status"] == "canceled");
  CHECK(v.order_now(filled.text("id"))["filled_qty"] == "500");
  const double price = v.get("/v2/stocks/TQQQ/trades/latest").body["trade"]["p"];
  const reply stop = v.order("TQQQ", "sell", "5", {{"type", "stop_limit"}, {"stop_price", price - 0.02},
                                                   {"limit_price", price + 5}});
  REQUIRE(stop.status == 200);
  v.go(at(15, 0));
  CHECK(v.order_now(stop.text("id"))["status"] == "new"); // reached its stop, but never its limit
  CHECK_EQUAL(v.order("SQQQ", "buy", "5", {{"position_intent", "buy_to_close"}}).text("message"),
              "position intent mismatch, inferred: buy_to_open, specified: buy_to_close");
  CHECK_EQUAL(v.order("SQQQ", "buy", "5", {{"extended_hours", true}}).status, 422);
}

TEST(a notional order buys for its amount and closing sells every last fraction) {
  venue_fixture v = calm();
  const reply r = v.call("POST", "/v2/orders", {{"symbol", "TQQQ"}, {"side", "buy"}, {"notional", "500"},
                                                 {"type", "market"}, {"time_in_force", "day"}});
  REQUIRE(r.status == 200);
  CHECK(r.body["qty"].is_null());
  CHECK_EQUAL(r.text("notional"), "500");
  v.pass(100);
  CHECK(v.order_now(r.text("id"))["status"] == "filled");
  const json position = v.get("/v2/positions/TQQQ").body;
  CHECK(std::abs(std::stod(position["cost_basis"].get<std::string>()) - 500) < 0.01);
  CHECK_EQUAL(v.call("DELETE", "/v2/positions/TQQQ").status, 200);
  v.pass(100);
  CHECK_EQUAL(v.get("/v2/positions/TQQQ").status, 404);
}

TEST(partial fills add up and are a tenth of all) {
  exchange_config c = venue_fixture::whole_fills();
  c.partial_fill_share = 0.10;
  venue_fixture v(at(9, 45), c);
  std::size_t orders_with_parts = 0;
  const stream_id s = v.trading();
  for (int i = 0; i < 200; ++i) {
    const reply r = v.order("SQQQ", i % 2 == 0 ? "buy" : "sell", "100");
    REQUIRE(r.status == 200);
    v.pass(2'000);
    std::int64_t sum = 0;
    std::size_t parts = 0;
    for (const json& m : v.heard(s)) {
      const std::string event = m["data"]["event"];
      if (event == "fill" || event == "partial_fill") {
        sum += std::stoll(m["data"]["qty"].get<std::string>());
        ++parts;
        const bool cumulative = m["data"]["order"]["filled_qty"] == std::to_string(sum);
        CHECK(cumulative);
      }
    }
    CHECK_EQUAL(sum, 100);
    orders_with_parts += parts > 1 ? 1 : 0;
  }
  CHECK(orders_with_parts > 5 && orders_with_parts < 40);
}

TEST(refusals carry the codes and texts of the real venue) {
  venue_fixture v = calm();
  const auto buy = [&](json more) { return v.order("TQQQ", "buy", "1", std::move(more)); };
  CHECK(is(v.order("TQQQ", "sell", "1"), 422, 42210000, "asset \"TQQQ\" cannot be sold short"));
  CHECK(is(buy({{"type", "limit"}, {"limit_price", "290.123"}}), 422, 42210000,
           "invalid limit_price 290.123. sub-penny increment does not fulfill minimum pricing criteria"));
  CHECK_EQUAL(buy({{"type", "limit"}, {"limit_price", "0.1234"}}).status, 200);
  CHECK_EQUAL(buy({{"type", "limit"}, {"limit_price", "0.12345"}}).status, 422);
  CHECK(is(v.order("NONE", "buy", "1"), 422, 42210000, "asset \"NONE\" not found"));
  CHECK(is(buy({{"qty", "1.5"}, {"time_in_force", "gtc"}}), 422, 42210000, "fractional orders must be DAY orders"));
  CHECK(is(buy({{"qty", "1.5"}, {"order_class", "bracket"}}), 422, 42210000, "fractional orders must be simple orders"));
  CHECK(is(buy({{"notional", "10"}}), 422, 42210000, "only one of qty or notional is accepted"));
  CHECK(is(buy({{"qty", nullptr}}), 422, 42210000, "qty or notional is required"));
  CHECK(is(buy({{"qty", "0"}}), 422, 42210000, "qty must be > 0"));
  CHECK(is(buy({{"type", "limit"}}), 422, 42210000, "limit orders require limit price"));
  CHECK(is(buy({{"type", "stop"}, {"stop_price", "1"}}), 422, 42210000, "stop price must be greater than current price"));
  CHECK(is(buy({{"side", 5}}), 400, 40010000, "request body format is invalid"));
  CHECK(is(v.call("POST", "/v2/orders"), 400, 40010000, "request body format is invalid"));
  CHECK(is(v.get("/v2/orders/2f63ea93-423d-4169-b3f6-3fdafc10c418"), 404, 40410000,
           "order not found for 2f63ea93-423d-4169-b3f6-3fdafc10c418"));
  CHECK(is(v.get("/v2/orders:by_client_order_id", {{"client_order_id", "x"}}), 404, 40410000, "order not found for x"));
  CHECK(is(v.get("/v2/positions/TQQQ"), 404, 40410000, "position does not exist"));
  CHECK(is(v.call("DELETE", "/v2/positions/TQQQ"), 404, 40410000, "position does not exist"));
  CHECK_EQUAL(v.get("/v2/assets/NONE").status, 404);
  CHECK_EQUAL(v.get("/v2/nothing").status, 404);
}

TEST(an order beyond the cash is refused with both sums) {
  venue_fixture v = calm();
  const reply r = v.order("TQQQ", "buy", "10000");
  CHECK(is(r, 403, 40310000, "insufficient buying power"));
  CHECK_EQUAL(r.text("buying_power"), "100000");
  CHECK(std::stod(r.text("cost_basis")) > 10'000 * 59 * 1.02);
  // 1,640 at about 60 dollars are 98,400, but 2.5 % more than that is more than there is.
  CHECK_EQUAL(v.order("TQQQ", "buy", "1640").status, 403);
  CHECK_EQUAL(v.order("TQQQ", "buy", "1500").status, 200);
  CHECK_EQUAL(v.order("UPRO", "buy", "100").status, 403); // the first order holds its money
}

TEST(a client order id is taken once and for all) {
  venue_fixture v = calm();
  const reply r = v.order("TQQQ", "buy", "1", {{"client_order_id", "once"}, {"type", "limit"}, {"limit_price", "40"}});
  v.call("DELETE", "/v2/orders/" + r.text("id"));
  v.pass(100);
  const reply again = v.order("TQQQ", "buy", "1", {{"client_order_id", "once"}});
  CHECK(is(again, 422, 40010001, "client_order_id must be unique"));
  const reply found = v.get("/v2/orders:by_client_order_id", {{"client_order_id", "once"}});
  CHECK_EQUAL(found.status, 200);
  CHECK(found.body["id"] == r.body["id"]);
}

TEST(wash trades are refused with the order that stands against them) {
  venue_fixture v = calm();
  v.order("TQQQ", "buy", "10");
  v.pass(100);
  const reply bid = v.order("TQQQ", "buy", "1", {{"type", "limit"}, {"limit_price", "50"}});
  const reply r = v.order("TQQQ", "sell", "5");
  CHECK(is(r, 403, 40310000, "potential wash trade detected. use complex orders"));
  CHECK(r.body["existing_order_id"] == bid.body["id"]);
  CHECK_EQUAL(r.text("reject_reason"), "opposite side limit order exists");
  CHECK_EQUAL(v.order("TQQQ", "sell", "5", {{"type", "limit"}, {"limit_price", "80"}}).status, 200);
  CHECK_EQUAL(v.order("TQQQ", "sell", "5", {{"type", "limit"}, {"limit_price", "49"}}).status, 403);
  CHECK_EQUAL(v.order("SQQQ", "buy", "5").status, 200); // another symbol
}

TEST(shares held for an order cannot be sold twice) {
  venue_fixture v = calm();
  v.order("TQQQ", "buy", "23");
  v.pass(100);
  const reply first = v.order("TQQQ", "sell", "23", {{"type", "limit"}, {"limit_price", "90"}});
  const reply r = v.call("DELETE", "/v2/positions/TQQQ");
  CHECK(is(r, 403, 40310000, "insufficient qty available for order (requested: 23, available: 0)"));
  CHECK_EQUAL(r.text("held_for_orders"), "23");
  CHECK_EQUAL(r.text("existing_qty"), "23");
  CHECK_EQUAL(r.text("available"), "0");
  CHECK_EQUAL(r.text("symbol"), "TQQQ");
  CHECK(r.body["related_orders"] == json::array({first.body["id"]}));
  const reply more = v.order("TQQQ", "sell", "24");
  CHECK_EQUAL(more.status, 403);
}

TEST(a replaced order ends and its successor carries the change) {
  venue_fixture v = calm();
  const reply r = v.order("TQQQ", "buy", "10", {{"type", "limit"}, {"limit_price", "40"}});
  CHECK(is(v.call("PATCH", "/v2/orders/" + r.text("id"), {{"qty", "5"}}), 422, 42210000,
           "unable to replace order in current state"));
  v.pass(50);
  const stream_id s = v.trading();
  const reply n = v.call("PATCH", "/v2/orders/" + r.text("id"), {{"qty", "5"}, {"limit_price", "41.5"}});
  REQUIRE(n.status == 200);
  CHECK(n.body["replaces"] == r.body["id"]);
  CHECK_EQUAL(n.text("qty"), "5");
  CHECK_EQUAL(n.text("limit_price"), "41.5");
  const json old = v.order_now(r.text("id"));
  CHECK(old["status"] == "replaced");
  CHECK(old["replaced_by"] == n.body["id"]);
  v.pass(50);
  CHECK_EQUAL(joined(v.events(s)), "replaced pending_new new");
  CHECK(is(v.call("DELETE", "/v2/orders/" + r.text("id")), 422, 42210000, "order is already in \"replaced\" state"));
}

TEST(a replacement that changes nothing is refused) {
  venue_fixture v = calm();
  const reply r = v.order("TQQQ", "buy", "10", {{"type", "limit"}, {"limit_price", "40"}});
  v.pass(50);
  const std::string path = "/v2/orders/" + r.text("id");
  for (const json& body : {json::object(), json{{"qty", "10"}}, json{{"limit_price", "40.00"}, {"time_in_force", "day"}},
                           json{{"client_order_id", "another"}}})
    CHECK(is(v.call("PATCH", path, body), 403, 40310000, "order parameters are not changed"));
  CHECK(v.order_now(r.text("id"))["status"] == "new");
  CHECK_EQUAL(v.call("PATCH", path, {{"time_in_force", "gtc"}}).text("time_in_force"), "gtc");
}

TEST(closing takes a number or a percentage and closing all answers each symbol) {
  venue_fixture v = calm();
  v.order("TQQQ", "buy", "10");
  v.order("SQQQ", "buy", "7");
  v.pass(100);
  CHECK_EQUAL(v.call("DELETE", "/v2/positions/TQQQ", nullptr, {{"qty", "4"}}).text("qty"), "4");
  v.pass(100);
  CHECK_EQUAL(v.call("DELETE", "/v2/positions/TQQQ", nullptr, {{"percentage", "50"}}).text("qty"), "3");
  v.pass(100);
  CHECK_EQUAL(v.held("TQQQ"), "3");
  CHECK_EQUAL(v.call("DELETE", "/v2/positions/TQQQ", nullptr, {{"percentage", "101"}}).status, 422);
  const reply limit = v.order("TQQQ", "sell", "3", {{"type", "limit"}, {"limit_price", "90"}});
  v.pass(100);
  const reply blocked = v.call("DELETE", "/v2/positions");
  CHECK_EQUAL(blocked.status, 207);
  REQUIRE(blocked.body.size() == 2u);
  CHECK(blocked.body[0]["symbol"] == "SQQQ");
  CHECK(blocked.body[0]["status"] == 200);
  CHECK(blocked.body[0]["body"]["side"] == "sell");
  CHECK(blocked.body[1]["status"] == 403);
  v.pass(100);
  const reply all = v.call("DELETE", "/v2/positions", nullptr, {{"cancel_orders", "true"}});
  CHECK(all.body[0]["status"] == 200);
  v.pass(100);
  CHECK(v.get("/v2/positions").body.empty());
  CHECK(v.order_now(limit.text("id"))["status"] == "canceled");
}

TEST(canceling everything answers each order) {
  venue_fixture v = calm();
  v.order("TQQQ", "buy", "1", {{"type", "limit"}, {"limit_price", "40"}});
  v.order("UPRO", "buy", "1", {{"type", "limit"}, {"limit_price", "40"}});
  v.pass(50);
  const reply r = v.call("DELETE", "/v2/orders");
  CHECK_EQUAL(r.status, 207);
  REQUIRE(r.body.size() == 2u);
  CHECK(r.body[0]["status"] == 200);
  const reply again = v.call("DELETE", "/v2/orders");
  CHECK(again.body[0]["status"] == 500);
  v.pass(100);
  CHECK(v.get("/v2/orders").body.empty());
  CHECK_EQUAL(v.get("/v2/orders", {{"status", "closed"}}).body.size(), 2u);
}

TEST(lists are filtered and sorted) {
  venue_fixture v = calm();
  std::vector<std::string> ids;
  for (const char* symbol : {"TQQQ", "UPRO", "TQQQ", "SQQQ"}) {
    ids.push_back(v.order(symbol, "buy", "1", {{"type", "limit"}, {"limit_price", "5"}}).text("id"));
    v.pass(10);
  }
  const auto listed = [&](std::vector<std::pair<std::string, std::string>> query) {
    std::vector<std::string> found;
    for (const json& o : v.get("/v2/orders", std::move(query)).body)
      found.push_back(o["id"]);
    return joined(found);
  };
  CHECK_EQUAL(listed({}), joined({ids[3], ids[2], ids[1], ids[0]}));
  CHECK_EQUAL(listed({{"direction", "asc"}, {"limit", "2"}}), joined({ids[0], ids[1]}));
  CHECK_EQUAL(listed({{"symbols", "TQQQ,SQQQ"}, {"status", "all"}}), joined({ids[3], ids[2], ids[0]}));
  const std::string second = v.order_now(ids[1])["submitted_at"];
  CHECK_EQUAL(listed({{"after", second}}), joined({ids[3], ids[2]}));
  CHECK_EQUAL(listed({{"until", second}}), ids[0]);
  CHECK_EQUAL(listed({{"side", "sell"}}), "");
  CHECK_EQUAL(listed({{"before_order_id", ids[2]}}), joined({ids[1], ids[0]}));
  CHECK_EQUAL(listed({{"after_order_id", ids[1]}}), joined({ids[3], ids[2]}));
  CHECK_EQUAL(listed({{"after_order_id", ids[0]}, {"direction", "asc"}, {"limit", "2"}}), joined({ids[1], ids[2]}));
  CHECK_EQUAL(listed({{"asset_class", "us_equity,crypto"}}), joined({ids[3], ids[2], ids[1], ids[0]}));
  CHECK_EQUAL(listed({{"asset_class", "us_option"}}), "");
  CHECK(is(v.get("/v2/orders", {{"asset_class", "art"}}), 422, 40010001, "invalid asset_class \"art\""));
  CHECK(is(v.get("/v2/orders", {{"before_order_id", ids[0]}, {"after_order_id", ids[1]}}), 422, 40010001,
           "only one of before_order_id or after_order_id is accepted"));
  CHECK(is(v.get("/v2/orders", {{"before_order_id", ids[0]}, {"after", second}}), 422, 40010001,
           "before_order_id must not be combined with after or until"));
  CHECK(is(v.get("/v2/orders", {{"after_order_id", "nothing"}}), 404, 40410000, "order not found for nothing"));
  CHECK_EQUAL(v.get("/v2/orders", {{"limit", "501"}}).status, 422);
  CHECK_EQUAL(v.get("/v2/orders", {{"status", "odd"}}).status, 422);
  CHECK_EQUAL(v.get("/v2/orders", {{"after", "yesterday"}}).status, 422);
}
