#define CAF_SUITE exchange_faults
#include "tests/exchange/support.hpp"
#include "tests/support/test.hpp"

#include <set>

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

TEST(every row of the matrix that a venue causes has a kind) {
  std::set<std::string> rows;
  const std::vector<fault_description>& all = fault_descriptions();
  for (std::size_t i = 0; i < all.size(); ++i) {
    CHECK_EQUAL(static_cast<std::size_t>(all[i].kind), i);
    CHECK(!all[i].sentence.empty());
    std::string row;
    for (const char c : std::string(all[i].row) + " ") {
      if (c == ' ')
        rows.insert(std::exchange(row, ""));
      else
        row += c;
    }
  }
  for (int i = 1; i <= 45; ++i)
    CHECK(rows.count("F" + std::to_string(i)) == 1); // all of them
}

TEST(a plan of faults is read and printed) {
  fault_plan plan;
  const std::string text = R"([{"row":"F29","kind":"halt","at":"10:15","for_ms":300000,"symbol":"TQQQ"},)"
                           R"({"row":"F14","kind":"order_answer_dropped","after_ms":5000,"count":2}])";
  CHECK_EQUAL(parse_faults(text, plan), "");
  REQUIRE(plan.faults.size() == 2u);
  CHECK(plan.faults[0].at_second == (10 * 60 + 15) * 60);
  CHECK(plan.faults[1].count == 2);
  fault_plan again;
  CHECK_EQUAL(parse_faults(print_faults(plan), again), "");
  CHECK_EQUAL(print_faults(again), print_faults(plan));
  const auto problem = [&](const char* wrong) { return parse_faults(wrong, plan); };
  CHECK_EQUAL(problem("{"), "the faults are no JSON");
  CHECK_EQUAL(problem(R"([{"kind":"flood"}])"), "fault 1: has an unknown kind: flood");
  CHECK_EQUAL(problem(R"([{"kind":"halt","at":"25:00"}])"), "fault 1: at is no time of day: 25:00");
  CHECK_EQUAL(problem(R"([{"kind":"halt","row":"F1"}])"), "fault 1: halt belongs to row F29, not F1");
  CHECK_EQUAL(problem(R"([{"kind":"halt","colour":1}])"), "fault 1: no such key: colour");
  CHECK_EQUAL(problem(R"([{"kind":"halt","for_ms":1.5}])"),
              "fault 1: for_ms is no whole number of at least 0");
  CHECK_EQUAL(plan.faults.size(), 2u); // wrong texts change nothing
}

