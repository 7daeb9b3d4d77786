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

TEST(a day that ended before anybody looked is kept whole and the following ones are not ) {
  step_window window;
  window.put(day(2));
  window.put(step(1));
  window.put(step(2));
  window.put(day(3)); // too fast
  window.put(step(3));
  window.put(day(4));
  window.put(step(4));
  const auto seen = window.take();
  REQUIRE(seen.size() == 3);
  CHECK(std::get<watched_day>(seen[0]).hours.date == (civil_date{2025, 6, 2}));
  CHECK_EQUAL(at(seen[2]), 2);
  CHECK_EQUAL(window.superseded(), 4u);
  CHECK_EQUAL(window.dropped(), 0u);
  // The rest of a day whose beginning was left out would be nobody's.
  window.put(step(5));
  CHECK(window.take().empty());
  window.put(day(5));
  window.put(step(6));
  const auto next = window.take();
  REQUIRE(next.size() == 2);
  CHECK(std::get<watched_day>(next[0]).hours.date == (civil_date{2025, 6, 5}));
}

TEST(whoever looks at every day sees every step) {
  step_window window;
  std::size_t seen = 0;
  for (int number = 2; number < 6; ++number) {
    window.put(day(number));
    window.put(step(1));
    seen += window.take().size();
    window.put(step(2));
  }
  seen += window.take().size();
  CHECK_EQUAL(seen + window.superseded(), 12u);
  CHECK(window.superseded() <= 3u); // what came after the last look of a day
}

TEST(the last day is kept however fast it came) {
  step_window window;
  window.expect_last({2025, 6, 4});
  for (int number = 2; number < 5; ++number) {
    window.put(day(number));
    window.put(step(number));
  }
  const auto seen = window.take();
  REQUIRE(seen.size() == 2);
  CHECK(std::get<watched_day>(seen[0]).hours.date == (civil_date{2025, 6, 4}));
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
