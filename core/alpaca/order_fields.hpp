// The order object is the same in REST answers and in trade_updates (shared specification, section 3.3).
// Private to this room.
#pragma once

#include "core/alpaca/json_fields.hpp"
#include "core/alpaca/wire.hpp"

namespace sentio::alpaca {

/// Empty, with the problem, when the object is no order of whole shares.
parsed<venue_order> read_order(const json_value& object);

} // namespace sentio::alpaca
