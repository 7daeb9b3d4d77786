// A session between two lives of its process: the world goes on without it.
#include "actors/live/start_policy.hpp"
#include "actors/simulation/session_run.hpp"
#include "actors/simulation/world.hpp"

#include <algorithm>
#include <chrono>

namespace sentio {

void session_run::pass_until(time_ms until) {
  while (world_->venue_now() < until) {
    const auto left = std::chrono::milliseconds(std::max<time_ms>(until - world_->venue_now(), 1'000));
    runtime_->advance_to(std::min(world_->next_event(), runtime_->now() + left));
    world_->run_due();
    runtime_->run_until_idle();
  }
}

void session_run::stay_away() {
  const auto& death = deaths_.at(deaths_begun_ - 1);
  end_carrier();
  pass_until(market_->hours.open + death.at_ms + death.for_ms);
  while (tape_fails()) // nobody starts it while the disk is full
    pass_until(world_->venue_now() + 1'000);
}

bool session_run::ask_until_answered() {
  const auto refused = [this] {
    const time_ms passed = world_->venue_now() - market_->hours.open;
    const auto& all = faults_.refused_starts;
    return std::any_of(all.begin(), all.end(), [&](const fault_window& f) {
      return passed >= f.at_ms && passed < f.at_ms + f.for_ms;
    });
  };
  for (int round = 0; refused(); ++round) {
    ++starts_refused_;
    // What stands on the tape is an open session; half of the venues say that the keys are wrong.
    const auto why = seed_ % 2 == 0 ? start_refusal::outage : start_refusal::wrong_keys;
    const auto wait = wait_before_start(why, {true, false}, round);
    if (!wait)
      return false;
    pass_until(world_->venue_now() + std::chrono::milliseconds(*wait).count());
  }
  return true;
}

} // namespace sentio
