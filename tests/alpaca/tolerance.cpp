// Rows F12, F13 and F39 of the fault matrix (shared specification, section 9).
#define CAF_SUITE alpaca_tolerance
#include "core/alpaca/wire.hpp"
#include "core/market/validation.hpp"
#include "tests/support/test.hpp"

#include <cstdint>

using namespace sentio;
using namespace sentio::alpaca;

namespace {

const std::string good_bar =
    R"({"T":"b","S":"TQQQ","o":50,"h":51,"l":49,"c":50.5,"v":100,"t":"2026-11-20T14:30:00Z"})";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

} // namespace

TEST(mixed arrays keep what is good) {
  const auto frame = parse_stream_frame(
      "[" + good_bar +
      R"(,{"T":"t","S":"AAPL","i":52983525033527,"p":161.2,"s":300,"t":"2023-04-06T11:54:26Z"},)" +
      R"({"T":"q","S":"AMD"},{"T":"d","S":"VOO"},{"T":"c"},{"T":"x"},{"T":"i"},{"T":"new kind"},)" +
      R"({"T":"success","msg":"something new"},{"T":7},{"T":null},{},[],null,7,"b",true,)" +
      R"({"T":"b","S":"TQQQ"},{"T":"s"},{"T":"l"},{"T":"error"},{"T":"success"},)" + good_bar + "]");
  CHECK(!frame.malformed);
  CHECK_EQUAL(frame.events.size(), 2u);
  CHECK_EQUAL(frame.unknown, 8u);
  CHECK_EQUAL(frame.bad, 13u);
}

TEST(frames that are empty or none) {
  const auto empty = parse_stream_frame("[]");
  CHECK(!empty.malformed && empty.events.empty() && empty.unknown == 0 && empty.bad == 0);
  CHECK(parse_stream_frame(" \n[ ]\t").malformed == false);
  for (const std::string text : {"", " ", "{}", "[", "[{]", "[}", "nul", "null", "0", "\"\"", "[1,]", "[] []",
                                 "\xff", "[\"\xff\"]", "[1e999]", "[NaN]", "<html></html>"})
    if (!parse_stream_frame(text).malformed)
      CAF_ERROR("taken for a frame: " << text);
  CHECK(parse_stream_frame(std::string("[\0]", 3)).malformed);
}

TEST(every truncation is malformed) {
  const std::string whole = "[" + good_bar + "," + good_bar + "]";
  std::size_t taken = 0;
  for (std::size_t size = 0; size < whole.size(); ++size)
    taken += parse_stream_frame(std::string_view(whole).substr(0, size)).malformed ? 0u : 1u;
  CHECK_EQUAL(taken, 0u);
  CHECK(parse_stream_frame(whole).events.size() == 2u);
}

