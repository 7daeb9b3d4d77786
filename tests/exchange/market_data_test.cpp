#define CAF_SUITE exchange_market_data
#include "tests/exchange/support.hpp"
#include "tests/support/test.hpp"

using namespace sentio;
using namespace sentio::test;

namespace {

venue_fixture calm(time_ms start = at(10, 0, 1)) { return venue_fixture(start, venue_fixture::whole_fills()); }

using query = std::vector<std::pair<std::string, std::string>>;

query bars_query(const std::string& symbols, query more = {}) {
  query q{{"symbols", symbols}, {"timeframe", "1Min"}, {"feed", "iex"}};
  q.insert(q.end(), more.begin(), more.end());
  return q;
}

} // namespace

TEST(bars show nothing that time has not reached) {
  venue_fixture v = calm();
  const reply r = v.get("/v2/stocks/bars", bars_query("TQQQ"));
  REQUIRE(r.status == 200);
  CHECK_EQUAL(r.body["bars"]["TQQQ"].size(), 30u); // 09:30 to 09:59
  CHECK(r.body["bars"]["TQQQ"].back()["t"] == "2026-11-23T14:59:00Z");
  CHECK(r.body["next_page_token"].is_null());
  if (const auto example = recorded("rest_bars_multi.json"))
    CHECK_EQUAL(missing_keys((*example)["bars"]["AAPL"][0], r.body["bars"]["TQQQ"][0]), "");
  else
    CAF_MESSAGE("skipped: no recorded rest_bars_multi.json");
  const reply future = v.get("/v2/stocks/bars", bars_query("TQQQ", {{"start", "2026-11-24"}, {"end", "2026-11-25"}}));
  CHECK_EQUAL(future.body.dump(), R"({"bars":{},"next_page_token":null})");
}

TEST(both ends of a range are inclusive) {
  venue_fixture v = calm();
  const reply r = v.get("/v2/stocks/TQQQ/bars", {{"timeframe", "1Min"}, {"feed", "iex"},
                                                 {"start", "2026-11-23T09:35:00-05:00"}, {"end", "2026-11-23T14:40:00Z"}});
  CHECK_EQUAL(r.text("symbol"), "TQQQ");
  REQUIRE(r.body["bars"].size() == 6u);
  CHECK(r.body["bars"][0]["t"] == "2026-11-23T14:35:00Z");
  CHECK(r.body["bars"][5]["t"] == "2026-11-23T14:40:00Z");
}

TEST(pages lose and repeat nothing) {
  venue_fixture v = calm();
  const reply whole = v.get("/v2/stocks/bars", bars_query("UPRO,TQQQ,SQQQ,TQQQ"));
  for (const char* direction : {"asc", "desc"})
    for (const char* limit : {"1", "7", "30", "45", "89", "90", "91"}) {
      json collected = json::object();
      std::string token;
      std::size_t pages = 0, total = 0;
      do {
        query q = bars_query("UPRO,TQQQ,SQQQ", {{"limit", limit}, {"sort", direction}});
        if (!token.empty())
          q.emplace_back("page_token", token);
        const reply r = v.get("/v2/stocks/bars", q);
        REQUIRE(r.status == 200);
        std::size_t here = 0;
        for (const auto& [symbol, rows] : r.body["bars"].items())
          for (const json& row : rows) {
            collected[symbol].push_back(row);
            ++here;
          }
        REQUIRE(here <= std::stoul(limit));
        total += here;
        token = r.text("next_page_token");
        REQUIRE(++pages < 100);
      } while (!token.empty());
      CHECK_EQUAL(total, 90u);
      CHECK_EQUAL(pages, (90 + std::stoul(limit) - 1) / std::stoul(limit));
      if (std::string(direction) == "desc")
        for (auto& rows : collected)
          std::reverse(rows.begin(), rows.end());
      CHECK(collected == whole.body["bars"]);
    }
}

