#define CAF_SUITE clock
#include "tests/support/test.hpp"

#include "actors/clock.hpp"

using namespace sentio;

namespace {

std::vector<clock_event> phases(const std::vector<clock_event>& plan) {
  std::vector<clock_event> found;
  for (const auto& event : plan)
    if (!event.is_cut_off)
      found.push_back(event);
  return found;
}

} // namespace

TEST(a full day has 390 rounds and liquidates at 15 : 58 New York in summer and winter) {
  for (const civil_date date : {civil_date{2025, 6, 3}, civil_date{2025, 1, 15}}) {
    const auto plan = plan_of(*session_on(date));
    const auto found = phases(plan);
    REQUIRE(found.size() == 3u);
    CHECK_EQUAL(plan.size(), 393u);
    CHECK_EQUAL(new_york_clock(found[0].at), "09:30");
    CHECK(found[1].phase == session_phase::liquidation);
    CHECK_EQUAL(new_york_clock(found[1].at), "15:58");
    CHECK(found[2].phase == session_phase::close);
    CHECK_EQUAL(new_york_clock(found[2].at), "16:00");
  }
}

TEST(a half day has 210 rounds and liquidates at 12 : 58) {
  const auto plan = plan_of(*session_on({2025, 11, 28}));
  CHECK_EQUAL(plan.size(), 213u);
  CHECK_EQUAL(new_york_clock(phases(plan)[1].at), "12:58");
}

TEST(times ascend and at one instant the phase comes before the cut off) {
  const auto plan = plan_of(*session_on({2025, 6, 3}));
  for (std::size_t i = 1; i < plan.size(); ++i) {
    CHECK(plan[i - 1].at <= plan[i].at);
    if (plan[i - 1].at == plan[i].at)
      CHECK(!plan[i - 1].is_cut_off && plan[i].is_cut_off);
  }
}
