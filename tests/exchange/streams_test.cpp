#define CAF_SUITE exchange_streams
#include "tests/exchange/support.hpp"
#include "tests/support/test.hpp"

using namespace sentio;
using namespace sentio::test;

namespace {

venue_fixture calm(time_ms start = at(9, 45, 1)) { return venue_fixture(start, venue_fixture::whole_fills()); }

/// The text of all messages to a stream.
std::string texts(venue_fixture& v, stream_id id) { return json(v.heard(id)).dump(); }

std::string error_text(int code, const char* text) {
  return json::array({{{"T", "error"}, {"code", code}, {"msg", text}}}).dump();
}

} // namespace

TEST(the data stream greets and authenticates by message or by headers) {
  venue_fixture v = calm();
  const stream_id s = v.open(stream_kind::stock_data, "/v2/iex");
  CHECK_EQUAL(texts(v, s), R"([[{"T":"success","msg":"connected"}]])");
  v.say(s, {{"action", "auth"}, {"key", v.config.key_id}, {"secret", v.config.secret}});
  CHECK_EQUAL(texts(v, s), R"([[{"T":"success","msg":"authenticated"}]])");
  v.say(s, {{"action", "auth"}, {"key", v.config.key_id}, {"secret", v.config.secret}});
  CHECK_EQUAL(texts(v, s), "[" + error_text(403, "already authenticated") + "]");
  v.venue->close_stream(s);
  int status = 0;
  http_request upgrade;
  upgrade.key_id = v.config.key_id;
  upgrade.secret = v.config.secret;
  const auto by_header = v.venue->open_stream(stream_kind::stock_data, "/v2/iex", upgrade, status);
  REQUIRE(by_header.has_value());
  CHECK_EQUAL(status, 101);
  CHECK_EQUAL(texts(v, *by_header), R"([[{"T":"success","msg":"connected"}],[{"T":"success","msg":"authenticated"}]])");
}

TEST(subscriptions are answered with the whole set) {
  venue_fixture v = calm();
  const stream_id s = v.open(stream_kind::stock_data, "/v2/iex");
  v.say(s, {{"action", "subscribe"}, {"bars", {"TQQQ"}}});
  v.say(s, {{"action", "auth"}, {"key", v.config.key_id}, {"secret", v.config.secret}});
  const std::string before = texts(v, s);
  CHECK(before.find(R"("code":401,"msg":"not authenticated")") != std::string::npos);
  v.say(s, {{"action", "subscribe"}, {"bars", {"TQQQ", "SQQQ"}}, {"trades", {"TQQQ"}}, {"statuses", {"*"}}});
  v.say(s, {{"action", "unsubscribe"}, {"bars", {"SQQQ"}}});
  const std::vector<json> acks = v.heard(s);
  REQUIRE(acks.size() == 2u);
  CHECK_EQUAL(acks[0].dump(),
              R"([{"T":"subscription","bars":["SQQQ","TQQQ"],"cancelErrors":["TQQQ"],"corrections":["TQQQ"],)"
              R"("dailyBars":[],"lulds":[],"quotes":[],"statuses":["*"],"trades":["TQQQ"],"updatedBars":[]}])");
  CHECK(acks[1][0]["bars"] == json::array({"TQQQ"}));
  // The third version of the official client sends all seven keys, empty arrays included.
  v.say(s, {{"action", "subscribe"}, {"bars", json::array()}, {"trades", json::array()}, {"quotes", json::array()},
            {"updatedBars", json::array()}, {"dailyBars", json::array()}, {"statuses", json::array()},
            {"lulds", json::array()}});
  CHECK(v.heard(s)[0] == acks[1]);
}