TEST(depth does not overflow the stack) {
  for (const std::string part : {"[", "{\"a\":", "[{\"T\":"}) {
    std::string deep;
    for (int i = 0; i < 200'000; ++i)
      deep += part;
    CHECK(parse_stream_frame(deep).malformed);
    CHECK(!parse_account(deep).value);
  }
  const auto nested = parse_stream_frame("[" + std::string(30'000, '[') + std::string(30'000, ']') + "]");
  CHECK(!nested.malformed);
  CHECK_EQUAL(nested.bad, 1u);
}

TEST(prices that are no finite numbers are bad) {
  for (const std::string price : {"null", "\"\"", "\"NaN\"", "\"inf\"", "\"-infinity\"", "\"1e999\"",
                                  "\"5 \"", "\"0x10\"", "true", "[50]", "{}", "\"fifty\""}) {
    const auto frame = parse_stream_frame("[" + replaced(good_bar, "\"o\":50", "\"o\":" + price) + "]");
    CHECK(frame.events.empty());
    CHECK_EQUAL(frame.bad, 1u);
  }
  for (const std::string field : {"S", "t", "o", "h", "l", "c", "v"}) {
    const auto frame = parse_stream_frame("[" + replaced(good_bar, "\"" + field + "\"", "\"other\"") + "]");
    CHECK(frame.events.empty());
    CHECK_EQUAL(frame.bad, 1u);
  }
}

TEST(prices out of range are passed on to the validation) {
  for (const std::string price : {"0", "-1", "1000", "\"1e2\""}) {
    const auto frame = parse_stream_frame("[" + replaced(good_bar, "\"o\":50", "\"o\":" + price) + "]");
    REQUIRE(frame.events.size() == 1);
    CHECK(check_bar(std::get<stream_bar>(frame.events[0]).value) != bar_defect::none);
  }
}

TEST(integers beyond the reach of a double) {
  // 2^45 is 35'184'372'088'832; a code or a volume of any size must not wrap around.
  const auto large = parse_stream_frame("[" + replaced(good_bar, "\"v\":100", "\"v\":52983525033527") + "]");
  REQUIRE(large.events.size() == 1);
  CHECK_EQUAL(std::get<stream_bar>(large.events[0]).value.volume, 52'983'525'033'527.0);
  for (const std::string code :
       {"99999999999", "-1", "9223372036854775808", "18446744073709551616", "1.5", "1e30"}) {
    const auto frame = parse_stream_frame(R"([{"T":"error","code":)" + code + R"(,"msg":"x"}])");
    CHECK_EQUAL(frame.bad, 1u);
  }
  const std::string order =
      R"({"id":"1","client_order_id":"c","symbol":"A","side":"buy","status":"new","qty":)";
  CHECK(parse_order(order + "\"52983525033527\"}").value->shares == 52'983'525'033'527);
  CHECK(parse_order(order + "9223372036854775807}").value->shares == INT64_MAX);
  CHECK(parse_order(order + "9007199254740992.0}").value->shares == 9'007'199'254'740'992);
  CHECK(!parse_order(order + "9223372036854775808}").value);
  CHECK(!parse_order(order + "\"9223372036854775808\"}").value);
  CHECK(!parse_order(order + "18014398509481984.0}").value);
  // An identifier may arrive as a number.
  const auto numbered = parse_order(
      R"({"id":18446744073709551615,"client_order_id":-5,"symbol":"A","side":"buy","status":"new","qty":1})");
  REQUIRE(numbered.value);
  CHECK_EQUAL(numbered.value->id, "18446744073709551615");
  CHECK_EQUAL(numbered.value->client_order_id, "-5");
}

TEST(long messages of great depth or of countless values are no JSON) {
  const auto nested = [](std::size_t depth, std::size_t pad) {
    return R"([{"T":")" + std::string(pad, 'x') + R"("},)" + std::string(depth, '[') +
           std::string(depth, ']') + "," + good_bar + "]";
  };
  CHECK_EQUAL(parse_stream_frame(nested(50, 70'000)).events.size(), 1u);
  CHECK(parse_stream_frame(nested(3'500'000, 1)).malformed);
  CHECK(parse_stream_frame(nested(100, 70'000)).malformed);
  const auto many = [](std::size_t count) {
    std::string text = "[" + good_bar;
    for (std::size_t i = 0; i < count; ++i)
      text += ",0";
    return text + "]";
  };
  CHECK_EQUAL(parse_stream_frame(many(200'000)).events.size(), 1u);
  CHECK(parse_stream_frame(many(2'000'000)).malformed);
  // What stands in texts counts for nothing.
  const auto quoted = R"([{"T":"x","msg":")" + std::string(70'000, '[') + R"(\"[,["},)" + good_bar + "]";
  CHECK_EQUAL(parse_stream_frame(quoted).events.size(), 1u);
  CHECK(!parse_positions(std::string(16U << 20, '[')).value.has_value());
  CHECK(!parse_orders("[" + std::string(12U << 20, ',') + "]").value.has_value());
}
