// The rotation strategy (section 5): holds the strongest few symbols, and rotates one out for a newcomer that
// leads it by enough.
#pragma once

#include "core/strategies/rotation/parameters.hpp"
#include "core/strategy/strategy.hpp"

#include <memory>

namespace sentio {

/// Rules of a position, in this order: stop loss, profit target, minimum hold, stale, exit threshold, rank;
/// else hold.
///
/// Rules of an entry: not_ready, stale, probability, confidence, strength (of its signal); order_open,
/// cooldown, threshold, cost_band, rank; with a slot (free, or being freed by an exit): correlation; with a
/// full book: book_full (nobody to rotate out, or one rotation was made), rotation_delta, minimum_hold,
/// correlation; at last what the executor says: zero_shares, cash, risk_gateway.
std::shared_ptr<const strategy> make_rotation(const rotation_parameters& parameters);

} // namespace sentio
