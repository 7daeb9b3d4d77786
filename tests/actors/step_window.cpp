#define CAF_SUITE step_window

#include "actors/step_window.hpp"
#include "core/market/calendar.hpp"
#include "tests/support/test.hpp"

using namespace sentio;

namespace {

watched_day day(int number) {
  session_hours hours;
  hours.date = {2025, 6, number};
  return {hours, {}};
}
portfolio_step_ptr step(time_ms at) {
  auto made = std::make_shared<portfolio_step>();
  made->at = at;
  return made;
}
time_ms at(const watched_entry& entry) {
  return std::get<portfolio_step_ptr>(entry)->at;
}

} // namespace

TEST(another day takes the place of what nobody looked at) {
  step_window window;
  window.put(day(2));
  window.put(step(1));
  window.put(step(2));
  window.put(day(3));
  window.put(step(3));
  const auto seen = window.take();
  REQUIRE(seen.size() == 2);
  CHECK(std::get<watched_day>(seen[0]).hours.date == (civil_date{2025, 6, 3}));
  CHECK_EQUAL(at(seen[1]), 3);
  CHECK_EQUAL(window.superseded(), 3u);
  CHECK_EQUAL(window.dropped(), 0u);
}

TEST(a restarted journal tells its day again and nothing is lost) {
  step_window window;
  window.put(day(2));
  window.put(step(1));
  window.put(day(2));
  window.put(step(1));
  CHECK_EQUAL(window.take().size(), 4u);
  CHECK_EQUAL(window.superseded(), 0u);
  CHECK(window.take().empty());
}

TEST(a full window keeps the beginning of its day and the newest steps) {
  step_window window;
  window.put(day(2));
  const auto steps = static_cast<time_ms>(step_window::limit) + 10;
  for (time_ms i = 0; i < steps; ++i)
    window.put(step(i));
  const auto seen = window.take();
  REQUIRE(seen.size() == step_window::limit);
  CHECK(std::holds_alternative<watched_day>(seen.front()));
  CHECK_EQUAL(at(seen[1]), 11);
  CHECK_EQUAL(at(seen.back()), steps - 1);
  CHECK_EQUAL(window.dropped(), 11u);
  // Afterwards the day is known, and the oldest step goes.
  for (time_ms i = 0; i <= static_cast<time_ms>(step_window::limit); ++i)
    window.put(step(i));
  CHECK_EQUAL(at(window.take().front()), 1);
}
