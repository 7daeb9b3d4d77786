// The portfolio actor: hands its inputs to the fold in tape order, and its outputs to the tape.
#pragma once

#include "actors/common.hpp"
#include "core/portfolio/portfolio.hpp"

#include <deque>
#include <optional>
#include <variant>

namespace sentio {

struct portfolio_config {
  portfolio_parameters parameters;
  std::shared_ptr<const strategy> rules;
  std::vector<instrument> instruments;
  money capital;
  std::string session_tag;
  history_ptr past; ///< of the running session: folded before anything else, its outputs are made again
};

struct portfolio_state : counted_state {
  using input = std::variant<venue_event, cut_off, session_end>;

  portfolio_config config;
  std::optional<portfolio> fold;
  session_hours today;
  std::optional<time_ms> awaited;      ///< the round that later inputs wait for
  std::deque<input> held;              ///< what followed its cut-off
  std::vector<ranked_round_ptr> early; ///< rounds that overtook their cut-off
};

portfolio_actor::behavior_type portfolio_behavior(actor_pointer<portfolio_actor, portfolio_state> self,
                                                  portfolio_config config, tape_actor tape,
                                                  supervisor_actor supervisor);

} // namespace sentio
