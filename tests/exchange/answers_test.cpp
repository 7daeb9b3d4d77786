#define CAF_SUITE exchange_answers
#include "tests/exchange/support.hpp"
#include "tests/support/test.hpp"

#include <set>

using namespace sentio;
using namespace sentio::test;

namespace {

venue_fixture calm(time_ms start = at(10, 0, 1)) { return venue_fixture(start, venue_fixture::whole_fills()); }

std::string header(const http_response& r, const std::string& name) {
  for (const auto& [key, value] : r.headers)
    if (key == name)
      return value;
  return {};
}

http_request bare(const std::string& path, const std::string& key = "", const std::string& secret = "") {
  return {"GET", path, {}, "", key, secret};
}

} // namespace

TEST(every answer has a request id of its own and the venues date) {
  venue_fixture v = calm();
  std::set<std::string> ids;
  int answers = 0;
  const auto check = [&](const http_response& r) {
    const std::string id = header(r, "X-Request-ID");
    CHECK_EQUAL(id.size(), 32u);
    CHECK_EQUAL(id.find_first_not_of("0123456789abcdef"), std::string::npos);
    CHECK_EQUAL(header(r, "Date"), "Mon, 23 Nov 2026 15:00:01 GMT");
    ids.insert(id);
    ++answers;
  };
  check(v.get("/v2/clock").raw);
  check(v.get("/v2/nothing").raw);                                   // 404
  check(v.call("POST", "/v2/orders", {{"symbol", "TQQQ"}}).raw);      // 422
  check(v.venue->handle(bare("/v2/account")));                        // 403
  check(v.venue->handle(bare("/v2/aggs/ticker/TQQQ/prev")));          // 401 of Polygon
  check(v.venue->handle(bare("/exchange/state")));
  REQUIRE(v.faults(json::array({{{"kind", "rest_429"}, {"for_ms", 1'000}}})).empty());
  const reply limited = v.get("/v2/clock");
  CHECK_EQUAL(limited.status, 429);
  check(limited.raw);
  http_response refused_upgrade;
  refused_upgrade.status = 404;
  v.venue->identify(refused_upgrade);
  check(refused_upgrade);
  CHECK_EQUAL(ids.size(), static_cast<std::size_t>(answers));
}

TEST(absent keys get 403 and wrong ones 401) {
  venue_fixture v = calm();
  const auto ask = [&](const http_request& r) { return venue_fixture::of(v.venue->handle(r)); };
  for (const http_request& r : {bare("/v2/account"), bare("/v2/account", v.config.key_id), bare("/v2/account", "", "local"),
                                bare("/v2/stocks/bars"), bare("/v2/nothing")}) {
    const reply refused = ask(r);
    CHECK_EQUAL(refused.status, 403);
    CHECK_EQUAL(refused.text("message"), "forbidden.");
  }
  CHECK_EQUAL(ask(bare("/v2/account", v.config.key_id, "wrong")).status, 401);
  http_request oauth = bare("/v2/account");
  oauth.token = v.config.secret;
  CHECK_EQUAL(ask(oauth).status, 200);
  oauth.token = "wrong";
  CHECK_EQUAL(ask(oauth).status, 401);
}

TEST(the key id is the configured one) {
  exchange_config c = venue_fixture::whole_fills();
  c.key_id = "PKMINE";
  venue_fixture v(at(10, 0), c);
  CHECK_EQUAL(v.get("/v2/account").status, 200);
  CHECK_EQUAL(v.venue->handle(bare("/v2/account", exchange_config().key_id, c.secret)).status, 401);
}

TEST(longer bars cover their whole period whatever the ends of the query) {
  venue_fixture v = calm(at(16, 30));
  const auto bars = [&](const std::string& frame, const std::string& start, const std::string& end) {
    return v.get("/v2/stocks/TQQQ/bars", {{"timeframe", frame}, {"feed", "iex"}, {"start", start}, {"end", end}}).body["bars"];
  };
  const json minutes = bars("1Min", "2026-11-23", "2026-11-23");
  REQUIRE(minutes.size() == 390u);
  const json fives = bars("5Min", "2026-11-23T09:33:00-05:00", "2026-11-23T09:42:00-05:00");
  REQUIRE(fives.size() == 2u); // a bar belongs to the range that its label lies in
  CHECK(fives[0]["t"] == "2026-11-23T14:35:00Z");
  CHECK(fives[0]["o"] == minutes[5]["o"]);
  CHECK(fives[1]["t"] == "2026-11-23T14:40:00Z");
  CHECK(fives[1]["o"] == minutes[10]["o"]);
  CHECK(fives[1]["c"] == minutes[14]["c"]);
  double volume = 0;
  for (std::size_t i = 10; i < 15; ++i)
    volume += minutes[i]["v"].get<double>();
  CHECK_EQUAL(fives[1]["v"].get<double>(), volume);
  const json whole = bars("1Day", "2026-11-20", "2026-11-23");
  const json cut = bars("1Day", "2026-11-20", "2026-11-23T11:00:00-05:00");
  REQUIRE(cut.size() == 2u);
  CHECK(cut == whole);
  CHECK(cut[1]["c"] == minutes[389]["c"]);
  const json weeks = bars("1Week", "2026-11-16", "2026-11-23T00:00:00-05:00");
  REQUIRE(weeks.size() == 2u);
  CHECK(weeks[0]["t"] == "2026-11-16T05:00:00Z"); // Monday
  CHECK(weeks[1]["c"] == minutes[389]["c"]);
}

TEST(a longer bar shows no minute that may not be seen yet) {
  venue_fixture v = calm(at(10, 2, 1));
  const auto day = [&](std::vector<std::pair<std::string, std::string>> more) {
    more.emplace_back("timeframe", "1Day");
    return v.get("/v2/stocks/TQQQ/bars", more).body["bars"][0];
  };
  const json minutes = v.get("/v2/stocks/TQQQ/bars", {{"timeframe", "1Min"}, {"feed", "iex"}}).body["bars"];
  REQUIRE(minutes.size() == 32u);
  CHECK(day({{"feed", "iex"}})["c"] == minutes[31]["c"]);
  CHECK(day({})["c"] == minutes[17]["c"]); // without the right to it nothing of the last quarter of an hour
}

TEST(historical trades and quotes are those that the stream sent) {
  venue_fixture v = calm(at(9, 44, 59));
  const stream_id s = v.data({{"trades", {"TQQQ"}}, {"quotes", {"TQQQ"}}});
  v.go(at(9, 46, 30));
  json sent_trades = json::array(), sent_quotes = json::array();
  for (const json& array : v.heard(s))
    for (json point : array) {
      const bool trade = point["T"] == "t";
      point.erase("T");
      point.erase("S");
      (trade ? sent_trades : sent_quotes).push_back(point);
    }
  REQUIRE(sent_trades.size() == 91u);
  REQUIRE(sent_quotes.size() == 91u);
  const std::vector<std::pair<std::string, std::string>> range{{"feed", "iex"}, {"start", "2026-11-23T14:45:00Z"}};
  const reply trades = v.get("/v2/stocks/TQQQ/trades", range);
  CHECK_EQUAL(trades.text("symbol"), "TQQQ");
  CHECK(trades.body["trades"] == sent_trades);
  CHECK(trades.body["next_page_token"].is_null());
  CHECK(v.get("/v2/stocks/TQQQ/quotes", range).body["quotes"] == sent_quotes);
}

TEST(pages of quotes lose and repeat nothing) {
  venue_fixture v = calm(at(9, 32, 30));
  for (const char* sort : {"asc", "desc"}) {
    const std::vector<std::pair<std::string, std::string>> base{{"feed", "iex"}, {"symbols", "UPRO,TQQQ"}, {"sort", sort}};
    const json whole = v.get("/v2/stocks/quotes", base).body["quotes"];
    REQUIRE(whole["TQQQ"].size() == 151u); // 09:30:00 to 09:32:30
    CHECK(whole["UPRO"].size() == 151u);
    json collected = json::object();
    std::string token;
    int pages = 0;
    do {
      auto query = base;
      query.emplace_back("limit", "47");
      if (!token.empty())
        query.emplace_back("page_token", token);
      const reply r = v.get("/v2/stocks/quotes", query);
      REQUIRE(r.status == 200);
      for (const auto& [symbol, rows] : r.body["quotes"].items())
        for (const json& row : rows)
          collected[symbol].push_back(row);
      token = r.text("next_page_token");
      REQUIRE(++pages <= 7);
    } while (!token.empty());
    CHECK_EQUAL(pages, 7);
    CHECK(collected == whole);
  }
}

TEST(historical ticks know halts and the future is not shown) {
  venue_fixture v = calm(at(9, 59, 59));
  REQUIRE(v.faults(json::array({{{"kind", "halt"}, {"symbol", "TQQQ"}, {"for_ms", 120'000}}})).empty());
  v.go(at(10, 5));
  const json trades = v.get("/v2/stocks/trades", {{"feed", "iex"}, {"symbols", "TQQQ,NONE"}, {"limit", "10000"},
                                                  {"start", "2026-11-23T14:58:00Z"}, {"end", "2026-11-24"}}).body["trades"];
  CHECK(!trades.contains("NONE"));
  REQUIRE(trades.contains("TQQQ"));
  for (const json& one : trades["TQQQ"]) {
    const std::string t = one["t"];
    CHECK(t < "2026-11-23T14:59:00Z" || t > "2026-11-23T15:02:00");
    CHECK(t <= "2026-11-23T15:05:00.001Z");
  }
  CHECK_EQUAL(v.get("/v2/stocks/TQQQ/quotes", {{"limit", "0"}}).status, 400);
  CHECK_EQUAL(v.get("/v2/stocks/TQQQ/trades", {{"feed", "sip"}, {"end", "2026-11-23T10:04:00-05:00"}}).status, 403);
}