TEST(a page token is the last bar in the form of the real venue) {
  venue_fixture v = calm();
  const reply r = v.get("/v2/stocks/bars", bars_query("TQQQ", {{"limit", "1"}}));
  CHECK_EQUAL(r.text("next_page_token"), "VFFRUXxNfDIwMjYtMTEtMjNUMTQ6MzA6MDBa"); // TQQQ|M|2026-11-23T14:30:00Z
  CHECK_EQUAL(v.get("/v2/stocks/bars", bars_query("TQQQ", {{"page_token", "???"}})).status, 400);
}

TEST(longer bars are made of the minutes) {
  venue_fixture v = calm();
  const json minutes = v.get("/v2/stocks/bars", bars_query("TQQQ")).body["bars"]["TQQQ"];
  const json fives = v.get("/v2/stocks/bars", {{"symbols", "TQQQ"}, {"timeframe", "5Min"}, {"feed", "iex"}})
                       .body["bars"]["TQQQ"];
  REQUIRE(fives.size() == 6u);
  double high = 0, volume = 0;
  for (std::size_t i = 5; i < 10; ++i) {
    high = std::max(high, minutes[i]["h"].get<double>());
    volume += minutes[i]["v"].get<double>();
  }
  CHECK(fives[1]["o"] == minutes[5]["o"]);
  CHECK(fives[1]["c"] == minutes[9]["c"]);
  CHECK(fives[1]["h"].get<double>() == high);
  CHECK(fives[1]["v"].get<double>() == volume);
  const json days = v.get("/v2/stocks/TQQQ/bars", {{"timeframe", "1Day"}, {"feed", "iex"}, {"start", "2026-11-20"}})
                      .body["bars"];
  REQUIRE(days.size() == 2u);
  CHECK(days[0]["t"] == "2026-11-20T05:00:00Z");
}

TEST(wrong requests for data are told what is wrong) {
  venue_fixture v = calm();
  CHECK_EQUAL(v.get("/v2/stocks/bars", {{"timeframe", "1Min"}}).status, 400);
  CHECK_EQUAL(v.get("/v2/stocks/bars", {{"symbols", "TQQQ"}, {"timeframe", "60Min"}}).status, 400);
  CHECK_EQUAL(v.get("/v2/stocks/bars", bars_query("TQQQ", {{"limit", "10001"}})).status, 400);
  CHECK_EQUAL(v.get("/v2/stocks/bars", bars_query("TQQQ", {{"start", "soon"}})).status, 400);
  CHECK_EQUAL(v.get("/v2/stocks/bars", bars_query("tq", {})).status, 400);
  const reply sip = v.get("/v2/stocks/bars", {{"symbols", "TQQQ"}, {"timeframe", "1Min"}, {"feed", "sip"},
                                              {"end", "2026-11-23T10:00:00-05:00"}});
  CHECK_EQUAL(sip.status, 403);
  CHECK_EQUAL(sip.body.dump(), R"({"code":42210000,"message":"subscription does not permit querying recent SIP data"})");
  const reply older = v.get("/v2/stocks/bars", {{"symbols", "TQQQ"}, {"timeframe", "1Min"}});
  CHECK_EQUAL(older.body["bars"]["TQQQ"].size(), 16u); // without a feed: up to a quarter of an hour ago
}

TEST(keys that are wrong get 401 from trading and 403 from data) {
  venue_fixture v = calm();
  http_request r{"GET", "/v2/account", {}, "", "PKWRONG", "x"};
  CHECK_EQUAL(v.venue->handle(r).status, 401);
  r.path = "/v2/stocks/bars";
  CHECK_EQUAL(v.venue->handle(r).status, 403);
  r.path = "/v2/aggs/ticker/TQQQ/range/1/minute/0/1";
  CHECK_EQUAL(v.venue->handle(r).status, 401);
}

