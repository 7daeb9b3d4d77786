#include "tools/sentio-actors/venue_clock.hpp"

#include "tools/sentio-actors/run_console.hpp"
#include "tools/sentio-actors/usage_error.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <string>

namespace sentio {

/// One answer may be wrong by hours, and the session would be over before it began: two in a row have to
/// agree.
std::shared_ptr<venue_time> clock_of(const venue_desk& desk, double speed, alpaca::venue_clock& said) {
  constexpr int attempts = 4;
  const double least =
      std::max(60'000.0, 2'000 * speed); // what another speed than --speed may make of two calls
  auto [before, before_at] = desk.clock();
  for (int attempt = 0; attempt < attempts; ++attempt) {
    const auto [clock, at] = desk.clock();
    const double passed = std::chrono::duration<double, std::milli>(at - before_at).count() * speed;
    if (std::abs(static_cast<double>(clock.at - before.at) - passed) <= least) {
      said = clock;
      return std::make_shared<venue_time>(speed, clock.at, at);
    }
    say_line("the venue's clock said " + new_york_clock(before.at) + " and then " + new_york_clock(clock.at) +
             " New York: asking again");
    before = clock;
    before_at = at;
  }
  throw venue_outage("the venue's clock contradicts itself in " + std::to_string(attempts + 1) +
                     " answers in a row; `sentio-actors doctor` shows its state");
}

/// At another speed than the venue's every minute would be over before its orders leave, or long after. A
/// clock that jumps between two readings is not one that runs fast: only two measurements that agree are
/// believed.
void check_speed(const venue_desk& desk, double asked) {
  const auto differs = [asked](double measured) { return measured > 2 * asked || measured < asked / 2; };
  if (!differs(desk.clock_speed(std::chrono::milliseconds(100))))
    return;
  const double measured = desk.clock_speed(std::chrono::milliseconds(500));
  if (!differs(measured) || measured <= 0)
    return;
  char text[160];
  std::snprintf(
      text, sizeof text,
      "the venue's clock runs %.3g times as fast as real time, and --speed is %.6g; start with --speed %.3g",
      measured, asked, measured);
  throw usage_error(text);
}

} // namespace sentio