TEST(POST faults replaces the plan and GET shows it) {
  venue_fixture v = calm();
  const reply r = v.call("POST", "/faults", one("rest_429", {{"for_ms", 5'000}}));
  CHECK_EQUAL(r.status, 200);
  CHECK_EQUAL(v.get("/v2/account").status, 429);
  CHECK(v.get("/faults").body[0]["kind"] == "rest_429");
  CHECK_EQUAL(v.call("POST", "/faults", one("flood")).status, 422);
  CHECK_EQUAL(v.call("POST", "/faults", json::array()).status, 200);
  CHECK_EQUAL(v.get("/v2/account").status, 200);
}

TEST(a fault at a time of day begins then) {
  venue_fixture v = calm();
  v.faults(one("account_blocked", {{"at", "09:50:30"}, {"for_ms", 1'000}}));
  const auto blocked = [&] { return v.get("/v2/account").body["account_blocked"].get<bool>(); };
  v.go(at(9, 50, 29));
  CHECK(!blocked());
  v.go(at(9, 50, 30));
  CHECK(blocked());
  CHECK_EQUAL(v.order("TQQQ", "buy", "1").status, 403);
  v.go(at(9, 50, 31));
  CHECK(!blocked());
}

// ---- streams

TEST(F1 to F4 : streams are dropped and refused and closed) {
  venue_fixture v = calm();
  stream_id s = v.data({{"bars", {"TQQQ"}}});
  v.faults(one("data_drop", {{"for_ms", 3'000}}));
  v.heard(s);
  CHECK(v.aborted(s));
  CHECK_EQUAL(v.open_status(stream_kind::stock_data, "/v2/iex"), 503);
  CHECK_EQUAL(v.open_status(stream_kind::trading, "/stream"), 101);
  v.pass(3'000);
  CHECK_EQUAL(v.open_status(stream_kind::stock_data, "/v2/iex"), 101);

  v.faults(one("data_ghost", {{"for_ms", 90'000}}));
  s = v.open(stream_kind::stock_data, "/v2/iex");
  v.heard(s);
  const json auth{{"action", "auth"}, {"key", v.config.key_id}, {"secret", v.config.secret}};
  v.say(s, auth);
  CHECK(v.heard(s).at(0)[0]["code"] == 406);
  v.pass(90'000);
  v.say(s, auth);
  CHECK(v.heard(s).at(0)[0]["msg"] == "authenticated");

  v.faults(one("upgrade_429", {{"value", 17}}));
  CHECK_EQUAL(v.open_status(stream_kind::stock_data, "/v2/iex"), 429);
  CHECK_EQUAL(v.open_status(stream_kind::trading, "/stream"), 429);
  CHECK_EQUAL(v.venue->upgrade_retry_after(), 17);
  v.faults(json::array());
  const stream_id t = v.trading();
  v.faults(one("close_1011"));
  v.heard(t);
  CHECK_EQUAL(v.closed(t), 1011);
}

TEST(F5 and F6 : a mute stream and missing bars differ by REST) {
  venue_fixture v = calm();
  const stream_id s = v.data({{"bars", {"*"}}});
  v.faults(one("data_mute", {{"for_ms", 120'000}}));
  v.go(at(9, 47) + 200);
  CHECK(v.heard(s).empty());
  const auto stored = [&] {
    return v.get("/v2/stocks/TQQQ/bars/latest").body["bar"]["t"].get<std::string>();
  };
  CHECK_EQUAL(stored(), "2026-11-23T14:46:00Z");
  v.go(at(9, 47, 30));
  v.faults(one("missing_bars", {{"symbol", "TQQQ"}, {"for_ms", 60'000}}));
  v.go(at(9, 48) + 200);
  const std::vector<json> bars = v.points(s, "b");
  CHECK_EQUAL(bars.size(), 2u);
  CHECK_EQUAL(stored(), "2026-11-23T14:46:00Z");
  v.go(at(9, 49) + 200);
  CHECK_EQUAL(v.points(s, "b").size(), 3u);
}

TEST(a bar of a minute that is not over yet follows the right one) {
  venue_fixture v = calm();
  const stream_id s = v.data({{"bars", {"TQQQ"}}});
  v.faults(one("future_bars", {{"delay_ms", 55 * 60'000}}));
  v.go(at(9, 47) + 200);
  const std::vector<json> bars = v.points(s, "b");
  REQUIRE(bars.size() == 3u);
  CHECK(bars[0]["t"] == "2026-11-23T14:45:00Z");
  CHECK(bars[1]["t"] == "2026-11-23T15:40:00Z");
  CHECK(bars[1]["c"] == bars[0]["c"]);
  CHECK(bars[2]["t"] == "2026-11-23T14:46:00Z");
}

TEST(F6 : minutes without trades are told at the close before by stream and by REST) {
  venue_fixture v = calm();
  const stream_id s = v.data({{"bars", {"TQQQ"}}});
  v.go(at(9, 46) + 200);
  v.faults(one("idle_bars", {{"symbol", "TQQQ"}, {"for_ms", 120'000}}));
  v.go(at(9, 48) + 200);
  const std::vector<json> bars = v.points(s, "b");
  REQUIRE(bars.size() == 3u);
  const auto close = bars[0]["c"];
  for (const auto& row : {bars[1], bars[2], v.get("/v2/stocks/TQQQ/bars/latest").body["bar"]}) {
    for (const char* field : {"o", "h", "l", "c"})
      CHECK(row[field] == close);
    CHECK(row["v"] == 0);
  }
}

TEST(F7 and F8 : late and revised and repeated and unordered bars) {
  venue_fixture v = calm();
  const stream_id s = v.data({{"bars", {"TQQQ"}}, {"updatedBars", {"TQQQ"}}});
  v.faults(one("late_bars", {{"symbol", "TQQQ"}, {"count", 1}, {"delay_ms", 20'000}}));
  v.go(at(9, 46, 19));
  CHECK(v.points(s, "b").empty());
  v.go(at(9, 46, 21));
  CHECK_EQUAL(v.points(s, "b").size(), 1u);
  v.faults(one("revised_bars"));
  v.go(at(9, 47, 31));
  CHECK_EQUAL(v.points(s, "u").size(), 1u);
  v.faults(one("duplicate_bars", {{"value", 3}}));
  v.go(at(9, 48, 1));
  CHECK_EQUAL(v.points(s, "b").size(), 3u);
  v.faults(one("unordered_bars"));
  v.go(at(9, 49, 1));
  const std::vector<json> bars = v.points(s, "b");
  REQUIRE(bars.size() == 2u);
  CHECK(bars[0]["t"] == "2026-11-23T14:48:00Z");
  CHECK(bars[1]["t"] == "2026-11-23T14:47:00Z");
}

TEST(F9 and F10 : subscriptions and authentication go wrong) {
  venue_fixture v = calm();
  const stream_id s = v.data({{"bars", json::array()}});
  const auto answer_to_subscription = [&](const char* kind, const json& symbols) {
    v.faults(one(kind));
    v.say(s, {{"action", "subscribe"}, {"bars", symbols}});
    return v.heard(s).at(0)[0];
  };
  CHECK(answer_to_subscription("subscription_405", {"TQQQ"})["code"] == 405);
  CHECK(answer_to_subscription("subscription_400", {"TQQQ"})["code"] == 400);
  CHECK(answer_to_subscription("partial_subscription", {"SQQQ", "TQQQ"})["bars"] == json::array({"SQQQ"}));
  v.say(s, {{"action", "subscribe"}, {"bars", {"TQQQ"}}}); // strikes once
  CHECK(v.heard(s).at(0)[0]["bars"].size() == 2u);
  v.venue->close_stream(s);
  for (const int code : {402, 409}) {
    v.faults(one(code == 402 ? "auth_402" : "auth_409"));
    const stream_id n = v.open(stream_kind::stock_data, "/v2/iex");
    v.say(n, {{"action", "auth"}, {"key", v.config.key_id}, {"secret", v.config.secret}});
    CHECK(v.heard(n).at(1)[0]["code"] == code);
    CHECK_EQUAL(v.closed(n), 1000);
  }
}

TEST(F11 to F13 : slow client and odd frames and bytes that are no JSON) {
  venue_fixture v = calm();
  stream_id s = v.data({{"bars", {"TQQQ"}}});
  v.faults(one("slow_client"));
  CHECK(v.heard(s).at(0)[0]["code"] == 407);
  CHECK(v.aborted(s));
  s = v.data({{"bars", {"TQQQ"}}});
  v.faults(one("odd_frames"));
  v.go(at(9, 46, 1));
  const std::vector<json> messages = v.heard(s);
  REQUIRE(messages.size() == 4u);
  CHECK(messages[0] == json::array());
  CHECK(messages[1][0]["T"] == "zz");
  CHECK(messages[2].size() == 5u);
  CHECK(messages[3][0]["T"] == "b");
  for (const char* text : {"", "truncated"}) {
    v.faults(one("malformed_json", {{"text", text}}));
    v.heard(s);
    REQUIRE(v.outputs.size() == 1u);
    CHECK(!v.outputs[0].raw.empty());
    CHECK(json::parse(v.outputs[0].raw, nullptr, false).is_discarded());
  }
}

TEST(F39 : bad prices) {
  venue_fixture v = calm();
  const stream_id s = v.data({{"bars", {"TQQQ"}}});
  int minute = 46;
  const auto next_bar = [&](const char* kind, json more = json::object()) {
    v.faults(one(kind, std::move(more)));
    v.go(at(9, minute++, 1));
    return v.points(s, "b").at(0);
  };
  CHECK(next_bar("bad_price_zero")["c"] == 0);
  CHECK(next_bar("bad_price_negative")["o"].get<double>() < 0);
  CHECK(next_bar("bad_price_nan")["c"].is_null());
  CHECK(next_bar("bad_price_nan", {{"text", "string"}})["c"] == "NaN");
  const json crossed = next_bar("bad_price_crossed");
  CHECK(crossed["h"].get<double>() < crossed["l"].get<double>());
  CHECK(next_bar("bad_price_spike")["h"].get<double>() > 300);
  v.go(at(9, minute, 1));
  CHECK(v.points(s, "b").at(0)["h"].get<double>() < 100); // each strikes once
}

TEST(F29 and F30 : nothing trades in a halt and the price has moved at the end) {
  for (const char* kind : {"halt", "luld_pause", "reopen_gap"}) {
    venue_fixture v = calm();
    const stream_id s = v.data({{"statuses", {"*"}}, {"bars", {"*"}}, {"lulds", {"TQQQ"}}});
    const double before = v.get("/v2/stocks/TQQQ/trades/latest").body["trade"]["p"];
    v.faults(one(kind, {{"symbol", "TQQQ"}, {"for_ms", 120'000}, {"value", -0.1}}));
    const reply buy = v.order("TQQQ", "buy", "10");
    v.pass(119'000);
    CHECK(v.order_now(buy.text("id"))["status"] == "new");
    std::vector<std::string> codes, bars;
    const auto listen = [&] {
      for (const json& array : v.heard(s))
        for (const json& p : array) {
          if (p["T"] == "s")
            codes.push_back(p["S"].get<std::string>() + p["sc"].get<std::string>());
          if (p["T"] == "b")
            bars.push_back(p["S"]);
        }
    };
    listen();
    CHECK_EQUAL(std::count(bars.begin(), bars.end(), "TQQQ"), 0);
    v.pass(2'000);
    listen();
    CHECK_EQUAL(joined(codes), std::string(kind) == "luld_pause" ? "TQQQP TQQQT" : "TQQQH TQQQT");
    const json filled = v.order_now(buy.text("id"));
    CHECK(filled["status"] == "filled");
    const double price = std::stod(filled["filled_avg_price"].get<std::string>());
    CHECK(std::string(kind) == "reopen_gap" ? price < before * 0.92 : price > before * 0.98);
  }
}

TEST(F30 : an order that became too dear takes what the cash allows and no more) {
  venue_fixture v = calm();
  v.faults(one("reopen_gap", {{"symbol", "TQQQ"}, {"for_ms", 30'000}, {"value", 0.2}}));
  const reply r = v.order("TQQQ", "buy", "1500");
  REQUIRE(r.status == 200);
  v.pass(32'000);
  const json done = v.order_now(r.text("id"));
  CHECK(done["status"] == "canceled");
  CHECK(std::stod(done["filled_qty"].get<std::string>()) > 1'300);
  CHECK(std::stod(v.get("/v2/account").body["cash"].get<std::string>()) >= 0);
}