TEST(latest points and snapshots have the recorded shape) {
  venue_fixture v = calm();
  const reply snapshots = v.get("/v2/stocks/snapshots", {{"symbols", "TQQQ,NONE"}});
  const json& s = snapshots.body["TQQQ"];
  CHECK(!snapshots.body.contains("NONE"));
  if (const auto example = recorded("rest_snapshot.json"))
    for (const auto& [part, object] : (*example)["AAPL"].items()) {
      REQUIRE(s.contains(part));
      CHECK_EQUAL(missing_keys(object, s[part]), "");
    }
  else
    CAF_MESSAGE("skipped: no recorded rest_snapshot.json");
  CHECK(s["minuteBar"]["t"] == "2026-11-23T14:59:00Z");
  CHECK(s["dailyBar"]["t"] == "2026-11-23T05:00:00Z");
  CHECK(s["prevDailyBar"]["t"] == "2026-11-20T05:00:00Z");
  const json quotes = v.get("/v2/stocks/quotes/latest", {{"symbols", "TQQQ,UPRO"}}).body["quotes"];
  CHECK_EQUAL(quotes.size(), 2u);
  CHECK(quotes["TQQQ"] == s["latestQuote"]);
  CHECK_EQUAL(v.get("/v2/stocks/TQQQ/snapshot").status, 200);
  CHECK_EQUAL(v.get("/v2/stocks/NONE/quotes/latest").status, 404);
}

TEST(Polygon aggregates come in pages by next_url) {
  venue_fixture v = calm();
  const std::string day = "/v2/aggs/ticker/TQQQ/range/1/minute/2026-11-23/2026-11-23";
  const reply r = v.get(day, {{"limit", "20"}, {"adjusted", "false"}});
  REQUIRE(r.status == 200);
  CHECK_EQUAL(r.body["results"].size(), 20u);
  CHECK(r.body["results"][0]["t"] == at(9, 30));
  CHECK(r.text("next_url").find(std::to_string(at(9, 50)) + "/2026-11-23") != std::string::npos);
  if (const auto example = recorded("poly_rest_aggs.json")) {
    CHECK_EQUAL(missing_keys(*example, r.body), "");
    CHECK_EQUAL(missing_keys((*example)["results"][0], r.body["results"][0]), "");
  } else {
    CAF_MESSAGE("skipped: no recorded poly_rest_aggs.json");
  }
  const reply rest = v.get("/v2/aggs/ticker/TQQQ/range/1/minute/" + std::to_string(at(9, 50)) + "/2026-11-23");
  CHECK_EQUAL(rest.body["results"].size(), 10u);
  CHECK(!rest.body.contains("next_url"));
}

TEST(too many requests are refused until tokens come back) {
  exchange_config c = venue_fixture::whole_fills();
  c.requests_per_minute = 5;
  venue_fixture v(at(10, 0), c);
  reply r;
  for (int i = 0; i < 5; ++i)
    r = v.get("/v2/account");
  CHECK_EQUAL(r.status, 200);
  const auto header = [&](const char* name) {
    for (const auto& [key, value] : r.raw.headers)
      if (key == name)
        return value;
    return std::string();
  };
  CHECK_EQUAL(header("X-Ratelimit-Limit"), "5");
  CHECK_EQUAL(header("X-Ratelimit-Remaining"), "0");
  CHECK_EQUAL(header("X-Ratelimit-Reset"), std::to_string(at(10, 1) / 1'000));
  r = v.get("/v2/account");
  CHECK_EQUAL(r.status, 429);
  CHECK_EQUAL(r.text("message"), "rate limit exceeded.");
  CHECK_EQUAL(v.get("/v2/stocks/TQQQ/bars/latest").status, 200); // another host, another bucket
  v.pass(12'000);
  CHECK_EQUAL(v.get("/v2/account").status, 200);
  CHECK_EQUAL(v.get("/v2/account").status, 429);
}
