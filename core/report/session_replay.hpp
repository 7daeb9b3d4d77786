// A session traded again from its logged rounds: the portfolio's fold against the simulated venue, with the
// order of events of a replay: fills, phases, cut-off, round.
#pragma once

#include "core/account/simulated_venue.hpp"
#include "core/portfolio/portfolio.hpp"

#include <functional>
#include <memory>
#include <span>

namespace sentio {

/// `take` gets everything the fold puts out, in order. Portfolio and venue carry their state on to the next
/// session.
void replay_session(portfolio& fold, simulated_venue& venue, const session_hours& hours,
                    std::span<const ranked_round> rounds, const std::shared_ptr<const session_bars>& bars,
                    const std::function<void(const portfolio_output&)>& take);

} // namespace sentio
