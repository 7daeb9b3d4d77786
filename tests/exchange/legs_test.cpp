#define CAF_SUITE exchange_legs
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

/// One symbol whose bars all have one price until a minute of the session, and another one from then on.
venue_fixture stepped(double before, double after, int at_minute, time_ms start = at(9, 45)) {
  std::vector<bar> bars;
  for (const civil_date date : {civil_date{2026, 11, 20}, monday, civil_date{2026, 11, 24}}) {
    const session_hours hours = *session_on(date);
    for (time_ms label = hours.open; label < hours.close; label += minute_ms) {
      const double price = date == monday && label >= hours.open + at_minute * minute_ms ? after : before;
      bars.push_back({label, price, price, price, price, 5'000});
    }
  }
  venue_fixture v(start, venue_fixture::whole_fills());
  v.venue = std::make_unique<exchange>(v.config, make_memory_market({"TQQQ"}, {bars}), start);
  return v;
}

json exits(const char* profit, const char* loss) {
  return {{"take_profit", {{"limit_price", profit}}}, {"stop_loss", {{"stop_price", loss}}}};
}

json bracket(const char* profit, const char* loss, json more = json::object()) {
  json body = exits(profit, loss);
  body["order_class"] = "bracket";
  body.update(more);
  return body;
}

std::vector<std::string> statuses(venue_fixture& v, const std::vector<std::string>& ids) {
  std::vector<std::string> found;
  for (const std::string& id : ids)
    found.push_back(v.order_now(id)["status"]);
  return found;
}

/// Ids of an order and its legs.
std::vector<std::string> family(const reply& r) {
  std::vector<std::string> ids{r.text("id")};
  if (r.body["legs"].is_array())
    for (const json& leg : r.body["legs"])
      ids.push_back(leg["id"]);
  return ids;
}

std::string told(venue_fixture& v, stream_id s, const std::vector<std::string>& ids) {
  std::string text;
  for (const json& m : v.heard(s)) {
    const auto place = std::find(ids.begin(), ids.end(), m["data"]["order"]["id"].get<std::string>());
    text += (text.empty() ? "" : " ") + std::to_string(place - ids.begin()) + ":"
            + m["data"]["event"].get<std::string>();
  }
  return text;
}

/// A bracket of 10 shares bought at about 60 whose entry is filled.
std::vector<std::string> entered(venue_fixture& v, const char* profit = "65", const char* loss = "55") {
  const reply r = v.order("TQQQ", "buy", "10", bracket(profit, loss));
  REQUIRE(r.status == 200);
  v.pass(300);
  return family(r);
}

} // namespace

TEST(the answer to a bracket has its legs which wait as held with the prices asked for) {
  venue_fixture v = stepped(60, 60, 0);
  const reply r = v.order("TQQQ", "buy", "10", bracket("65", "55", {{"time_in_force", "gtc"}}));
  REQUIRE(r.status == 200);
  CHECK_EQUAL(r.text("order_class"), "bracket");
  REQUIRE(r.body["legs"].size() == 2u);
  const json &profit = r.body["legs"][0], &loss = r.body["legs"][1];
  CHECK(profit["type"] == "limit");
  CHECK(profit["limit_price"] == "65");
  CHECK(profit["stop_price"].is_null());
  CHECK(loss["type"] == "stop");
  CHECK(loss["stop_price"] == "55");
  CHECK(loss["limit_price"].is_null());
  for (const json& leg : {profit, loss}) {
    CHECK(leg["status"] == "held");
    CHECK(leg["side"] == "sell");
    CHECK(leg["qty"] == "10");
    CHECK(leg["order_class"] == "bracket");
    CHECK(leg["time_in_force"] == "gtc");
    CHECK(leg["position_intent"] == "sell_to_close");
    CHECK(leg["legs"].is_null());
    CHECK_EQUAL(leg.size(), r.body.size());
  }
  const reply limited = v.order("TQQQ", "buy", "1", {{"order_class", "oto"},
                                                     {"stop_loss", {{"stop_price", "55"}, {"limit_price", "54.5"}}}});
  REQUIRE(limited.body["legs"].size() == 1u);
  CHECK(limited.body["legs"][0]["type"] == "stop_limit");
  CHECK(limited.body["legs"][0]["limit_price"] == "54.5");
}

TEST(a filled entry brings its take profit into the market and the fill of that ends the stop loss) {
  venue_fixture v = stepped(60, 66, 30);
  const stream_id s = v.trading();
  const std::vector<std::string> ids = entered(v);
  CHECK_EQUAL(joined(statuses(v, ids)), "filled new held");
  CHECK_EQUAL(told(v, s, ids), "0:pending_new 1:held 2:held 0:new 0:fill 1:new");
  const json position = v.get("/v2/positions/TQQQ").body;
  CHECK(position["qty"] == "10");
  CHECK(position["qty_available"] == "0"); // held by one of the two exits, not by both
  CHECK(is(v.order("TQQQ", "sell", "1"), 403, 40310000,
           "insufficient qty available for order (requested: 1, available: 0)"));
  v.go(at(10, 0, 30));
  CHECK_EQUAL(joined(statuses(v, ids)), "filled filled canceled");
  CHECK_EQUAL(told(v, s, ids), "1:fill 2:canceled");
  CHECK(std::stod(v.order_now(ids[1])["filled_avg_price"].get<std::string>()) >= 65);
  CHECK_EQUAL(v.held("TQQQ"), "0");
}

TEST(a stop loss that is reached takes the place of the take profit) {
  venue_fixture v = stepped(60, 54, 30);
  const stream_id s = v.trading();
  const std::vector<std::string> ids = entered(v);
  told(v, s, ids);
  v.go(at(9, 59, 59));
  CHECK_EQUAL(joined(statuses(v, ids)), "filled new held");
  v.go(at(10, 0, 30));
  CHECK_EQUAL(joined(statuses(v, ids)), "filled canceled filled");
  CHECK_EQUAL(told(v, s, ids), "1:canceled 2:new 2:fill");
  CHECK(std::stod(v.order_now(ids[2])["filled_avg_price"].get<std::string>()) < 55);
  CHECK_EQUAL(v.held("TQQQ"), "0");
}

TEST(legs wait until the whole entry is filled and end with an entry that is not) {
  venue_fixture v = stepped(60, 60, 0);
  const std::vector<std::string> waiting
    = family(v.order("TQQQ", "buy", "10", bracket("65", "45", {{"type", "limit"}, {"limit_price", "50"}})));
  v.pass(200);
  CHECK_EQUAL(joined(statuses(v, waiting)), "new held held");
  CHECK_EQUAL(v.call("DELETE", "/v2/orders/" + waiting[0]).status, 204);
  v.pass(200);
  CHECK_EQUAL(joined(statuses(v, waiting)), "canceled canceled canceled");
  v.faults(json::array({{{"kind", "partial_fills"}, {"delay_ms", 30'000}}}));
  const std::vector<std::string> part = family(v.order("TQQQ", "buy", "100", bracket("65", "55")));
  v.pass(1'000);
  CHECK_EQUAL(joined(statuses(v, part)), "partially_filled held held");
  v.go(at(9, 55));
  CHECK(v.order_now(part[0])["status"] == "filled");
  const std::vector<std::string> day
    = family(v.order("TQQQ", "buy", "1", bracket("65", "45", {{"type", "limit"}, {"limit_price", "50"}})));
  v.go(at(16, 0, 1));
  CHECK_EQUAL(joined(statuses(v, day)), "expired expired expired");
  CHECK_EQUAL(joined(statuses(v, part)), "filled expired expired");
}

TEST(canceling one exit ends the other and leaves the position) {
  for (const std::size_t which : {std::size_t{1}, std::size_t{2}}) {
    venue_fixture v = stepped(60, 60, 0);
    const std::vector<std::string> ids = entered(v);
    CHECK_EQUAL(v.call("DELETE", "/v2/orders/" + ids[which]).status, 204);
    v.pass(200);
    CHECK_EQUAL(joined(statuses(v, ids)), "filled canceled canceled");
    CHECK_EQUAL(v.held("TQQQ"), "10");
  }
  venue_fixture v = stepped(60, 60, 0);
  const std::vector<std::string> ids = entered(v);
  const reply all = v.call("DELETE", "/v2/orders");
  REQUIRE(all.body.size() == 1u); // the held one is no open order
  CHECK(all.body[0]["id"] == ids[1]);
  v.pass(200);
  CHECK_EQUAL(joined(statuses(v, ids)), "filled canceled canceled");
  const std::vector<std::string> second = entered(v);
  const reply closed = v.call("DELETE", "/v2/positions", nullptr, {{"cancel_orders", "true"}});
  CHECK(closed.body[0]["status"] == 200);
  v.pass(200);
  CHECK_EQUAL(joined(statuses(v, second)), "filled canceled canceled");
  CHECK_EQUAL(v.held("TQQQ"), "0");
}

TEST(a stop loss is for what a partly filled take profit leaves) {
  venue_fixture v = stepped(60, 66, 30);
  const std::vector<std::string> ids = entered(v);
  v.faults(json::array({{{"kind", "partial_fills"}, {"count", 1}, {"delay_ms", 600'000}}}));
  v.go(at(10, 0, 30));
  CHECK(v.order_now(ids[1])["status"] == "partially_filled");
  CHECK(v.order_now(ids[1])["filled_qty"] == "5");
  CHECK(v.order_now(ids[2])["qty"] == "5");
  CHECK(v.get("/v2/positions/TQQQ").body["qty_available"] == "0");
}

TEST(an oco sells once at a profit or at a loss) {
  for (const double later : {66.0, 54.0}) {
    venue_fixture v = stepped(60, later, 30);
    v.order("TQQQ", "buy", "10");
    v.pass(200);
    const stream_id s = v.trading();
    json body = exits("65", "55");
    body["order_class"] = "oco";
    body["type"] = "limit";
    const reply r = v.order("TQQQ", "sell", "10", body);
    REQUIRE(r.status == 200);
    CHECK_EQUAL(r.text("limit_price"), "65");
    const std::vector<std::string> ids = family(r);
    REQUIRE(ids.size() == 2u);
    v.pass(200);
    CHECK_EQUAL(joined(statuses(v, ids)), "new held");
    told(v, s, ids);
    v.go(at(10, 0, 30));
    CHECK_EQUAL(joined(statuses(v, ids)), later > 60 ? "filled canceled" : "canceled filled");
    CHECK_EQUAL(told(v, s, ids), later > 60 ? "0:fill 1:canceled" : "0:canceled 1:new 1:fill");
    CHECK_EQUAL(v.held("TQQQ"), "0");
  }
}

TEST(an oto brings its one leg into the market) {
  venue_fixture v = stepped(60, 54, 30);
  const reply r = v.order("TQQQ", "buy", "10", {{"order_class", "oto"}, {"stop_loss", {{"stop_price", "55"}}}});
  const std::vector<std::string> ids = family(r);
  REQUIRE(ids.size() == 2u);
  CHECK_EQUAL(joined(statuses(v, ids)), "pending_new held");
  v.pass(300);
  CHECK_EQUAL(joined(statuses(v, ids)), "filled new");
  v.go(at(10, 0, 30));
  CHECK_EQUAL(joined(statuses(v, ids)), "filled filled");
  CHECK_EQUAL(v.held("TQQQ"), "0");
}

TEST(lists show a held leg inside its parent and nowhere among the open orders) {
  venue_fixture v = stepped(60, 60, 0);
  const auto listed = [&](std::vector<std::pair<std::string, std::string>> query) {
    std::string text;
    for (const json& o : v.get("/v2/orders", std::move(query)).body)
      text += (text.empty() ? "" : " ") + o["status"].get<std::string>() + "/"
              + (o["legs"].is_array() ? std::to_string(o["legs"].size()) : "-");
    return text;
  };
  const std::vector<std::string> ids
    = family(v.order("TQQQ", "buy", "10", bracket("65", "45", {{"type", "limit"}, {"limit_price", "50"}})));
  v.pass(200);
  CHECK_EQUAL(listed({}), "new/-");
  CHECK_EQUAL(listed({{"nested", "true"}}), "new/2");
  CHECK_EQUAL(listed({{"status", "closed"}}), "held/- held/-");
  CHECK_EQUAL(listed({{"status", "all"}, {"nested", "true"}}), "new/2");
  CHECK(v.order_now(ids[0])["legs"].is_null());
  CHECK_EQUAL(v.get("/v2/orders/" + ids[0], {{"nested", "true"}}).body["legs"].size(), 2u);
  entered(v);
  CHECK_EQUAL(listed({{"nested", "true"}}), "new/- new/2"); // the entry is closed, its take-profit stands for itself
}

TEST(linked orders are refused in the words of the real venue) {
  venue_fixture v = stepped(60, 60, 0);
  const auto buy = [&](json more) { return v.order("TQQQ", "buy", "10", std::move(more)); };
  CHECK(is(buy({{"order_class", "bracket"}}), 422, 40010001, "bracket orders require take_profit.limit_price"));
  CHECK(is(buy({{"order_class", "bracket"}, {"take_profit", {{"limit_price", "65"}}}}), 422, 40010001,
           "bracket orders require stop_loss.stop_price"));
  CHECK(is(buy({{"order_class", "oco"}, {"type", "limit"}, {"limit_price", "65"}}), 422, 40010001,
           "oco orders require take_profit.limit_price"));
  CHECK(is(buy({{"order_class", "oto"}}), 422, 40010001, "oto orders require either take_profit or stop_loss"));
  json both = bracket("65", "55");
  both["order_class"] = "oto";
  CHECK(is(buy(both), 422, 40010001, "oto orders require either take_profit or stop_loss"));
  CHECK(is(buy(bracket("65", "55", {{"type", "stop"}, {"stop_price", "61"}})), 422, 40010001,
           "bracket orders must be market or limit orders"));
  CHECK(is(buy(bracket("65", "55", {{"time_in_force", "ioc"}})), 422, 42210000,
           "bracket orders must be DAY or GTC orders"));
  CHECK(is(buy(bracket("65", "55", {{"type", "limit"}, {"limit_price", "60"}, {"extended_hours", true}})), 422,
           42210000, "bracket orders do not support extended hours"));
  CHECK(is(buy(bracket("55", "65")), 422, 42210000, "take_profit.limit_price must be > stop_loss.stop_price"));
  const reply low = buy(bracket("60.01", "55", {{"type", "limit"}, {"limit_price", "60.01"}}));
  CHECK(is(low, 422, 42210000, "take_profit.limit_price must be >= base_price + 0.01"));
  CHECK_EQUAL(low.text("base_price"), "60.01");
  CHECK(is(buy(bracket("65", "59", {{"type", "limit"}, {"limit_price", "59"}})), 422, 42210000,
           "stop_loss.stop_price must be <= base_price - 0.01"));
  CHECK(is(buy(bracket("65.001", "55")), 422, 42210000,
           "invalid take_profit.limit_price 65.001. sub-penny increment does not fulfill minimum pricing criteria"));
  CHECK(is(buy({{"order_class", "bracket"}, {"take_profit", 65}, {"stop_loss", json::object()}}), 400, 40010000,
           "request body format is invalid"));
  CHECK(is(buy({{"order_class", "mleg"}}), 422, 42210000, "order class \"mleg\" is not supported by this exchange"));
  CHECK(is(buy({{"order_class", "pair"}}), 422, 42210000, "invalid order_class \"pair\""));
  CHECK(is(buy(exits("65", "55")), 422, 42210000, "simple orders must not have take_profit or stop_loss"));
  json oco = exits("65", "55");
  oco["order_class"] = "oco";
  CHECK(is(v.order("TQQQ", "sell", "10", oco), 422, 40010001, "oco orders must be limit orders"));
  oco["type"] = "limit";
  CHECK(is(v.order("TQQQ", "sell", "10", oco), 422, 42210000, "oco orders must be exit orders"));
  CHECK(is(v.order("TQQQ", "sell", "10", bracket("55", "65")), 422, 42210000,
           "asset \"TQQQ\" cannot be sold short"));
  v.order("TQQQ", "buy", "10");
  v.pass(200);
  CHECK(is(v.order("TQQQ", "sell", "10", bracket("55", "65")), 422, 42210000, "bracket orders must be entry orders"));
  CHECK(v.get("/v2/orders").body.empty()); // none of them left anything behind
}

TEST(exits are replaced one by one and keep their group) {
  venue_fixture v = stepped(60, 57, 30);
  std::vector<std::string> ids = entered(v);
  CHECK(is(v.call("PATCH", "/v2/orders/" + ids[1], {{"qty", "5"}}), 422, 42210000,
           "qty cannot be changed for advanced orders"));
  CHECK(is(v.call("PATCH", "/v2/orders/" + ids[2], {{"stop_price", "66"}}), 422, 42210000,
           "take_profit.limit_price must be > stop_loss.stop_price"));
  CHECK(is(v.call("PATCH", "/v2/orders/" + ids[2], {{"stop_price", "61"}}), 422, 42210000,
           "stop price must be less than current price"));
  const reply loss = v.call("PATCH", "/v2/orders/" + ids[2], {{"stop_price", "58"}});
  REQUIRE(loss.status == 200);
  CHECK_EQUAL(loss.text("status"), "held");
  CHECK(loss.body["replaces"] == ids[2]);
  const reply profit = v.call("PATCH", "/v2/orders/" + ids[1], {{"limit_price", "70"}});
  REQUIRE(profit.status == 200);
  v.pass(200);
  const json nested = v.get("/v2/orders/" + ids[0], {{"nested", "true"}}).body;
  CHECK(nested["legs"][0]["id"] == profit.body["id"]);
  CHECK(nested["legs"][1]["id"] == loss.body["id"]);
  CHECK_EQUAL(joined(statuses(v, {ids[1], ids[2], profit.text("id"), loss.text("id")})),
              "replaced replaced new held");
  v.go(at(10, 0, 30)); // 57 is below the new stop
  CHECK_EQUAL(joined(statuses(v, {profit.text("id"), loss.text("id")})), "canceled filled");
  CHECK_EQUAL(v.held("TQQQ"), "0");
}

TEST(a group goes on from the state file) {
  const scratch_folder folder;
  std::string profit, loss;
  exchange_config c = venue_fixture::whole_fills();
  c.state_file = (folder.path() / "state.sqlite").string();
  json before;
  {
    venue_fixture v(at(9, 45), c);
    const double price = v.get("/v2/stocks/TQQQ/trades/latest").body["trade"]["p"];
    const reply r = v.order("TQQQ", "buy", "10",
                            bracket(std::to_string(static_cast<int>(price + 20)).c_str(),
                                    std::to_string(static_cast<int>(price - 20)).c_str(), {{"time_in_force", "gtc"}}));
    REQUIRE(r.status == 200);
    v.pass(300);
    v.order("UPRO", "buy", "1", {{"type", "trailing_stop"}, {"trail_percent", "5"}});
    v.pass(3'000);
    profit = r.body["legs"][0]["id"];
    loss = r.body["legs"][1]["id"];
    before = v.venue->state()["orders"];
  }
  venue_fixture v(at(9, 45), c);
  CHECK(v.venue->state()["orders"] == before);
  CHECK_EQUAL(joined(statuses(v, {profit, loss})), "new held");
  CHECK_EQUAL(v.call("DELETE", "/v2/orders/" + loss).status, 204);
  v.pass(5'000);
  CHECK_EQUAL(joined(statuses(v, {profit, loss})), "canceled canceled");
}

TEST(a trailing stop follows the price and sells when it falls by the trail) {
  venue_fixture v = stepped(60, 70, 30);
  v.order("TQQQ", "buy", "20");
  v.pass(200);
  const reply price = v.order("TQQQ", "sell", "10", {{"type", "trailing_stop"}, {"trail_price", "2"}});
  const reply percent = v.order("TQQQ", "sell", "10", {{"type", "trailing_stop"}, {"trail_percent", "2.5"}});
  REQUIRE(price.status == 200);
  REQUIRE(percent.status == 200);
  CHECK_EQUAL(price.text("hwm"), "60");
  CHECK_EQUAL(price.text("stop_price"), "58");
  CHECK_EQUAL(price.text("trail_price"), "2");
  CHECK(price.body["trail_percent"].is_null());
  CHECK_EQUAL(percent.text("stop_price"), "58.5");
  CHECK_EQUAL(percent.text("trail_percent"), "2.5");
  v.go(at(10, 1));
  const json risen = v.order_now(price.text("id"));
  CHECK(risen["hwm"] == "70");
  CHECK(risen["stop_price"] == "68");
  CHECK(risen["status"] == "new");
  CHECK(v.order_now(percent.text("id"))["stop_price"] == "68.25");
  const reply tighter = v.call("PATCH", "/v2/orders/" + price.text("id"), {{"trail", "1"}});
  REQUIRE(tighter.status == 200);
  CHECK_EQUAL(tighter.text("trail_price"), "1");
  CHECK_EQUAL(tighter.text("hwm"), "70");
  CHECK_EQUAL(tighter.text("stop_price"), "69");
  CHECK(is(v.call("PATCH", "/v2/orders/" + percent.text("id"), {{"trail", "2.5"}}), 403, 40310000,
           "order parameters are not changed"));
  v.pass(60'000);
  CHECK(v.order_now(tighter.text("id"))["status"] == "new"); // the price stays at its mark
  v.go(at(16, 0, 1));
  CHECK(v.order_now(tighter.text("id"))["status"] == "expired");

  venue_fixture w = stepped(60, 57, 30);
  w.order("TQQQ", "buy", "10");
  w.pass(200);
  const reply stop = w.order("TQQQ", "sell", "10", {{"type", "trailing_stop"}, {"trail_price", "2"}});
  w.go(at(10, 0, 30));
  CHECK(w.order_now(stop.text("id"))["status"] == "filled");
  CHECK(w.order_now(stop.text("id"))["hwm"] == "60");
  CHECK(std::stod(w.order_now(stop.text("id"))["filled_avg_price"].get<std::string>()) < 57.01);
}

TEST(a trailing buy follows the lowest price) {
  venue_fixture v = stepped(60, 50, 30);
  const reply r = v.order("TQQQ", "buy", "10", {{"type", "trailing_stop"}, {"trail_price", "2"}});
  REQUIRE(r.status == 200);
  CHECK_EQUAL(r.text("stop_price"), "62");
  v.go(at(10, 1));
  CHECK(v.order_now(r.text("id"))["hwm"] == "50");
  CHECK(v.order_now(r.text("id"))["stop_price"] == "52");
}

TEST(trailing stops are refused with a sentence) {
  venue_fixture v = stepped(60, 60, 0);
  const auto buy = [&](json more) {
    json body{{"type", "trailing_stop"}};
    body.update(more);
    return v.order("TQQQ", "buy", "10", body);
  };
  CHECK(is(buy(json::object()), 422, 40010001, "trailing stop orders must specify one of trail_price or trail_percent"));
  CHECK(is(buy({{"trail_price", "1"}, {"trail_percent", "1"}}), 422, 40010001,
           "trailing stop orders must specify one of trail_price or trail_percent"));
  CHECK(is(buy({{"trail_percent", "100"}}), 422, 42210000, "trail_percent must be < 100"));
  CHECK(is(buy({{"trail_percent", "0"}}), 422, 42210000, "trail_percent must be > 0"));
  CHECK(is(buy({{"trail_price", "1"}, {"time_in_force", "ioc"}}), 422, 42210000,
           "trailing stop orders must be DAY or GTC orders"));
  CHECK(is(buy({{"trail_price", "1"}, {"stop_price", "61"}}), 422, 42210000,
           "trailing_stop orders must not have stop price"));
  CHECK(is(buy(bracket("65", "55", {{"trail_price", "1"}})), 422, 40010001,
           "bracket orders must be market or limit orders"));
  CHECK(is(v.order("TQQQ", "buy", "10", {{"trail_price", "1"}}), 422, 42210000,
           "only trailing_stop orders may have trail_price or trail_percent"));
}

TEST(linked orders and trailing stops are no wash trades) {
  venue_fixture v = stepped(60, 60, 0);
  v.order("TQQQ", "buy", "10");
  v.pass(200);
  v.order("TQQQ", "buy", "1", {{"type", "limit"}, {"limit_price", "50"}});
  json oco = exits("65", "55");
  oco["order_class"] = "oco";
  oco["type"] = "limit";
  CHECK_EQUAL(v.order("TQQQ", "sell", "4", oco).status, 200);
  CHECK_EQUAL(v.order("TQQQ", "sell", "4", {{"type", "trailing_stop"}, {"trail_price", "1"}}).status, 200);
  CHECK_EQUAL(v.order("TQQQ", "sell", "1", {{"type", "stop"}, {"stop_price", "55"}}).status, 403);
}

TEST(orders for extended hours execute before the open and after the close) {
  venue_fixture v = calm(at(3, 0));
  const json limit{{"type", "limit"}, {"limit_price", "90"}};
  json extended = limit;
  extended["extended_hours"] = true;
  const reply early = v.order("TQQQ", "buy", "5", extended);
  const reply plain = v.order("TQQQ", "buy", "5", limit);
  CHECK_EQUAL(early.text("status"), "accepted");
  CHECK_EQUAL(early.text("expires_at"), "2026-11-24T01:00:00Z");
  CHECK_EQUAL(plain.text("expires_at"), "2026-11-23T21:00:00Z");
  v.go(at(3, 59, 59));
  CHECK(v.order_now(early.text("id"))["status"] == "accepted");
  v.go(at(4, 0, 1));
  CHECK(v.order_now(early.text("id"))["status"] == "filled");
  CHECK(v.order_now(plain.text("id"))["status"] == "accepted");
  v.go(at(9, 30, 1));
  CHECK(v.order_now(plain.text("id"))["status"] == "filled");
  v.go(at(15, 59));
  json far = extended;
  far["limit_price"] = "10";
  const reply waits = v.order("TQQQ", "buy", "5", far);
  v.go(at(18, 0));
  CHECK(v.order_now(waits.text("id"))["status"] == "new");
  const reply late = v.order("UPRO", "buy", "5", {{"type", "limit"}, {"limit_price", "150"}, {"extended_hours", true}});
  CHECK_EQUAL(late.text("status"), "pending_new");
  const reply tomorrow = v.order("SQQQ", "buy", "5", {{"type", "limit"}, {"limit_price", "90"}});
  CHECK_EQUAL(tomorrow.text("status"), "accepted");
  v.pass(1'000);
  CHECK(v.order_now(late.text("id"))["status"] == "filled");
  CHECK(v.order_now(tomorrow.text("id"))["status"] == "accepted");
  v.go(at(19, 59, 59));
  CHECK(v.order_now(waits.text("id"))["status"] == "new");
  v.go(at(20, 0));
  CHECK(v.order_now(waits.text("id"))["status"] == "expired");
  const reply next = v.order("UPRO", "sell", "5", {{"type", "limit"}, {"limit_price", "50"}, {"extended_hours", true}});
  CHECK_EQUAL(next.text("status"), "accepted");
  v.go(at(4, 0, 1, {2026, 11, 24}));
  CHECK(v.order_now(next.text("id"))["status"] == "filled");

  venue_fixture half = calm(at(12, 0, 0, half_day));
  const reply after = half.order("TQQQ", "buy", "5", far);
  CHECK_EQUAL(after.text("expires_at"), "2026-11-27T22:00:00Z");
  half.go(at(16, 59, 59, half_day));
  CHECK(half.order_now(after.text("id"))["status"] == "new");
  half.go(at(17, 0, 0, half_day));
  CHECK(half.order_now(after.text("id"))["status"] == "expired");
}
