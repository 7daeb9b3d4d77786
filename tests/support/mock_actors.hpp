// Actors that keep what they are told and do nothing else: the neighbours of an actor under test.
#pragma once

#include "messages/interfaces.hpp"

#include <vector>

namespace sentio::test {

/// What a mock tape was told.
struct tape_ears {
  std::vector<portfolio_step_ptr> steps;
  std::vector<session_closed> closed;
  std::vector<warmup_summary> summaries;
};

/// `heard` must outlive the actor.
inline tape_actor mock_tape(caf::actor_system& system, tape_ears& heard) {
  return system.spawn([&heard]() -> tape_actor::behavior_type {
    return {
        [](const wiring&) {},
        [](step_atom) {},
        [](const session_block_ptr&) {},
        [](const end_of_data&) {},
        [](const wake_at&) {},
        [](const venue_event&) {},
        [](const operator_command&) {},
        [&heard](const portfolio_step_ptr& step) { heard.steps.push_back(step); },
        [&heard](const session_closed& day) { heard.closed.push_back(day); },
        [](const learner_state&) {},
        [&heard](const warmup_summary& summary) { heard.summaries.push_back(summary); },
        [](status_atom) { return actor_status{}; },
    };
  });
}

/// Keeps the rounds that a ranking sends.
inline portfolio_actor mock_portfolio(caf::actor_system& system, std::vector<ranked_round_ptr>& rounds) {
  return system.spawn([&rounds]() -> portfolio_actor::behavior_type {
    return {
        [](const session_start&) {}, [](const phase_change&) {},
        [](const cut_off&) {},       [&rounds](const ranked_round_ptr& round) { rounds.push_back(round); },
        [](const venue_event&) {},   [](const operator_command&) {},
        [](const halt_change&) {},   [](const symbol_change&) {},
        [](const session_end&) {},   [](status_atom) { return actor_status{}; },
    };
  });
}

} // namespace sentio::test
