#define CAF_SUITE exchange_polygon
#include "tests/exchange/support.hpp"
#include "tests/support/test.hpp"

using namespace sentio;
using namespace sentio::test;

namespace {

venue_fixture calm(time_ms start = at(10, 0, 1)) { return venue_fixture(start, venue_fixture::whole_fills()); }

const std::string ticker = "/v2/aggs/ticker/TQQQ/";

/// A request as Polygon's clients make it: no Alpaca keys.
reply ask(venue_fixture& v, const std::string& path, std::vector<std::pair<std::string, std::string>> query = {},
          const std::string& bearer = "local", const std::string& host = "localhost:18443") {
  http_request r{"GET", path, std::move(query), "", "", ""};
  r.token = bearer;
  r.host = host;
  return venue_fixture::of(v.venue->handle(r));
}

stream_id subscriber(venue_fixture& v, const std::string& topics) {
  const stream_id s = v.open(stream_kind::polygon, "/stocks");
  v.say(s, {{"action", "auth"}, {"params", v.config.key_id}});
  v.heard(s);
  v.say(s, {{"action", "subscribe"}, {"params", topics}});
  return s;
}

std::vector<json> of_event(const std::vector<json>& messages, const std::string& event) {
  std::vector<json> found;
  for (const json& array : messages)
    for (const json& one : array)
      if (one["ev"] == event)
        found.push_back(one);
  return found;
}

} // namespace

TEST(Polygons key comes as a bearer token or in the query) {
  venue_fixture v = calm();
  CHECK_EQUAL(ask(v, ticker + "prev").status, 200);
  CHECK_EQUAL(ask(v, ticker + "prev", {}, v.config.key_id).status, 200);
  CHECK_EQUAL(ask(v, ticker + "prev", {{"apiKey", v.config.key_id}}, "").status, 200);
  const reply wrong = ask(v, ticker + "prev", {}, "guess"), none = ask(v, ticker + "prev", {}, "");
  CHECK_EQUAL(wrong.status, 401);
  CHECK_EQUAL(wrong.text("error"), "Unknown API Key");
  CHECK_EQUAL(none.status, 401);
  CHECK_EQUAL(none.text("error"), "API Key was not provided");
}

TEST(next_url leads back to the exchange by the name that the client used) {
  venue_fixture v = calm();
  const std::string minutes = ticker + "range/1/minute/2026-11-23/2026-11-23";
  const std::string next = std::to_string(at(9, 50)) + "/2026-11-23?adjusted=false&sort=asc&limit=20";
  const reply here = ask(v, minutes, {{"limit", "20"}, {"adjusted", "false"}});
  CHECK_EQUAL(here.text("next_url"), "https://localhost:18443" + ticker + "range/1/minute/" + next);
  const reply named = ask(v, minutes, {{"limit", "20"}, {"adjusted", "false"}}, "local", "api.polygon.io");
  CHECK_EQUAL(named.text("next_url"), "https://api.polygon.io" + ticker + "range/1/minute/" + next);
  const reply odd = ask(v, minutes, {{"limit", "20"}, {"adjusted", "false"}}, "local", "evil/\"@x");
  CHECK_EQUAL(odd.text("next_url"), "https://localhost" + ticker + "range/1/minute/" + next);
}

TEST(pages of five minutes hold whole bars and the limit counts their minutes) {
  venue_fixture v = calm();
  for (const char* sort : {"asc", "desc"}) {
    std::string path = ticker + "range/5/minute/2026-11-23/2026-11-23";
    std::vector<time_ms> labels;
    for (int pages = 1; !path.empty(); ++pages) {
      const reply r = ask(v, path, {{"limit", "12"}, {"sort", sort}});
      REQUIRE(r.status == 200);
      CHECK_EQUAL(r.body["resultsCount"].get<int>(), 2);
      CHECK_EQUAL(r.body["queryCount"].get<int>(), 10);
      for (const json& row : r.body["results"])
        labels.push_back(row["t"]);
      const std::string next = r.text("next_url");
      path = next.empty() ? "" : next.substr(23, next.find('?') - 23); // behind https://localhost:18443
      REQUIRE(pages <= 3);
    }
    if (std::string(sort) == "desc")
      std::reverse(labels.begin(), labels.end());
    REQUIRE(labels.size() == 6u);
    for (std::size_t i = 0; i < labels.size(); ++i)
      CHECK_EQUAL(labels[i], at(9, 30) + static_cast<time_ms>(i) * 5 * minute_ms);
  }
}

