#define CAF_SUITE program_real_bars

#include "tests/program/mock_lab.hpp"

#include <nlohmann/json.hpp>

using namespace sentio;
using nlohmann::json;
using test::program;

TEST(a real day is flat in the evening and the same from bars and tape) {
  const auto bars = test::real_bars();
  if (!bars)
    return;
  const program sentio_actors;
  const auto options = "mock --data-dir '" + bars->string() +
                       "' --symbols TQQQ,SQQQ,SSO,SDS,UVXY,SVIX --date 2025-06-03 --warmup-days 3 ";
  const auto run = sentio_actors.run(options + "--log-dir first --tape day.tape");
  CHECK_EQUAL(run.code, 0);
  CHECK(run.out.find("synthetic") == std::string::npos);
  const auto folder = sentio_actors.folder();
  const auto session = json::parse(test::file_text(folder / "first" / "sessions.jsonl"));
  CHECK(session.at("flat").get<bool>());
  CHECK_EQUAL(session.at("rounds").get<int>(), 390);
  CHECK_EQUAL(sentio_actors.run(options + "--log-dir second --isa sse2 --run-ahead 1", "TZ=Asia/Tokyo").code,
              0);
  CHECK(test::same_folders(folder / "first", folder / "second"));
  CHECK_EQUAL(sentio_actors.run("mock --from-tape day.tape --log-dir third").code, 0);
  CHECK(test::same_folders(folder / "first", folder / "third"));
  CHECK_EQUAL(sentio_actors.run("report --log-dir third").code, 0);
  CHECK(test::same_folders(folder / "first", folder / "third"));
}

TEST(twelve symbols over all real sessions are flat every evening and the logs replay to the equity) {
  const auto bars = test::real_bars();
  if (!bars)
    return;
  const program sentio_actors;
  const auto run =
      sentio_actors.run("mock --json --data-dir '" + bars->string() +
                        "' --symbols TQQQ,SQQQ,SSO,SDS,UVXY,SVIX,TNA,TZA,FAS,FAZ,ERX,ERY --log-dir logs");
  REQUIRE(run.code == 0);
  const auto answer = json::parse(run.out);
  CHECK_EQUAL(answer.at("sessions").get<int>(), 85);
  CHECK_EQUAL(answer.at("warmup_sessions").get<int>(), 20);
  CHECK(answer.at("symbol_bars").get<int>() > 400'000);
  // The report recomputes equity from the trades log, session by session, to the cent.
  CHECK(answer.at("report").at("problems").empty());
  std::size_t days = 0;
  for (const auto& line :
       test::lines_of(test::file_text(sentio_actors.folder() / "logs" / "sessions.jsonl"))) {
    CHECK(json::parse(line).at("flat").get<bool>());
    ++days;
  }
  CHECK_EQUAL(days, 85U);
}
