#define CAF_SUITE polygon
#include "core/alpaca/polygon.hpp"
#include "tests/support/test.hpp"

using namespace sentio;
using namespace sentio::alpaca;

namespace {

template <class T>
T only(std::string_view text) {
  const auto frame = polygon::parse_stream_frame(text);
  CHECK(!frame.malformed && frame.bad == 0 && frame.unknown == 0);
  REQUIRE(frame.events.size() == 1);
  REQUIRE(std::holds_alternative<T>(frame.events[0]));
  return std::get<T>(frame.events[0]);
}

std::string status(const std::string& word, const std::string& text) {
  return R"([{"ev":"status","status":")" + word + R"(","message":")" + text + "\"}]";
}

} // namespace

TEST(a minute aggregate) {
  const auto one = only<stream_bar>(
      R"([{"ev":"AM","sym":"GTE","v":4110,"av":9470157,"op":0.4372,"vw":0.4488,"o":0.4488,"c":0.4486,"h":0.4489,"l":0.4486,"a":0.4352,"z":685,"s":1610144640000,"e":1610144700000}])");
  CHECK_EQUAL(one.symbol, "GTE");
  CHECK(!one.revision);
  CHECK(one.value == (bar{1'610'144'640'000, 0.4488, 0.4489, 0.4486, 0.4486, 4110}));
}

TEST(control words) {
  only<stream_connected>(status("connected", "Connected Successfully"));
  only<stream_authenticated>(status("auth_success", "authenticated"));
  const auto topic = only<stream_subscription>(status("success", "subscribed to: AM.TQQQ"));
  CHECK(topic.bars == std::vector<std::string>{"TQQQ"});
  const auto topics = only<stream_subscription>(status("success", "subscribed to: AM.A,LULD.B,T.C,AM.D"));
  CHECK(topics.bars == (std::vector<std::string>{"A", "D"}));
  CHECK(topics.lulds == std::vector<std::string>{"B"});
  CHECK(only<stream_error>(status("auth_failed", "authentication failed")).code == 402);
  CHECK(only<stream_error>(status("auth_timeout", "x")).code == 404);
  CHECK(only<stream_error>(status("max_connections", "x")).code == 406);
  CHECK(only<stream_error>(status("max_connections", "Maximum")).text == "Maximum");
  CHECK(only<stream_error>(status("error", "not authorized")).code == 400);
}

TEST(price bands) {
  const auto band = only<stream_luld>(
      R"([{"ev":"LULD","T":"MSFT","h":218.94,"l":198.1,"i":[17],"z":3,"t":1601316612585,"q":1}])");
  CHECK_EQUAL(band.symbol, "MSFT");
  CHECK_EQUAL(band.limit_up, 218.94);
  CHECK_EQUAL(band.limit_down, 198.1);
  CHECK_EQUAL(band.at, 1'601'316'612'585);
}

TEST(mixed frames are counted) {
  const auto frame = polygon::parse_stream_frame(
      R"([{"ev":"T","sym":"AAPL"},{"ev":"AM","sym":"A"},{"ev":"AM","sym":"A","o":1,"h":1,"l":1,"c":1,"v":1,"s":9223372036854775807},)"
      R"({"ev":"status","status":"success","message":"unsubscribed to: AM.A"},{"ev":"status"},{"ev":null},[],7,null,)"
      R"({"ev":"AM","sym":"A","o":1,"h":1,"l":1,"c":1,"v":1.5,"s":60000}])");
  CHECK(!frame.malformed);
  CHECK_EQUAL(frame.events.size(), 1u);
  CHECK_EQUAL(frame.unknown, 2u);
  CHECK_EQUAL(frame.bad, 7u);
  for (const std::string text : {"", "{}", "[", "nonsense", "7"})
    CHECK(polygon::parse_stream_frame(text).malformed);
  CHECK(polygon::parse_stream_frame("[]").events.empty());
}

TEST(aggregates) {
  const auto page = polygon::parse_aggregates(
      R"({"ticker":"AAPL","queryCount":2,"resultsCount":2,"adjusted":true,"results":[{"v":642646396.0,"vw":1.469,"o":1.5032,"c":1.4604,"h":1.5064,"l":1.4489,"t":1112331600000,"n":82132},{"v":1,"o":2}],"status":"OK","next_url":"https://api.polygon.io/v2/aggs/x?cursor=abc"})",
      "AAPL");
  REQUIRE(page.value);
  REQUIRE(page.value->bars.size() == 1);
  CHECK_EQUAL(page.value->bars[0].symbol, "AAPL");
  CHECK(page.value->bars[0].value == (bar{1'112'331'600'000, 1.5032, 1.5064, 1.4489, 1.4604, 642'646'396}));
  CHECK_EQUAL(page.value->bad, 1u);
  CHECK_EQUAL(page.value->next_page_token, "https://api.polygon.io/v2/aggs/x?cursor=abc");
  const auto none = polygon::parse_aggregates(R"({"ticker":"A","resultsCount":0,"status":"OK"})", "A");
  CHECK(none.value && none.value->bars.empty() && none.value->next_page_token.empty());
  const auto refused = polygon::parse_aggregates(R"({"status":"ERROR","error":"You've exceeded"})", "A");
  CHECK(!refused.value);
  CHECK(refused.problem.find("You've exceeded") != std::string::npos);
  for (const std::string text : {"", "[]", "{}", R"({"results":7})", "<html>"}) {
    const auto bad = polygon::parse_aggregates(text, "A");
    CHECK(!bad.value && !bad.problem.empty());
  }
}