TEST(a range is stretched to whole periods) {
  venue_fixture v = calm();
  const json minutes = ask(v, ticker + "range/1/minute/2026-11-23/2026-11-23").body["results"];
  const std::string inside = std::to_string(at(9, 42)) + "/" + std::to_string(at(9, 42, 30));
  const json fives = ask(v, ticker + "range/5/minute/" + inside).body["results"];
  REQUIRE(fives.size() == 1u);
  CHECK_EQUAL(fives[0]["t"].get<time_ms>(), at(9, 40));
  CHECK(fives[0]["o"] == minutes[10]["o"]);
  CHECK(fives[0]["c"] == minutes[14]["c"]);
  const json weeks = ask(v, ticker + "range/1/week/2026-11-23/2026-11-23").body["results"];
  REQUIRE(weeks.size() == 1u);
  CHECK_EQUAL(weeks[0]["t"].get<time_ms>(), at(0, 0, 0, {2026, 11, 22})); // Polygon's weeks begin on Sunday
  CHECK(weeks[0]["o"] == minutes[0]["o"]);
  CHECK(weeks[0]["c"] == minutes[29]["c"]);
  const json quarter = ask(v, ticker + "range/1/quarter/2026-11-23/2026-11-23").body["results"];
  REQUIRE(quarter.size() == 1u);
  CHECK_EQUAL(quarter[0]["t"].get<time_ms>(), at(0, 0, 0, {2026, 10, 1}));
}

TEST(the previous day and the grouped day are those of the minutes) {
  venue_fixture v = calm();
  const civil_date friday{2026, 11, 20};
  const json minutes = ask(v, ticker + "range/1/minute/2026-11-20/2026-11-20").body["results"];
  REQUIRE(minutes.size() == 390u);
  double volume = 0, high = 0;
  for (const json& one : minutes) {
    volume += one["v"].get<double>();
    high = std::max(high, one["h"].get<double>());
  }
  const reply previous = ask(v, ticker + "prev");
  REQUIRE(previous.body["results"].size() == 1u);
  const json& day = previous.body["results"][0];
  CHECK_EQUAL(previous.text("ticker"), "TQQQ");
  CHECK_EQUAL(day["T"].get<std::string>(), "TQQQ");
  CHECK_EQUAL(day["t"].get<time_ms>(), at(16, 0, 0, friday));
  CHECK(day["o"] == minutes[0]["o"]);
  CHECK(day["c"] == minutes[389]["c"]);
  CHECK_EQUAL(day["h"].get<double>(), high);
  CHECK_EQUAL(day["v"].get<double>(), volume);
  const reply grouped = ask(v, "/v2/aggs/grouped/locale/us/market/stocks/2026-11-20");
  REQUIRE(grouped.body["resultsCount"] == 3);
  CHECK_EQUAL(grouped.body["results"][0]["T"].get<std::string>(), "SQQQ");
  CHECK(grouped.body["results"][1] == day);
  CHECK_EQUAL(ask(v, "/v2/aggs/grouped/locale/us/market/stocks/2026-11-22").body["resultsCount"].get<int>(), 0);
  CHECK_EQUAL(ask(v, "/v2/aggs/ticker/NONE/prev").body["resultsCount"].get<int>(), 0);
}

TEST(unknown routes and bad parameters are answered in Polygons words) {
  venue_fixture v = calm();
  for (const char* path : {"/v2/aggs/ticker/TQQQ", "/v3/reference/tickers", "/v1/open-close/TQQQ/2026-11-20",
                           "/v2/last/trade/TQQQ", "/vX/reference/financials"}) {
    const reply r = ask(v, path);
    CHECK_EQUAL(r.status, 404);
    CHECK_EQUAL(r.text("status"), "ERROR");
    CHECK_EQUAL(r.text("error"), "The requested resource was not found");
    CHECK(!r.text("request_id").empty());
  }
  CHECK_EQUAL(ask(v, "/anything", {{"apiKey", "local"}}, "").text("error"), "The requested resource was not found");
  for (const char* path : {"range/1/second/2026-11-23/2026-11-23", "range/60/minute/2026-11-23/2026-11-23",
                           "range/0/day/2026-11-23/2026-11-23", "range/1/minute/yesterday/2026-11-23",
                           "range/1/minute/2026-11-23/2026-11-20"}) {
    const reply r = ask(v, ticker + path);
    CHECK_EQUAL(r.status, 400);
    CHECK_EQUAL(r.text("status"), "ERROR");
  }
  CHECK_EQUAL(ask(v, ticker + "range/1/day/2026-11-20/2026-11-23", {{"limit", "0"}}).status, 400);
}

