#define CAF_SUITE exchange_order_faults
#include "tests/exchange/support.hpp"
#include "tests/support/test.hpp"

using namespace sentio;
using namespace sentio::test;

namespace {

venue_fixture calm(time_ms start = at(9, 45, 1)) { return venue_fixture(start, venue_fixture::whole_fills()); }

json one(const char* kind, json more = json::object()) {
  more["kind"] = kind;
  return json::array({more});
}

} // namespace

TEST(F14 to F16: the order is there whatever its answer says) {
  struct row {
    const char* kind;
    int status;
    bool dropped;
    std::int64_t delay;
  };
  for (const row& r : {row{"order_answer_dropped", 200, true, 0}, row{"order_answer_delayed", 200, false, 15'000},
                       row{"order_500_after", 500, false, 0}, row{"order_504_after", 504, false, 0},
                       row{"order_duplicate_answer", 422, false, 0}, row{"fill_before_answer", 200, false, 500}}) {
    venue_fixture v = calm();
    v.faults(one(r.kind));
    const reply answer = v.order("TQQQ", "buy", "1", {{"client_order_id", "a"}});
    CHECK_EQUAL(answer.status, r.status);
    CHECK_EQUAL(answer.raw.drop_connection, r.dropped);
    CHECK_EQUAL(answer.raw.delay_ms, r.delay);
    v.pass(200);
    CHECK_EQUAL(v.get("/v2/orders:by_client_order_id", {{"client_order_id", "a"}}).text("status"), "filled");
    const reply second = v.order("TQQQ", "buy", "1", {{"client_order_id", "b"}});
    CHECK(second.status == 200 && !second.raw.drop_connection && second.raw.delay_ms == 0);
  }
  venue_fixture v = calm();
  v.faults(one("order_503_before"));
  CHECK_EQUAL(v.order("TQQQ", "buy", "1", {{"client_order_id", "a"}}).status, 503);
  CHECK_EQUAL(v.get("/v2/orders:by_client_order_id", {{"client_order_id", "a"}}).status, 404);
}

TEST(F17 and F18: updates come twice or not at all and the books are right) {
  venue_fixture v = calm();
  stream_id s = v.trading();
  v.faults(one("duplicate_fills"));
  v.order("TQQQ", "buy", "5");
  v.pass(100);
  CHECK_EQUAL(joined(v.events(s)), "pending_new pending_new new new fill fill");
  v.faults(one("trade_updates_dropped", {{"text", "fill"}}));
  v.order("TQQQ", "buy", "5");
  v.pass(100);
  CHECK_EQUAL(joined(v.events(s)), "pending_new new");
  CHECK_EQUAL(v.held("TQQQ"), "10");
  v.faults(one("trading_drop"));
  v.heard(s);
  CHECK(v.aborted(s));
  CHECK_EQUAL(v.open_status(stream_kind::trading, "/stream"), 503);
  v.pass(5'000);
  CHECK_EQUAL(v.open_status(stream_kind::trading, "/stream"), 101);
}

TEST(F17: an old event comes again after the fill word for word) {
  venue_fixture v = calm();
  const stream_id s = v.trading();
  v.faults(one("stale_new_after_fill", {{"symbol", "TQQQ"}}));
  v.order("TQQQ", "buy", "5");
  v.pass(100);
  const std::vector<json> told = v.heard(s);
  REQUIRE(told.size() == 4u);
  CHECK(told[2]["data"]["event"] == "fill");
  CHECK(told[3] == told[1]);
  CHECK(told[3]["data"]["event"] == "new");
  CHECK(told[3]["data"]["order"]["filled_qty"] == "0");
  v.order("UPRO", "buy", "5");
  v.pass(100);
  CHECK_EQUAL(joined(v.events(s)), "pending_new new fill");
  CHECK_EQUAL(v.held("TQQQ"), "5");
}

TEST(F19 and F20: orders and cancels that are stuck) {
  venue_fixture v = calm();
  v.faults(one("order_stuck"));
  const reply stuck = v.order("TQQQ", "buy", "5");
  v.pass(60'000);
  CHECK(v.order_now(stuck.text("id"))["status"] == "pending_new");
  v.faults(one("cancel_stuck", {{"for_ms", 30'000}}));
  CHECK_EQUAL(v.call("DELETE", "/v2/orders/" + stuck.text("id")).status, 204);
  v.pass(29'000);
  CHECK(v.order_now(stuck.text("id"))["status"] == "pending_cancel");
  CHECK_EQUAL(v.call("DELETE", "/v2/orders/" + stuck.text("id")).status, 422);
  v.pass(3'000);
  CHECK(v.order_now(stuck.text("id"))["status"] == "canceled");
}

TEST(F21: a cancel that loses to a fill) {
  for (const double part : {1.0, 0.5}) {
    venue_fixture v = calm();
    const reply r = v.order("TQQQ", "buy", "10", {{"type", "limit"}, {"limit_price", "50"}});
    v.pass(100);
    v.faults(one("cancel_fill_race", {{"value", part}}));
    CHECK_EQUAL(v.call("DELETE", "/v2/orders/" + r.text("id")).status, 204);
    v.pass(100);
    const json done = v.order_now(r.text("id"));
    CHECK(done["status"] == (part == 1.0 ? "filled" : "canceled"));
    CHECK(done["filled_qty"] == (part == 1.0 ? "10" : "5"));
    CHECK_EQUAL(v.held("TQQQ"), part == 1.0 ? "10" : "5");
  }
}

TEST(F22: every fill is partial and the remainder waits) {
  venue_fixture v = calm();
  v.faults(one("partial_fills", {{"count", 2}, {"delay_ms", 30'000}}));
  const reply r = v.order("TQQQ", "buy", "100");
  v.pass(1'000);
  const json first = v.order_now(r.text("id"));
  CHECK(first["status"] == "partially_filled");
  v.pass(30'000);
  CHECK(v.order_now(r.text("id"))["status"] == "partially_filled");
  CHECK(v.order_now(r.text("id"))["filled_qty"] != first["filled_qty"]);
  v.pass(31'000);
  CHECK(v.order_now(r.text("id"))["status"] == "filled");
  CHECK_EQUAL(v.held("TQQQ"), "100");
}

TEST(F23 to F27: refusals on demand) {
  venue_fixture v = calm();
  v.order("TQQQ", "buy", "10");
  v.order("SQQQ", "buy", "10");
  v.pass(100);
  v.faults(one("shares_held"));
  const reply held = v.order("TQQQ", "sell", "10");
  CHECK_EQUAL(held.status, 403);
  CHECK_EQUAL(held.text("held_for_orders"), "10");
  CHECK_EQUAL(held.body["related_orders"].size(), 1u);
  v.faults(one("wash_trade", {{"symbol", "TQQQ"}}));
  CHECK_EQUAL(v.order("UPRO", "buy", "1").status, 200);
  CHECK_EQUAL(v.order("TQQQ", "buy", "1").text("message"), "potential wash trade detected. use complex orders");
  v.faults(one("no_buying_power"));
  const reply poor = v.order("TQQQ", "buy", "1");
  CHECK_EQUAL(poor.text("message"), "insufficient buying power");
  CHECK(std::stod(poor.text("buying_power")) < std::stod(poor.text("cost_basis")));
  CHECK_EQUAL(v.order("TQQQ", "buy", "1").status, 200);
  v.faults(one("order_rejected_later"));
  const reply later = v.order("UPRO", "buy", "1");
  CHECK_EQUAL(later.status, 200);
  v.pass(100);
  CHECK(v.order_now(later.text("id"))["status"] == "rejected");
  v.faults(one("close_all_fails", {{"symbol", "TQQQ"}}));
  const reply all = v.call("DELETE", "/v2/positions", nullptr, {{"cancel_orders", "true"}});
  CHECK_EQUAL(all.status, 207);
  for (const json& row : all.body)
    CHECK(row["status"] == (row["symbol"] == "TQQQ" ? 403 : 200));
  v.pass(100);
  CHECK_EQUAL(v.held("TQQQ"), "11");
  CHECK_EQUAL(v.held("SQQQ"), "0");
}

TEST(F28: every call is limited for a while) {
  venue_fixture v = calm();
  v.faults(one("rest_429", {{"for_ms", 10'000}, {"value", 3}}));
  const reply r = v.get("/v2/account");
  CHECK_EQUAL(r.status, 429);
  CHECK(r.raw.headers.at(0) == std::pair<std::string, std::string>("Retry-After", "3"));
  v.pass(10'000);
  CHECK_EQUAL(v.get("/v2/account").status, 200);
}

TEST(F31 and F32: a clock that is wrong and a day that ends early) {
  venue_fixture v = calm();
  v.faults(one("clock_offset", {{"delay_ms", 5'000}}));
  CHECK(v.get("/v2/clock").body["timestamp"].get<std::string>().substr(11, 8) == "09:45:06");
  v.faults(one("early_close", {{"text", "11:30"}}));
  CHECK(v.get("/v2/clock").body["next_close"] == "2026-11-23T11:30:00-05:00");
  const json day = v.get("/v2/calendar", {{"start", "2026-11-23"}, {"end", "2026-11-24"}}).body;
  CHECK(day[0]["close"] == "11:30");
  CHECK(day[1]["close"] == "16:00");
  const reply far = v.order("UPRO", "buy", "1", {{"type", "limit"}, {"limit_price", "10"}});
  v.go(at(11, 30, 0));
  CHECK(v.get("/v2/clock").body["is_open"] == false);
  CHECK(v.order_now(far.text("id"))["status"] == "expired");
  CHECK_EQUAL(v.order("UPRO", "buy", "1").text("status"), "accepted");
  v.go(at(12, 0));
  CHECK(v.get("/v2/stocks/TQQQ/bars/latest").body["bar"]["t"] == "2026-11-23T16:29:00Z");
  venue_fixture w = calm(at(8, 0));
  w.faults(one("closed_day"));
  CHECK(w.get("/v2/clock").body["next_open"] == "2026-11-24T09:30:00-05:00");
  CHECK(w.get("/v2/calendar", {{"start", "2026-11-23"}, {"end", "2026-11-23"}}).body.empty());
  CHECK_EQUAL(w.order("UPRO", "buy", "1").text("status"), "accepted");
  w.go(at(15, 0));
  CHECK(w.get("/v2/positions").body.empty());
}

TEST(F34 to F36: a stranger and a blocked account and a symbol that splits) {
  venue_fixture v = calm();
  v.faults(one("foreign_order", {{"symbol", "UPRO"}, {"value", 7}}));
  v.pass(200);
  CHECK_EQUAL(v.held("UPRO"), "7");
  CHECK(v.get("/v2/orders", {{"status", "all"}}).body[0]["client_order_id"].get<std::string>().rfind("foreign-", 0) == 0);
  v.faults(one("trading_blocked"));
  CHECK(v.get("/v2/account").body["trading_blocked"] == true);
  CHECK_EQUAL(v.order("TQQQ", "buy", "1").status, 403);
  v.faults(one("not_tradable", {{"symbol", "TQQQ"}}));
  CHECK(v.get("/v2/assets/TQQQ").body["tradable"] == false);
  CHECK_EQUAL(v.order("TQQQ", "buy", "1").text("message"), "asset \"TQQQ\" is not tradable");
  CHECK_EQUAL(v.order("SQQQ", "buy", "1").status, 200);

  venue_fixture w(at(9, 0, 0, {2026, 11, 24}), venue_fixture::whole_fills());
  w.faults(one("reverse_split", {{"symbol", "TQQQ"}, {"value", 5}}));
  w.go(at(10, 0, 1, {2026, 11, 24}));
  const auto day_bars = [&](const char* adjustment) {
    return w.get("/v2/stocks/TQQQ/bars", {{"timeframe", "1Day"}, {"start", "2026-11-23"}, {"feed", "iex"},
                                          {"adjustment", adjustment}}).body["bars"];
  };
  const json raw = day_bars("raw"), adjusted = day_bars("split");
  REQUIRE(raw.size() == 2u);
  CHECK(raw[1]["o"].get<double>() > 4.5 * raw[0]["c"].get<double>());
  CHECK(close_to(adjusted[1]["o"].get<double>(), adjusted[0]["c"].get<double>(), 0.02));
  CHECK(w.get("/v2/stocks/TQQQ/quotes/latest").body["quote"]["bp"].get<double>() > 250);
}

TEST(F37 and F38 are told to the server) {
  venue_fixture v = calm();
  v.faults(json::array({{{"kind", "tls_expired"}, {"for_ms", 1'000}}, {{"kind", "refuse_connect"}, {"after_ms", 500}}}));
  CHECK(v.venue->fault_active(fault_kind::tls_expired, v.now));
  CHECK(!v.venue->fault_active(fault_kind::refuse_connect, v.now));
  CHECK(!v.venue->fault_active(fault_kind::black_hole_upgrade, v.now));
  v.pass(1'000);
  CHECK(!v.venue->fault_active(fault_kind::tls_expired, v.now));
  CHECK(v.venue->fault_active(fault_kind::refuse_connect, v.now));
}

TEST(F40: pages without end and long bodies and slow bodies) {
  venue_fixture v = calm();
  const std::vector<std::pair<std::string, std::string>> query{{"symbols", "TQQQ"}, {"timeframe", "1Min"}, {"feed", "iex"}};
  v.faults(one("endless_pages"));
  std::string token;
  for (int page = 0; page < 5; ++page) {
    auto q = query;
    if (page > 0)
      q.emplace_back("page_token", token);
    token = v.get("/v2/stocks/bars", q).text("next_page_token");
    REQUIRE(!token.empty());
  }
  v.faults(one("huge_body", {{"value", 3}}));
  CHECK(v.get("/v2/stocks/bars", query).raw.body.size() > 3u * 1'048'576u);
  CHECK(v.get("/v2/stocks/bars", query).raw.body.size() < 100'000u);
  v.faults(one("slow_body", {{"delay_ms", 7'000}}));
  CHECK_EQUAL(v.get("/v2/account").raw.delay_ms, 7'000);
  CHECK_EQUAL(v.get("/v2/account").raw.delay_ms, 0);
}
