#define CAF_SUITE program_live_venue_clock

#include "tests/live/lab.hpp"

using namespace sentio;
using test::contains;
using test::program;

TEST(a first answer about the time that is hours off is asked again and the session is traded) {
  const program sentio_actors;
  test::write_file(sentio_actors.folder() / "faults.json",
                   R"([{"kind":"clock_offset","after_ms":0,"count":1,"delay_ms":25200000}])");
  const auto run = sentio_actors.run(test::short_session + "--json --faults faults.json" +
                                     test::mock_lab::get().with_checkpoint());
  CHECK_EQUAL(run.code, 0);
  CHECK(contains(run.error, "the venue's clock said 16:"));
  CHECK(contains(run.error, "New York: asking again"));
  CHECK(nlohmann::json::parse(run.out).at("rounds").get<int>() >= 50);
}