TEST(trades and second aggregates of the stream agree) {
  venue_fixture v = calm(at(9, 45, 1));
  const stream_id s = subscriber(v, "T.TQQQ, A.TQQQ,Q.TQQQ");
  const std::vector<json> acknowledged = of_event(v.heard(s), "status");
  REQUIRE(acknowledged.size() == 3u);
  CHECK_EQUAL(acknowledged[1]["message"].get<std::string>(), "subscribed to: A.TQQQ");
  v.go(at(9, 45, 12));
  const std::vector<json> messages = v.heard(s);
  const std::vector<json> trades = of_event(messages, "T"), seconds = of_event(messages, "A"), quotes = of_event(messages, "Q");
  REQUIRE(trades.size() == 11u);
  REQUIRE(quotes.size() == 11u);
  REQUIRE(seconds.size() == 11u); // the one of 09:45:01 is told at 09:45:02
  for (std::size_t i = 0; i + 1 < trades.size(); ++i) {
    const json &trade = trades[i], &second = seconds[i + 1];
    CHECK_EQUAL(second["s"].get<time_ms>(), at(9, 45, 2) + static_cast<time_ms>(i) * 1'000);
    CHECK_EQUAL(second["e"].get<time_ms>() - second["s"].get<time_ms>(), 1'000);
    CHECK_EQUAL(trade["t"].get<time_ms>(), second["s"].get<time_ms>());
    for (const char* price : {"o", "h", "l", "c"})
      CHECK(second[price] == trade["p"]);
    CHECK_EQUAL(second["v"].get<double>(), trade["s"].get<double>());
    CHECK(quotes[i]["bp"].get<double>() < trade["p"].get<double>());
    CHECK(quotes[i]["ap"].get<double>() > trade["p"].get<double>());
  }
}

TEST(the last second of a session is told after its close and none of a halt) {
  venue_fixture v = calm(at(15, 59, 57));
  const stream_id s = subscriber(v, "A.TQQQ");
  v.heard(s);
  v.go(at(16, 0, 5));
  const std::vector<json> seconds = of_event(v.heard(s), "A");
  REQUIRE(seconds.size() == 3u);
  CHECK_EQUAL(seconds.back()["s"].get<time_ms>(), at(15, 59, 59));
  venue_fixture halted = calm(at(10, 0, 1));
  const stream_id quiet = subscriber(halted, "A.TQQQ,T.TQQQ");
  REQUIRE(halted.faults(json::array({{{"kind", "halt"}, {"symbol", "TQQQ"}, {"for_ms", 10'000}}})).empty());
  halted.heard(quiet);
  halted.go(at(10, 0, 9));
  const std::vector<json> during = halted.heard(quiet);
  CHECK(of_event(during, "T").empty());
  CHECK(of_event(during, "A").size() <= 1u); // of the second before
}

TEST(topics that are not delivered are refused) {
  venue_fixture v = calm();
  const stream_id s = subscriber(v, "AM.TQQQ,LULD.*,NOI.TQQQ,FMV.TQQQ,TQQQ,T.tq\x01,T.");
  const std::vector<json> answers = of_event(v.heard(s), "status");
  REQUIRE(answers.size() == 7u);
  const std::vector<std::string> wanted{"success", "success", "error", "error", "error", "error", "error"};
  for (std::size_t i = 0; i < wanted.size(); ++i)
    CHECK_EQUAL(answers[i]["status"].get<std::string>(), wanted[i]);
  CHECK_EQUAL(answers[2]["message"].get<std::string>(), "not available on this feed: NOI.TQQQ");
  CHECK_EQUAL(answers[4]["message"].get<std::string>(), "invalid subscription");
  v.go(at(10, 5, 1));
  const std::vector<json> bands = of_event(v.heard(s), "LULD");
  REQUIRE(bands.size() == 3u); // all three symbols, once in five minutes
  CHECK_EQUAL(bands[1]["T"].get<std::string>(), "TQQQ");
  CHECK(bands[1]["h"].get<double>() > bands[1]["l"].get<double>());
}
