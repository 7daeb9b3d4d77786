#define CAF_SUITE alpaca_stream
#include "core/alpaca/wire.hpp"
#include "tests/support/test.hpp"

using namespace sentio;
using namespace sentio::alpaca;

namespace {

/// The only event of a frame, which must be of that kind.
template <class T>
T only(std::string_view text) {
  const auto frame = parse_stream_frame(text);
  CHECK(!frame.malformed);
  CHECK_EQUAL(frame.bad, 0u);
  CHECK_EQUAL(frame.unknown, 0u);
  REQUIRE(frame.events.size() == 1);
  REQUIRE(std::holds_alternative<T>(frame.events[0]));
  return std::get<T>(frame.events[0]);
}

void check_counts(std::string_view text, std::size_t events, std::uint32_t unknown, std::uint32_t bad) {
  const auto frame = parse_stream_frame(text);
  CHECK(!frame.malformed);
  CHECK_EQUAL(frame.events.size(), events);
  CHECK_EQUAL(frame.unknown, unknown);
  CHECK_EQUAL(frame.bad, bad);
}

} // namespace

TEST(a bar has integers without a point) {
  // Section 1.4, the documented recording of the test stream.
  const auto one = only<stream_bar>(
      R"([{"T":"b","S":"FAKEPACA","o":132.65,"h":136,"l":132.12,"c":134.65,"v":205,"t":"2024-07-24T07:56:00Z","n":16,"vw":133.7}])");
  CHECK_EQUAL(one.symbol, "FAKEPACA");
  CHECK(!one.revision);
  CHECK(one.value == (bar{1'721'807'760'000, 132.65, 136, 132.12, 134.65, 205}));
}

TEST(an updated bar is a revision and numbers may be texts) {
  const auto one = only<stream_bar>(
      R"([{"T":"u","S":"TQQQ","o":"50.1","h":"50.4","l":"50","c":"50.25","v":"12.5","t":"2026-11-20T14:30:00Z","new":{"deep":[1]},"n":null}])");
  CHECK(one.revision);
  CHECK(one.value == (bar{1'795'185'000'000, 50.1, 50.4, 50, 50.25, 12.5}));
}

TEST(control messages) {
  only<stream_connected>(R"([{"T":"success","msg":"connected"}])");
  only<stream_authenticated>(R"([{"T":"success","msg":"authenticated"}])");
  const auto all = only<stream_subscription>(
      R"([{"T":"subscription","trades":[],"quotes":[],"bars":["TQQQ","SQQQ"],"updatedBars":["TQQQ"],"dailyBars":[],"statuses":["*"],"lulds":["TQQQ"],"corrections":[],"cancelErrors":[]}])");
  CHECK(all.bars == (std::vector<std::string>{"TQQQ", "SQQQ"}));
  CHECK(all.updated_bars == std::vector<std::string>{"TQQQ"});
  CHECK(all.statuses == std::vector<std::string>{"*"});
  CHECK(all.lulds == std::vector<std::string>{"TQQQ"});
  // The test stream names three channels only; null is empty too.
  const auto few = only<stream_subscription>(
      R"([{"T":"subscription","trades":[],"quotes":[],"bars":["FAKEPACA"],"lulds":null}])");
  CHECK_EQUAL(few.bars.size(), 1u);
  CHECK(few.updated_bars.empty() && few.statuses.empty() && few.lulds.empty());
  for (const int code : {400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 500}) {
    const auto error = only<stream_error>(R"([{"T":"error","code":)" + std::to_string(code) +
                                          R"(,"msg":"connection limit exceeded"}])");
    CHECK_EQUAL(error.code, code);
    CHECK_EQUAL(error.text, "connection limit exceeded");
  }
}

TEST(halts and resumptions) {
  const auto with = [](const std::string& code) {
    return R"([{"T":"s","S":"AAPL","sc":")" + code +
           R"(","sm":"x","rc":"T12","rm":"y","t":"2021-02-22T19:15:00.5Z","z":"C"}])";
  };
  for (const std::string code : {"H", "P", "Q", "2", "F"}) {
    const auto status = only<stream_status>(with(code));
    CHECK(status.halted);
    CHECK_EQUAL(status.code, code);
    CHECK_EQUAL(status.reason, "T12");
    CHECK_EQUAL(status.at, 1'614'021'300'500);
  }
  for (const std::string code : {"T", "3"})
    CHECK(!only<stream_status>(with(code)).halted);
  // Indications, imbalances and the short sale restriction change no halt.
  for (const std::string code : {"5", "6", "7", "8", "9", "A", "C", "D", "E", "new"})
    check_counts(with(code), 0, 1, 0);
}

TEST(price bands) {
  const auto band = only<stream_luld>(
      R"([{"T":"l","S":"IONM","u":3.24,"d":2.65,"i":"B","t":"2023-04-06T13:34:45.565004401Z","z":"C"}])");
  CHECK_EQUAL(band.symbol, "IONM");
  CHECK_EQUAL(band.limit_up, 3.24);
  CHECK_EQUAL(band.limit_down, 2.65);
  CHECK_EQUAL(band.at, 1'680'788'085'565);
}