TEST(every error of the data stream) {
  exchange_config c = venue_fixture::whole_fills();
  c.data_symbol_limit = 2;
  venue_fixture v(at(9, 45, 1), c);
  const stream_id s = v.data({{"bars", {"TQQQ"}}});
  const auto answer_to = [&](const json& message) {
    v.say(s, message);
    return texts(v, s);
  };
  const auto array = [](int code, const char* text) { return "[" + error_text(code, text) + "]"; };
  CHECK_EQUAL(answer_to(nullptr), array(400, "invalid syntax"));
  CHECK_EQUAL(answer_to(json::array({1})), array(400, "invalid syntax"));
  CHECK_EQUAL(answer_to({{"action", "dance"}}), array(400, "invalid syntax"));
  CHECK_EQUAL(answer_to({{"action", "subscribe"}, {"bars", {"tq qq"}}}), array(400, "invalid syntax"));
  CHECK_EQUAL(answer_to({{"action", "subscribe"}, {"bars", {{"a", 1}}}}), array(400, "invalid syntax"));
  CHECK_EQUAL(answer_to({{"action", "subscribe"}, {"imbalances", {"A"}}}),
              array(410, "invalid subscribe action for this feed"));
  CHECK_EQUAL(answer_to({{"action", "subscribe"}, {"bars", {"A", "B"}}}), array(405, "symbol limit exceeded"));
  v.say(s, {{"action", "subscribe"}, {"bars", {"UPRO"}}});
  CHECK(v.heard(s)[0][0]["bars"] == json::array({"TQQQ", "UPRO"})); // 405 left the set as it was
  const stream_id second = v.open(stream_kind::stock_data, "/v2/iex");
  v.heard(second);
  v.say(second, {{"action", "auth"}, {"key", c.key_id}, {"secret", c.secret}});
  CHECK_EQUAL(texts(v, second), array(406, "connection limit exceeded"));
  v.venue->close_stream(s);
  v.say(second, {{"action", "auth"}, {"key", c.key_id}, {"secret", c.secret}}); // again, on the same socket
  CHECK_EQUAL(texts(v, second), R"([[{"T":"success","msg":"authenticated"}]])");
  const stream_id bad = v.open(stream_kind::stock_data, "/v2/sip");
  v.heard(bad);
  v.say(bad, {{"action", "auth"}, {"key", "x"}, {"secret", "y"}});
  CHECK_EQUAL(texts(v, bad), array(402, "auth failed"));
  CHECK_EQUAL(v.closed(bad), 1000);
  const stream_id slow = v.open(stream_kind::stock_data, "/v2/sip");
  v.heard(slow);
  v.pass(9'999);
  CHECK_EQUAL(texts(v, slow), "[]");
  v.pass(1);
  CHECK_EQUAL(texts(v, slow), array(404, "auth timeout"));
  CHECK_EQUAL(v.closed(slow), 1000);
}

TEST(a bar appears 20 to 100 ms after its minute with its own label) {
  venue_fixture v = calm();
  const stream_id s = v.data({{"bars", {"TQQQ", "UPRO"}}, {"dailyBars", {"TQQQ"}}});
  v.go(at(9, 46) + 19);
  CHECK(v.points(s, "b").empty());
  v.go(at(9, 46) + 101);
  const std::vector<json> all = v.heard(s);
  std::size_t bars = 0, days = 0;
  for (const json& array : all)
    for (const json& p : array) {
      bars += p["T"] == "b" ? 1U : 0U;
      days += p["T"] == "d" ? 1U : 0U;
      if (p["T"] == "b" && p["S"] == "TQQQ") {
        const json again = v.get("/v2/stocks/bars/latest", {{"symbols", "TQQQ"}}).body["bars"]["TQQQ"];
        CHECK(p["t"] == "2026-11-23T14:45:00Z");
        CHECK(p["c"] == again["c"]);
        CHECK(p["v"] == again["v"]);
        CHECK_EQUAL(missing_keys({{"T", 0}, {"S", 0}, {"o", 0}, {"h", 0}, {"l", 0}, {"c", 0}, {"v", 0}, {"t", 0},
                                  {"n", 0}, {"vw", 0}}, p), "");
      }
      if (p["T"] == "d")
        CHECK(p["t"] == "2026-11-23T05:00:00Z");
    }
  CHECK_EQUAL(bars, 2u);
  CHECK_EQUAL(days, 1u);
}

TEST(one session has 390 bars of each symbol and no other) {
  venue_fixture v = calm(at(9, 0));
  const stream_id s = v.data({{"bars", {"*"}}});
  v.go(at(16, 30));
  const std::vector<json> bars = v.points(s, "b");
  CHECK_EQUAL(bars.size(), 3u * 390u);
  CHECK(bars.front()["t"] == "2026-11-23T14:30:00Z");
  CHECK(bars.back()["t"] == "2026-11-23T20:59:00Z");
}

TEST(a revised bar is corrected at half past the minute) {
  exchange_config c = venue_fixture::whole_fills();
  c.revised_bar_share = 1;
  venue_fixture v(at(9, 45, 1), c);
  const stream_id s = v.data({{"bars", {"TQQQ"}}, {"updatedBars", {"TQQQ"}}});
  v.go(at(9, 46, 29));
  const std::vector<json> first = v.points(s, "b");
  REQUIRE(first.size() == 1u);
  const auto stored = [&] { return v.get("/v2/stocks/TQQQ/bars/latest").body["bar"]["v"]; };
  CHECK(stored() == first[0]["v"]);
  v.go(at(9, 46, 30));
  const std::vector<json> second = v.points(s, "u");
  REQUIRE(second.size() == 1u);
  CHECK(second[0]["t"] == first[0]["t"]);
  CHECK(second[0]["v"].get<double>() > first[0]["v"].get<double>());
  CHECK(stored() == second[0]["v"]);
}

TEST(quotes move within the minute and stay between the extremes of the bar) {
  venue_fixture v = calm();
  const stream_id s = v.data({{"quotes", {"TQQQ"}}, {"trades", {"TQQQ"}}, {"bars", {"TQQQ"}}});
  v.go(at(9, 46) + 150);
  double low = 1e9, high = 0, bar_low = 0, bar_high = 0, spread = 0;
  std::size_t quotes = 0;
  for (const json& array : v.heard(s))
    for (const json& p : array) {
      if (p["T"] == "q" && p["t"].get<std::string>() < "2026-11-23T14:46") {
        ++quotes;
        spread = std::max(spread, p["ap"].get<double>() - p["bp"].get<double>());
        CHECK(p["bp"].get<double>() < p["ap"].get<double>());
      } else if (p["T"] == "t" && p["t"].get<std::string>() < "2026-11-23T14:46") {
        low = std::min(low, p["p"].get<double>());
        high = std::max(high, p["p"].get<double>());
      } else if (p["T"] == "b") {
        bar_low = p["l"];
        bar_high = p["h"];
      }
    }
  CHECK_EQUAL(quotes, 58u);
  CHECK(low >= bar_low - 0.006 && high <= bar_high + 0.006);
  CHECK(high - low > (bar_high - bar_low) / 2);
  CHECK(spread < 0.05);
}

TEST(the test stream has FAKEPACA at any hour) {
  venue_fixture v = calm(at(22, 0, 1));
  const stream_id s = v.data({{"bars", {"FAKEPACA"}}, {"quotes", {"FAKEPACA"}}, {"trades", {"FAKEPACA"}}}, "/v2/test");
  v.pass(60'000);
  std::size_t bars = 0, quotes = 0, trades = 0;
  for (const json& array : v.heard(s))
    for (const json& p : array) {
      CHECK(p["S"] == "FAKEPACA");
      bars += p["T"] == "b" ? 1U : 0U;
      quotes += p["T"] == "q" ? 1U : 0U;
      trades += p["T"] == "t" ? 1U : 0U;
    }
  CHECK_EQUAL(bars, 1u);
  CHECK_EQUAL(quotes, 60u);
  CHECK_EQUAL(trades, 60u);
  v.say(s, {{"action", "subscribe"}, {"lulds", {"FAKEPACA"}}});
  const std::vector<json> refused = v.heard(s);
  CHECK(refused.at(0)[0]["code"] == 410);
}

TEST(the trading stream follows the recorded dialogue) {
  venue_fixture v = calm();
  const stream_id s = v.open(stream_kind::trading, "/stream");
  CHECK_EQUAL(texts(v, s), "[]");
  v.say(s, {{"action", "listen"}, {"data", {{"streams", {"trade_updates"}}}}});
  v.say(s, {{"action", "authenticate"}, {"data", {{"key_id", "x"}, {"secret_key", "y"}}}});
  v.say(s, {{"action", "auth"}, {"key", v.config.key_id}, {"secret", v.config.secret}});
  v.say(s, {{"action", "listen"}, {"data", {{"streams", {"trade_updates"}}}}});
  const std::string said = texts(v, s);
  CHECK_EQUAL(said, R"([{"data":{"action":"listen","status":"unauthorized"},"stream":"authorization"},)"
                    R"({"data":{"action":"authenticate","status":"unauthorized"},"stream":"authorization"},)"
                    R"({"data":{"action":"authenticate","status":"authorized"},"stream":"authorization"},)"
                    R"({"data":{"streams":["trade_updates"]},"stream":"listening"}])");
  v.say(s, nullptr);
  CHECK_EQUAL(texts(v, s), R"([{"action":"error","data":{"error_message":"invalid message"}}])");
  v.say(s, {{"action", "listen"}, {"data", {{"streams", json::array()}}}});
  v.order("TQQQ", "buy", "1");
  v.pass(100);
  CHECK_EQUAL(texts(v, s), R"([{"data":{"streams":[]},"stream":"listening"}])");
}

TEST(Polygon sends minute aggregates and one connection at a time) {
  venue_fixture v = calm();
  const stream_id s = v.open(stream_kind::polygon, "/stocks");
  CHECK_EQUAL(texts(v, s), R"([[{"ev":"status","message":"Connected Successfully","status":"connected"}]])");
  v.say(s, {{"action", "auth"}, {"params", v.config.key_id}});
  v.say(s, {{"action", "subscribe"}, {"params", "AM.TQQQ, AM.UPRO"}});
  const std::string said = texts(v, s);
  CHECK_EQUAL(said, R"([[{"ev":"status","message":"authenticated","status":"auth_success"}],)"
                    R"([{"ev":"status","message":"subscribed to: AM.TQQQ","status":"success"}],)"
                    R"([{"ev":"status","message":"subscribed to: AM.UPRO","status":"success"}]])");
  v.go(at(9, 46) + 150);
  std::vector<json> minutes;
  for (const json& array : v.heard(s))
    for (const json& p : array)
      minutes.push_back(p);
  REQUIRE(minutes.size() == 2u);
  CHECK(minutes[0]["ev"] == "AM");
  CHECK(minutes[0]["s"] == at(9, 45));
  CHECK(minutes[0]["e"] == at(9, 46));
  if (const auto example = recorded("poly_ws_am.json"))
    CHECK_EQUAL(missing_keys(example->front(), minutes[0]), "");
  else
    CAF_MESSAGE("skipped: no recorded poly_ws_am.json");
  const stream_id newer = v.open(stream_kind::polygon, "/stocks");
  v.say(newer, {{"action", "auth"}, {"params", v.config.key_id}});
  CHECK(texts(v, s).find("max_connections") != std::string::npos);
  CHECK_EQUAL(v.closed(s), 1008);
  const stream_id bad = v.open(stream_kind::polygon, "/stocks");
  v.say(bad, {{"action", "auth"}, {"params", "wrong"}});
  CHECK(texts(v, bad).find("auth_failed") != std::string::npos);
  CHECK_EQUAL(v.closed(bad), 1000);
}
